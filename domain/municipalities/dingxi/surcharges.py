"""The late-payment surcharge of employers, and when their months fall due (arts. 12, 16). Money in fen."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain.errors import Unanswerable
from domain.events.consequences import Entry, FactDecided, Posting
from domain.facts import ContributionPaid, EmployerReorganised
from domain.municipalities.dingxi.dues import employer_due, month_due, open_amount
from domain.municipalities.dingxi.enrolment import Category
from domain.municipalities.dingxi.refunds import accepted_for_employer
from domain.rulebook.announcements import announced_ratio
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import Month, days_between
from domain.values.money import round_fen
from domain.values.terms import Capacity, Mode

RATE = "late_fee_daily_rate"


@rule("DX-16a", article="第十六条")
def due_at_once(view: View, employer: str, month: Month) -> date:
    """When an employer is reorganised or closed, everything it owes is due on that day."""
    events = [f.on for f in view.facts(EmployerReorganised, employer=employer) if f.employer == employer]
    reached = [day for day in events if day >= month.first_day]
    return min([*reached, month.last_day])


def due_on(view: View, employer: str | None, month: Month) -> Finding[date]:
    """The last day to pay a month: its own last day for everyone (DX-12a)."""
    if employer is not None and view.facts(EmployerReorganised, employer=employer):
        return due_at_once(view, employer, month)
    return Finding(month.last_day, ("DX-12a",))


@rule("DX-12b", article="第十二条")
def surcharge(unpaid: int, rate: Decimal, days: int) -> int:
    """Both unpaid shares times the announced daily rate, for each day after the due date."""
    return round_fen(unpaid * rate * days)


def late_fee(view: View, employer: str, month: Month, unpaid: int, paid_on: date) -> Finding[int]:
    """The surcharge on one late month; raises when the daily rate was not announced."""
    due = due_on(view, employer, month)
    days = days_between(due.value, paid_on)
    if days <= 0:
        return Finding(0, due.because)
    rate = announced_ratio(view, RATE, paid_on, ("DX-12b",))
    found = surcharge(unpaid, rate, days)
    return Finding(found.value, joined(due.because, found.because))


def employer_records(view: View, employer: str) -> Iterator[Entry | FactDecided]:
    """Surcharges on what the employer paid late; a missing rate refuses the surcharge, not the payment."""
    for fact in view.facts(ContributionPaid, employer=employer):
        for month in fact.months or ():
            if fact.on <= due_on(view, employer, month).value:
                continue
            try:
                unpaid = _unpaid(view, employer, fact, month)
                fee = late_fee(view, employer, month, unpaid, fact.on)
            except Unanswerable:
                continue
            if fee.value:
                postings = (
                    Posting(f"employer:{employer}", -fee.value),
                    Posting("fund:employee_pooled", fee.value, "late_fees"),
                )
                yield Entry(
                    name=f"late_fee/{fact.id}/{month}",
                    on=fact.on,
                    postings=postings,
                    month=month,
                    because=fee.because,
                )


def employer_refunds(view: View, employer: str) -> Iterator[Entry]:
    """What is paid back to an employer from what was held for it."""
    try:
        accepted = accepted_for_employer(view, employer)
    except Unanswerable:
        return
    for fact in accepted:
        if fact.amount:
            postings = (
                Posting(f"refundable:{employer}", -fact.amount),
                Posting(f"employer:{employer}", int(fact.amount)),
            )
            yield Entry(name=f"refund/{fact.id}", on=fact.on, postings=postings, because=("DX-11d",))


def _unpaid(view: View, employer: str, fact: ContributionPaid, month: Month) -> int:
    if fact.person is None:
        return employer_due(view, employer, month).value.total
    category = Category(Capacity.EMPLOYED, Mode.COMBINED, employer)
    due = month_due(view, fact.person, month, category).value.total
    count = len(fact.months or ()) or 1
    left = open_amount(view, fact.person, month, category, due, fact.on)
    return left if fact.amount is None else min(left, int(fact.amount) // count)
