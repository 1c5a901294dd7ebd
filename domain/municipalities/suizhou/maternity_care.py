"""Antenatal checks, delivery, family planning and terminations (articles 27, 30, 32, 48, 55). Money in fen."""

from domain.errors import NotComputed
from domain.facts import ClaimSubmitted, RelationshipRecorded
from domain.municipalities.suizhou.bill import Amounts
from domain.municipalities.suizhou.outpatient import settle_employee_outpatient
from domain.municipalities.suizhou.policy import figure
from domain.municipalities.suizhou.schemes import employee_on
from domain.municipalities.suizhou.stay import class_b_share, rate_of, settle_stay
from domain.municipalities.suizhou.tally import Part, Tally
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View
from domain.values.money import Ratio, share
from domain.values.terms import (
    Capacity,
    CareArea,
    ClaimKind,
    MaternityEvent,
    MaternityStatus,
    Occupation,
    Relationship,
    Scheme,
)

MATERNITY_KINDS = (ClaimKind.PRENATAL_CHECK, ClaimKind.DELIVERY, ClaimKind.FAMILY_PLANNING)


@rule("SZ-27a", article="第二十七条（一）")
def prenatal(in_scope: int, limit: int, used: int) -> int:
    """Antenatal checks are paid in full up to 800 per pregnancy."""
    return max(0, min(in_scope, limit - used))


@rule("SZ-27b", article="第二十七条（二）")
def delivery(base: int, rate: Ratio) -> int:
    """A delivery is paid at the inpatient rate after the class B share, without deductible."""
    return share(base, rate)


@rule("SZ-27c", article="第二十七条（三）")
def family_planning(in_scope: int, limits: list[int]) -> int:
    """Family planning is paid in full up to the limits of its procedures, added."""
    return min(in_scope, sum(limits))


@rule("SZ-32a", article="第三十二条")
def complicated(flagged: bool) -> bool:
    """Complications, comorbidities and threatened miscarriage are settled as illness stays, wholly."""
    return flagged


@rule("SZ-48a", article="第四十八条")
def resident_delivery(amount: int) -> int:
    """A resident's delivery is settled on inpatient terms with deductible."""
    return amount


@rule("SZ-48b", article="第四十八条")
def resident_termination(amount: int, limit: int) -> int:
    """A termination is settled on inpatient terms, cut to 1,000 or 2,500."""
    return min(amount, limit)


@rule("SZ-30b", article="第三十条、第五十五条")
def spouse_entitled(married: bool, unemployed: bool, qualified: bool) -> bool:
    """An unemployed wife has the maternity benefits of a qualified employee, with proof of marriage."""
    return married and unemployed and qualified


@rule("SZ-55a", article="第五十五条")
def one_benefit(entitlement: str, earlier: str) -> bool:
    """One pregnancy, one maternity benefit, whoever pays."""
    return earlier == entitlement


def entitling_spouse(view: View, claim: ClaimSubmitted) -> tuple[str | None, tuple[str, ...]]:
    """Why a wife may not use her husband's entitlement; None when she may."""
    husband = claim.insured_through
    assert husband is not None
    known = [
        fact
        for fact in view.facts(RelationshipRecorded, person=husband)
        if fact.relationship is Relationship.SPOUSE
        and {fact.person, fact.relative} == {husband, claim.person}
        and fact.on <= claim.on
    ]
    own = employee_on(view, husband, claim.on)
    qualified = (
        own is not None
        and own.maternity is MaternityStatus.COVERED
        and own.capacity
        in (
            Capacity.EMPLOYED,
            None,
        )
    )
    married = any(fact.certified for fact in known)
    unemployed = bool(known) and all(
        f.relative_occupation in (None, Occupation.UNEMPLOYED) for f in known if f.relative == claim.person
    )
    entitled = spouse_entitled(married, unemployed, qualified)
    if entitled.value:
        return None, entitled.because
    return ("maternity_not_qualified" if married and unemployed else "not_eligible"), entitled.because


