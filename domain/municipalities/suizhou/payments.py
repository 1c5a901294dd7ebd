"""Which contribution months of a person are paid, by whom and since when."""

from datetime import date

from msgspec import Struct

from domain.errors import Unanswerable
from domain.facts import ContributionPaid, OpeningHistory, OpeningStatus, RefundRequested, TransferredIn
from domain.municipalities.suizhou.bases import base_of, month_rates
from domain.municipalities.suizhou.jobs import Job, jobs
from domain.municipalities.suizhou.policy import figure, in_force
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Moment, Month, add_years
from domain.values.money import share
from domain.values.terms import Capacity, Mode, PaymentPurpose, RefundCause, Scheme


class PaidMonth(Struct, frozen=True):
    """One contribution month that somebody has paid in full."""

    month: Month
    paid_on: date
    capacity: Capacity
    employer: str | None
    mode: Mode
    base: int | None
    """Base stated with the payment, in fen."""
    maternity: bool
    fact: str
    known: Moment
    """When the payment was recorded: figures announced later do not reopen the month."""
    completes: bool = False
    """Paid to complete contribution years after retirement."""
    payer_on: date | None = None
    """When this payer paid, where somebody else had paid the month before."""

    @property
    def entered_on(self) -> date:
        """When the payer that tells the capacity paid; the month itself may have been paid earlier."""
        return self.payer_on or self.paid_on

    @property
    def payer(self) -> str:
        """Who owes the month: an employer, the unemployment fund, or the members themselves."""
        if self.employer is not None:
            return f"employer:{self.employer}"
        return "fund" if self.capacity is Capacity.UNEMPLOYED else "self"


@rule("SZ-7b", article="第七条、第十一条")
def may_join_flexibly(born_on: date | None, retires_on: date | None, first_payment: date, age: int) -> bool:
    """A flexible member may begin from the 16th birthday until the day before the statutory retirement date."""
    old_enough = born_on is None or add_years(born_on, age) <= first_payment
    return old_enough and (retires_on is None or first_payment < retires_on)


@rule("SZ-10b", article="第十条、第十一条")
def covers_the_month(received: int, due: int) -> bool:
    """A month is paid on the date on which the recorded payments cover its full medical amount."""
    return received >= due


@per_view
def payments_of(view: View, person: str) -> tuple[ContributionPaid, ...]:
    """Payments for the person, those for everybody on an employer's roll included, that the document governs."""
    own = [p for p in view.facts(ContributionPaid, person=person) if p.person == person]
    for employer in {job.employer for job in jobs(view, person)}:
        own += [p for p in view.facts(ContributionPaid, employer=employer) if p.person is None]
    found = [p for p in own if p.months is not None and in_force(view, p.on)]
    return tuple(sorted(found, key=lambda p: (p.on, view.order(p))))


@per_view
def received_payments(view: View, person: str) -> dict[tuple[Month, str], PaidMonth]:
    """Every month paid in full by each payer, in order of payment, refunded ones included."""
    received: dict[tuple[Month, str], int] = {}
    found: dict[tuple[Month, str], PaidMonth] = {}
    for payment in payments_of(view, person):
        if _refused(view, person, payment, bool(found)):
            continue
        left = payment.amount
        for month in months_for(view, person, payment):
            paid = _paid(payment, month)
            key = (month, paid.payer)
            if left is not None:
                due = _medical_due(view, person, payment, month)
                take = 0 if due is None else min(left, due - received.get(key, 0))
                received[key] = received.get(key, 0) + take
                left = left - take  # type: ignore[assignment]
                if due is None or not covers_the_month(received[key], due).value:
                    continue
            found.setdefault(key, paid)
    return found


@per_view
def every_payment(view: View, person: str) -> tuple[PaidMonth, ...]:
    """Every month paid in full by each payer; refunded ones are gone."""
    taken_back = refunded(view, person)
    return tuple(paid for key, paid in received_payments(view, person).items() if key not in taken_back)


def refused_payments(view: View, person: str) -> list[ContributionPaid]:
    """Flexible payments of somebody who may not join."""
    begun = False
    found = []
    for payment in payments_of(view, person):
        if _refused(view, person, payment, begun):
            found.append(payment)
        else:
            begun = True
    return found


@per_view
def paid_months(view: View, person: str) -> dict[Month, PaidMonth]:
    """Per calendar month: since when it is paid; an employer's payment tells the capacity (SZ-15d: counts once)."""
    best: dict[Month, PaidMonth] = {}
    for paid in every_payment(view, person):
        known = best.get(paid.month)
        if known is None or (known.employer is None and paid.employer is not None):
            first = paid if known is None or paid.paid_on <= known.paid_on else None
            best[paid.month] = first or _since(paid, known)  # type: ignore[arg-type]
    return dict(sorted(best.items()))


def _since(paid: PaidMonth, earlier: PaidMonth) -> PaidMonth:
    return PaidMonth(
        paid.month,
        earlier.paid_on,
        paid.capacity,
        paid.employer,
        paid.mode,
        paid.base,
        paid.maternity,
        paid.fact,
        paid.known,
        paid.completes,
        paid.paid_on,
    )


