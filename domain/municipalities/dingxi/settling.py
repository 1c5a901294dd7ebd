"""Settlement of claims in the order of adjudication; what was settled before keeps its result (arts. 20, 26, 27)."""

from datetime import date
from zlib import crc32

from msgspec.structs import replace

from domain.errors import Unanswerable
from domain.events.consequences import Settlement
from domain.municipalities.dingxi.answering import merged_answer, paid_answer, refused_answer
from domain.municipalities.dingxi.cases_of_care import CaseOfCare, group_of
from domain.municipalities.dingxi.childbirth import prenatal_payment, procedure_payment, up_to_ceiling
from domain.municipalities.dingxi.counters import Result, opening_used, used
from domain.municipalities.dingxi.layering import supplemented
from domain.municipalities.dingxi.outpatient import drug_payment, ordinary_payment
from domain.municipalities.dingxi.places import is_direct
from domain.municipalities.dingxi.policy import Sheet, figure, problem_of
from domain.municipalities.dingxi.special_diseases import special_payment
from domain.municipalities.dingxi.terms_of_care import Terms, evaluate
from domain.questions.answers import ClaimAnswer
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.money import Ratio, round_fen
from domain.values.terms import ClaimOutcome


@per_view
def settled(view: View, owner: str) -> dict[str, Result]:
    """Every claim on an insured person's entitlement, by identifier, as it now stands."""
    results: dict[str, Result] = {}
    fresh: list[tuple[CaseOfCare, Terms]] = []
    for case in group_of(view, owner):
        name = case.claim.claim
        if case.into is not None:
            results[name] = _merged(case)
            continue
        try:
            terms = evaluate(view, owner, case)
        except Unanswerable as missing:
            kept = _kept(view, case, None)
            results[name] = kept or _unanswered(case, missing)
            continue
        kept = _kept(view, case, terms)
        if kept is not None:
            results[name] = kept
        else:
            fresh.append((case, terms))
    # All of these are adjudicated today, so effective day and identifier decide (DX-20f).
    for case, terms in sorted(fresh, key=lambda each: (each[0].on, each[0].claim.claim)):
        results[case.claim.claim] = _pay(view, owner, case, terms, results)
    for name in sorted(results, key=lambda name: _adjudicated(results[name])):
        results[name] = supplemented(view, owner, results[name], results)
    return results


def _adjudicated(result: Result) -> tuple[int, date, str]:
    return result.counters.get("adjudicated", 0), result.case.on, result.case.claim.claim


def _merged(case: CaseOfCare) -> Result:
    return Result(case, None, merged_answer(case), {}, because=("DX-20h", *case.because))


def _unanswered(case: CaseOfCare, missing: Unanswerable) -> Result:
    return Result(case, None, None, {}, because=missing.because, problem=problem_of(missing))


def _kept(view: View, case: CaseOfCare, terms: Terms | None) -> Result | None:
    """A settlement of an earlier day that stays: nothing that decides it changed, or it is final."""
    before = view.held(f"person:{case.claim.person}").settlement(case.claim.claim)
    if before is None or before.answer is None or "adjudicated" not in before.counters:
        return None
    if before.counters["adjudicated"] >= view.moment.day.toordinal():
        return None
    if before.counters["composition"] != crc32(case.composition.encode()):
        return None
    same = terms is not None and before.counters["essence"] == crc32(terms.essence.encode())
    if same:
        assert terms is not None
        return Result(case, terms, before.answer, before.counters, terms.counter, before.because)
    paid = before.answer.outcome is ClaimOutcome.PAYABLE
    if not paid or not _is_direct(view, case):
        return None
    final = direct_is_final(before)
    notes = tuple(dict.fromkeys([*before.answer.notes, final.value]))
    answer = replace(before.answer, reason=final.value, notes=notes)
    because = tuple(dict.fromkeys([*before.because, *final.because]))
    way = _ways(before)
    return Result(case, terms, answer, before.counters, way, because)


def _ways(before: Settlement) -> str:
    names = ("inpatient", "outpatient", "special", "drug")
    return next((name for name in names if f"used/{name}" in before.counters), "")


def _is_direct(view: View, case: CaseOfCare) -> bool:
    try:
        return is_direct(case.claim, view.provider(case.claim.provider, case.day))
    except Unanswerable:
        return False


@rule("DX-27e", article="第二十七条（六）")
def direct_is_final(before: Settlement) -> str:
    """The basic payment of a direct settlement is final; a manual claim is settled anew."""
    return "settlement_final"


@rule("DX-22c", article="第二十二条")
def inpatient_payment(in_scope: int, deductible: int, rate: Ratio, left: int) -> int:
    """What exceeds the deductible, at the rate, up to what the yearly 70,000 leave."""
    return min(round_fen(max(0, in_scope - deductible) * rate), left)


def _pay(view: View, owner: str, case: CaseOfCare, terms: Terms, results: dict[str, Result]) -> Result:
    """The basic payment of a claim settled now, on what others have left of the limits."""
    marks = {
        "adjudicated": view.moment.day.toordinal(),
        "composition": crc32(case.composition.encode()),
        "essence": crc32(terms.essence.encode()),
    }
    if terms.reason is not None:
        return Result(case, terms, refused_answer(terms), marks, because=terms.because)
    sheet = Sheet()
    sheet.cite(*terms.because)
    sheet.cite("DX-26b")
    pay = _PAYERS[terms.way]
    answer, counters = pay(view, owner, case, terms, results, sheet)
    answer = replace(answer, steps=tuple(sheet.steps))
    return Result(case, terms, answer, {**marks, **counters}, terms.counter, sheet.because)


