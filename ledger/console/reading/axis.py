"""Places on a drawn axis of days, in percent of its length, so that drawings need no script and no style."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

ROOM = 95
"""Per cent of the axis after which the number of a year would be cut off."""


class Tick(Struct, frozen=True):
    """A year on the axis; only some carry their number where there are many."""

    year: int
    at: str
    named: bool


class Axis(Struct, frozen=True):
    """Days from `first` until `last` (the first day outside)."""

    first: date
    last: date

    def at(self, day: date) -> str:
        """Where a day begins, in percent."""
        return f"{self._share(day):.3f}%"

    def width(self, first: date, last: date) -> str:
        """How long some days are, in percent."""
        return f"{self._share(last) - self._share(first):.3f}%"

    def within(self, first: date, last: date | None) -> tuple[date, date] | None:
        """The part of a period that lies on the axis, or None."""
        start, end = max(first, self.first), min(last or self.last, self.last)
        return (start, end) if start < end else None

    def ticks(self) -> Iterator[Tick]:
        """The first of each January."""
        years = range(self.first.year + (self.first.timetuple().tm_yday > 1), self.last.year + 1)
        step = 1 + len(years) // 13
        for year in years:
            day = date(year, 1, 1)
            if day < self.last:
                yield Tick(year, self.at(day), year % step == 0 and self._share(day) < ROOM)

    def _share(self, day: date) -> float:
        days = (min(max(day, self.first), self.last) - self.first).days
        return 100 * days / max((self.last - self.first).days, 1)
