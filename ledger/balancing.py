"""The trial balance: what every account holds on a day, as recorded by a moment. Its sum is zero, or something is wrong."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from domain.values.calendar import Moment
from ledger.store import Store
from projections.tables.sums import by_account

BY_NAME = ("fund", "insurer", "treasury", "government", "area")
"""Kinds of account of which each is a line of its own; of the others there are as many as people."""


class Line(Struct, frozen=True, kw_only=True):
    """One line: an account, or all accounts of a kind."""

    account: str
    accounts: int
    postings: int
    fen: int


def trial_balance(
    store: Store, city: str, on: date, known: Moment, *, every_account: bool = False
) -> list[Line]:
    """Every account of a city, or a line per kind where there is one account per person."""
    parameters = {"in_city": city, "until": on.isoformat(), "moment": int(known)}
    rows = store.select(by_account(store.dialect), parameters)
    found = [Line(account=account, accounts=1, postings=count, fen=int(fen)) for account, fen, count in rows]
    return found if every_account else _by_kind(found)


def _by_kind(lines: Iterable[Line]) -> list[Line]:
    found: dict[str, Line] = {}
    for line in lines:
        kind = line.account.partition(":")[0]
        name = line.account if kind in BY_NAME else kind
        before = found.get(name) or Line(account=name, accounts=0, postings=0, fen=0)
        found[name] = Line(
            account=name,
            accounts=before.accounts + 1,
            postings=before.postings + line.postings,
            fen=before.fen + line.fen,
        )
    return list(found.values())


def total(lines: Iterable[Line]) -> int:
    """The sum, in fen: zero."""
    return sum(line.fen for line in lines)
