"""Days, months and money of the second evaluator: fen as integers, months as year * 12 + month - 1."""

import calendar
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from functools import cache

CHINA = timezone(timedelta(hours=8))
FIRST_DAY = date(2018, 1, 1)


@cache
def day(text: str) -> date:
    return date.fromisoformat(text)


@cache
def moment(text: str) -> datetime:
    """A bare date is the end of that day in China."""
    if len(text) == 10:
        return datetime.combine(day(text), datetime.max.time(), CHINA)
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(CHINA)


def month_of(when: date) -> int:
    return when.year * 12 + when.month - 1


def month(text: str) -> int:
    year, number = text.split("-")
    return int(year) * 12 + int(number) - 1


def months(listed: Iterable[str]) -> list[int]:
    """Months and inclusive ranges, sorted, each once."""
    found: set[int] = set()
    for each in listed:
        first, _, last = each.partition("/")
        found.update(range(month(first), month(last or first) + 1))
    return sorted(found)


def named(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def first_of(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def last_of(number: int) -> date:
    return date(number // 12, number % 12 + 1, calendar.monthrange(number // 12, number % 12 + 1)[1])


def after(when: date, number: int) -> date:
    return when + timedelta(days=number)


def round2(value: Fraction) -> int:
    """Half up to whole fen."""
    return (value + Fraction(1, 2)).__floor__()


def fen(text: str) -> int:
    return round2(Fraction(text) * 100)


def yuan(amount: int) -> str:
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def share(amount: int | Fraction, rate: str | Fraction) -> int:
    return round2(Fraction(amount) * Fraction(rate))


def age_on(born: date, when: date) -> int:
    return when.year - born.year - ((when.month, when.day) < (born.month, born.day))