def _inpatient(
    view: View, owner: str, case: CaseOfCare, terms: Terms, results: dict[str, Result], sheet: Sheet
) -> tuple[ClaimAnswer, dict[str, int]]:
    bill = terms.bill
    assert bill is not None
    assert terms.rate is not None
    cap: int = figure(view, "inpatient.annual_cap_yuan", case.on)
    left = max(0, cap - used(view, owner, "inpatient", terms.year, results, case.claim.claim))
    pooled = sheet.use(inpatient_payment(bill.in_scope, terms.deductible, Ratio(terms.rate), left))
    sheet.step(
        "统筹基金支付",
        pooled,
        "（政策范围内费用－起付标准）×支付比例，不超过年度限额余额",
        "DX-22a",
        "DX-22c",
    )
    answer = paid_answer(terms, pooled)
    answer = replace(
        answer,
        deductible=terms.deductible,
        deductible_charged=min(terms.deductible, bill.in_scope),
        limit=cap,
        cap_left=left - pooled,
    )
    own = bill.catalogue - pooled if terms.way == "inpatient" else 0
    return answer, {"used": pooled, "used/inpatient": pooled, "own": own}


def _outpatient(
    view: View, owner: str, case: CaseOfCare, terms: Terms, results: dict[str, Result], sheet: Sheet
) -> tuple[ClaimAnswer, dict[str, int]]:
    bill = terms.bill
    assert bill is not None
    assert terms.rate is not None
    name = case.claim.claim
    taken = sum(
        each.counters.get("deductible", 0)
        for other, each in results.items()
        if other != name and each.counter == "outpatient" and each.year == terms.year
    )
    charged = min(bill.in_scope, max(0, terms.yearly_deductible - taken))
    left = None
    if terms.limit is not None:
        left = max(0, terms.limit - used(view, owner, "outpatient", terms.year, results, name))
    pooled = sheet.use(ordinary_payment(bill.in_scope, charged, Ratio(terms.rate), left))
    sheet.step("统筹基金支付", pooled, "（政策范围内费用－年度起付标准余额）×支付比例", "DX-21b")
    answer = replace(
        paid_answer(terms, pooled),
        deductible=terms.yearly_deductible,
        deductible_charged=charged,
        cap_left=None if left is None else left - pooled,
    )
    return answer, {"used": pooled, "used/outpatient": pooled, "deductible": charged}


def _special(
    view: View, owner: str, case: CaseOfCare, terms: Terms, results: dict[str, Result], sheet: Sheet
) -> tuple[ClaimAnswer, dict[str, int]]:
    bill = terms.bill
    assert bill is not None
    assert terms.rate is not None
    assert terms.limit is not None
    name = case.claim.claim
    left = max(0, terms.limit - used(view, owner, "special", terms.year, results, name))
    payment = sheet.use(special_payment(bill.in_scope, Ratio(terms.rate), left))
    sheet.step("统筹基金支付", payment.paid, "政策范围内费用×70%，不超过年度限额余额", "DX-31a")
    before = opening_used(view, owner, terms.year, "burden") + _summed(results, name, "special", terms.year)
    answer = replace(paid_answer(terms, payment.paid), cap_left=left - payment.paid)
    counters = {"used": payment.paid, "used/special": payment.paid, "own": payment.own, "before": before}
    return answer, counters


def _summed(results: dict[str, Result], but: str, counter: str, year: int) -> int:
    return sum(
        each.counters.get("own", 0)
        for name, each in results.items()
        if name != but and each.counter == counter and each.year == year and each.answer is not None
    )


def _drug(
    view: View, owner: str, case: CaseOfCare, terms: Terms, results: dict[str, Result], sheet: Sheet
) -> tuple[ClaimAnswer, dict[str, int]]:
    bill = terms.bill
    assert bill is not None
    assert terms.rate is not None
    name = case.claim.claim
    left = None
    if terms.limit is not None:
        left = max(0, terms.limit - used(view, owner, "drug", terms.year, results, name))
    pooled = sheet.use(drug_payment(bill.drugs, terms.first_share, Ratio(terms.rate), left))
    sheet.step("统筹基金支付", pooled, "药品费用×（1－先行自付比例）×支付比例", "DX-45d")
    before = _summed(results, name, "drug", terms.year)
    answer = replace(paid_answer(terms, pooled), cap_left=None if left is None else left - pooled)
    own = bill.drugs - pooled
    return answer, {"used": pooled, "used/drug": pooled, "own": own, "before": before}


def _maternity(
    view: View, owner: str, case: CaseOfCare, terms: Terms, results: dict[str, Result], sheet: Sheet
) -> tuple[ClaimAnswer, dict[str, int]]:
    bill = terms.bill
    assert bill is not None
    if terms.way == "procedure":
        assert terms.rate is not None
        pooled = sheet.use(procedure_payment(bill.in_scope, terms.rate))
        return paid_answer(terms, pooled), {"used": pooled}
    assert terms.limit is not None
    if terms.way == "prenatal":
        taken = used(view, owner, terms.counter, terms.year, results, case.claim.claim)
        left = max(0, terms.limit - taken)
        pooled = sheet.use(prenatal_payment(bill.in_scope, left))
        return replace(paid_answer(terms, pooled), cap_left=left - pooled), {"used": pooled}
    pooled = sheet.use(up_to_ceiling(bill.in_scope, terms.limit))
    return paid_answer(terms, pooled), {"used": pooled}


_PAYERS = {
    "inpatient": _inpatient,
    "newborn": _inpatient,
    "outpatient": _outpatient,
    "special": _special,
    "drug": _drug,
    "prenatal": _maternity,
    "ceiling": _maternity,
    "procedure": _maternity,
}
