"""Employment of a person: which months an employer owes."""

from datetime import date

from msgspec import Struct

from domain.facts import ContributionPaid, Enrolled, EnrolmentEnded, Retired, TransferOutRequested
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Capacity, PaymentPurpose, Scheme


class Job(Struct, frozen=True):
    """One employment: the months owed by an employer, first and last included (None = it goes on)."""

    employer: str
    start: Month
    end: Month | None
    started_on: date
    wage: int | None = None
    fact: str = ""


@rule("SZ-9e", article="第九条（三）")
def months_owed(started_on: date, ended_on: date | None) -> tuple[Month, Month | None]:
    """A month is due when the person was employed on at least one day of it; it is due by its last day."""
    return Month.of(started_on), None if ended_on is None else Month.of(ended_on)


@per_view
def jobs(view: View, person: str) -> tuple[Job, ...]:
    """Employments in order of their start, from registrations, and from payments where none was recorded."""
    found = [_registered(view, person, fact) for fact in _registrations(view, person)]
    known = {job.employer for job in found}
    for payment in view.facts(ContributionPaid, person=person):
        employer = payment.employer
        if employer is None or payment.person != person or payment.months is None or employer in known:
            continue
        known.add(employer)
        found.append(_implied(view, person, employer))
    found += _completing(view, person)
    return tuple(sorted(found, key=lambda job: job.start))


def _registrations(view: View, person: str) -> list[Enrolled]:
    return [
        fact
        for fact in view.facts(Enrolled, person=person)
        if fact.employer is not None
        and fact.capacity is Capacity.EMPLOYED
        and fact.previous_employer != person
    ]


def _registered(view: View, person: str, fact: Enrolled) -> Job:
    started = fact.employment_from or fact.on
    assert fact.employer is not None
    start, end = months_owed(started, _left_on(view, person, fact.employer, started)).value
    return Job(fact.employer, start, end, started, fact.wage, fact.id)


def _implied(view: View, person: str, employer: str) -> Job:
    """An employment known only from its payments: it begins with the first month paid."""
    paid = [p for p in view.facts(ContributionPaid, person=person) if p.employer == employer and p.months]
    first = min(month for p in paid for month in (p.months or ()))
    start, end = months_owed(first.first_day, _left_on(view, person, employer, first.first_day)).value
    return Job(employer, start, end, first.first_day)


def _completing(view: View, person: str) -> list[Job]:
    """An employer who goes on paying for a retired member owes the months until the years are complete (SZ-9f)."""
    first: dict[str, Month] = {}
    for payment in view.facts(ContributionPaid, person=person):
        told = payment.months if payment.person == person else None
        if payment.employer is None or not told:
            continue
        if payment.purpose is PaymentPurpose.RETIREMENT_COMPLETION or payment.capacity is Capacity.RETIRED:
            first[payment.employer] = min(Month(told[0]), first.get(payment.employer, Month(told[0])))
    found = []
    for employer, month in first.items():
        ends = [
            end.on
            for end in view.facts(EnrolmentEnded, person=person)
            if end.scheme is Scheme.EMPLOYEE and end.employer == employer and end.on >= month.first_day
        ]
        start, end = months_owed(month.first_day, min(ends, default=None)).value
        found.append(Job(employer, start, end, month.first_day))
    return found


def _left_on(view: View, person: str, employer: str, started: date) -> date | None:
    """The last day of an employment: left, retired or moved away, whichever is known first."""
    days = [
        end.on
        for end in view.facts(EnrolmentEnded, person=person)
        if end.scheme is Scheme.EMPLOYEE
        and end.on >= started
        and (end.employer == employer or (end.employer is None and end.capacity in (None, Capacity.EMPLOYED)))
    ]
    days += _departures(view, person, started)
    return min(days, default=None)


def _departures(view: View, person: str, started: date) -> list[date]:
    """Days after which nobody owes a month: retirement (SZ-15a) and transfer out (SZ-51c)."""
    days = [fact.on for fact in view.facts(Retired, person=person) if fact.on >= started]
    days += [
        fact.on
        for fact in view.facts(TransferOutRequested, person=person)
        if fact.on >= started and fact.scheme is Scheme.EMPLOYEE
    ]
    return days


def self_ends(view: View, person: str) -> tuple[Month, ...]:
    """Last months of spells as a flexible member, in order: stopped, retired or moved away."""
    days = [
        end.on
        for end in view.facts(EnrolmentEnded, person=person)
        if end.scheme is Scheme.EMPLOYEE
        and (end.capacity is Capacity.FLEXIBLE or (end.capacity is None and end.employer is None))
    ]
    days += _departures(view, person, date.min)
    return tuple(sorted(Month.of(day) for day in days))


def benefit_until(view: View, person: str, since: Month) -> Month | None:
    """The last month in which unemployment benefit is drawn (SZ-13a); None while it goes on."""
    days: list[date] = []
    for fact in view.facts(Enrolled, person=person):
        if fact.capacity is Capacity.UNEMPLOYED and fact.to is not None and fact.to > since.first_day:
            last = Month.of(fact.to) if fact.to.day > 1 else Month.of(fact.to).plus(-1)
            days.append(last.last_day)
    days += [
        end.on
        for end in view.facts(EnrolmentEnded, person=person)
        if end.capacity is Capacity.UNEMPLOYED and end.on >= since.first_day
    ]
    days += _departures(view, person, since.first_day)
    return Month.of(min(days)) if days else None
