"""What is paid back on request: premiums of individuals and lump sums of those who died waiting (第十四条、第十八条)."""

from datetime import date

from domain.facts import LumpSumPaid, RefundRequested
from domain.municipalities.luzhou import (
    individual,
    own_credits,
    refunds,
    retirement,
    settlement,
    unit_credits,
    wages,
)
from domain.municipalities.luzhou.policy import figure
from domain.questions import kinds as ask
from domain.questions.answers import RefundDueAnswer
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.calendar import Month, Months
from domain.values.terms import Capacity, DueOutcome, RefundCause, Scheme


@rule("LZ-15a", article="第十五条（一）")
def residents_get_nothing_back() -> RefundDueAnswer:
    """No rule provides for refunds of resident premiums."""
    return RefundDueAnswer(outcome=DueOutcome.REFUSED, reason="refund_not_due", amount=0)


def assessed(view: View, person: str, fact: RefundRequested) -> Finding[RefundDueAnswer]:
    """The refund of one request."""
    if fact.scheme is Scheme.RESIDENT:
        return residents_get_nothing_back()
    lump_sum = of_lump_sum(view, person, fact.on)
    if lump_sum is not None:
        return lump_sum
    found = next((r for r in refunds.refunds_of(view, person) if r.fact == fact.id), None)
    if found is None or not found.months:
        return Finding(_nothing(), ("LZ-14d",))
    return _answer(view, person, found)


def _nothing() -> RefundDueAnswer:
    return RefundDueAnswer(outcome=DueOutcome.REFUSED, reason="refund_not_due", amount=0)


def _answer(view: View, person: str, found: refunds.Refund) -> Finding[RefundDueAnswer]:
    amount = refunds.refund_amount(view, found.months)
    names = {
        f"reversed/{kind}/{paid.month}" for paid in found.months for kind in ("individual", "individual_age")
    }
    account = f"personal_account:{person}"
    back = -sum(
        posting.fen
        for entry in own_credits.entries(view, person)
        if entry.name in names and entry.on == found.on
        for posting in entry.postings
        if posting.account == account
    )
    answer = RefundDueAnswer(
        outcome=DueOutcome.DUE,
        amount=amount.value,
        member=amount.value,
        months=Months(sorted(paid.month for paid in found.months)),
        month_count=len(found.months),
        account_reversed=back,
        interest=0,
    )
    return Finding(answer, amount.because)


def of_lump_sum(view: View, person: str, day: date) -> Finding[RefundDueAnswer] | None:
    """LZ-18e: the lump sum of a pensioner who died; None when there is no such sum."""
    died = view.died_on(person)
    sums = [s for s in settlement.settled_sums(view, person) if not s.refusal and s.fact.on <= day]
    case = retirement.case_of(view, person, day)
    if died is None or not sums or case is None or case.route is not Capacity.PENSIONER:
        return None
    first: LumpSumPaid = sums[-1].fact
    waiting = retirement.dies_waiting(died, retirement.pensioner_starts(first.on).value)
    if not waiting.value:
        return Finding(_nothing(), waiting.because)
    answer = RefundDueAnswer(
        outcome=DueOutcome.DUE,
        amount=sum(s.amount for s in sums),
        month_count=sum(s.months for s in sums),
        account_reversed=0,
        interest=0,
    )
    return Finding(answer, waiting.because)


def refund_due(view: View, question: ask.RefundDue) -> Finding[RefundDueAnswer]:
    """退费核定: of the request made by the day, or of one made that day."""
    person, day = question.person, question.on
    made = [
        fact
        for fact in view.facts(RefundRequested, person=person)
        if fact.scheme is question.scheme and fact.on <= day
    ]
    made = [fact for fact in made if fact.year is None or question.year in (None, fact.year)]
    if made:
        return assessed(view, person, made[-1])
    if question.scheme is Scheme.RESIDENT:
        return residents_get_nothing_back()
    lump_sum = of_lump_sum(view, person, day)
    if lump_sum is not None:
        return lump_sum
    found = [
        _supposed(view, person, question, cause) for cause in (RefundCause.EMPLOYMENT, RefundCause.WITHDRAWAL)
    ]
    due = next((each for each in found if each.months), None)
    if due is None:
        return Finding(_nothing(), ("LZ-14d",))
    return _answer_without_entries(view, person, due)


def _supposed(view: View, person: str, question: ask.RefundDue, cause: RefundCause) -> refunds.Refund:
    fact = RefundRequested(
        on=question.on, id="supposed", scheme=Scheme.EMPLOYEE, person=person, year=question.year, cause=cause
    )
    return refunds.judged(view, person, fact, set())


def _answer_without_entries(view: View, person: str, due: refunds.Refund) -> Finding[RefundDueAnswer]:
    amount = refunds.refund_amount(view, due.months)
    earned = [p for p in due.months if str(p.mode) == "combined" and p.month <= Month.of(due.on)]
    account = unit_credits.earner(view, person)
    back = sum(
        posting.fen
        for p in earned
        for entry in unit_credits.age_part(view, account, p.month, p.paid_on)
        if entry.on <= due.on
        for posting in entry.postings
        if posting.account == account.account
    )
    back += sum(
        unit_credits.basic_credit(
            wages.individual_base(view, p.month.year), figure("account.basic_rate", p.month.first_day)
        ).value
        for p in earned
    )
    answer = RefundDueAnswer(
        outcome=DueOutcome.DUE,
        amount=amount.value,
        member=amount.value,
        months=individual.months_text(tuple(p.month for p in due.months)),
        month_count=len(due.months),
        account_reversed=back,
        interest=0,
    )
    return Finding(answer, amount.because)
