"""Refunds: prepaid months after employment, wrong declarations, resident years (articles 12 and 42). In fen."""

from typing import TYPE_CHECKING

from msgspec import Struct

from domain.errors import Unanswerable
from domain.facts import RefundRequested, ResidentContributionPaid
from domain.municipalities.suizhou.bases import base_of, maternity_rate, month_rates
from domain.municipalities.suizhou.groups import standard, subsidy
from domain.municipalities.suizhou.payments import PaidMonth, employee_refunds, received_payments, refunded
from domain.municipalities.suizhou.policy import figure
from domain.municipalities.suizhou.resident import gives_back
from domain.municipalities.suizhou.resident_refund import granted, requests, taken_back, year_of
from domain.questions.answers import RefundDueAnswer
from domain.questions.kinds import RefundDue
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Months
from domain.values.money import share
from domain.values.terms import DueOutcome, Mode, MovementKind, Scheme

if TYPE_CHECKING:
    from domain.municipalities.suizhou.account_credits import Movement


@rule("SZ-12a", article="第十二条")
def wrongly_declared(amount: int) -> int:
    """Wrong contributions are reversed component by component, the account credit included."""
    return amount


@rule("SZ-12b", article="第十二条")
def prepaid_after_employment(amount: int, shortfall: int) -> int:
    """Prepaid months from the first employer-paid one are refunded, less what the account lacks."""
    return amount - shortfall


class Components(Struct, frozen=True):
    """What was posted for one month."""

    pooled: int
    large: int
    personal: int
    maternity: int

    @property
    def total(self) -> int:
        """Everything paid for the month."""
        return self.pooled + self.large + self.personal + self.maternity


def components(view: View, person: str, paid: PaidMonth) -> Components:
    """The components of a paid month on its recorded base, each rounded once."""
    base = paid.base
    if base is None:
        base = base_of(view, person, paid.month, paid.capacity, paid.employer, paid.known).value
    rates = month_rates(view, paid.month, paid.mode if paid.payer == "self" else Mode.COMBINED)
    maternity = maternity_rate(
        figure(view, "contribution.maternity_rate", paid.month.first_day),
        paid.employer is not None and paid.maternity and not paid.completes,
    ).value
    return Components(
        share(base, rates["pooled"]),
        share(base, rates["large_amount"]),
        share(base, rates["personal_account"]),
        share(base, maternity),
    )


@per_view
def gross_payments(view: View, person: str) -> tuple[PaidMonth, ...]:
    """Paid months as they were credited: refunded ones until the day of the request."""
    gone = refunded(view, person)
    found = []
    for key, paid in received_payments(view, person).items():
        request = gone.get(key)
        if request is None or max(paid.paid_on, paid.month.first_day) <= request.on:
            found.append(paid)
    return tuple(found)


class Refund(Struct, frozen=True):
    """What a request in the employee scheme gives back."""

    request: RefundRequested
    months: tuple[PaidMonth, ...]
    amount: int
    credited: int
    """Account credits posted by the day of the request."""
    because: tuple[str, ...]


def refund_of(view: View, person: str, request: RefundRequested) -> Refund:
    """The months and amounts of one request."""
    received = received_payments(view, person)
    own = tuple(
        received[key]
        for key, asked in sorted(refunded(view, person).items(), key=lambda item: item[0])
        if asked.id == request.id and key in received
    )
    whole = [(paid, components(view, person, paid)) for paid in own]
    credited = sum(
        parts.personal for paid, parts in whole if max(paid.paid_on, paid.month.first_day) <= request.on
    )
    ids = ("SZ-12a",) if request.employer is not None else ("SZ-12b",)
    return Refund(request, own, sum(parts.total for _, parts in whole), credited, ids)


def reversal(view: View, person: str, request: RefundRequested, available: int) -> "Movement | None":
    """Account credits taken back by a refund, as far as the balance reaches."""
    from domain.municipalities.suizhou.account_credits import Movement

    try:
        refund = refund_of(view, person, request)
    except Unanswerable:
        return None
    taken = min(refund.credited, available)
    if not taken:
        return None
    return Movement(
        f"refund/{request.id}",
        request.on,
        MovementKind.REVERSAL,
        -taken,
        f"refund:{request.id}",
        because=refund.because,
    )


