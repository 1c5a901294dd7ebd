"""Grounds of employee status in the order of section 21: retirement, unit, continuation, individual, opening."""

from collections.abc import Iterator
from datetime import date

from domain.errors import Unanswerable
from domain.events.consequences import BenefitPeriod, Problem
from domain.facts import Enrolled, OpeningStatus
from domain.municipalities.luzhou import (
    continuity,
    individual_layers,
    payments,
    refunds,
    retirement,
    roll,
    settlement,
    years,
)
from domain.municipalities.luzhou.individual_layers import period_of
from domain.questions.answers import Arrears
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE, Month
from domain.values.terms import Capacity, Mode, Scheme, Status


def layers(view: View, person: str) -> list[BenefitPeriod]:
    """Every ground of a person."""
    continued = continuity.unit_continuations(view, person)
    early = {c.stint.declared: c for c in continued}
    found = [*_retired(view, person)]
    for stint in roll.stints(view, person):
        found += _unit(view, stint, early.get(stint.declared))
    for each in continued:
        found += _gap(person, each)
    found += individual_layers.grounds(view, person)
    found += _unenrolled(view, person)
    found += _other_openings(view, person)
    found += _unemployed(view, person)
    return [period for period in found if period.to is None or period.from_ < period.to]


def _retired(view: View, person: str) -> Iterator[BenefitPeriod]:
    try:
        start = settlement.start_of(view, person)
    except Unanswerable as missing:
        case = retirement.case_of(view, person, date.max)
        if case is not None:
            problem = Problem(code=missing.code, name=missing.name, date=missing.on)
            since = Month.of(case.on or view.known_on).plus(1).first_day
            yield period_of(person, since, None, Status.NONE, problem=problem, because=missing.because)
        return
    if start is None:
        return
    common: dict[str, object] = {
        "capacity": Capacity.RETIRED,
        "mode": start.mode,
        "retired_from": start.from_,
        "because": start.because,
        "entered_on": start.settled_on,
    }
    if start.waiting_from is not None:
        yield period_of(
            person,
            start.waiting_from,
            start.from_,
            Status.WAITING,
            waiting_from=start.waiting_from,
            covered_from=start.from_,
            **common,
        )
    yield period_of(person, start.from_, None, Status.COVERED, **common)


def _unit(
    view: View, stint: roll.Stint, continued: continuity.Continuation | None
) -> Iterator[BenefitPeriod]:
    """LZ-06, LZ-07: pending until the first month is paid, suspended in arrears, else covered."""
    start = continued.to if continued is not None else stint.start
    end = stint.cover_end
    common: dict[str, object] = {
        "capacity": Capacity.EMPLOYED,
        "employer": stint.employer,
        "mode": Mode.COMBINED,
        "entered_on": stint.declared,
    }
    yield from _before_declaration(stint, common)
    ledger = payments.ledger_of(view, stint.employer)
    paid = ledger.full(stint.first)
    begun = stint.opening or paid is not None
    due = stint.first.plus(1).first_day
    spoiled = any(e.over and e.first == stint.first for e in payments.episodes(view, stint.employer))
    if not begun and not spoiled:
        overdue = due < end and view.reached(due)
        yield period_of(
            stint.person,
            start,
            min(end, due) if overdue else end,
            Status.PENDING,
            covered_from=start,
            because=stint.because,
            **common,
        )
    position = start
    for episode in payments.episodes(view, stint.employer):
        stop = min(episode.cleared or FAR_FUTURE, end)
        from_ = max(episode.since, start)
        first_owed = episode.first == stint.first or stint.first in episode.months
        if first_owed and not stint.opening and episode.over:
            from_ = start
        if from_ >= end or stop <= from_ or (episode.last_month_before(stint.first)):
            continue
        if begun and position < from_:
            yield period_of(stint.person, position, from_, Status.COVERED, because=stint.because, **common)
        yield _in_episode(view, stint, episode, from_, stop, common)
        position = max(position, stop)
    if begun and position < end:
        yield period_of(stint.person, position, end, Status.COVERED, because=stint.because, **common)


