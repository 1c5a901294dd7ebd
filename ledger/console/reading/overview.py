"""A city at a glance: its funds over time and the employers that owe."""

from datetime import date, timedelta

from msgspec import Struct

from domain.values.calendar import Month
from ledger.balancing import trial_balance
from ledger.console.dates import Pair
from ledger.console.reading.groups import in_arrears, owed, roll
from ledger.handle import Ledger

QUARTERS = 12
EMPLOYERS = 300
"""Employers that are looked at for one page."""
SAMPLE = 8
"""People of each that are looked at: arrears suspend all of a roll alike."""


class Fund(Struct, frozen=True):
    """One fund: its balance at each point of time, in fen."""

    account: str
    balances: tuple[int, ...]


class Funds(Struct, frozen=True):
    """Every fund at the ends of some quarters up to E, as known on K."""

    days: tuple[date, ...]
    funds: tuple[Fund, ...]


class Debtor(Struct, frozen=True):
    """An employer that owes."""

    employer: str
    months: tuple[str, ...]
    fen: int
    deadline: date | None


class Arrears(Struct, frozen=True):
    """Employers that owe, the greatest debt first; `looked` of `of` were asked."""

    debtors: tuple[Debtor, ...]
    looked: int
    of: int


def funds(ledger: Ledger, city: str, both: Pair) -> Funds:
    """Balances of the city's funds by quarter."""
    days = _quarters(both.on)
    found: dict[str, list[int]] = {}
    for number, day in enumerate(days):
        for line in trial_balance(ledger.store, city, day, both.moment):
            if line.account.startswith("fund:"):
                found.setdefault(line.account, [0] * len(days))[number] = line.fen
    return Funds(tuple(days), tuple(Fund(account, tuple(each)) for account, each in sorted(found.items())))


def _quarters(on: date) -> list[date]:
    """The ends of the quarters before a day, and the day."""
    month = Month.of(on)
    start = Month.at(month.year, (month.number - 1) // 3 * 3 + 1)
    ends = [start.plus(-3 * back).first_day - timedelta(days=1) for back in range(QUARTERS - 1, -1, -1)]
    return [*ends, on]


def arrears(ledger: Ledger, city: str, both: Pair) -> Arrears:
    """Every employer that owes on E as known on K."""
    at = ledger.as_known(city, both.moment)
    names = [key.partition(":")[2] for key in ledger.store.keys(city, "employer:")]
    found = []
    for employer in names[:EMPLOYERS]:
        members, _ = roll(ledger, at, employer, both.on, SAMPLE)
        if not in_arrears(members):
            continue
        answer, _ = owed(at, employer, both.on)
        months = tuple(str(month) for month in (answer.months if answer and answer.months else ()))
        fen = int(answer.amount) if answer and answer.amount else 0
        found.append(Debtor(employer, months, fen, answer.deadline if answer else None))
    found.sort(key=lambda debtor: -debtor.fen)
    return Arrears(tuple(found), min(len(names), EMPLOYERS), len(names))
