"""Who has enough contribution years, since when, and what a retired member gets (articles 15, 17, 18, 20)."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.errors import FactMissing
from domain.facts import Retired, RetirementProcessed
from domain.municipalities.suizhou.months import Block, Total, blocks, held_on
from domain.municipalities.suizhou.policy import figure, in_force
from domain.questions.answers import RetirementAnswer
from domain.questions.kinds import Retirement
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import following_month
from domain.values.money import round_fen
from domain.values.terms import Mode, Sex


@rule("SZ-15a", article="第十五条")
def enough(total: int, local: int, required: int, required_local: int) -> bool:
    """Years are reached with the required months in all and 120 actual months inside the city."""
    return total >= required and local >= required_local


@rule("SZ-15b", article="第十五条")
def required_of_men(months: int) -> int:
    """Men need 25 to 30 years, by the calendar year of their retirement."""
    return months


@rule("SZ-15c", article="第十五条")
def retiree_from(formalities: date, met_on: date) -> date:
    """Retiree benefits begin on the first of the month after the later of formalities and requirement met."""
    return following_month(max(formalities, met_on))


@rule("SZ-17a", article="第十七条")
def missing_months(required: int, total: int, required_local: int, local: int) -> int:
    """The larger of what is missing in all and of what is missing inside the city."""
    return max(required - total, required_local - local, 0)


@rule("SZ-18a", article="第十八条")
def same_for_flexible(months: int) -> int:
    """Flexible members reaching retirement age fall under the same requirement."""
    return months


@rule("SZ-20b", article="第二十条（二）")
def retiree_credit(amount: int) -> int:
    """A retired member with the years is credited a fixed sum each month."""
    return amount


@rule("SZ-20c", article="第二十条（三）")
def retiree_credit_of_mixed_modes(amount: int, combined: int, total: int) -> int:
    """After alternating modes the credit is the share of the combined months in all months."""
    return round_fen(Decimal(amount) * combined / total) if total else 0


class Pension(Struct, frozen=True):
    """How a retirement stands, as known."""

    retired_on: date
    required: int
    required_local: int
    missing: int
    """Months missing as now known, whenever they were paid."""
    met_on: date | None
    starts: date | None
    credit: int
    held: Total
    """All months known, whose modes fix the share of the credit."""
    because: tuple[str, ...]


def retirement_fact(view: View, person: str) -> Retired | None:
    """The retirement as known, if any."""
    found = view.facts(Retired, person=person)
    return found[-1] if found else None


def required_months(view: View, person: str, retired_on: date) -> Finding[int]:
    """Months required of a woman or a man, by the day of retirement (not of the formalities)."""
    sex = view.person(person).sex
    if sex is None:
        raise FactMissing("person_registered.sex", retired_on, ("SZ-15a",))
    if sex is Sex.MALE:
        return required_of_men(int(figure(view, "retirement.months_men", retired_on)))
    return Finding(int(figure(view, "retirement.months_women", retired_on)), ("SZ-15a",))


@per_view
def pension(view: View, person: str) -> Pension | None:
    """The retirement of a person; None when none is known. FactMissing when the sex is unknown."""
    fact = retirement_fact(view, person)
    if fact is None:
        return None
    required = required_months(view, person, fact.on)
    required_local = int(figure(view, "retirement.local_months", fact.on))
    held = blocks(view, person)
    whole = held_on(held, None)
    short = missing_months(required.value, whole.total, required_local, whole.local)
    met_on = _met_on(held, fact.on, required.value, required_local)
    processed = [f.on for f in view.facts(RetirementProcessed, person=person) if in_force(view, f.on)]
    starts = credit = None
    because = joined(required.because, short.because, _flexible(fact, required.value))
    if met_on is not None and processed:
        start = retiree_from(processed[-1], max(met_on, fact.on))
        starts, because = start.value, joined(because, ("SZ-15a",), start.because)
    amount = credit_after(view, fact.on, whole)
    credit = amount.value
    return Pension(
        fact.on,
        required.value,
        required_local,
        short.value,
        met_on,
        starts,
        credit,
        whole,
        joined(because, amount.because if met_on is not None else ()),
    )


def _flexible(fact: Retired, required: int) -> tuple[str, ...]:
    return same_for_flexible(required).because if fact.capacity == "flexible" else ()


def _met_on(held: tuple[Block, ...], retired_on: date, required: int, required_local: int) -> date | None:
    days = sorted({block.since for block in held if block.since > retired_on})
    for day in (retired_on, *days):
        total = held_on(held, day)
        if enough(total.total, total.local, required, required_local).value:
            return day
    return None


def credit_after(view: View, day: date, whole: Total) -> Finding[int]:
    """Monthly account credit of the retired member, fixed at retirement."""
    amount = retiree_credit(int(figure(view, "retirement.credit_yuan", day)))
    if whole.combined == whole.total:
        return amount
    mixed = retiree_credit_of_mixed_modes(amount.value, whole.combined, whole.total)
    return Finding(mixed.value, joined(amount.because, mixed.because))


def retirement(view: View, question: Retirement) -> Finding[RetirementAnswer]:
    """Years required and held on a day, and when retiree benefits begin."""
    person, day = question.person, question.on
    known = pension(view, person)
    retired_on = known.retired_on if known else view.person(person).statutory_retirement_on or day
    required = required_months(view, person, retired_on)
    local = int(figure(view, "retirement.local_months", retired_on))
    held = held_on(blocks(view, person), day)
    short = missing_months(required.value, held.total, local, held.local)
    reached = enough(held.total, held.local, required.value, local)
    credit = credit_after(view, retired_on, held)
    answer = RetirementAnswer(
        required_months=required.value,
        total_months=held.total,
        paid_months=held.paid,
        local_paid_months=held.local,
        shortfall_months=short.value,
        retired_from=known.starts if known else None,
        mode_after=Mode.COMBINED if held.combined else Mode.POOLING_ONLY,
        monthly_credit_after=credit.value if reached.value else 0,
    )
    because = joined(required.because, reached.because, short.because, known.because if known else ())
    return Finding(answer, joined(because, credit.because if reached.value else ()))