def _in_episode(
    view: View,
    stint: roll.Stint,
    episode: payments.Episode,
    from_: date,
    stop: date,
    common: dict[str, object],
) -> BenefitPeriod:
    restored = episode.cleared is not None and not episode.over
    arrears = Arrears(
        first_month=episode.first,
        months=len(episode.months),
        limit_on=episode.limit,
        cleared_on=episode.cleared,
    )
    return period_of(
        stint.person,
        from_,
        stop,
        Status.COVERED if restored else Status.SUSPENDED,
        reason=None if restored else "employer_liable" if episode.over else "suspended",
        suspended_from=None if restored else max(episode.since, from_),
        arrears=arrears,
        because=episode.because,
        **common,
    )


@rule("LZ-02a", article="第二条")
def uninsured(employment_from: date, first: Month) -> tuple[date, date]:
    """Employment without enrolment gives no cover: months before a late declaration should have been insured."""
    return employment_from, first.first_day


def _before_declaration(stint: roll.Stint, common: dict[str, object]) -> Iterator[BenefitPeriod]:
    """LZ-07a, LZ-20: days of work before a late declaration are days the unit should have insured."""
    late = roll.declared_late(stint.employment_from, stint.declared)
    if late.value and not stint.opening:
        days = uninsured(stint.employment_from, stint.first)
        yield period_of(
            stint.person,
            days.value[0],
            days.value[1],
            Status.NONE,
            reason="employer_liable",
            because=(*late.because, *days.because, "LZ-20a"),
            **common,
        )


def _unenrolled(view: View, person: str) -> Iterator[BenefitPeriod]:
    """LZ-20a: claims of months that the unit paid for afterwards are its burden."""
    try:
        paid = years.unenrolled_of(view, person)
    except Unanswerable:
        return
    for each in paid:
        for month in each.months:
            yield period_of(
                person,
                month.first_day,
                month.plus(1).first_day,
                Status.NONE,
                reason="employer_liable",
                capacity=Capacity.EMPLOYED,
                employer=each.fact.employer,
                mode=Mode.COMBINED,
                entered_on=each.fact.on,
                because=("LZ-20a",),
            )


def _gap(person: str, continued: continuity.Continuation) -> Iterator[BenefitPeriod]:
    yield period_of(
        person,
        continued.from_,
        continued.to,
        Status.COVERED,
        capacity=Capacity.FLEXIBLE,
        mode=continued.mode,
        entered_on=continued.stint.declared,
        because=("LZ-10a",),
    )


def _other_openings(view: View, person: str) -> Iterator[BenefitPeriod]:
    """LZ-54b: openings that no unit and no individual payment carries on: retirees, and states as told."""
    for fact in view.facts(OpeningStatus, person=person):
        if fact.scheme is not Scheme.EMPLOYEE or fact.status is Status.NONE:
            continue
        carried = fact.capacity in (None, Capacity.EMPLOYED) and fact.employer is not None
        flexible = fact.capacity is Capacity.FLEXIBLE and fact.status in (Status.COVERED, Status.WAITING)
        if carried or flexible:
            continue
        from_ = fact.from_ or fact.on
        retired = fact.capacity is Capacity.RETIRED
        yield period_of(
            person,
            from_,
            fact.to,
            fact.status,
            capacity=fact.capacity or Capacity.EMPLOYED,
            employer=fact.employer,
            mode=fact.mode or Mode.COMBINED,
            retired_from=from_ if retired and fact.status is Status.COVERED else None,
            entered_on=fact.on,
            because=("LZ-54b",),
        )


def _unemployed(view: View, person: str) -> Iterator[BenefitPeriod]:
    """People on unemployment benefit are insured while it is paid (LZ-32a names them)."""
    ends = [*refunds.capacity_ended(view, person, Capacity.UNEMPLOYED)]
    for fact in view.facts(Enrolled, person=person):
        if fact.capacity is Capacity.UNEMPLOYED and fact.scheme is Scheme.EMPLOYEE:
            stops = [Month.of(day).plus(1).first_day for day in ends if day >= fact.on]
            end = min([fact.to or FAR_FUTURE, *stops])
            yield period_of(
                person,
                fact.on,
                end,
                Status.COVERED,
                capacity=Capacity.UNEMPLOYED,
                mode=Mode.COMBINED,
                entered_on=fact.on,
                because=("LZ-32a",),
            )
