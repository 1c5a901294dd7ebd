"""An account as a ledger page: movements in order of the day in force, with the balance after each."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from domain.state.held import Line
from domain.values.calendar import Moment


class Movement(Struct, frozen=True):
    """One movement and what was there after it, in fen."""

    on: date
    recorded: Moment
    key: str
    kind: object
    month: object
    fen: int
    balance: int
    cause: str
    late: bool
    """Recorded in a later month than the one in which it is in force."""


class Sheet(Struct, frozen=True):
    """An account at the end of a day."""

    account: str
    balance: int
    movements: tuple[Movement, ...]

    def year(self, year: int) -> tuple[Movement, ...]:
        """The movements of one year."""
        return tuple(each for each in self.movements if each.on.year == year)

    @property
    def years(self) -> tuple[int, ...]:
        """Years with movements, the last first."""
        return tuple(sorted({each.on.year for each in self.movements}, reverse=True))

    def closing(self, year: int) -> int:
        """What was there when a year ended, or on the day of the sheet."""
        return sum(each.fen for each in self.movements if each.on.year <= year)

    def opening(self, year: int) -> int:
        """What was there when a year began."""
        return sum(each.fen for each in self.movements if each.on.year < year)


def sheet(lines: Iterable[Line], account: str, on: date) -> Sheet:
    """The movements of an account up to the end of a day."""
    found: list[Movement] = []
    balance = 0
    ordered = sorted((line for line in lines if line.event.on <= on), key=lambda each: each.event.on)
    for line in ordered:
        event = line.event
        fen = sum(posting.fen for posting in event.postings if posting.account == account)
        if not fen:
            continue
        balance += fen
        late = (line.recorded.day.year, line.recorded.day.month) > (event.on.year, event.on.month)
        told = (event.kind, event.month, fen, balance, event.cause, late)
        found.append(Movement(event.on, line.recorded, event.key, *told))
    return Sheet(account, balance, tuple(found))
