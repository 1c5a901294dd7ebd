"""Maternity care: delivery, prenatal checks, procedures, newborns, spouses (arts. 36 to 40)."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.errors import FactMissing
from domain.facts import ClaimSubmitted, PersonDied, RelationshipRecorded
from domain.facts.parts import MaternityDetails
from domain.municipalities.dingxi.enrolment import joined_resident
from domain.municipalities.dingxi.policy import PARAMETERS, Sheet, figure
from domain.municipalities.dingxi.standing import piece_on
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.calendar import add_months
from domain.values.money import share
from domain.values.terms import (
    ClaimKind,
    Cover,
    MaternityEvent,
    MaternityReason,
    Relationship,
    Sex,
    Status,
)

TERMINATIONS = (MaternityEvent.MISCARRIAGE, MaternityEvent.INDUCED_LABOUR, MaternityEvent.TERMINATION)


def is_termination(claim: ClaimSubmitted) -> bool:
    """Whether the claim is for a termination rather than a birth."""
    event = claim.maternity.event if claim.maternity else None
    return event in TERMINATIONS or (event is None and claim.kind is ClaimKind.TERMINATION)


def is_procedure(claim: ClaimSubmitted) -> bool:
    """A family-planning procedure, or a termination done for family planning, is paid by art. 38."""
    if claim.kind is ClaimKind.FAMILY_PLANNING:
        return True
    planned = claim.maternity is not None and claim.maternity.reason is MaternityReason.FAMILY_PLANNING
    return planned and is_termination(claim)


def terms(view: View, owner: str, claim: ClaimSubmitted, day: date, way: str, sheet: Sheet) -> dict[str, Any]:
    """Ceiling, rate and counter of a maternity claim."""
    if way == "procedure":
        sheet.cite("DX-38a")
        return {"rate": figure(view, "maternity.family_planning_rate", day)}
    if way == "prenatal":
        sheet.cite("DX-36b")
        return {
            "rate": PARAMETERS["maternity.full_rate"].on(day),
            "limit": figure(view, "maternity.prenatal_yuan", day),
            "counter": f"prenatal/{claim.person}/{_pregnancy(view, claim)}",
        }
    return {
        "rate": PARAMETERS["maternity.full_rate"].on(day),
        "limit": sheet.use(event_limit(view, claim, day)),
    }


def _pregnancy(view: View, claim: ClaimSubmitted) -> str:
    """The pregnancy of a check: as named, else the one that follows the last delivery before it."""
    if claim.maternity is not None and claim.maternity.pregnancy is not None:
        return claim.maternity.pregnancy
    events = (ClaimKind.DELIVERY, ClaimKind.TERMINATION)
    before = [
        other.on
        for other in view.facts(ClaimSubmitted, person=claim.person)
        if other.person == claim.person and other.kind in events and other.on < claim.on
    ]
    return f"after {max(before, default=date.min)}"


@rule("DX-36a", article="第三十六条（一）")
def event_limit(view: View, claim: ClaimSubmitted, day: date) -> int:
    """The ceiling of a birth by its mode and babies, or of a termination by the months of gestation."""
    limits: dict[str, int] = figure(view, "maternity.limit_yuan", day)
    details = claim.maternity or MaternityDetails()
    if is_termination(claim):
        return limits[limit_row(view, gestation(claim, day), day)]
    if details.delivery_mode is None:
        raise FactMissing("claim_submitted.maternity.delivery_mode", day, ("DX-36a",))
    further = max(0, details.babies - 1)
    return limits[str(details.delivery_mode.value)] + limits["further_baby"] * further


def gestation(claim: ClaimSubmitted, day: date) -> Decimal:
    """Months of gestation as certified; FactMissing when the record does not say."""
    details = claim.maternity or MaternityDetails()
    if details.gestation_months is None:
        raise FactMissing("claim_submitted.maternity.gestation_months", day, ("DX-36a",))
    return details.gestation_months


def limit_row(view: View, months: Decimal, day: date) -> str:
    """The row of a termination: from seven months, from four, below."""
    bands = figure(view, "allowance.bands", day)
    if months >= bands["late"]:
        return "from_7_months"
    return "from_4_months" if months >= bands["middle"] else "under_4_months"


@rule("DX-36a", article="第三十六条（一）")
def up_to_ceiling(in_scope: int, limit: int) -> int:
    """Hospital delivery is paid in full up to the ceiling of its case, without deductible."""
    return min(in_scope, limit)


@rule("DX-36b", article="第三十六条（二）")
def prenatal_payment(in_scope: int, left: int) -> int:
    """Checks are paid in full up to 2,000 yuan a pregnancy."""
    return min(in_scope, left)


@rule("DX-38a", article="第三十八条")
def procedure_payment(in_scope: int, rate: Decimal) -> int:
    """Family-planning procedures are paid with 85%, without deductible or limit."""
    return share(in_scope, rate)


def through_refusal(view: View, insured: str, claim: ClaimSubmitted, newborn: bool) -> Finding[str | None]:
    """Why a claim on another person's entitlement pays nothing."""
    if newborn:
        met = newborn_condition(view, claim)
        if not met.value:
            return Finding("newborn_condition_not_met", met.because)
        if view.person(insured).sex is Sex.MALE and spouse_cover_known(view, insured):
            spouse = spouse_of(view, insured)
            covered = spouse_insured(view, insured, spouse, claim.admitted_on or claim.on)
            return Finding("spouse_insured" if covered.value else None, (*met.because, *covered.because))
        return Finding(None, met.because)
    day = claim.admitted_on or claim.on
    covered = spouse_insured(view, insured, claim.person, day)
    return Finding("spouse_insured" if covered.value else None, covered.because)


