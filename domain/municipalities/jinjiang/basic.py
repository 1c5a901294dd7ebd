"""What the pooled fund pays: admissions, special diseases, ordinary outpatient care, deliveries."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from domain.errors import AnnouncementMissing, FactMissing
from domain.facts import ApprovalEnded, ClaimSubmitted, ProviderRegistered, SpecialDiseaseApproved
from domain.municipalities.jinjiang.counters import Admission, Counters, Use
from domain.municipalities.jinjiang.figures import PARAMETERS, figure, governs
from domain.municipalities.jinjiang.hospitals import Terms, in_pool, is_primary, terms_of
from domain.rulebook.announcements import announced_terms, announcements, fen_in, ratio_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.money import round_fen
from domain.values.terms import Approval, DeliveryMode, MaternityEvent, Programme, Scheme, Sex

SPECIAL = "special disease year"
THIRD = 3


class Paid(Struct, frozen=True, kw_only=True):
    """The basic payment of one year's part of a bill, in fen, and what it uses up."""

    pooled: int
    use: Use
    number: int | None = None
    deductible: int = 0
    charged: int = 0
    rate: Decimal | None = None
    limit: int | None = None
    cap_left: int | None = None
    because: tuple[str, ...] = ()


class Stay(Struct, frozen=True, kw_only=True):
    """What the admission and special-disease rules need of a bill's part."""

    claim: ClaimSubmitted
    provider: ProviderRegistered
    before: ProviderRegistered | None
    """The hospital of the bill that this one continues."""
    frozen: dict[str, int]
    year: int
    day: date
    scope: int


@rule("JJ-6.1g", article="六（一）2")
def deductible_of(view: View, number: int, whole: int, day: date) -> Finding[int]:
    """The first admission of a year bears the whole deductible, the second half, later ones nothing."""
    factors = figure(view, "inpatient.deductible_factors", day)
    return Finding(round_fen(whole * factors.value[str(min(number, THIRD))]), factors.because)


@rule("JJ-6.1d", article="六（一）2")
def within_cap(view: View, amount: int, used: int, day: date) -> Finding[tuple[int, int]]:
    """Admissions and special diseases together are paid up to 150,000 a year: the payment, and what is left."""
    cap = figure(view, "inpatient.annual_cap_yuan", day)
    paid = max(0, min(amount, cap.value - used))
    return Finding((paid, max(0, cap.value - used - paid)), cap.because)


@rule("JJ-6.1h", article="六（一）2")
def same_consortium(first: ProviderRegistered, next_one: ProviderRegistered) -> bool:
    """A transfer inside one consortium in the pool carries on the same admission."""
    alike = first.consortium is not None and first.consortium == next_one.consortium
    return alike and in_pool(first) and in_pool(next_one)


@rule("JJ-6.1i", article="六（一）2")
def same_hospital(first: ProviderRegistered, next_one: ProviderRegistered) -> bool:
    """A transfer between departments of one hospital carries on the same admission."""
    return first.provider == next_one.provider


def _continued(stay: Stay, counters: Counters) -> Finding[str] | None:
    """The admission that a bill carries on, or None for a new one."""
    if stay.claim.continues is None or stay.before is None:
        return None
    key = counters.admission_of.get(stay.claim.continues)
    if key is None or key == SPECIAL:
        return None
    department = same_hospital(stay.before, stay.provider)
    if department.value:
        return Finding(key, department.because)
    consortium = same_consortium(stay.before, stay.provider)
    return Finding(key, consortium.because) if consortium.value else None


def admission_paid(view: View, stay: Stay, counters: Counters) -> Paid:
    """The basic payment for a stay, or the part of one year of it."""
    terms = terms_of(view, stay.provider, stay.day)
    carried = _continued(stay, counters)
    if carried is not None:
        key, because = carried.value, carried.because
    else:
        key = stay.claim.claim
        number = stay.frozen.get(f"number/{stay.year}", counters.stays + 1)
        deductible = deductible_of(view, number, terms.deductible, stay.day)
        because = deductible.because
        counters.admissions[key] = Admission(number, deductible.value)
    counters.admission_of[stay.claim.claim] = key
    return _paid(view, stay, counters, key, terms, because)


