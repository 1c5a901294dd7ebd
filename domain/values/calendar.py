"""The China calendar: days, contribution months, moments of knowledge, and arithmetic on them."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Self

CHINA = timezone(timedelta(hours=8))
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=CHINA)
_MICROSECOND = timedelta(microseconds=1)
_DAY_MICROSECONDS = 86_400_000_000
FAR_FUTURE = date(9999, 12, 31)


class Month(int):
    """A calendar month as the number of months since year 0, so that months add and compare."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2024-03`; ValueError for anything else."""
        found = _MONTH.fullmatch(text)
        if not found or found[1] == "0000":
            raise ValueError("expected a month such as 2024-03")
        return cls(int(found[1]) * 12 + int(found[2]) - 1)

    @classmethod
    def at(cls, year: int, number: int) -> Self:
        """The month `number` (1 to 12) of a year."""
        return cls(year * 12 + number - 1)

    @classmethod
    def of(cls, day: date) -> Self:
        """The month in which a day lies."""
        return cls(day.year * 12 + day.month - 1)

    @property
    def year(self) -> int:
        """The calendar year."""
        return int(self) // 12

    @property
    def number(self) -> int:
        """1 for January to 12 for December."""
        return int(self) % 12 + 1

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(int(self) // 12, int(self) % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    def plus(self, months: int) -> "Month":
        """The month that many months later."""
        return Month(int(self) + months)

    def __str__(self) -> str:
        return _month_text(int(self))

    def __repr__(self) -> str:
        return f"Month({self})"


class Months(tuple[Month, ...]):
    """Contribution months in calendar order, each once."""

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Self:
        """Read months and inclusive ranges `2019-03/2019-07`; ValueError for anything else."""
        found: set[Month] = set()
        for text in texts:
            first, _, last = text.partition("/")
            start = Month.parse(first)
            end = Month.parse(last) if last else start
            if end < start:
                raise ValueError(f"range {text} ends before it begins")
            found.update(months_between(start, end))
        if not found:
            raise ValueError("expected at least one month")
        return cls(sorted(found))

    def texts(self) -> list[str]:
        """The months one by one, as text."""
        return [str(month) for month in self]


class Moment(int):
    """When the ledger learned something: microseconds since 1970 in China; a date is its last microsecond."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a date (the end of that day) or an RFC 3339 time with offset; ValueError otherwise."""
        if _DAY.fullmatch(text):
            return cls.end_of(date.fromisoformat(text))
        if not _INSTANT.fullmatch(text):
            raise ValueError("expected a date or an RFC 3339 time with offset")
        return cls.at(datetime.fromisoformat(text.replace("Z", "+00:00")))

    @classmethod
    def at(cls, instant: datetime) -> Self:
        """The moment of an aware time."""
        return cls((instant - _EPOCH) // _MICROSECOND)

    @classmethod
    def end_of(cls, day: date) -> Self:
        """The last microsecond of a day in China."""
        return cls(((day - date(1970, 1, 1)).days + 1) * _DAY_MICROSECONDS - 1)

    @classmethod
    def start_of(cls, day: date) -> Self:
        """The first microsecond of a day in China."""
        return cls(cls.end_of(day) - _DAY_MICROSECONDS + 1)

    @property
    def day(self) -> date:
        """The day in China."""
        return _day_of(int(self) // _DAY_MICROSECONDS)

    def __str__(self) -> str:
        return _moment_text(int(self))

    def __repr__(self) -> str:
        return f"Moment({self})"


@lru_cache(maxsize=65536)
def _month_text(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


@lru_cache(maxsize=65536)
def _moment_text(number: int) -> str:
    if number % _DAY_MICROSECONDS == _DAY_MICROSECONDS - 1:
        return _day_of(number // _DAY_MICROSECONDS).isoformat()
    return (_EPOCH + number * _MICROSECOND).isoformat()


@lru_cache(maxsize=65536)
def _day_of(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from first to last, both included."""
    return (Month(number) for number in range(first, last + 1))


def add_days(day: date, days: int) -> date:
    """The day that many days later."""
    return day + timedelta(days=days)


def add_months(day: date, months: int) -> date:
    """The same day of the month some months later, clipped to that month's last day."""
    month = Month.of(day).plus(months)
    return min(month.last_day, month.first_day + timedelta(days=day.day - 1))


def add_years(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February."""
    return add_months(day, 12 * years)


def following_month(day: date) -> date:
    """The first day of the month after the month of a day."""
    return Month.of(day).plus(1).first_day


def age_on(born_on: date, day: date) -> int:
    """Completed years of age on a day; a birthday on that day counts."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def days_between(first: date, last: date) -> int:
    """Days from first to last, not counting the first."""
    return (last - first).days
