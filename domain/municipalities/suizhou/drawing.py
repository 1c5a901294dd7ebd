"""Member's shares of claims that are paid from the personal account (article 20). Money in fen."""

from collections.abc import Iterator
from datetime import date

from domain.facts import ClaimSubmitted
from domain.municipalities.suizhou.account_credits import Movement
from domain.municipalities.suizhou.payers import share_of_member
from domain.municipalities.suizhou.settlement import settled
from domain.rulebook.view import View
from domain.state.held import Version
from domain.values.calendar import FAR_FUTURE, Moment
from domain.values.terms import MovementKind


def answered(view: View, claim: ClaimSubmitted) -> list[Version]:
    """The settlements of a claim recorded so far that have an answer."""
    versions = view.held(f"person:{claim.person}").settlements.get(claim.claim, [])
    return [version for version in versions if version.settlement.answer is not None]


def drawn_since(view: View, claim: ClaimSubmitted) -> Moment:
    """A claim draws when it was first settled; one that is settled only now comes after all that was spent."""
    past = answered(view, claim)
    return past[0].recorded if past else Moment.end_of(FAR_FUTURE)


def drawn_by(view: View, claim: ClaimSubmitted, available: int) -> int:
    """What a claim draws: the member's share as far as the account reaches, later at most what it drew first."""
    each = next((each for each in settled(view, claim.person) if each.claim.claim == claim.claim), None)
    if each is None or each.problem is not None:
        return 0
    past = [v.settlement.answer.personal_account for v in answered(view, claim) if v.settlement.answer]
    return min([share_of_member(view, each).value, available, *past[:1]])


def draws(view: View, claim: ClaimSubmitted, now: int) -> Iterator[Movement]:
    """The first drawing on the day of the claim, each difference on the day on which it became known (SZ-57d)."""
    steps: list[tuple[date, int]] = [
        (v.recorded.day, v.settlement.answer.personal_account)
        for v in answered(view, claim)
        if v.settlement.answer
    ]
    before = 0
    for number, (day, own) in enumerate([*steps, (view.today, now)]):
        if own != before:
            on = claim.on if number == 0 else day
            yield Movement(f"draw/{claim.claim}/{number}", on, MovementKind.CLAIM, before - own, "claim")
        before = own