def refund_due(view: View, question: RefundDue) -> Finding[RefundDueAnswer]:
    """What is to be paid back on a day, to whom, and why not."""
    if question.scheme is Scheme.RESIDENT:
        return _resident(view, question)
    person = question.person
    asked = [r for r in refunded(view, person).values() if r.on <= question.on]
    if question.year is not None:
        asked = [r for r in asked if (r.year or r.on.year) == question.year]
    if not asked:
        outcome, reason = DueOutcome.NOTHING_DUE, None
        if any(request.on <= question.on for request in employee_refunds(view, person)):
            outcome, reason = DueOutcome.REFUSED, "refund_not_due"
        return Finding(RefundDueAnswer(outcome=outcome, reason=reason, amount=0, member=0), ("SZ-12b",))
    from domain.municipalities.suizhou.account import ledger

    refund = refund_of(view, person, asked[-1])
    taken = ledger(view, person).drawn.get(refund.request.id, 0)
    if refund.request.employer is None:
        paid_back = prepaid_after_employment(refund.amount, refund.credited - taken)
    else:
        paid_back = wrongly_declared(refund.amount)
    by_employer = refund.request.employer is not None
    own = sum(components(view, person, paid).personal for paid in refund.months) if by_employer else 0
    answer = RefundDueAnswer(
        outcome=DueOutcome.DUE,
        amount=paid_back.value,
        member=own if by_employer else paid_back.value,
        employer=paid_back.value - own if by_employer else None,
        months=Months(sorted(paid.month for paid in refund.months)),
        month_count=len(refund.months),
        account_reversed=taken,
    )
    return Finding(answer, joined(paid_back.because, refund.because))


def resident_paid(view: View, person: str, payment: ResidentContributionPaid) -> tuple[int, int]:
    """What the person and the subsidiser paid with one payment, in fen."""
    given = payment.amount
    if payment.subsidy is not None and given is not None:
        return int(given), int(payment.subsidy)
    help_ = (
        int(payment.subsidy)
        if payment.subsidy is not None
        else subsidy(view, person, payment.year, payment.on).value
    )
    if given is not None:
        return int(given), help_
    return standard(view, payment.year, payment.on).value - help_, help_


def _resident(view: View, question: RefundDue) -> Finding[RefundDueAnswer]:
    person = question.person
    asked = [
        r
        for r in requests(view, person)
        if r.on <= question.on and (question.year is None or year_of(r) == question.year)
    ]
    if not asked:
        nothing = RefundDueAnswer(outcome=DueOutcome.NOTHING_DUE, amount=0, member=0, subsidiser=0)
        return Finding(nothing, ("SZ-42a",))
    year = year_of(asked[-1])
    allowed = granted(view, person, asked[-1])
    if not allowed.value or not gives_back(view, person, asked[-1].id):
        refused = RefundDueAnswer(
            outcome=DueOutcome.REFUSED, reason="refund_not_due", amount=0, member=0, subsidiser=0
        )
        return Finding(refused, allowed.because)
    own = help_ = 0
    for payment in _accepted_payments(view, person, year, asked[-1]):
        member, public = resident_paid(view, person, payment)
        own, help_ = own + member, help_ + public
    answer = RefundDueAnswer(outcome=DueOutcome.DUE, amount=own + help_, member=own, subsidiser=help_)
    return Finding(answer, allowed.because)


def _accepted_payments(
    view: View, person: str, year: int, request: RefundRequested
) -> list[ResidentContributionPaid]:
    """What was paid for a year and goes back with a request."""
    from domain.municipalities.suizhou.resident import entries

    good = {
        e.fact for e in entries(view, person) if e.year == year and e.reason is None and e.problem is None
    }
    return [
        paid
        for paid in view.facts(ResidentContributionPaid, person=person)
        if paid.id in good and taken_back(view, person, year, paid) == request
    ]
