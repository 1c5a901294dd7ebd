"""Missing years bought in one sum (article 17). Money in fen."""

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from domain.errors import FactMissing, Unanswerable
from domain.facts import ContributionAssessed, LumpSumPaid, Retired
from domain.municipalities.suizhou.bases import base_of
from domain.municipalities.suizhou.payments import paid_months
from domain.municipalities.suizhou.policy import figure, require_force
from domain.questions.answers import LumpSumDueAnswer, LumpSumPart
from domain.questions.kinds import LumpSumDue
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import Month
from domain.values.money import Ratio, round_fen, share
from domain.values.terms import Capacity, DueOutcome, Mode


class Priced(Struct, frozen=True):
    """One step of up to twelve months: base a month, what it costs, and of it for the large-amount layer."""

    months: int
    base: int
    total: int
    large: int


@rule("SZ-17c", article="第十七条")
def priced_steps(
    base: int, missing: int, rate: Ratio, large: Ratio, step: int, factor: Ratio
) -> list[Priced]:
    """Steps of up to twelve months; the base of each is 5% above the one before, compounded."""
    steps = []
    for number in range((missing + step - 1) // step):
        months = min(step, missing - number * step)
        own = round_fen(Decimal(base) * factor**number)
        steps.append(Priced(months, own, share(own * months, rate), share(own * months, large)))
    return steps


@rule("SZ-17b", article="第十七条、第十八条")
def counts_as_local(months: int) -> int:
    """Bought months count as local actual and cumulative months; nothing before the payment is covered."""
    return months


def standing(view: View, person: str, fact: Retired | None) -> tuple[Capacity, Mode, str | None]:
    """Capacity, mode and employer at retirement: as reported, or of the last month paid."""
    paid = list(paid_months(view, person).values())
    last = paid[-1] if paid else None
    capacity = (fact.capacity if fact else None) or (last.capacity if last else Capacity.EMPLOYED)
    mode = (fact.mode if fact else None) or (last.mode if last else Mode.COMBINED)
    employer = (fact.employer if fact else None) or (last.employer if last else None)
    if capacity is Capacity.EMPLOYED:
        mode = Mode.COMBINED
    return capacity, mode, employer


def handling_base(view: View, person: str, day: date, fact: Retired | None) -> Finding[int]:
    """The base in force in the month of handling: the own one of an employee, the floor of a flexible member."""
    capacity, _, employer = standing(view, person, fact)
    month = Month.of(day)
    if capacity is Capacity.FLEXIBLE:
        return base_of(view, person, month, capacity, None)
    assessed = [
        told.bases[person]
        for told in view.facts(ContributionAssessed, person=person)
        if told.bases and person in told.bases and month in told.months
    ]
    if assessed:
        return Finding(int(assessed[-1]), ("SZ-17c",))
    try:
        return base_of(view, person, month, Capacity.EMPLOYED, employer)
    except Unanswerable:
        if fact is not None and fact.base is not None:
            return Finding(int(fact.base), ("SZ-17c",))
        raise


def price(view: View, person: str, missing: int, mode: Mode, day: date) -> Finding[tuple[int, list[Priced]]]:
    """Base and steps of a lump sum handled on a day."""
    from domain.municipalities.suizhou.retirement import retirement_fact

    base = handling_base(view, person, day, retirement_fact(view, person))
    rates = figure(view, "retirement.lump_rate", day)
    large = figure(view, "retirement.lump_large_rate", day)
    step = int(figure(view, "retirement.step_months", day))
    factor = figure(view, "retirement.step_factor", day)
    steps = priced_steps(base.value, missing, Ratio(rates[str(mode)]), large, step, factor)
    return Finding((base.value, steps.value), joined(steps.because, base.because))


def shortfall(view: View, person: str, day: date | None) -> int:
    """Months missing on a day apart from lump sums."""
    from domain.municipalities.suizhou.months import held_on, named_blocks
    from domain.municipalities.suizhou.retirement import missing_months, required_months, retirement_fact

    fact = retirement_fact(view, person)
    if fact is None:
        raise FactMissing("retired.on", day, ("SZ-17a",))
    required = required_months(view, person, fact.on).value
    local = int(figure(view, "retirement.local_months", fact.on))
    held = held_on(named_blocks(view, person), day)
    return missing_months(required, held.total, local, held.local).value


def bought(view: View, person: str, paid: LumpSumPaid) -> tuple[int, Mode, tuple[str, ...]]:
    """How many months a lump sum buys, and in which mode."""
    from domain.municipalities.suizhou.retirement import retirement_fact

    count = paid.month_count
    if count is None:
        try:
            count = shortfall(view, person, paid.on)
        except Unanswerable:
            count = 0
    mode = paid.mode or standing(view, person, retirement_fact(view, person))[1]
    return count, mode, counts_as_local(count).because


def lump_sum_due(view: View, question: LumpSumDue) -> Finding[LumpSumDueAnswer]:
    """Price of the missing years on a day; the same before and after it is paid."""
    from domain.municipalities.suizhou.months import held_on, named_blocks
    from domain.municipalities.suizhou.retirement import (
        missing_months,
        required_months,
        retiree_from,
        retirement_fact,
    )

    person, day = question.person, question.on
    require_force(view, day)
    fact = retirement_fact(view, person)
    if fact is None:
        raise FactMissing("retired.on", day, ("SZ-17a",))
    required = required_months(view, person, fact.on)
    local = int(figure(view, "retirement.local_months", fact.on))
    held = held_on(named_blocks(view, person), day)
    missing = missing_months(required.value, held.total, local, held.local)
    known: dict[str, Any] = {
        "required_months": required.value,
        "total_months": held.total,
        "paid_months": held.paid,
        "local_paid_months": held.local,
        "shortfall_months": missing.value,
    }
    because = joined(required.because, missing.because)
    if missing.value == 0:
        return Finding(LumpSumDueAnswer(outcome=DueOutcome.NOTHING_DUE, amount=0, **known), because)
    capacity, mode, _ = standing(view, person, fact)
    # Employees pay 9% whatever is asked (SZ-17c): only who pays alone has a mode to choose.
    mode = mode if capacity is Capacity.EMPLOYED else question.mode or mode
    priced = price(view, person, missing.value, mode, day)
    base, steps = priced.value
    starts = retiree_from(_formalities(view, person, day), max(day, fact.on))
    answer = _answer(base, steps, capacity, starts.value, known)
    return Finding(answer, joined(because, priced.because, starts.because))


def _formalities(view: View, person: str, day: date) -> date:
    from domain.facts import RetirementProcessed

    found = view.facts(RetirementProcessed, person=person)
    return found[-1].on if found else day


def _answer(
    base: int, steps: list[Priced], capacity: Capacity, starts: date, known: dict[str, Any]
) -> LumpSumDueAnswer:
    total = sum(step.total for step in steps)
    large = sum(step.large for step in steps)
    parts = tuple(
        LumpSumPart(
            part=str(number),
            months=step.months,
            base=step.base,
            amount=step.total,
            pooled=step.total - step.large,
            large_amount=step.large,
        )
        for number, step in enumerate(steps, 1)
    )
    return LumpSumDueAnswer(
        outcome=DueOutcome.DUE,
        base=base,
        amount=total,
        member=total if capacity is Capacity.FLEXIBLE else None,
        pooled=total - large,
        large_amount=large,
        personal_account=0,
        parts=parts,
        retired_from_if_paid=starts,
        **known,
    )
