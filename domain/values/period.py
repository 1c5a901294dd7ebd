"""Half-open periods: `from_` is the first day inside, `to` the first day outside, None = open."""

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from domain.values.calendar import FAR_FUTURE


class Period(Struct, frozen=True, order=True):
    """Days from `from_` (inside) to `to` (outside; None = open)."""

    from_: date
    to: date | None = None

    @property
    def end(self) -> date:
        """The first day outside; an open period ends in the far future."""
        return FAR_FUTURE if self.to is None else self.to

    def __contains__(self, day: date) -> bool:
        return self.from_ <= day < self.end

    @property
    def is_empty(self) -> bool:
        """True when no day lies inside."""
        return self.from_ >= self.end

    def overlaps(self, other: "Period") -> bool:
        """True when at least one day lies in both."""
        return self.from_ < other.end and other.from_ < self.end

    def within(self, other: "Period") -> "Period":
        """The days of this period that also lie in the other (may be empty)."""
        end = min(self.end, other.end)
        return Period(max(self.from_, other.from_), None if end == FAR_FUTURE else end)


def split_at(period: Period, days: Iterable[date]) -> list[Period]:
    """Cut a period at the given days; each piece is constant between two cuts."""
    cuts = sorted({day for day in days if period.from_ < day < period.end})
    starts = [period.from_, *cuts]
    ends: list[date | None] = [*cuts, period.to]
    return [Period(start, end) for start, end in zip(starts, ends, strict=True)]


def split_at_year_ends(period: Period) -> list[Period]:
    """Cut a closed period at every 1 January."""
    years = range(period.from_.year + 1, (period.end - timedelta(days=1)).year + 1)
    return split_at(period, (date(year, 1, 1) for year in years))


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same days as fewest periods, in order."""
    result: list[Period] = []
    for period in sorted((p for p in periods if not p.is_empty), key=lambda p: p.from_):
        if result and period.from_ <= result[-1].end:
            last = result.pop()
            end = max(last.end, period.end)
            result.append(Period(last.from_, None if end == FAR_FUTURE else end))
        else:
            result.append(period)
    return result
