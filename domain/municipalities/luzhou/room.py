"""What a late claim may still draw from a family account, with the shares that left since worked out again (fen)."""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.municipalities.luzhou.balances import FORFEITED, MOVED, netted
from domain.state.held import Line
from domain.values.money import divide


def family_room(lines: Iterable[Line], account: str, day: date) -> int:
    """The most that a claim of a day can draw so that no draw of a later day lacks money (LZ-26a, LZ-26d, LZ-40b).

    What a draw takes, it takes in part from shares that left later: each follows the balance. So the draw shrinks
    by what is short, and the shortage with it, until nothing is short.
    """
    entries = sorted(netted(lines, account).items())
    balance = sum(fen for (on, _, _), fen in entries if on <= day)
    later = [(on, rank, fen) for (on, rank, _), fen in entries if on > day]
    room = balance
    while room > 0 and (short := _shortage(later, balance, room)):
        room -= short
    return max(0, room)


def _shortage(later: Sequence[tuple[date, int, int]], balance: int, drawn: int) -> int:
    """How far the account would be below zero at the end of its worst day, had so much been drawn before (fen)."""
    recorded, left, lowest = balance, balance - drawn, 0
    ends = [on for on, _, _ in later[1:]] + [None]
    eve: tuple[date, int, int] | None = None
    for (on, rank, fen), following in zip(later, ends, strict=False):
        if rank == FORFEITED:
            change = -left
        elif rank == MOVED and fen < 0:
            if eve is None or eve[0] != on:
                eve = on, recorded, left
            change = -left if recorded == -fen else -min(left, _share(eve[1], -fen, eve[2]))
        else:
            change = fen
        recorded, left = recorded + fen, left + change
        if following != on:
            lowest = min(lowest, left)
    return -lowest


def _share(recorded: int, gone: int, left: int) -> int:
    """The share of one who left, on another balance: of how many members, the recorded share tells (LZ-26d)."""
    members = max(1, (2 * recorded + gone) // (2 * gone))
    return divide(max(0, left), members)