def months_for(view: View, person: str, payment: ContributionPaid) -> tuple[Month, ...]:
    """The months of a payment that are this person's: all, or those spent on the employer's roll."""
    assert payment.months is not None
    if payment.person is not None:
        return payment.months
    own = [job for job in jobs(view, person) if job.employer == payment.employer]
    return tuple(month for month in payment.months if any(_on_roll(job, month) for job in own))


def _on_roll(job: Job, month: Month) -> bool:
    return job.start <= month and (job.end is None or month <= job.end)


def _paid(payment: ContributionPaid, month: Month) -> PaidMonth:
    employed = payment.employer is not None and payment.capacity is not Capacity.UNEMPLOYED
    maternity = payment.maternity_included
    return PaidMonth(
        month=month,
        paid_on=payment.on,
        capacity=payment.capacity,
        employer=payment.employer if employed else None,
        mode=payment.mode,
        base=payment.base,
        maternity=payment.capacity is Capacity.EMPLOYED if maternity is None else maternity,
        fact=payment.id,
        known=payment.recorded,
        completes=payment.purpose is PaymentPurpose.RETIREMENT_COMPLETION
        or payment.capacity is Capacity.RETIRED,
    )


def _medical_due(view: View, person: str, payment: ContributionPaid, month: Month) -> int | None:
    """The full medical amount of a month; None while a figure for it is missing."""
    try:
        base = payment.base or _base(view, person, month, payment)
    except Unanswerable:
        return None
    return sum(share(base, rate) for rate in month_rates(view, month, payment.mode).values())


def _base(view: View, person: str, month: Month, payment: ContributionPaid) -> int:
    known = payment.recorded
    return base_of(view, person, month, payment.capacity, payment.employer, known).value


def _refused(view: View, person: str, payment: ContributionPaid, begun: bool) -> bool:
    if payment.capacity is not Capacity.FLEXIBLE or begun:
        return False
    if payment.purpose is PaymentPurpose.RETIREMENT_COMPLETION or _joined_before(view, person):
        return False
    who = view.person(person)
    age = working_age(view, payment.on)
    return not may_join_flexibly(who.born_on, who.statutory_retirement_on, payment.on, age).value


def working_age(view: View, day: date) -> int:
    """Lower end of the statutory working age, in years."""
    return int(figure(view, "contribution.working_age", day))


def _joined_before(view: View, person: str) -> bool:
    known = (*view.facts(OpeningHistory, person=person), *view.facts(TransferredIn, person=person))
    return bool(known) or any(
        fact.scheme is Scheme.EMPLOYEE for fact in view.facts(OpeningStatus, person=person)
    )


def first_employer_month(payments: tuple[PaidMonth, ...], year: int) -> Month | None:
    """The first month of a year that an employer paid."""
    months = [paid.month for paid in payments if paid.employer is not None and paid.month.year == year]
    return min(months, default=None)


def prepaid_after(payments: tuple[PaidMonth, ...], year: int) -> list[PaidMonth]:
    """Flexible months of a year from the first employer-paid one to December (SZ-12b)."""
    first = first_employer_month(payments, year)
    if first is None:
        return []
    return [
        paid for paid in payments if paid.payer == "self" and paid.month.year == year and paid.month >= first
    ]


def _joined_by(view: View, person: str, payments: tuple[PaidMonth, ...], day: date) -> tuple[PaidMonth, ...]:
    """Months of employers whom the member had joined by a day, and those paid alone."""
    joined = {job.employer for job in jobs(view, person) if job.started_on <= day}
    return tuple(p for p in payments if p.employer is None or p.paid_on <= day or p.employer in joined)


@per_view
def refunded(view: View, person: str) -> dict[tuple[Month, str], RefundRequested]:
    """Months taken back: prepaid ones after employment (SZ-12b) and wrongly declared ones (SZ-12a)."""
    payments = tuple(received_payments(view, person).values())
    gone: dict[tuple[Month, str], RefundRequested] = {}
    for request in employee_refunds(view, person):
        if request.cause is RefundCause.EMPLOYMENT and request.employer is None:
            year = request.year or request.on.year
            for paid in prepaid_after(_joined_by(view, person, payments, request.on), year):
                gone.setdefault((paid.month, paid.payer), request)
        elif request.months is not None:
            payer = "self" if request.employer is None else f"employer:{request.employer}"
            for month in request.months:
                gone.setdefault((month, payer), request)
    return gone


@per_view
def employee_refunds(view: View, person: str) -> tuple[RefundRequested, ...]:
    """Refund requests in the employee scheme that concern the person."""
    found = [r for r in view.facts(RefundRequested, person=person) if r.scheme is Scheme.EMPLOYEE]
    for employer in {job.employer for job in jobs(view, person)}:
        found += [
            r
            for r in view.facts(RefundRequested, employer=employer)
            if r.person is None and r.scheme is Scheme.EMPLOYEE
        ]
    return tuple(request for request in found if in_force(view, request.on))
