"""Every claim by its kind: tests in the order of section 0.6, and what is missing instead of a guess."""

from domain.errors import NotComputed, RulesNotInForce, Unanswerable
from domain.events.consequences import Problem
from domain.facts import ClaimSubmitted
from domain.municipalities.luzhou.assessment import Assessment
from domain.municipalities.luzhou.emergency import is_stay, stay_joined
from domain.municipalities.luzhou.special import assess_special
from domain.municipalities.luzhou.stays import assess_stay, in_force
from domain.municipalities.luzhou.submitted import EMERGENCIES, STAYS, VISITS, claim_of, provider_of
from domain.municipalities.luzhou.trail import Denied, Trail
from domain.municipalities.luzhou.visits import assess_visit, bill_of_visit
from domain.rulebook.view import View, per_view
from domain.values.terms import ClaimKind

SPECIAL = (ClaimKind.SPECIAL_DISEASE, ClaimKind.HOME_SICKBED)


@per_view
def assessed(view: View, identifier: str) -> Assessment:
    """What a claim comes to apart from other claims' use of caps and accounts; once per view."""
    claim = claim_of(view, identifier)
    assert claim is not None
    trail = Trail()
    draft = Assessment(claim, year=claim.on.year, total=bill_of_visit(claim).total)
    try:
        _by_kind(view, claim, draft, trail)
    except Denied as denied:
        draft.refusal = draft.refusal or denied.reason
        draft.notes += denied.notes
    except Unanswerable as missing:
        draft.problem = Problem(code=missing.code, name=missing.name, date=missing.on)
        trail.note(missing.because)
    draft.because = trail.because
    return draft


def _by_kind(view: View, claim: ClaimSubmitted, draft: Assessment, trail: Trail) -> None:
    if not in_force(claim.on).value:
        raise RulesNotInForce(claim.on, ("LZ-54a",))
    if claim.kind in EMERGENCIES:
        draft.joined = stay_joined(view, claim)
        if draft.joined is not None:
            trail.note(("LZ-31b",))
            return
    if claim.kind in STAYS or (claim.kind in EMERGENCIES and is_stay(view, claim, provider_of(view, claim))):
        assess_stay(view, claim, draft, trail)
    elif claim.kind in VISITS or claim.kind in EMERGENCIES:
        assess_visit(view, claim, draft, trail)
    elif claim.kind in SPECIAL:
        assess_special(view, claim, draft, trail)
    else:
        raise NotComputed(f"claim_submitted.kind[{claim.kind}]", claim.on)
