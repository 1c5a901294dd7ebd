"""Days, months and money of the second evaluator: ten lines of each, shared with nothing."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

Fact = dict[str, Any]
Answer = dict[str, Any]
CHINA = timezone(timedelta(hours=8))
STARTS = date(2024, 1, 1)


class Unanswered(Exception):
    """The question cannot be answered: an error of the contract."""

    def __init__(self, code: str, name: str = "", day: date | int | None = None) -> None:
        super().__init__(code)
        self.code, self.name, self.day = code, name, day


class Undecided(Exception):
    """The texts leave the question open: nothing is said."""


class Refused(Exception):
    """A benefit is denied with a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@cache
def moment(text: str) -> datetime:
    """A bare date is the end of that day in China."""
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), datetime.max.time(), CHINA)
    told = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (told if told.tzinfo else told.replace(tzinfo=CHINA)).astimezone(CHINA)


@cache
def day(text: Any) -> date:
    return date.fromisoformat(str(text))


def month(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def month_of(when: date) -> int:
    return when.year * 12 + when.month - 1


@cache
def first_day(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


@cache
def last_day(number: int) -> date:
    return first_day(number + 1) - timedelta(days=1)


def named(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"


def months(told: Iterable[str]) -> list[int]:
    """Months and inclusive ranges."""
    found: set[int] = set()
    for each in told:
        start, _, end = each.partition("/")
        found |= set(range(month(start), month(end or start) + 1))
    return sorted(found)


def plus_months(when: date, count: int) -> date:
    """Clipped to the end of the month."""
    number = month_of(when) + count
    return first_day(number).replace(day=min(when.day, monthrange(number // 12, number % 12 + 1)[1]))


def fen(text: Any) -> int:
    return int(Decimal(str(text)) * 100)


def yuan(amount: int) -> str:
    return str(Decimal(amount) / 100)


def part(text: Any) -> Fraction:
    """A rate, exactly."""
    return Fraction(str(text))


def rounded(exact: Fraction | int) -> int:
    """To the fen, half up."""
    whole = Fraction(exact)
    return int((Decimal(whole.numerator) / Decimal(whole.denominator)).quantize(Decimal(1), ROUND_HALF_UP))
