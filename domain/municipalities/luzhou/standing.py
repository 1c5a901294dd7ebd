"""Benefit status of a person in both schemes, and which of them governs a day (rulebook, section 21)."""

from datetime import date

from domain.events.consequences import BenefitPeriod
from domain.facts import OpeningStatus, ResidentContributionPaid
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Capacity, Scheme, Status


@per_view
def employee_periods(view: View, person: str) -> tuple[BenefitPeriod, ...]:
    """Status periods of the employee scheme, in order, without overlap."""
    return _opening(view, person, Scheme.EMPLOYEE)


@per_view
def resident_periods(view: View, person: str) -> tuple[BenefitPeriod, ...]:
    """Status periods of the resident scheme, in order, without overlap."""
    opening = _opening(view, person, Scheme.RESIDENT)
    paid = {}
    for fact in view.facts(ResidentContributionPaid, person=person):
        if person in fact.persons:
            paid.setdefault(fact.year, fact)
    cover = tuple(
        BenefitPeriod(
            person=person,
            scheme=Scheme.RESIDENT,
            from_=date(year, 1, 1),
            to=date(year + 1, 1, 1),
            status=Status.COVERED,
            capacity=Capacity.RESIDENT,
            tier=fact.tier,
            covered_from=date(year, 1, 1),
            covered_to=date(year + 1, 1, 1),
            entered_on=fact.on,
            because=("LZ-15a",),
        )
        for year, fact in sorted(paid.items())
    )
    return opening or cover


@per_view
def status_on(view: View, person: str, scheme: Scheme, day: date) -> BenefitPeriod:
    """The status of a scheme on a day; a `none` period with its reason where there is none."""
    periods = (employee_periods if scheme is Scheme.EMPLOYEE else resident_periods)(view, person)
    for period in periods:
        if period.from_ <= day < (period.to or FAR_FUTURE):
            return period
    covered_before = any(p.status is Status.COVERED and p.from_ <= day for p in periods)
    return BenefitPeriod(
        person=person,
        scheme=scheme,
        from_=day,
        to=None,
        status=Status.NONE,
        reason="cover_lapsed" if covered_before else "not_enrolled",
    )


@per_view
def governing(view: View, person: str, day: date) -> BenefitPeriod:
    """LZ-0.4, LZ-11a: the covered scheme, the employee scheme first; else the status that says most."""
    employee = status_on(view, person, Scheme.EMPLOYEE, day)
    resident = status_on(view, person, Scheme.RESIDENT, day)
    if employee.status is Status.COVERED:
        return employee
    if resident.status is Status.COVERED:
        return resident
    if employee.reason == "not_enrolled":
        return resident
    return employee


def _opening(view: View, person: str, scheme: Scheme) -> tuple[BenefitPeriod, ...]:
    return tuple(
        BenefitPeriod(
            person=person,
            scheme=scheme,
            from_=fact.from_ or fact.on,
            to=fact.to,
            status=fact.status,
            capacity=fact.capacity,
            employer=fact.employer,
            mode=fact.mode,
            tier=fact.tier,
            entered_on=fact.on,
            because=("LZ-54b",),
        )
        for fact in view.facts(OpeningStatus, person=person)
        if fact.scheme is scheme
    )
