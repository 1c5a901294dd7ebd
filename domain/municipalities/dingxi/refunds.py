"""Contributions paid twice or at too high a rate (art. 11, Decision): held until an explicit refund. Money in fen."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.errors import Unanswerable
from domain.events.consequences import Entry, Posting
from domain.facts import RefundPaid
from domain.municipalities.dingxi.dues import due_as_known
from domain.municipalities.dingxi.payments import Paid, Payment, months
from domain.municipalities.dingxi.retirement import retirement_month
from domain.questions.answers import RefundDueAnswer
from domain.questions.kinds import RefundDue
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month, Months
from domain.values.terms import Capacity, DueOutcome, Mode


class Excess(Struct, frozen=True):
    """Money of one month that is held for whoever paid it."""

    month: Month
    on: date
    payer: str
    amount: int
    because: tuple[str, ...]
    fact: str = ""


@rule("DX-11d", "DX-15d", article="第十一条")
def paid_twice(paid: Paid, payment: Payment) -> bool:
    """A month counts once: the employer's payment governs, another one is held for its payer."""
    category = payment.category
    if (category.capacity, category.employer) != (paid.category.capacity, paid.category.employer):
        return paid.full_on is not None
    same = [p for p in paid.payments if p.category.capacity is category.capacity and p.part is None]
    full = [p for p in same if p.category.mode is paid.category.mode or p.category.mode is Mode.COMBINED]
    before = paid.payments[: paid.payments.index(payment)]
    covered = any(p in same and p.category.mode is Mode.COMBINED for p in before)
    return payment in full[1:] or (covered and payment.part is None)


@rule("DX-11e", article="第十一、十四条")
def overpaid_rate(paid: Paid, payment: Payment) -> bool:
    """After a switch down, what a later month was prepaid above the new rate is held."""
    both = payment.category.capacity is paid.category.capacity is Capacity.FLEXIBLE
    return both and payment.category.mode is Mode.COMBINED and paid.category.mode is Mode.POOLING_ONLY


@per_view
def excesses(view: View, person: str) -> list[Excess]:
    """Everything held for refund, month by month; raises when an amount cannot be known."""
    return list(_excesses(view, person))


def _excesses(view: View, person: str) -> Iterator[Excess]:
    retired = retirement_month(view, person)
    for month, paid in months(view, person).items():
        for payment in paid.payments:
            if payment.source != "paid":
                continue
            yield from _of_payment(view, person, month, paid, payment, retired)


def _of_payment(
    view: View, person: str, month: Month, paid: Paid, payment: Payment, retired: Month | None
) -> Iterator[Excess]:
    category = payment.category
    payer = f"employer:{category.employer}" if category.employer else f"member:{person}"
    others = [p.paid_on for p in paid.payments if p.category.capacity is paid.category.capacity]
    day = max([payment.paid_on, *(d for d in others[:1])])
    twice = paid_twice(paid, payment)
    if twice.value or (retired is not None and month > retired):
        amount = payment.part
        if amount is None:
            amount = due_as_known(view, person, month, category, payment.moment)
        because = twice.because if twice.value else ("DX-20g",)
        if amount:
            yield Excess(month, day, payer, amount, because, payment.fact)
        return
    down = overpaid_rate(paid, payment)
    if down.value and payment.part is None:
        high = due_as_known(view, person, month, category, payment.moment)
        low = due_as_known(view, person, month, paid.category, payment.moment)
        yield Excess(month, day, payer, high - low, down.because, payment.fact)


def refundable_entries(view: View, person: str) -> Iterator[Entry]:
    """What is held moves from the pooled fund to an account of its payer."""
    try:
        found = excesses(view, person)
    except Unanswerable:
        return
    for each in found:
        holder = each.payer.split(":", 1)[1]
        yield Entry(
            name=f"refundable/{each.month}/{each.fact}",
            on=each.on,
            postings=(
                Posting("fund:employee_pooled", -each.amount, "refundable"),
                Posting(f"refundable:{holder}", each.amount),
            ),
            month=each.month,
            person=person,
            because=each.because,
        )


