"""The personal account beside the claims that draw on it (第二十二条、第四十条（一）). Money in fen."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from domain.municipalities.luzhou.account import CLAIM, Move, statement
from domain.municipalities.luzhou.assessment import Assessment
from domain.rulebook.citation import rule
from domain.rulebook.view import View


class Drawing(Protocol):
    """A settled claim, as far as the account is concerned."""

    @property
    def draft(self) -> Assessment:
        """What was assessed."""

    @property
    def draws(self) -> dict[str, int]:
        """What it draws, by account."""


@rule("LZ-40b", "LZ-22a", article="第二十二条、第四十条（一）")
def left_to_draw(drawn: int, balance: int) -> int:
    """A claim draws at most the balance of its day, also when a credit is withdrawn later; `balance` after it."""
    return max(0, drawn + min(0, balance))


def drawn_by(person: str, settled: Iterable[Drawing]) -> tuple[Move, ...]:
    """What claims take from the personal account of a person, by day."""
    account = f"personal_account:{person}"
    drawn = [(each.draft.claim.on, each.draws.get(account, 0)) for each in settled]
    return tuple(sorted(Move(on, CLAIM, -fen) for on, fen in drawn if fen))


def first_overdraft(view: View, person: str, settled: Mapping[str, Drawing]) -> tuple[str, int] | None:
    """The first claim, by day and then by settlement, that draws more than there is, and what it may draw."""
    account = f"personal_account:{person}"
    drawing = {name: each for name, each in settled.items() if each.draws.get(account)}
    if not drawing:
        return None
    told = statement(view, person, drawn_by(person, drawing.values()))
    if not any(told.balance(each.draft.claim.on) < 0 for each in drawing.values()):
        return None
    before: list[Drawing] = []
    for name, each in sorted(drawing.items(), key=lambda item: item[1].draft.claim.on):
        before.append(each)
        balance = statement(view, person, drawn_by(person, before)).balance(each.draft.claim.on)
        kept = left_to_draw(each.draws[account], balance).value
        if kept < each.draws[account]:
            return name, kept
    return None
