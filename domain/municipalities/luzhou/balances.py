"""What an account can pay on a day, and what it could pay after all, by what is recorded."""

from collections.abc import Iterable
from datetime import date

from domain.state.held import Line
from domain.values.terms import MovementKind

LASTING = (
    MovementKind.CLAIM,
    MovementKind.SPENT,
    MovementKind.PAID_OUT,
    MovementKind.TRANSFER_OUT,
)
"""Movements that a late draw may not overtake; the others are worked out again from the balance."""


def available(lines: Iterable[Line], account: str, day: date) -> int:
    """The balance at the end of a day, less what lasting movements of later days have already used (fen)."""
    balance = 0
    later: dict[date, int] = {}
    for line in lines:
        for posting in line.event.postings:
            if posting.account != account:
                continue
            if line.event.on == day and line.event.kind is MovementKind.INTEREST:
                continue  # the year's interest comes after everything else of its day (0.7)
            if line.event.on <= day:
                balance += posting.fen
            elif posting.fen > 0 or line.event.kind in LASTING:
                later[line.event.on] = later.get(line.event.on, 0) + posting.fen
    running = lowest = balance
    for on in sorted(later):
        running += later[on]
        lowest = min(lowest, running)
    return lowest


def affordable(lines: Iterable[Line], account: str) -> dict[str, int]:
    """What each claim can keep of its draw, by claim, when the days are gone through anew (fen).

    A share that leaves is reckoned before other postings of its day (LZ-26d), so a move told later may
    leave less than was drawn; the account is never overdrawn (LZ-26a). What moved or was forfeited is
    worked out again elsewhere and takes at most what is there.
    """
    balance = 0
    kept: dict[str, int] = {}
    for (_, rank, key), fen in sorted(netted(lines, account).items()):
        if rank == CLAIM:
            kept[key.removeprefix(_CLAIMS)] = min(-fen, balance)
            balance -= min(-fen, balance)
        else:
            balance = max(0, balance + fen)
    return kept


_CLAIMS = "entry/claim/"
OPENING, FORFEITED, MOVED, CREDIT, CLAIM = range(5)
"""Order of what happens on one day (0.7)."""
_RANKS = {
    MovementKind.OPENING: OPENING,
    MovementKind.FORFEITED: FORFEITED,
    MovementKind.FORFEITURE_REVERSED: FORFEITED,
    MovementKind.SHARE_MOVED: MOVED,
}


def netted(lines: Iterable[Line], account: str) -> dict[tuple[date, int, str], int]:
    """What stands on an account by day, place in the order of the day (0.7) and entry, in fen."""
    ranks: dict[tuple[date, str], int] = {}
    found: dict[tuple[date, str], int] = {}
    for line in lines:
        event = line.event
        for posting in event.postings:
            if posting.account == account:
                entry = (
                    event.on,
                    event.key if event.key.startswith(_CLAIMS) else f"{event.subject}/{event.key}",
                )
                found[entry] = found.get(entry, 0) + posting.fen
                rank = _RANKS.get(event.kind, CREDIT) if event.kind is not None else CREDIT
                ranks.setdefault(entry, CLAIM if event.key.startswith(_CLAIMS) else rank)
    return {(on, ranks[on, key], key): fen for (on, key), fen in found.items() if fen}
