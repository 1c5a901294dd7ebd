"""Benefit status of a person in both schemes, and which of them governs a day (rulebook, section 21)."""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from domain.events.consequences import BenefitPeriod, Problem
from domain.municipalities.luzhou import employee_layers, resident_layers
from domain.municipalities.luzhou.composition import composed
from domain.municipalities.luzhou.policy import START
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Capacity, Scheme, Status


@per_view
def employee_periods(view: View, person: str) -> tuple[BenefitPeriod, ...]:
    """Status periods of the employee scheme, in order, without overlap."""
    return _told(_employee(view, person), _resident(view, person))


@per_view
def resident_periods(view: View, person: str) -> tuple[BenefitPeriod, ...]:
    """Status periods of the resident scheme, in order, without overlap."""
    return _told(_resident(view, person), _employee(view, person))


@per_view
def _employee(view: View, person: str) -> tuple[BenefitPeriod, ...]:
    return composed(employee_layers.layers(view, person), view.died_on(person))


@per_view
def _resident(view: View, person: str) -> tuple[BenefitPeriod, ...]:
    return composed(resident_layers.layers(view, person), view.died_on(person))


def _told(own: tuple[BenefitPeriod, ...], other: tuple[BenefitPeriod, ...]) -> tuple[BenefitPeriod, ...]:
    """LZ-0.6: `not_enrolled` only for who was never active in either scheme, else `cover_lapsed`."""
    active = min((p.from_ for p in other if p.status is Status.COVERED), default=FAR_FUTURE)
    found: list[BenefitPeriod] = []
    for period in own:
        if period.reason != "not_enrolled" or active >= (period.to or FAR_FUTURE):
            found.append(period)
            continue
        if active > period.from_:
            found.append(replace(period, to=active))
        found.append(replace(period, reason="cover_lapsed", from_=max(active, period.from_)))
    return tuple(found)


@per_view
def status_on(view: View, person: str, scheme: Scheme, day: date) -> BenefitPeriod:
    """The status of a scheme on a day; a `none` period with its reason where there is none."""
    periods = (employee_periods if scheme is Scheme.EMPLOYEE else resident_periods)(view, person)
    for period in periods:
        if period.from_ <= day < (period.to or FAR_FUTURE):
            return period
    return BenefitPeriod(
        person=person, scheme=scheme, from_=day, to=None, status=Status.NONE, reason="not_enrolled"
    )


@rule("LZ-11a", "LZ-01a", article="第一条、第十一条")
def paying(employee: BenefitPeriod, resident: BenefitPeriod) -> BenefitPeriod | None:
    """One benefit for the whole city: the employee scheme pays when it is active, else the resident scheme."""
    for period in (employee, resident):
        if period.status is Status.COVERED and period.problem is None:
            return period
    return None


@per_view
def governing(view: View, person: str, day: date) -> BenefitPeriod:
    """LZ-0.4, LZ-11a: the scheme that pays on a day, else the status that says most about why none does."""
    employee = status_on(view, person, Scheme.EMPLOYEE, day)
    resident = status_on(view, person, Scheme.RESIDENT, day)
    pays = paying(employee, resident).value
    if pays is not None:
        return pays
    for period in (resident, employee):
        if period.problem is not None:
            return period
    told = [p for p in (employee, resident) if p.status is not Status.NONE or p.reason == "employer_liable"]
    if told:
        return told[0]
    if employee.reason == "not_enrolled":
        return resident
    return employee


@per_view
def benefits_end(view: View, person: str, day: date) -> date | None:
    """LZ-11b: first day after the employee benefits enjoyed on a day; FAR_FUTURE while open, None without any."""
    for period in _employee(view, person):
        if period.status is Status.COVERED and period.from_ <= day < (period.to or FAR_FUTURE):
            return period.covered_to or FAR_FUTURE
    return None


def recorded(view: View, person: str) -> Iterator[BenefitPeriod]:
    """LZ-54a: status periods on the days on which the document is in force, and that none speaks of earlier ones."""
    for scheme, periods in (
        (Scheme.EMPLOYEE, employee_periods(view, person)),
        (Scheme.RESIDENT, resident_periods(view, person)),
    ):
        yield BenefitPeriod(
            person=person,
            scheme=scheme,
            from_=date.min,
            to=START,
            status=Status.NONE,
            problem=Problem(code="rules_not_in_force", name="document"),
            because=("LZ-54a",),
        )
        for period in periods:
            if period.from_ >= START:
                yield period
            elif period.to is None or period.to > START:
                yield replace(period, from_=START)


def capacity_class(period: BenefitPeriod) -> str:
    """LZ-0.3: class `retired` for retirees, `in_service` for everybody else."""
    return "retired" if period.capacity is Capacity.RETIRED else "in_service"
