"""Arrears and gaps: which months are unpaid, what they come to, and until when paying heals them. In fen."""

from datetime import date, timedelta

from domain.facts import ContributionPaid
from domain.municipalities.suizhou.bases import base_of, month_rates
from domain.municipalities.suizhou.due import employer_due, standing_in
from domain.municipalities.suizhou.employee import walk
from domain.municipalities.suizhou.interruption import Stop
from domain.municipalities.suizhou.payments import paid_months, payments_of
from domain.municipalities.suizhou.stops import limits_of, owed
from domain.questions.answers import BackPaymentAnswer
from domain.questions.kinds import BackPayment
from domain.rulebook.citation import Finding, joined
from domain.rulebook.view import View
from domain.values.calendar import Month, Months
from domain.values.money import share
from domain.values.terms import Capacity, Mode


def back_payment(view: View, question: BackPayment) -> Finding[BackPaymentAnswer]:
    """The unpaid run of a person or employer: its months, what they come to, the last day that heals it."""
    if question.person is None:
        return _employer_arrears(view, question)
    person = question.person
    stop = _latest_run(view, person, question.on)
    months = question.months or (stop and _run_months(view, person, stop, question.on)) or Months()
    if not months:
        empty = BackPaymentAnswer(months=Months(), month_count=0, amount=0, member=0, account_credit=0)
        return Finding(empty, ("SZ-10b",))
    paid = paid_months(view, person)
    first = Month(months[0])
    capacity, employer, mode = _payer_of(view, person, stop, first, question)
    gap_base = _gap_base(view, person, stop, capacity, employer)
    employed = capacity is Capacity.EMPLOYED
    member = credit = whole = 0
    base: int | None = None
    for month in months:
        told = paid[month].base if month in paid else None
        own = told or gap_base or base_of(view, person, month, capacity, employer).value
        rates = month_rates(view, month, Mode.COMBINED if employed else mode)
        parts = {name: share(own, rate) for name, rate in rates.items()}
        credit += parts["personal_account"]
        whole += sum(parts.values())
        member += parts["personal_account"] if employed else sum(parts.values())
        base = own if base is None else base
    limit = stop.limit_on if stop is not None else None
    answer = BackPaymentAnswer(
        months=Months(months),
        month_count=len(months),
        base=base,
        employer=whole - member if employed else None,
        member=member,
        amount=member,
        deadline=_before(limit),
        account_credit=credit,
    )
    return Finding(answer, joined(("SZ-10b",), stop.because if stop is not None else ()))


def _before(day: date | None) -> date | None:
    return None if day is None else day - timedelta(days=1)


def _latest_run(view: View, person: str, day: date) -> Stop | None:
    """The latest interruption that began on or before a day; overdue months within the grace count too."""
    found = [stop for stop in walk(view, person).stops if stop.first_unpaid.first_day <= day]
    known = walk(view, person)
    overdue = Month.of(min(day, view.today)).plus(-1)
    start = max([s.first_unpaid for s in found], default=Month(0))
    for job in known.jobs:
        paid_by = [p for p in known.paid.values() if p.employer == job.employer]
        if not paid_by:
            continue
        last = job.end if job.end is not None else overdue
        begin = max(job.start, min(p.month for p in paid_by), start)
        unpaid = [Month(m) for m in range(begin, min(last, overdue) + 1) if Month(m) not in known.paid]
        if unpaid and unpaid[0] > start:
            limit = unpaid[0].plus(limits_of(view).employer + 1).first_day
            ids = ("SZ-10c", "SZ-10d")
            return Stop(
                unpaid[0],
                limit,
                "employer",
                f"employer:{job.employer}",
                ids,
                months=len(unpaid),
                limit_on=limit,
            )
    return found[-1] if found else None


def _run_months(view: View, person: str, stop: Stop, day: date) -> Months:
    """From the first unpaid month to the month before, as long as they were not paid in time."""
    known = walk(view, person)
    last = Month.of(min(day, view.today)).plus(-1)
    if stop.completed_on is not None:
        last = min(last, Month.of(stop.completed_on).plus(-1))
        last = max(last, stop.first_unpaid)
    months = []
    for number in range(stop.first_unpaid, last + 1):
        month = Month(number)
        paid = known.paid.get(month)
        if (paid is not None and paid.paid_on <= month.last_day) or not owed(known, month, stop):
            continue
        months.append(month)
    return Months(months)


def _payer_of(
    view: View, person: str, stop: Stop | None, first: Month, question: BackPayment
) -> tuple[Capacity, str | None, Mode]:
    if stop is not None and stop.kind == "left":
        later = [p for m, p in paid_months(view, person).items() if p.paid_on >= stop.from_]
        if later:
            return later[0].capacity, later[0].employer, later[0].mode
    return standing_in(view, person, first)


def _gap_base(
    view: View, person: str, stop: Stop | None, capacity: Capacity, employer: str | None
) -> int | None:
    """Gap months before a new payer are charged at the base of the first month with that payer (SZ-14a)."""
    if stop is None or stop.kind != "left":
        return None
    later = [p for p in payments_of(view, person) if p.on >= stop.from_ and p.months]
    if later and later[0].base is not None:
        return int(later[0].base)
    return None


def _employer_arrears(view: View, question: BackPayment) -> Finding[BackPaymentAnswer]:
    employer = question.employer
    assert employer is not None
    paid = {
        month
        for p in view.facts(ContributionPaid, employer=employer)
        for month in p.months or ()
        if p.on <= question.on
    }
    last = Month.of(min(question.on, view.today)).plus(-1)
    start = min(paid, default=last.plus(1))
    months = question.months or Months(Month(m) for m in range(start, last + 1) if Month(m) not in paid)
    if not months:
        return Finding(BackPaymentAnswer(months=Months(), month_count=0, amount=0), ("SZ-10b",))
    due = employer_due(view, employer, months)
    limit = months[0].plus(limits_of(view).employer + 1).first_day
    answer = BackPaymentAnswer(
        months=months,
        month_count=len(months),
        base=due.value.base,
        employer=due.value.total,
        amount=due.value.total,
        deadline=_before(limit),
    )
    return Finding(answer, joined(("SZ-10b", "SZ-10d"), due.because))
