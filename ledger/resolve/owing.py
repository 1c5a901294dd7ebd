"""Who owes whom because of some events: balanced postings paired, netted between each two accounts."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from domain.events.recorded import Posted
from ledger.store import Recorded

TIME = "time"


class Debt(Struct, frozen=True, kw_only=True):
    """What one account owes another in all, in fen."""

    payer: str
    payee: str
    fen: int
    of_time: bool = False
    """True for what had fallen due by the passing of time and only had not been recorded yet."""


def debts(rows: Iterable[Recorded]) -> list[Debt]:
    """The net between each two accounts, greatest first."""
    sums: dict[tuple[bool, str, str], int] = {}
    for of_time, payer, payee, fen in _paired(rows):
        first, second = sorted((payer, payee))
        key = (of_time, first, second)
        sums[key] = sums.get(key, 0) + (fen if payer == first else -fen)
    found = [
        Debt(payer=first, payee=second, fen=fen, of_time=of_time)
        if fen > 0
        else Debt(payer=second, payee=first, fen=-fen, of_time=of_time)
        for (of_time, first, second), fen in sums.items()
        if fen
    ]
    return sorted(found, key=lambda debt: (debt.of_time, -debt.fen, debt.payer, debt.payee))


def _paired(rows: Iterable[Recorded]) -> Iterator[tuple[bool, str, str, int]]:
    """Within each entry: whose balance falls pays whose balance rises, in the order of the postings."""
    entries: dict[tuple[bool, str, str, str], dict[str, int]] = {}
    for row in rows:
        if isinstance(row.event, Posted):
            name = (row.event.cause == TIME, row.city, row.subject, row.event.key)
            amounts = entries.setdefault(name, {})
            for posting in row.event.postings:
                amounts[posting.account] = amounts.get(posting.account, 0) + posting.fen
    for (of_time, *_), amounts in entries.items():
        for payer, payee, fen in matched(amounts):
            yield of_time, payer, payee, fen


def matched(amounts: dict[str, int]) -> Iterator[tuple[str, str, int]]:
    """Payer, payee and fen that together make these changes of balances, which sum to zero."""
    paying = [(account, -fen) for account, fen in amounts.items() if fen < 0]
    for payee, wanted in ((account, fen) for account, fen in amounts.items() if fen > 0):
        left = wanted
        while left and paying:
            payer, has = paying.pop(0)
            part = min(left, has)
            yield payer, payee, part
            left -= part
            if has > part:
                paying.insert(0, (payer, has - part))
