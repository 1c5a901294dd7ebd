"""What an individual membership may continue: an employment, or cover elsewhere, within 90 days (第八条、第十条)."""

from datetime import date

from domain.facts import ContributionPaid, Enrolled, TransferredIn
from domain.municipalities.luzhou import roll
from domain.municipalities.luzhou.policy import figure
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month, add_days
from domain.values.terms import Capacity, Scheme

NO_CONTINUITY = ("died",)


@rule("LZ-10a", article="第十条第一款")
def within_limit(ended: date, day: date) -> bool:
    """Ninety days after the end, that day included."""
    return day <= continuity_limit(ended)


def continuity_limit(ended: date) -> date:
    """T + 90 days."""
    return add_days(ended, int(figure("continuity.days", ended)))


@rule("LZ-08a", article="第八条第一款")
def transferred_in_time(cover_ended: date, applied: date) -> bool:
    """Who applies within 90 days of the end of cover elsewhere does not wait."""
    return applied <= continuity_limit(cover_ended)


@rule("LZ-08b", article="第八条第一款")
def transferred_too_late(cover_ended: date, applied: date) -> bool:
    """Later than 90 days the member is new."""
    return applied > continuity_limit(cover_ended)


@per_view
def employments_ended(view: View, person: str) -> tuple[roll.Stint, ...]:
    """Employments that have ended in a way that can be continued."""
    return tuple(
        stint
        for stint in roll.stints(view, person)
        if stint.ended is not None and str(stint.reason) not in NO_CONTINUITY
    )


def last_employment(view: View, person: str, day: date) -> roll.Stint | None:
    """The employment that ended last before or shortly after a payment, if its 90 days still run."""
    found = [s for s in employments_ended(view, person) if s.ended and within_limit(s.ended, day).value]
    found = [s for s in found if s.ended and Month.of(s.ended) <= Month.of(day)]
    return max(found, key=lambda s: s.cover_end, default=None)


def registered_by(view: View, person: str, ended: date, paid_on: date) -> bool:
    """LZ-10a (i): a continuation is registered by T + 90; paying registers whoever told nothing else."""
    told = [
        e.on
        for e in view.facts(Enrolled, person=person)
        if e.capacity is Capacity.FLEXIBLE and e.scheme is Scheme.EMPLOYEE and e.on > add_days(ended, -366)
    ]
    return within_limit(ended, min(told, default=paid_on)).value


def from_elsewhere(
    view: View, person: str, fact: ContributionPaid, months: list[Month]
) -> tuple[Month, date, tuple[str, ...]] | None:
    """LZ-08a: first month and start of cover of who was moved here in time; None otherwise."""
    for moved in reversed(view.facts(TransferredIn, person=person)):
        if moved.scheme is not Scheme.EMPLOYEE or moved.cover_ended_on is None:
            continue
        told = [
            e.on
            for e in view.facts(Enrolled, person=person)
            if e.capacity is Capacity.FLEXIBLE and e.on > moved.cover_ended_on
        ]
        applied = min([moved.on, *told])
        if transferred_too_late(moved.cover_ended_on, applied).value:
            return None
        month = Month.of(min([*told, fact.on]))
        first = next((m for m in months if m >= min(month, Month.of(fact.on))), None)
        if first is not None and first <= Month.of(fact.on).plus(1):
            covered = max(applied if not told else min(told), first.first_day)
            return first, covered, transferred_in_time(moved.cover_ended_on, applied).because
    return None
