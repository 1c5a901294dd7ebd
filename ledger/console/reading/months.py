"""Contribution months as a ledger page: a line for each year, a cell for each month."""

from datetime import date

from msgspec import Struct

from domain.events.consequences import BenefitPeriod, CountedMonths
from domain.state.held import Held
from domain.values.calendar import FAR_FUTURE, Month
from domain.values.terms import Scheme, Status


class Cell(Struct, frozen=True):
    """One month: how it counts, or that it is owed; empty when nothing is known of it."""

    month: Month
    kind: str = ""
    late: bool = False
    """It began to count only after the month was over."""


class Year(Struct, frozen=True):
    """Twelve cells, and how many of them count."""

    year: int
    cells: tuple[Cell, ...]
    count: int


class Grid(Struct, frozen=True):
    """Every year of a scheme, and blocks of months that have no names."""

    years: tuple[Year, ...]
    blocks: tuple[CountedMonths, ...]


def grid(held: Held, scheme: Scheme, on: date) -> Grid:
    """The months that count on a day, and those that were owed by then."""
    named: dict[int, CountedMonths] = {}
    blocks = []
    for record in held.of(CountedMonths):
        if record.scheme is not scheme or not record.from_ <= on < (record.to or FAR_FUTURE):
            continue
        if record.month is None:
            blocks.append(record)
        else:
            named[int(record.month)] = record
    owed = {month for month in _owed(held, scheme, on) if month not in named}
    every = [*named, *owed]
    years = range(Month(min(every)).year, Month(max(every)).year + 1) if every else range(0)
    return Grid(tuple(_year(year, named, owed) for year in years), tuple(blocks))


def _owed(held: Held, scheme: Scheme, on: date) -> set[int]:
    """Months that ended by a day in which arrears stood behind the status."""
    found: set[int] = set()
    for period in held.of(BenefitPeriod):
        arrears = period.arrears
        if period.scheme is not scheme or period.status is not Status.SUSPENDED or arrears is None:
            continue
        if arrears.first_month is not None and not arrears.cleared_on:
            end = Month.of(min(on, period.to or on))
            found.update(range(int(arrears.first_month), int(end)))
    return found


def _year(year: int, named: dict[int, CountedMonths], owed: set[int]) -> Year:
    cells = []
    for number in range(1, 13):
        month = Month.at(year, number)
        record = named.get(int(month))
        if record is not None:
            kind = "transferred" if record.transferred else str(record.counted_as)
            cells.append(Cell(month, kind, record.from_ > month.last_day))
        else:
            cells.append(Cell(month, "owed" if int(month) in owed else ""))
    return Year(year, tuple(cells), sum(int(Month.at(year, n)) in named for n in range(1, 13)))
