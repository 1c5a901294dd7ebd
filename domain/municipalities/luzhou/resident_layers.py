"""Grounds of resident status: opening states and paid years (rulebook, section 21)."""

from collections.abc import Iterator
from datetime import date

from domain.events.consequences import BenefitPeriod
from domain.facts import OpeningHistory, OpeningStatus
from domain.municipalities.luzhou import residents
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Capacity, Scheme, Status

REASONS = {
    Status.PENDING: "cover_pending",
    Status.WAITING: "waiting_period",
    Status.SUSPENDED: "suspended",
    Status.NONE: "not_enrolled",
}


def layers(view: View, person: str) -> list[BenefitPeriod]:
    """Every ground, the paid years first."""
    return [*_paid(view, person), *_opening(view, person), *_history(view, person)]


def _paid(view: View, person: str) -> Iterator[BenefitPeriod]:
    for year in residents.years_of(view, person):
        if year.problem is not None:
            yield _period(person, year.from_, year.to, Status.NONE, year, problem=year.problem)
            continue
        start = min(year.from_, year.to)
        if year.waiting_from is not None and year.waiting_from < start:
            yield _period(
                person,
                year.waiting_from,
                start,
                Status.WAITING,
                year,
                reason="waiting_period",
                covered_from=year.from_ if year.from_ < year.to else None,
                waiting_from=year.waiting_from,
            )
        if year.from_ < year.to:
            yield _period(person, year.from_, year.to, Status.COVERED, year)


def _period(
    person: str, from_: date, to: date, status: Status, year: residents.Year, **detail: object
) -> BenefitPeriod:
    return BenefitPeriod(
        person=person,
        scheme=Scheme.RESIDENT,
        from_=from_,
        to=to,
        status=status,
        capacity=Capacity.RESIDENT,
        tier=year.tier,
        entered_on=year.paid_on,
        because=year.because,
        **detail,  # type: ignore[arg-type]
    )


def _opening(view: View, person: str) -> Iterator[BenefitPeriod]:
    for fact in view.facts(OpeningStatus, person=person):
        if fact.scheme is not Scheme.RESIDENT:
            continue
        from_ = fact.from_ or fact.on
        end = fact.to or date(fact.on.year + 1, 1, 1)
        if end > from_ and fact.status is not Status.NONE:
            yield BenefitPeriod(
                person=person,
                scheme=Scheme.RESIDENT,
                from_=from_,
                to=None if end == FAR_FUTURE else end,
                status=fact.status,
                reason=REASONS.get(fact.status),
                capacity=fact.capacity or Capacity.RESIDENT,
                tier=fact.tier,
                waiting_from=from_ if fact.status is Status.WAITING else None,
                entered_on=fact.on,
                because=("LZ-54b",),
            )


def _history(view: View, person: str) -> Iterator[BenefitPeriod]:
    for fact in view.facts(OpeningHistory, person=person):
        for year in fact.resident_years or ():
            yield BenefitPeriod(
                person=person,
                scheme=Scheme.RESIDENT,
                from_=date(year, 1, 1),
                to=date(year + 1, 1, 1),
                status=Status.COVERED,
                capacity=Capacity.RESIDENT,
                entered_on=fact.on,
                because=("LZ-54b",),
            )