@rule("JJ-6.1j", article="六（一）3")
def special_year(view: View, stay: Stay, terms: Terms, counters: Counters) -> Finding[Admission]:
    """All special-disease costs of a year are one admission with one deductible, fixed by the first claim."""
    known = counters.admissions.get(SPECIAL)
    if known is not None:
        return Finding(known)
    number = counters.stays + 1
    deductible = deductible_of(view, number, terms.deductible, stay.day)
    counters.admissions[SPECIAL] = Admission(number, deductible.value)
    return Finding(counters.admissions[SPECIAL], deductible.because)


@rule("JJ-6.1k", article="六（一）4")
def special_disease_paid(
    view: View, stay: Stay, counters: Counters, terms: Mapping[str, Any]
) -> Finding[Paid]:
    """Special diseases are paid by the inpatient table, within the disease's yearly limit and the annual cap."""
    table = terms_of(view, stay.provider, stay.day)
    year = special_year(view, stay, table, counters)
    counters.admission_of[stay.claim.claim] = SPECIAL
    limit = terms.get("annual_cap")
    fen = fen_in(limit) if limit not in (None, "none") else None
    paid = _paid(view, stay, counters, SPECIAL, table, year.because, fen)
    return Finding(paid, paid.because)


def _paid(
    view: View,
    stay: Stay,
    counters: Counters,
    key: str,
    terms: Terms,
    because: tuple[str, ...],
    limit: int | None = None,
) -> Paid:
    admission = counters.admissions[key]
    charged = min(stay.scope, admission.deductible - admission.charged)
    amount = round_fen((stay.scope - charged) * terms.rate * terms.factor)
    disease = stay.claim.disease if key == SPECIAL else None
    if limit is not None:
        amount = max(0, min(amount, limit - counters.diseases.get(disease or "", 0)))
    capped = within_cap(view, amount, counters.cap_used, stay.day)
    pooled, left = capped.value
    use = Use(
        year=stay.year,
        cap=pooled,
        burden=stay.scope - pooled,
        admission=key,
        charged=charged,
        disease=disease,
        special=pooled if key == SPECIAL else 0,
    )
    return Paid(
        pooled=pooled,
        use=use,
        number=admission.number,
        deductible=admission.deductible,
        charged=charged,
        rate=terms.rate,
        limit=limit,
        cap_left=left,
        because=joined(because, terms.because, capped.because),
    )


@rule("JJ-7.2a", article="七（二）")
def special_disease_refusal(view: View, claim: ClaimSubmitted, provider: ProviderRegistered) -> str | None:
    """A special disease needs an approval on the service day and the one chosen hospital inside Quanzhou."""
    ended = view.facts(ApprovalEnded, person=claim.person)
    ends = [fact for fact in ended if fact.approval is Approval.SPECIAL_DISEASE]
    valid = [
        fact
        for fact in view.facts(SpecialDiseaseApproved, person=claim.person)
        if fact.disease == claim.disease
        and fact.programme is Programme.SPECIAL_DISEASE
        and fact.on <= claim.on < (fact.to or date.max)
        and not any(e.disease in (None, fact.disease) and fact.on <= e.on <= claim.on for e in ends)
    ]
    if not valid:
        return "disease_not_approved"
    chosen = any(fact.providers is None or claim.provider in fact.providers for fact in valid)
    return None if chosen and in_pool(provider) else "provider_not_selected"


