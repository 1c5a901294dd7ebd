"""What a claim draws from the personal or the family account (LZ-22a, 26f, 28, 40b, and 0.8)."""

from collections.abc import Iterable, Mapping
from datetime import date

from domain.municipalities.luzhou.assessment import Assessment
from domain.municipalities.luzhou.households import household_of
from domain.municipalities.luzhou.modes import may_spend
from domain.municipalities.luzhou.trail import Trail
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.state.held import Line
from domain.values.terms import Mode, MovementKind, Scheme, Status

LASTING = (
    MovementKind.CLAIM,
    MovementKind.SPENT,
    MovementKind.PAID_OUT,
    MovementKind.TRANSFER_OUT,
)
"""Movements that a late draw may not overtake; the others are worked out again from the balance."""


@rule("LZ-40b", "LZ-22a", article="第二十二条、第四十条（一）")
def personal_draw(balance: int, share: int) -> int:
    """The member's share comes first from the personal account, the whole share, up to its balance (fen)."""
    return max(0, min(balance, share))


@rule("LZ-26f", "LZ-26b", article="第二十六条、第四十条（一）")
def family_draw(balance: int, share: int) -> int:
    """Any member with active cover uses the whole family account, up to its balance (fen)."""
    return max(0, min(balance, share))


def drawn_before(counters: Mapping[str, int]) -> dict[str, int]:
    """Draws that an earlier settlement made, by account."""
    return {name.removeprefix("drawn/"): fen for name, fen in counters.items() if name.startswith("drawn/")}


def kept_draws(draft: Assessment, before: Mapping[str, int], share: int) -> dict[str, int]:
    """A claim settled again never draws more; cash is paid back first, then the account that had paid (0.8)."""
    if not draft.payable:
        return {}
    left = share
    kept = {}
    for account, fen in before.items():
        if draft.visit and not account.startswith(_prefix(draft)):
            continue
        kept[account] = min(fen, left)
        left -= kept[account]
    return {account: fen for account, fen in kept.items() if fen}


def first_draws(
    view: View, draft: Assessment, share: int, already: Mapping[str, int], trail: Trail
) -> dict[str, int]:
    """What a claim draws when it is settled for the first time; `already`: drawn in the same step."""
    claim, period = draft.claim, draft.period
    if period is None or period.status is not Status.COVERED or not draft.payable or not share:
        return {}
    wished = claim.draw_account is not False if draft.visit else bool(claim.draw_account)
    if not draft.local and not wished:
        trail.note(("LZ-40c",))
        return {}
    if period.scheme is Scheme.EMPLOYEE:
        if not trail.take(may_spend(period)) or (draft.special and period.mode is Mode.POOLING_ONLY):
            return {}
        account = f"personal_account:{claim.person}"
        lines: Iterable[Line] = view.held(f"person:{claim.person}").journal
        balance = available(lines, account, claim.on) - already.get(account, 0)
        fen = trail.take(personal_draw(balance, share)) if balance > 0 else 0
    else:
        household = household_of(view, claim.person, claim.on)
        if household is None or draft.special:
            return {}
        account = f"family_account:{household}"
        balance = available(view.journal(account), account, claim.on) - already.get(account, 0)
        fen = trail.take(family_draw(balance, share)) if balance > 0 else 0
    return {account: fen} if fen else {}


def drawable(draft: Assessment, share: int) -> int:
    """The part of the member's share that an account may pay: for residents' visits only what is in scope."""
    if draft.visit and draft.payable and draft.payable[0].period.scheme is Scheme.RESIDENT:
        return min(share, draft.payable[0].in_scope)
    return share


def available(lines: Iterable[Line], account: str, day: date) -> int:
    """The balance at the end of a day, less what lasting movements of later days have already used (fen)."""
    balance = 0
    later: dict[date, int] = {}
    for line in lines:
        for posting in line.event.postings:
            if posting.account != account:
                continue
            if line.event.on <= day:
                balance += posting.fen
            elif posting.fen > 0 or line.event.kind in LASTING:
                later[line.event.on] = later.get(line.event.on, 0) + posting.fen
    running = lowest = balance
    for on in sorted(later):
        running += later[on]
        lowest = min(lowest, running)
    return lowest


def _prefix(draft: Assessment) -> str:
    return "personal_account:" if draft.scheme is Scheme.EMPLOYEE else "family_account:"