@rule("DX-37a", article="第三十七条")
def newborn_condition(view: View, claim: ClaimSubmitted) -> bool:
    """A baby not in the resident scheme that dies within three months is paid under its mother's cover."""
    born_on = view.person(claim.person).born_on
    if born_on is None:
        raise FactMissing("person_registered.born_on", claim.on, ("DX-37a",))
    deaths = view.facts(PersonDied, person=claim.person)
    if not deaths or joined_resident(view, claim.person):
        return False
    covers = [
        fact.relative_cover
        for fact in view.facts(RelationshipRecorded, person=claim.person)
        if fact.relative == claim.person and fact.relative_cover is not None
    ]
    if covers and covers[-1] is Cover.RESIDENT:
        return False
    return deaths[-1].on <= add_months(born_on, figure(view, "newborn.months", claim.on))


def spouse_of(view: View, insured: str) -> str:
    """The recorded spouse of an insured person."""
    return _spouses(view, insured)[-1].relative


def spouse_cover_known(view: View, insured: str) -> bool:
    """Whether a spouse's cover was recorded."""
    return any(fact.relative_cover is not None for fact in _spouses(view, insured))


def _spouses(view: View, insured: str) -> list[RelationshipRecorded]:
    return [
        fact
        for fact in view.facts(RelationshipRecorded, person=insured)
        if fact.person == insured and fact.relationship is Relationship.SPOUSE
    ]


@rule("DX-39a", article="第三十九条")
def spouse_insured(view: View, insured: str, spouse: str, day: date) -> bool:
    """A spouse in any scheme has no maternity benefit through the insured person."""
    if piece_on(view, spouse, day).status is not Status.NONE:
        return True
    if any(joined <= day for joined in joined_resident(view, spouse)):
        return True
    facts = [fact for fact in _spouses(view, insured) if fact.relative == spouse]
    known = [fact.relative_cover for fact in facts if fact.on <= day] or [f.relative_cover for f in facts]
    said = [cover for cover in known if cover is not None]
    if not said:
        raise FactMissing("relationship_recorded.relative_cover", day, ("DX-39a",))
    return said[-1] is not Cover.NONE