def disease_terms(view: View, disease: str | None, day: date) -> Mapping[str, Any] | None:
    """The announced terms of a disease for a year, None when the catalogue has no such disease."""
    catalogue = [
        fact
        for fact in announcements(view, "special_disease_terms")
        if fact.scheme in (None, Scheme.RESIDENT) and governs(fact, day)
    ]
    if not catalogue:
        raise AnnouncementMissing("special_disease_terms", day, ("JJ-6.1k",))
    latest = sorted(catalogue, key=view.order, reverse=True)
    single = next((f for f in latest if f.disease is not None and f.disease == disease), None)
    if single is not None:
        return single.value if isinstance(single.value, Mapping) else {"annual_cap": single.value}
    whole = next((f.value for f in latest if f.disease is None), None)
    if not isinstance(whole, Mapping) or disease not in whole:
        return None
    found = whole[disease]
    return found if isinstance(found, Mapping) else {"annual_cap": found}


@rule("JJ-6.1l", article="六（一）5")
def outpatient_paid(view: View, stay: Stay, counters: Counters) -> Finding[Paid]:
    """Ordinary outpatient care at primary institutions is paid by the announced terms, within their yearly cap."""
    terms = announced_terms(
        view, "ordinary_outpatient_terms", stay.day, ("JJ-6.1l",), year=stay.year, scheme=Scheme.RESIDENT
    )
    deductible = fen_in(terms.get("visit_deductible", "0"))
    rates = terms.get("rates")
    told = rates.get("1", terms.get("rate", "0")) if isinstance(rates, Mapping) else terms.get("rate", "0")
    rate = ratio_in(told)
    charged = min(stay.scope, deductible)
    pooled = round_fen((stay.scope - charged) * rate)
    limit = fen_in(terms["annual_cap"]) if terms.get("annual_cap") is not None else None
    if limit is not None:
        pooled = max(0, min(pooled, limit - counters.outpatient))
    use = Use(year=stay.year, outpatient=pooled)
    paid = Paid(pooled=pooled, use=use, deductible=deductible, charged=charged, rate=rate, limit=limit)
    return Finding(paid)


def outpatient_refusal(provider: ProviderRegistered) -> str | None:
    """Only primary institutions give ordinary outpatient care (JJ-6.1l)."""
    return None if is_primary(provider) else "provider_not_eligible"


@rule("JJ-6.1n", article="六（一）7")
def maternity_refusal(view: View, claim: ClaimSubmitted, is_delivery: bool) -> Finding[str | None]:
    """A fixed sum per delivery for women with less than twelve months of maternity insurance; nothing else."""
    told = claim.maternity
    if not is_delivery or (told and told.event not in (None, MaternityEvent.BIRTH)):
        return Finding("not_a_delivery")
    if view.person(claim.person).sex is Sex.MALE:
        return Finding("maternity_not_covered")
    months = figure_months(view, claim.on)
    insured = told.maternity_insurance_months if told else 0
    return Finding("maternity_not_covered" if insured >= months else None)


def figure_months(view: View, day: date) -> int:
    """Months of maternity insurance from which that insurance is in charge."""
    return int(PARAMETERS["maternity.insurance_months"].on(day))


def delivery_paid(view: View, claim: ClaimSubmitted, billed: int, counters: Counters) -> Paid:
    """The fixed sum of a delivery, at most the bill, once per delivery (JJ-6.1n)."""
    told = claim.maternity
    if told is None or told.delivery_mode is None:
        raise FactMissing("claim_submitted.maternity.delivery_mode", claim.on, ("JJ-6.1n",))
    standards = figure(view, "maternity.standards", claim.on)
    caesarean = told.delivery_mode is DeliveryMode.CAESAREAN
    standard = standards.value["caesarean_yuan" if caesarean else "natural_yuan"]
    pregnancy = told.pregnancy
    left = standard - (counters.deliveries.get(pregnancy, 0) if pregnancy else 0)
    pooled = max(0, min(left, billed))
    use = Use(year=claim.on.year, pregnancy=pregnancy, delivered=pooled if pregnancy else 0)
    return Paid(pooled=pooled, use=use, limit=standard, because=standards.because)
