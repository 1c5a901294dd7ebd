"""Settlement of retirement: lump sums, handing over, and the first day of a retiree's benefits (第十三条、第十八条)."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import Unanswerable
from domain.facts import (
    LumpSumPaid,
    RefundRequested,
    RetireesHandedOver,
    RetirementProcessed,
)
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.retirement import (
    assessed,
    case_of,
    dies_waiting,
    pensioner_starts,
    price,
    settled,
    starts_on,
)
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Capacity, LumpSumPurpose, Mode, RefundCause, Scheme


class SettledSum(Struct, frozen=True):
    """A lump sum with the months it bought; `refusal` says why it bought none."""

    fact: LumpSumPaid
    months: int
    amount: int
    refusal: str | None
    cancelled_on: date | None
    because: tuple[str, ...]


@per_view
def settled_sums(view: View, person: str) -> tuple[SettledSum, ...]:
    """Lump sums for missing years, in order."""
    found: list[SettledSum] = []
    for fact in view.facts(LumpSumPaid, person=person):
        if fact.purpose is LumpSumPurpose.RETIREMENT:
            bought = sum(each.months for each in found)
            found.append(_settled_sum(view, person, fact, bought))
    return tuple(found)


def _settled_sum(view: View, person: str, fact: LumpSumPaid, bought: int) -> SettledSum:
    """One lump sum after others had bought some months; without a price what was paid is taken as told."""
    cancelled = _cancelled(view, person, fact)
    try:
        assessment = assessed(view, person, fact.on)
    except Unanswerable as missing:
        return SettledSum(fact, fact.month_count or 0, fact.amount or 0, None, cancelled, missing.because)
    open_ = max(0, assessment.short - bought)
    months = min(fact.month_count or open_, open_)
    because = (*assessment.because, "LZ-19d")
    if assessment.too_early or not months:
        refusal = "too_early" if assessment.too_early else "not_eligible"
        return SettledSum(fact, 0, 0, refusal, cancelled, because)
    if fact.amount is not None:
        return SettledSum(fact, months, int(fact.amount), None, cancelled, because)
    try:
        _, amount, priced = price(view, person, replace(assessment, short=months), fact.on)
    except Unanswerable:
        amount, priced = 0, ()
    return SettledSum(fact, months, amount, None, cancelled, (*because, *priced))


def _cancelled(view: View, person: str, fact: LumpSumPaid) -> date | None:
    """LZ-18e: the day on which the estate of somebody who died while waiting asked for the money."""
    case = case_of(view, person, fact.on)
    died = view.died_on(person)
    if case is None or case.route is not Capacity.PENSIONER or died is None:
        return None
    if not dies_waiting(died, pensioner_starts(fact.on).value).value:
        return None
    asked = [f.on for f in view.facts(RefundRequested, person=person) if _for_the_estate(f, died)]
    return min(asked, default=None)


def _for_the_estate(fact: RefundRequested, died: date) -> bool:
    return fact.scheme is Scheme.EMPLOYEE and fact.on >= died and fact.cause is not RefundCause.EMPLOYMENT


class Start(Struct, frozen=True):
    """Retiree's benefits: from `from_`; a pensioner waits from `waiting_from`."""

    from_: date
    settled_on: date
    mode: Mode
    because: tuple[str, ...]
    waiting_from: date | None = None


@per_view
def start_of(view: View, person: str) -> Start | None:
    """When a person's benefits as a retiree begin; None while the settlement is not completed."""
    handed = handed_over(view, person)
    if handed is not None:
        return handed
    told = [fact.on for fact in view.facts(RetirementProcessed, person=person)]
    for day in sorted({*told, *_paid_by_pensioner(view, person)}):
        found = _completed(view, person, day)
        if found is not None:
            return found
    return None


def _paid_by_pensioner(view: View, person: str) -> list[date]:
    """LZ-18d: a pensioner never insured settles by paying: the waiting period runs from the payment."""
    paid = [each.fact.on for each in settled_sums(view, person) if not each.refusal]
    return [
        day
        for day in paid
        if (case := case_of(view, person, day)) and case.route is Capacity.PENSIONER and not case.continued
    ]


def _completed(view: View, person: str, processed_on: date) -> Start | None:
    sums = [each for each in settled_sums(view, person) if not each.refusal]
    for day in sorted({processed_on, *(s.fact.on for s in sums if s.fact.on > processed_on)}):
        assessment = assessed(view, person, day)
        paid = [each for each in sums if each.fact.on <= day]
        if sum(each.months for each in paid) < assessment.short:
            continue
        case = assessment.case
        paid_on = paid[-1].fact.on if paid else None
        done = settled(processed_on, paid_on)
        if case.route is Capacity.PENSIONER and not case.continued and paid_on is not None:
            begins = pensioner_starts(paid_on)
            waiting = Month.of(paid_on).first_day
            because = (*done.because, *begins.because)
            return Start(begins.value, done.value, Mode.COMBINED, because, waiting)
        begins = starts_on(case.on, done.value, case.continued)
        because = (*done.because, *begins.because, *(("LZ-18b",) if case.continued else ()), "LZ-19d")
        return Start(begins.value, done.value, case.mode, because)
    return None


@rule("LZ-13a", article="第十三条")
def may_be_handed_over(retired_on: date, uninterrupted: bool, day: date) -> bool:
    """Retired before May 2003, from a unit that contributed without interruption."""
    before: date = figure("handover", day)["retired_before"]
    return uninterrupted and retired_on < before


@per_view
def handed_over(view: View, person: str) -> Start | None:
    """LZ-13a: who was handed over is a retiree from the 1st of the month after the payment."""
    for fact in view.facts(RetireesHandedOver, person=person):
        amount, because = handed_over_for(fact, person)
        if amount:
            return Start(Month.of(fact.on).plus(1).first_day, fact.on, Mode.COMBINED, because)
    return None


def handed_over_for(fact: RetireesHandedOver, person: str) -> tuple[int, tuple[str, ...]]:
    """What was paid for one person of a handover, in fen; nothing when the person may not be handed over."""
    for retiree in fact.retirees:
        if retiree.person == person:
            allowed = may_be_handed_over(retiree.retired_on, fact.paid_without_interruption, fact.on)
            if allowed.value and fact.amount >= handover_due(fact):
                return int(figure("handover", fact.on)["amount_yuan"]), allowed.because
    return 0, ()


def handover_due(fact: RetireesHandedOver) -> int:
    """5,000 yuan for each person who may be handed over, in fen."""
    terms = figure("handover", fact.on)
    able = [
        r
        for r in fact.retirees
        if may_be_handed_over(r.retired_on, fact.paid_without_interruption, fact.on).value
    ]
    return int(terms["amount_yuan"]) * len(able)
