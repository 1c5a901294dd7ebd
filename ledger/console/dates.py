"""The two dates of every page: in force on E, known on K; and the days on which something changes."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from domain.errors import InputRefused
from domain.values.calendar import FAR_FUTURE, Moment

FIRST = date(1900, 1, 1)
"""Days before are the beginning of time in a rule, not days of a life."""


class Pair(Struct, frozen=True):
    """In force on `on`, as known at the end of `known`."""

    on: date
    known: date

    @property
    def moment(self) -> Moment:
        """The moment of knowledge: the end of the day in China."""
        return Moment.end_of(self.known)


def day(text: str, name: str) -> date:
    """A day from a form or an address; InputRefused otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputRefused("wrong_type", name, f"`{text}` is not a day such as 2024-03-31") from None


def pair(on: str, known: str, last: date) -> Pair:
    """Both dates as asked; without them the last day on which something was recorded."""
    until = day(known, "known") if known else last
    return Pair(day(on, "on") if on else until, until)


def stops(days: Iterable[date | None], *extra: date) -> list[date]:
    """Where a slider stops: each day once, in order, without beginnings and ends of time."""
    found = {each for each in days if each is not None and FIRST < each < FAR_FUTURE}
    return sorted({*found, *extra})
