"""Retirement, the price of missing years, and what leaves with a transfer (退休核定、趸缴测算、转出核定)."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from domain.errors import Unanswerable
from domain.facts import TransferOutRequested
from domain.municipalities.luzhou import account, retirement, settlement, unit_credits, years
from domain.municipalities.luzhou.claims import settlements
from domain.municipalities.luzhou.overdrafts import drawn_by
from domain.municipalities.luzhou.policy import figure
from domain.questions import kinds as ask
from domain.questions.answers import LumpSumDueAnswer, RetirementAnswer, TransferOutAnswer
from domain.rulebook.citation import Finding
from domain.rulebook.view import View
from domain.values.calendar import age_on
from domain.values.terms import Capacity, ClaimOutcome, CountedAs, DueOutcome, Mode


def retirement_answer(view: View, question: ask.Retirement) -> Finding[RetirementAnswer]:
    """退休待遇核定: years required and held, and when a retiree's benefits begin."""
    person, day = question.person, question.on
    found = retirement.assessed(view, person, day)
    bought = sum(s.months for s in settlement.settled_sums(view, person) if s.fact.on <= day)
    start = settlement.start_of(view, person)
    mode = start.mode if start is not None else found.case.mode
    answer = RetirementAnswer(
        required_months=found.required,
        total_months=found.held.total + bought,
        paid_months=found.held.paid + bought,
        local_paid_months=found.held.local_paid + bought,
        shortfall_months=max(0, found.short - bought),
        retired_from=start.from_ if start is not None else None,
        mode_after=mode,
        monthly_credit_after=_credit_after(view, person, mode, start.from_ if start else day),
    )
    because = (*found.because, *(start.because if start is not None else ("LZ-17d",)))
    return Finding(answer, tuple(dict.fromkeys(because)))


def _credit_after(view: View, person: str, mode: Mode, day: date) -> int | None:
    """LZ-23b, 23c: the monthly credit as a retiree, where its figures are announced."""
    if mode is Mode.POOLING_ONLY:
        return 0
    basic, age = unit_credits.retiree_base(view, day.year), unit_credits.coefficient(view, day.year)
    born = view.person(person).born_on
    if basic is None or age is None or born is None:
        return None
    rate = figure("account.retiree_rate", day)
    years_old = max(0, age_on(born, date(day.year, 1, 1)))
    return (
        unit_credits.retiree_credit(basic[0], rate).value + unit_credits.age_credit(age[0], years_old).value
    )


def lump_sum_due(view: View, question: ask.LumpSumDue) -> Finding[LumpSumDueAnswer]:
    """一次性补缴测算: the missing years on a day; what was bought before does not change it."""
    person, day = question.person, question.on
    found = retirement.assessed(view, person, day)
    case = found.case
    if question.mode is not None:
        case = replace(case, mode=question.mode)
    common: dict[str, Any] = {
        "required_months": found.required,
        "total_months": found.held.total,
        "paid_months": found.held.paid,
        "local_paid_months": found.held.local_paid,
        "continued_months": found.continued_months,
        "shortfall_months": found.short,
    }
    if found.too_early:
        answer = LumpSumDueAnswer(outcome=DueOutcome.REFUSED, reason="too_early", amount=0, **common)
        return Finding(answer, found.because)
    starts = _if_paid(case, day)
    if not found.short:
        answer = LumpSumDueAnswer(
            outcome=DueOutcome.NOTHING_DUE, amount=0, retired_from_if_paid=starts, **common
        )
        return Finding(answer, found.because)
    base, amount, because = retirement.price(view, person, found, _paid_on(view, person, day))
    answer = LumpSumDueAnswer(
        outcome=DueOutcome.DUE,
        base=base,
        amount=amount,
        pooled=amount,
        personal_account=0,
        retired_from_if_paid=starts,
        **common,
    )
    return Finding(answer, tuple(dict.fromkeys((*found.because, *because, "LZ-19d"))))


def _paid_on(view: View, person: str, day: date) -> date:
    """The assessment stays that of the payment once it is paid."""
    paid = [s.fact.on for s in settlement.settled_sums(view, person) if not s.refusal and s.fact.on <= day]
    return paid[0] if paid else day


def _if_paid(case: retirement.Case, day: date) -> date:
    if case.route is Capacity.PENSIONER and not case.continued:
        return retirement.pensioner_starts(day).value
    return retirement.starts_on(case.on, day, case.continued).value


def transfer_out(view: View, question: ask.TransferOut) -> Finding[TransferOutAnswer]:
    """转出核定: the whole balance, unless the releasing employer owes months."""
    person, day = question.person, question.on
    asked = [f for f in view.facts(TransferOutRequested, person=person) if f.on <= day]
    day = asked[-1].on if asked else day
    blocked = account.blocks_transfer(account.months_owed(view, person, day))
    months = sum(
        block.count
        for block in years.counted(view, person)
        if block.counted_as is CountedAs.PAID and block.from_ <= day
    )
    told = account.statement(view, person, drawn_by(person, settlements(view, person).values()))
    if told.problem is not None and told.problem_from is not None and told.problem_from <= day:
        raise Unanswerable(told.problem.code, told.problem.name, None, ("LZ-24a",)).at(told.problem.date)
    balance = told.balance(day)
    if blocked.value:
        answer = TransferOutAnswer(
            outcome=ClaimOutcome.REFUSED,
            reason="transfer_blocked_by_arrears",
            amount=0,
            balance=balance,
            months=months,
        )
        return Finding(answer, blocked.because)
    inside = account.stays_inside(asked[-1].destination if asked else None)
    if inside.value:
        answer = TransferOutAnswer(outcome=ClaimOutcome.PAYABLE, amount=0, balance=balance, months=months)
        return Finding(answer, inside.because)
    left = sum(-m.postings[0].fen for m in told.entries if asked and m.name == f"leaving/{asked[-1].id}")
    answer = TransferOutAnswer(
        outcome=ClaimOutcome.PAYABLE, amount=left if asked else balance, balance=0, months=months
    )
    return Finding(answer, ("LZ-08d", "LZ-08e"))
