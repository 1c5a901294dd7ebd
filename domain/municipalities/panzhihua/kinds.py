"""The kinds of claim that the document pays, each with its own conditions (art. 12)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from domain.errors import AnnouncementMissing, FactMissing
from domain.facts import ApprovalEnded, SpecialDiseaseApproved
from domain.municipalities.panzhihua.announced import PARAMETERS, replaced_value, terms
from domain.municipalities.panzhihua.benefits import (
    delivery_paid,
    inpatient_due,
    negotiated_drug_paid,
    outpatient_paid,
    special_disease_paid,
    within_inpatient_cap,
)
from domain.municipalities.panzhihua.bills import (
    Bill,
    bill_of,
    billed,
    disease_terms,
    lists_diseases,
    negotiated,
    third_party_share,
)
from domain.municipalities.panzhihua.places import adjusted, by_level, is_local, outpatient_area, row_of
from domain.municipalities.panzhihua.reckoning import Care, Counters, Reckoned, Refused
from domain.questions.answers import Step
from domain.rulebook.announcements import fen_in, ratio_in
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View
from domain.values.money import share
from domain.values.terms import AnnouncementKey as Key
from domain.values.terms import Approval, CareArea, ClaimKind, Status


def _deny(reason: str, care: Care, *rules: str) -> Refused:
    return Refused(reason, Status.COVERED, joined(care.because, rules))


@rule("PZ-12h", article="第十一条、第十二条（三）")
def dated(undated: bool, on: date) -> None:
    """When status changes within a stay every line needs its date; lines of days without cover are dropped."""
    if undated:
        raise FactMissing("claim_submitted.lines.on", on, ("PZ-12h",))


def inpatient(view: View, care: Care, counters: Counters) -> Reckoned:
    """A stay: deductible and rate of the level, changed by the place of care, up to the annual cap."""
    announced = terms(view, Key.INPATIENT_TERMS, care.day, ("PZ-12c",))
    levels, year = announced["levels"], care.day.year
    row = row_of(levels, care.provider.level, care.provider.grade)
    if row is None:
        raise _deny("level_not_in_terms", care, "PZ-12c")
    deductible, rate = fen_in(levels[row]["deductible"]), ratio_in(levels[row]["rate"])
    area, because = CareArea.LOCAL, care.because
    if not is_local(care.provider):
        place = adjusted(view, care.claim, care.provider, levels, care.day)
        area, because = place.value.area, joined(because, place.because)
        deductible += place.value.deductible_add
        rate = max(Decimal(0), rate - place.value.rate_cut)  # type: ignore[assignment]
    if care.status_changes:
        lines = care.claim.lines
        undated = lines is None or any(line.on is None for line in lines)
        because = joined(because, dated(undated, care.claim.on).because)
    bill = bill_of(view, care.claim, care.day, care.is_covered)
    cap = _annual_cap(view, care, announced)
    used = counters.of("inpatient", year)
    due = inpatient_due(bill.in_scope, deductible, rate)
    paid = within_inpatient_cap(due.value, cap, used)
    return Reckoned(
        bill=bill,
        pooled=paid.value,
        used={"inpatient": paid.value, "stays": 1},
        area=area,
        stay_number=counters.of("stays", year) + 1,
        deductible=deductible,
        deductible_charged=min(deductible, bill.in_scope),
        rate=rate,
        cap_left=max(0, cap - used - paid.value),
        steps=(Step(step="due_before_cap", amount=due.value, rules=due.because),),
        because=joined(because, bill.because, due.because, paid.because),
    )


def _annual_cap(view: View, care: Care, announced: Any) -> int:
    replaced = replaced_value(view, "PZ-12d", care.day)
    if replaced is not None and not isinstance(replaced, dict):
        return fen_in(replaced)
    if "annual_cap" in announced:
        return fen_in(announced["annual_cap"])
    return fen_in(terms(view, Key.ANNUAL_CAP, care.day, ("PZ-12d",)))


def _outpatient_area(view: View, care: Care) -> CareArea:
    area = outpatient_area(view, care.claim.person, care.provider, care.day)
    if area is None:
        raise _deny("provider_not_eligible", care, "PZ-12a")
    return area


def ordinary_outpatient(view: View, care: Care, counters: Counters) -> Reckoned:
    """A visit at a level for which a rate is announced, in the city or at the registered residence."""
    area = _outpatient_area(view, care)
    announced = terms(view, Key.ORDINARY_OUTPATIENT_TERMS, care.day, ("PZ-12a",))
    rate = announced.get("rate")
    if "rates" in announced:
        rate = by_level(announced["rates"], care.provider.level, care.provider.grade)
    if rate is None:
        raise _deny("provider_not_eligible", care, "PZ-12a")
    bill = bill_of(view, care.claim, care.day, care.is_covered)
    cap, used = fen_in(announced["annual_cap"]), counters.of("ordinary", care.day.year)
    paid = outpatient_paid(bill.in_scope, ratio_in(rate), cap, used)
    return Reckoned(
        bill=bill,
        pooled=paid.value,
        used={"ordinary": paid.value},
        area=area,
        rate=ratio_in(rate),
        cap_left=max(0, cap - used - paid.value),
        because=joined(care.because, bill.because, paid.because),
    )


def special_disease(view: View, care: Care, counters: Counters) -> Reckoned:
    """Care for an approved disease of the catalogue, with its own deductible and cap in the year."""
    if care.claim.disease is None:
        raise FactMissing("claim_submitted.disease", care.day, ("PZ-12b",))
    disease, year = str(care.claim.disease), care.day.year
    if lists_diseases(view, care.day) and disease_terms(view, disease, care.day) is None:
        raise _deny("disease_not_listed", care, "PZ-12b")
    if not _is_approved(view, care):
        raise _deny("disease_not_approved", care, "PZ-12b")
    area = _outpatient_area(view, care)
    announced = disease_terms(view, disease, care.day) or {}
    rate = announced.get("rate")
    if rate is None:
        rate = by_level(announced.get("rates", {}), care.provider.level, care.provider.grade)
    if rate is None:
        raise _deny("provider_not_eligible", care, "PZ-12b")
    bill = bill_of(view, care.claim, care.day, care.is_covered)
    cap, rate = fen_in(announced["annual_cap"]), ratio_in(rate)
    yearly = fen_in(announced.get("annual_deductible", "0"))
    used = counters.of(f"special/{disease}", year)
    charged = max(0, min(bill.in_scope, yearly - counters.of(f"deductible/{disease}", year)))
    paid = special_disease_paid(bill.in_scope, charged, rate, cap, used)
    medication = disease in PARAMETERS["care.medication_diseases"].on(care.day)
    return Reckoned(
        bill=bill,
        pooled=paid.value,
        used={
            f"special/{disease}": paid.value,
            f"deductible/{disease}": charged,
            "two_disease" if care.claim.kind is ClaimKind.TWO_DISEASE_MEDICATION else "special": paid.value,
            "medication": paid.value if medication else 0,
        },
        area=area,
        deductible=yearly,
        deductible_charged=charged,
        rate=rate,
        limit=cap,
        cap_left=max(0, cap - used - paid.value),
        because=joined(care.because, bill.because, paid.because),
    )


def _is_approved(view: View, care: Care) -> bool:
    ended = [
        fact.on
        for fact in view.facts(ApprovalEnded, person=care.claim.person)
        if fact.approval is Approval.SPECIAL_DISEASE and fact.disease in (None, care.claim.disease)
    ]
    for fact in view.facts(SpecialDiseaseApproved, person=care.claim.person):
        ends = [day for day in ended if day >= fact.on] + ([fact.to] if fact.to else [])
        if fact.disease == care.claim.disease and fact.on <= care.day and all(care.day < end for end in ends):
            return True
    return False


def negotiated_drug(view: View, care: Care, counters: Counters) -> Reckoned:
    """Negotiated and high-value drugs outside a stay; lines of other classes are out of scope."""
    area = _outpatient_area(view, care)
    announced = negotiated(view, care.claim, care.day, "outpatient")
    bill = bill_of(view, care.claim, care.day, care.is_covered)
    cap = fen_in(announced["annual_cap"]) if announced.get("annual_cap") is not None else None
    rate, used = ratio_in(announced["rate"]), counters.of("negotiated", care.day.year)
    paid = negotiated_drug_paid(bill.in_scope, rate, cap, used)
    return Reckoned(
        bill=bill,
        pooled=paid.value,
        used={"negotiated": paid.value},
        area=area,
        rate=rate,
        limit=cap,
        cap_left=None if cap is None else max(0, cap - used - paid.value),
        because=joined(care.because, bill.because, paid.because),
    )


@rule("PZ-12e", article="第十二条（四）")
def meets_policy(policy_compliant: bool) -> bool:
    """Only deliveries in accordance with policy are paid; there is no fallback to the rules for stays."""
    return policy_compliant


def delivery(view: View, care: Care, counters: Counters) -> Reckoned:
    """A delivery in hospital: a fixed sum by mode, on the terms of the day of delivery."""
    maternity = care.claim.maternity
    if maternity is None:
        raise FactMissing("claim_submitted.maternity", care.day, ("PZ-12e",))
    if not meets_policy(maternity.policy_compliant).value:
        raise _deny("policy_not_met", care, "PZ-12e")
    if maternity.delivery_mode is None:
        raise FactMissing("claim_submitted.maternity.delivery_mode", care.day, ("PZ-12e",))
    announced = terms(view, Key.MATERNITY_TERMS, care.day, ("PZ-12e",))
    if str(maternity.delivery_mode) not in announced:
        raise AnnouncementMissing(Key.MATERNITY_TERMS, care.day, ("PZ-12e",))
    fixed, total = fen_in(announced[str(maternity.delivery_mode)]), billed(care.claim)
    third = share(total, third_party_share(care.claim))
    paid = delivery_paid(fixed, total - third, care.direct)
    return Reckoned(
        bill=Bill(total, third, in_scope=total - third),
        pooled=paid.value,
        used={"maternity": paid.value},
        area=CareArea.LOCAL if is_local(care.provider) else None,
        limit=fixed,
        because=joined(care.because, paid.because),
    )


KINDS: dict[ClaimKind, Callable[[View, Care, Counters], Reckoned]] = {
    ClaimKind.INPATIENT: inpatient,
    ClaimKind.ORDINARY_OUTPATIENT: ordinary_outpatient,
    ClaimKind.SPECIAL_DISEASE: special_disease,
    ClaimKind.TWO_DISEASE_MEDICATION: special_disease,
    ClaimKind.NEGOTIATED_DRUG: negotiated_drug,
    ClaimKind.DELIVERY: delivery,
}
