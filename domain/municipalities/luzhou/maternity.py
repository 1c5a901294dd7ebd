"""Birth, miscarriage and induced termination (chapter 11)."""

from collections.abc import Mapping
from datetime import date

from domain.errors import FactMissing, NotComputed
from domain.facts import ClaimSubmitted
from domain.facts.parts import MaternityDetails
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.trail import Denied, Trail
from domain.rulebook.citation import rule
from domain.values.terms import (
    Capacity,
    ClaimKind,
    DeliveryMode,
    FamilyPlanningProcedure,
    GestationBand,
    MaternityEvent,
    Scheme,
)

EVENTS = (ClaimKind.DELIVERY, ClaimKind.TERMINATION, ClaimKind.FAMILY_PLANNING)
LARGE = (DeliveryMode.CAESAREAN, DeliveryMode.DIFFICULT)


@rule("LZ-32d", article="第三十二条")
def within_policy(compliant: bool) -> bool:
    """Births and terminations that are not in accordance with population policy are not paid."""
    return compliant


@rule("LZ-32a", article="第三十二条第一款")
def paid_like_a_stay(capacity: Capacity | None) -> bool:
    """Individual members and people on unemployment benefit; members insured through a unit are not."""
    return capacity in (Capacity.FLEXIBLE, Capacity.UNEMPLOYED)


@rule("LZ-32c", article="第三十二条第二款")
def ordinary_rules(complication: bool) -> bool:
    """With a complication or comorbidity no limit: ordinary inpatient rules for the whole stay."""
    return complication


@rule("LZ-32b", article="第三十二条第二款")
def limit_of(event: str, babies: int, on: date) -> int:
    """Limit of a resident's event in fen; each further baby adds to the two limits for births."""
    limits: Mapping[str, int] = figure("maternity.limits", on)
    more = max(0, babies - 1) * limits["additional_baby_yuan"] if event in ("natural", "difficult") else 0
    return limits[f"{event}_yuan"] + more


@rule("LZ-32b", article="第三十二条第二款")
def limited_payment(limit: int, total: int) -> int:
    """As actually incurred up to the limit: no deductible, no rate, no in-scope test (fen)."""
    return min(limit, total)


def is_maternity(claim: ClaimSubmitted) -> bool:
    """Whether a claim is for a birth, a termination or family-planning surgery."""
    return claim.kind in EVENTS or (claim.maternity is not None and claim.maternity.event is not None)


def may_be_limited(claim: ClaimSubmitted) -> bool:
    """Whether a resident would be paid by a limit for this claim."""
    return is_maternity(claim) and not (claim.maternity and claim.maternity.complication)


def limit_for(claim: ClaimSubmitted, scheme: Scheme, capacity: Capacity | None, trail: Trail) -> int | None:
    """The limit (fen) of a maternity claim, None where it is paid like a stay; Denied where it is not paid."""
    if not is_maternity(claim):
        return None
    details = claim.maternity or MaternityDetails()
    if not within_policy(details.policy_compliant).value:
        trail.note(("LZ-32d",))
        raise Denied("policy_not_met")
    if scheme is Scheme.EMPLOYEE:
        if not trail.take(paid_like_a_stay(capacity)):
            raise Denied("maternity_not_covered")
        return None
    if details.complication and trail.take(ordinary_rules(details.complication)):
        return None
    return trail.take(limit_of(_event(claim, details), details.babies, claim.on))


def _event(claim: ClaimSubmitted, details: MaternityDetails) -> str:
    """The row of the table of limits."""
    event = details.event or (MaternityEvent.BIRTH if claim.kind is ClaimKind.DELIVERY else None)
    if event is MaternityEvent.BIRTH:
        if details.delivery_mode is None:
            raise FactMissing("claim_submitted.maternity.delivery_mode", claim.on, ("LZ-32b",))
        return "difficult" if details.delivery_mode in LARGE else "natural"
    if event is MaternityEvent.MISCARRIAGE:
        return "miscarriage"
    if event is MaternityEvent.INDUCED_LABOUR:
        return "induced"
    return _terminated(claim, details, event)


def _terminated(claim: ClaimSubmitted, details: MaternityDetails, event: MaternityEvent | None) -> str:
    procedures = details.procedures or ()
    if FamilyPlanningProcedure.INDUCED_LABOUR in procedures:
        return "induced"
    if FamilyPlanningProcedure.ABORTION in procedures:
        return "miscarriage"
    if details.gestation_band is GestationBand.OVER_4_MONTHS:
        return "induced"
    if details.gestation_band is GestationBand.UP_TO_4_MONTHS:
        return "miscarriage"
    if event is MaternityEvent.PROCEDURE or claim.kind is ClaimKind.FAMILY_PLANNING:
        raise NotComputed("claim_submitted.maternity.procedures", claim.on)
    raise FactMissing("claim_submitted.maternity.event", claim.on, ("LZ-32b",))