class Refund(Struct, frozen=True):
    """A refund that is covered by what is held, and from whom it is drawn."""

    fact: RefundPaid
    drawn: tuple[tuple[str, int], ...]


@per_view
def accepted_refunds(view: View, person: str) -> list[Refund]:
    """Refunds to a person covered by what is held on their day, the own money first; raises when that is not known."""
    accepted: list[Refund] = []
    for fact in view.facts(RefundPaid, person=person):
        left = {f"member:{person}": 0}
        for each in excesses(view, person):
            if each.on <= fact.on and fact.employer in (None, each.payer.removeprefix("employer:")):
                left[each.payer] = left.get(each.payer, 0) + each.amount
        for payer, amount in _drawn(accepted):
            left[payer] = left.get(payer, 0) - amount
        if fact.amount <= sum(max(0, amount) for amount in left.values()):
            accepted.append(Refund(fact, tuple(_draws(left, int(fact.amount)))))
    return accepted


def _drawn(refunds: list[Refund]) -> Iterator[tuple[str, int]]:
    for refund in refunds:
        yield from refund.drawn


def _draws(left: dict[str, int], amount: int) -> Iterator[tuple[str, int]]:
    for payer, there in left.items():
        part = min(max(0, there), amount)
        if part:
            yield payer, part
        amount -= part


@per_view
def accepted_for_employer(view: View, employer: str) -> list[RefundPaid]:
    """Refunds to an employer covered by what is held for it on their day, whoever of its people it was paid for."""
    people = (getattr(fact, "person", None) for fact in view.known(f"employer:{employer}"))
    insured = list(dict.fromkeys(person for person in people if isinstance(person, str)))
    payer = f"employer:{employer}"
    held = [each for person in insured for each in excesses(view, person) if each.payer == payer]
    refunds = [refund for person in insured for refund in accepted_refunds(view, person)]
    drawn = sum(amount for holder, amount in _drawn(refunds) if holder == payer)
    accepted: list[RefundPaid] = []
    for fact in view.facts(RefundPaid, employer=employer):
        if fact.person is not None:
            continue
        there = sum(each.amount for each in held if each.on <= fact.on)
        there -= drawn + sum(int(each.amount) for each in accepted)
        if fact.amount <= there:
            accepted.append(fact)
    return accepted


def refund_due(view: View, question: RefundDue) -> Finding[RefundDueAnswer]:
    """What is held for refund on a day, less what was already refunded."""
    person = question.person
    found = [each for each in excesses(view, person) if each.on <= question.on]
    if question.year is not None:
        found = [each for each in found if each.month.year == question.year]
    employers = {each.payer for each in found if each.payer.startswith("employer:")}
    back = [each.fact for each in accepted_refunds(view, person) if each.fact.on <= question.on]
    for payer in employers:
        facts = accepted_for_employer(view, payer.split(":", 1)[1])
        back += [f for f in facts if f.on <= question.on]
    repaid = {month for fact in back for month in fact.months or ()}
    left = [each for each in found if each.month not in repaid]
    employer = sum(each.amount for each in left if each.payer in employers)
    amount = max(0, sum(each.amount for each in found) - sum(int(fact.amount) for fact in back))
    because = joined(("DX-11d",), *(each.because for each in left))
    if not amount:
        return Finding(RefundDueAnswer(outcome=DueOutcome.NOTHING_DUE, amount=0, month_count=0), because)
    answer = RefundDueAnswer(
        outcome=DueOutcome.DUE,
        amount=amount,
        member=max(0, amount - employer),
        employer=min(employer, amount),
        months=Months(sorted({each.month for each in left})),
        month_count=len({each.month for each in left}),
    )
    return Finding(answer, because)
