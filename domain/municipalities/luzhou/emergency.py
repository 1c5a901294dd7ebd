"""Emergency care: at providers without agreement, and before a stay (chapter 10.3)."""

from collections.abc import Iterator
from datetime import date

from domain.facts import ClaimSubmitted, EmergencyOutcomeRecorded, ProviderRegistered
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.scope import Bill, Charge
from domain.municipalities.luzhou.submitted import EMERGENCIES, STAYS, admitted, claim_of
from domain.municipalities.luzhou.trail import Trail
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import add_days
from domain.values.terms import VisitOutcome


@rule("LZ-31a", article="第三十一条")
def payable_until_stable(emergency: bool, day: date, stabilised_on: date | None) -> bool:
    """At a provider without agreement an emergency is payable up to the day of stabilisation, included."""
    return emergency and (stabilised_on is None or day <= stabilised_on)


@rule("LZ-31b", article="第三十一条")
def joins_stay(started_on: date, admitted_on: date) -> bool:
    """Emergency costs belong to the stay when admission follows within three days, the third included."""
    days: int = figure("emergency.merge_days", admitted_on)
    return started_on <= admitted_on <= add_days(started_on, days)


@rule("LZ-31b", article="第三十一条")
def died_in_rescue(outcome: VisitOutcome | None) -> bool:
    """When the patient dies in emergency rescue, its costs form one stay at the emergency provider."""
    return outcome is VisitOutcome.DIED


@per_view
def outcome_of(view: View, identifier: str) -> tuple[VisitOutcome | None, str | None]:
    """How an emergency visit ended as known, and the stay that followed."""
    found = [f for f in view.facts(EmergencyOutcomeRecorded, claim=identifier) if f.claim == identifier]
    if found:
        latest = max(found, key=view.order)
        return latest.outcome, latest.stay
    claim = claim_of(view, identifier)
    if claim is None:
        return None, None
    following = [
        fact.claim
        for fact in view.facts(ClaimSubmitted, claim=identifier)
        if fact.continues == identifier and fact.kind in STAYS
    ]
    admitted_to = following[-1] if following else None
    return (VisitOutcome.ADMITTED if admitted_to else claim.outcome), admitted_to


def stay_joined(view: View, claim: ClaimSubmitted) -> str | None:
    """The stay to which the costs of an emergency visit belong, or None."""
    outcome, stay = outcome_of(view, claim.claim)
    if outcome is not VisitOutcome.ADMITTED or stay is None:
        return None
    following = claim_of(view, stay)
    if following is None or not joins_stay(admitted(claim), admitted(following)).value:
        return None
    return stay


def is_stay(view: View, claim: ClaimSubmitted, provider: ProviderRegistered) -> bool:
    """Whether a claim is settled as a stay: inpatient care, death in rescue, or rescue without agreement."""
    if claim.kind in STAYS:
        return True
    if claim.kind not in EMERGENCIES:
        return False
    if died_in_rescue(outcome_of(view, claim.claim)[0]).value:
        return True
    return not provider.designated and (claim.emergency or claim.stabilised_on is not None)


def bill_of(view: View, claim: ClaimSubmitted, provider: ProviderRegistered, trail: Trail) -> Bill:
    """Everything billed for a stay: its lines, and the emergency costs that belong to it."""
    bill = Bill(tuple(_charges(claim, provider, trail)), claim.totals or ())
    for visit in visits_before(view, claim):
        trail.note(("LZ-31b",))
        bill = bill.with_(Bill(_plain(visit), visit.totals or ()))
    return bill


def visits_before(view: View, stay: ClaimSubmitted) -> Iterator[ClaimSubmitted]:
    """The emergency visits whose costs belong to a stay."""
    told = {fact.claim for fact in view.facts(EmergencyOutcomeRecorded, claim=stay.claim)}
    if stay.continues is not None:
        told.add(stay.continues)
    for identifier in sorted(told):
        visit = claim_of(view, identifier)
        if visit is None or visit.kind not in EMERGENCIES or visit.claim == stay.claim:
            continue
        if stay_joined(view, visit) == stay.claim:
            yield visit


def _plain(claim: ClaimSubmitted) -> tuple[Charge, ...]:
    return tuple(Charge(line.on or claim.on, line) for line in claim.lines or ())


def _charges(claim: ClaimSubmitted, provider: ProviderRegistered, trail: Trail) -> Iterator[Charge]:
    """Lines of a stay; those after stabilisation, or of an emergency too long before admission, are not payable."""
    lines = _plain(claim)
    before = [charge.day for charge in lines if charge.day < admitted(claim)]
    joined = not before or trail.take(joins_stay(min(before), admitted(claim)))
    for charge in lines:
        payable = joined or charge.day >= admitted(claim)
        if not provider.designated:
            emergency = claim.emergency or claim.kind in EMERGENCIES
            stable = payable_until_stable(emergency, charge.day, claim.stabilised_on)
            payable = payable and trail.take(stable)
        yield Charge(charge.day, charge.line, payable)