def settle_prenatal(
    view: View,
    claim: ClaimSubmitted,
    amounts: Amounts,
    level: int,
    area: CareArea,
    tally: Tally,
    retired: bool,
) -> Part:
    """Antenatal checks: the maternity part first, the excess as ordinary outpatient care."""
    name = pregnancy_of(claim)
    limit = int(figure(view, "maternity.prenatal_yuan", claim.on))
    paid = prenatal(amounts.in_scope, limit, tally.of(f"{name}/prenatal"))
    rest_a = max(0, amounts.a - paid.value)
    rest = Amounts(rest_a, amounts.in_scope - paid.value - rest_a)
    extra = {f"{name}/prenatal": paid.value}
    if rest.in_scope == 0:
        return Part(
            scheme=Scheme.EMPLOYEE,
            amounts=amounts,
            limit=limit,
            maternity=paid.value,
            extra=extra,
            because=paid.because,
        )
    more = settle_employee_outpatient(view, claim, rest, level, area, tally, retired)
    return Part(
        scheme=Scheme.EMPLOYEE,
        amounts=amounts,
        upfront=more.upfront,
        deductible=more.deductible,
        charged=more.charged,
        rate=more.rate,
        limit=limit,
        pooled=more.pooled,
        maternity=paid.value,
        extra={**extra, **more.extra},
        because=joined(paid.because, more.because),
    )


def settle_delivery(
    view: View, claim: ClaimSubmitted, amounts: Amounts, level: int, area: CareArea, tally: Tally
) -> Part:
    """A delivery of an employee: from maternity, or wholly as an illness stay when complicated."""
    rate = rate_of(view, Scheme.EMPLOYEE, level, area, claim.on)
    upfront = class_b_share(view, amounts, claim.on)
    paid = delivery(amounts.in_scope - upfront, rate.value)
    return Part(
        scheme=Scheme.EMPLOYEE,
        amounts=amounts,
        upfront=upfront,
        rate=rate.value,
        maternity=paid.value,
        because=joined(paid.because, rate.because),
    )


def settle_spouse_complication(
    view: View, claim: ClaimSubmitted, amounts: Amounts, level: int, area: CareArea
) -> Part:
    """A complicated delivery of an unemployed wife: a first stay, without supplement, outside all counters."""
    from msgspec.structs import replace

    stay = settle_stay(view, claim, Scheme.EMPLOYEE, amounts, level, area, Tally(), None, 1)
    return replace(
        stay, counts=False, layer=False, tallied=False, because=joined(("SZ-32a", "SZ-30b"), stay.because)
    )


def settle_family_planning(view: View, claim: ClaimSubmitted, amounts: Amounts) -> Part:
    """Family-planning operations of an employee."""
    table = figure(view, "maternity.procedure_yuan", claim.on)
    procedures = (claim.maternity.procedures if claim.maternity else None) or _by_event(claim)
    limits = [table[f"{each}_yuan"] for each in procedures if f"{each}_yuan" in table]
    if not limits:
        raise NotComputed("claim_submitted.maternity.procedures", claim.on)
    paid = family_planning(amounts.in_scope, limits)
    return Part(
        scheme=Scheme.EMPLOYEE,
        amounts=amounts,
        limit=sum(limits),
        maternity=paid.value,
        because=paid.because,
    )


def _by_event(claim: ClaimSubmitted) -> tuple[str, ...]:
    event = claim.maternity.event if claim.maternity else None
    if event is MaternityEvent.MISCARRIAGE:
        return ("abortion",)
    return ("induced_labour",) if event is MaternityEvent.INDUCED_LABOUR else ()


def resident_limit(view: View, claim: ClaimSubmitted) -> int | None:
    """The limit of a resident's termination; None for other kinds."""
    if claim.kind is not ClaimKind.TERMINATION:
        return None
    table = figure(view, "maternity.termination_yuan", claim.on)
    event = claim.maternity.event if claim.maternity else None
    procedures = (claim.maternity.procedures if claim.maternity else None) or ()
    induced = event is MaternityEvent.INDUCED_LABOUR or "induced_labour" in procedures
    return int(table["induced_labour_yuan" if induced else "miscarriage_yuan"])


def pregnancy_of(claim: ClaimSubmitted) -> str:
    """The name of the pregnancy in the counters."""
    told = claim.maternity.pregnancy if claim.maternity else None
    return f"pregnancy/{told or claim.on.year}"
