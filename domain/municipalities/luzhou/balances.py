"""What an account can pay on a day, by what is recorded."""

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
