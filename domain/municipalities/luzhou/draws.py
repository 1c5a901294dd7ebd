"""What a claim draws from the personal or the family account (LZ-22a, 26f, 28, 40b, and 0.8)."""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from domain.municipalities.luzhou.assessment import Assessment
from domain.municipalities.luzhou.balances import affordable, available
from domain.municipalities.luzhou.emergency import visits_before
from domain.municipalities.luzhou.households import household_of
from domain.municipalities.luzhou.modes import may_spend
from domain.municipalities.luzhou.room import family_room
from domain.municipalities.luzhou.submitted import STAYS
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.state.held import Line
from domain.values.terms import Mode, Scheme, Status


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


class Drawn(Struct):
    """What this step changes: the most that claims may draw from the personal account, and draws so far by account."""

    limits: Mapping[str, int]
    fen: dict[str, int] = field(default_factory=dict)


def draws_of(
    view: View, draft: Assessment, share: int, settled: Mapping[str, int] | None, drawn: Drawn
) -> dict[str, int]:
    """What a claim draws; `settled`: its counters if it was settled before."""
    before = drawn_before(settled or {})
    if settled is None:
        draws = first_draws(view, draft, share, drawn.fen)
    else:
        draws = kept_draws(draft, _without_overdraft(view, draft, _with_visits(view, draft, before)), share)
    own = f"personal_account:{draft.claim.person}"
    if own in draws:
        draws[own] = min(draws[own], drawn.limits.get(draft.claim.claim, draws[own]))
    draws = {account: fen for account, fen in draws.items() if fen}
    for account in {*before, *draws}:
        drawn.fen[account] = drawn.fen.get(account, 0) + draws.get(account, 0) - before.get(account, 0)
    return draws


def _with_visits(view: View, draft: Assessment, before: Mapping[str, int]) -> dict[str, int]:
    """A stay goes on with what was drawn for the emergency visits that now belong to it (LZ-31b, 0.8)."""
    found = dict(before)
    if draft.claim.kind not in STAYS:
        return found
    for visit in visits_before(view, draft.claim):
        settled = view.held(f"person:{visit.person}").settlement(visit.claim)
        for account, fen in drawn_before(settled.counters if settled else {}).items():
            found[account] = found.get(account, 0) + fen
    return found


@rule("LZ-26a", "LZ-26d", article="第二十六条")
def never_overdrawn(drawn: int, balance: int) -> int:
    """A family account pays at most its balance, also when a move told later leaves less than was drawn (fen)."""
    return min(drawn, balance)


def _without_overdraft(view: View, draft: Assessment, before: Mapping[str, int]) -> dict[str, int]:
    """What family accounts can still have paid for a claim by what is recorded of them."""
    found = dict(before)
    for account in before:
        if account.startswith("family_account:"):
            kept = affordable(view.journal(account), account)
            fen = kept.get(draft.claim.claim, before[account])
            found[account] = never_overdrawn(before[account], fen).value
    return found


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


def first_draws(view: View, draft: Assessment, share: int, already: Mapping[str, int]) -> dict[str, int]:
    """What a claim draws when it is settled for the first time; `already`: drawn in the same step."""
    claim, period = draft.claim, draft.period
    if period is None or period.status is not Status.COVERED or not draft.payable or not share:
        return {}
    if not draws_automatically(draft):
        return {}
    if period.scheme is Scheme.EMPLOYEE:
        if not may_spend(period).value or (draft.special and period.mode is Mode.POOLING_ONLY):
            return {}
        account = f"personal_account:{claim.person}"
        lines: Iterable[Line] = view.held(f"person:{claim.person}").journal
        balance = available(lines, account, claim.on) - already.get(account, 0)
        fen = personal_draw(balance, share).value
    else:
        household = household_of(view, claim.person, claim.on)
        if household is None or draft.special:
            return {}
        account = f"family_account:{household}"
        balance = family_room(view.journal(account), account, claim.on) - already.get(account, 0)
        fen = family_draw(balance, share).value
    return {account: fen} if fen else {}


def draws_automatically(draft: Assessment) -> bool:
    """Inside the city the account is drawn on without being asked; outside on request (LZ-40b, LZ-40c)."""
    claim = draft.claim
    wished = claim.draw_account is not False if draft.visit else bool(claim.draw_account)
    return draft.local or wished


def rules_of_draws(draft: Assessment, draws: Mapping[str, int]) -> tuple[str, ...]:
    """The rules on which draws rest, the same whenever the claim is settled."""
    found: list[str] = []
    if any(account.startswith("personal_account:") for account in draws):
        found += ["LZ-28c", "LZ-40b", "LZ-22a"]
    if any(account.startswith("family_account:") for account in draws):
        found += ["LZ-26f", "LZ-26b"]
    if draft.payable and not draws_automatically(draft):
        found.append("LZ-40c")
    return tuple(found)


def drawable(draft: Assessment, share: int) -> int:
    """The part of the member's share that an account may pay: for residents' visits only what is in scope."""
    if draft.visit and draft.payable and draft.payable[0].period.scheme is Scheme.RESIDENT:
        return min(share, draft.payable[0].in_scope)
    return share


def _prefix(draft: Assessment) -> str:
    return "personal_account:" if draft.scheme is Scheme.EMPLOYEE else "family_account:"
