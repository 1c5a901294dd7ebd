"""From enrolments to status periods: wait, cover, end of the relation, days of another scheme."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import Unanswerable
from domain.events.consequences import Problem
from domain.facts import ResidentContributionPaid
from domain.municipalities.jinjiang.basis import basis_of
from domain.municipalities.jinjiang.enrolment import (
    Enrolment,
    PaidYear,
    enrolments_of,
    paid_years,
    relation_end,
    relation_start,
    void,
)
from domain.municipalities.jinjiang.figures import covered_from_of_window, figure, last_day_of_window
from domain.municipalities.jinjiang.people import departures, employee_covers
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, add_days
from domain.values.terms import Capacity, Status


class Piece(Struct, frozen=True, kw_only=True):
    """Days of one enrolment with one status; `to` None = open."""

    status: Status
    reason: str | None
    from_: date
    to: date | None
    enrolment: Enrolment
    covered_from: date | None = None
    waiting_from: date | None = None
    """The day of the payment for which one waits, also when the year before covers its first days."""
    because: tuple[str, ...] = ()


@per_view
def pieces(view: View, person: str) -> list[Piece]:
    """Status of a person over time, in order and without overlap; days between are none."""
    found: list[Piece] = []
    for enrolment in enrolments_of(view, person):
        if not void(view, person, enrolment):
            found.extend(p for p in _of_enrolment(view, person, enrolment) if p.to is None or p.from_ < p.to)
    found = sorted(_after_cover(found), key=lambda piece: piece.from_)
    years = paid_years(view, person).values()
    undecided = {paid.year: undecided_from(view, person, paid) for paid in years if paid.open_problem}
    return _closed(found, undecided)


def _after_cover(found: list[Piece]) -> Iterator[Piece]:
    """A wait for the next year takes nothing from the year that is covered: it shows when that has ended."""
    covered = [each for each in found if each.status is Status.COVERED and each.to is not None]
    for piece in found:
        if piece.status is Status.WAITING:
            ends = (c.to for c in covered if c.to is not None and c.from_ <= piece.from_ < c.to)
            piece = replace(piece, from_=max(ends, default=piece.from_))
        if piece.to is None or piece.from_ < piece.to:
            yield piece


def _closed(found: list[Piece], undecided: dict[int, date]) -> list[Piece]:
    """An ended relation stays ended until the next one begins, or may have begun: that year is not decided yet."""
    result = []
    for number, piece in enumerate(found):
        starts = [each.from_ for each in found[number + 1 : number + 2]]
        if piece.to is None:
            starts += [first for year, first in undecided.items() if year > piece.enrolment.year]
        end = min([*starts, piece.to or FAR_FUTURE])
        if piece.from_ < end:
            result.append(replace(piece, to=None if end == FAR_FUTURE else end))
    return result


def undecided_from(view: View, person: str, paid: PaidYear) -> date:
    """1 January of an undecided year, or an earlier payment after the window: that may be waiting already (JJ-5.2i)."""
    open_ones = (fact for fact in paid.payments if fact.id in paid.problems)
    return min(date(paid.year, 1, 1), *(f.on for f in open_ones if _may_wait(view, person, f)), date.max)


def _may_wait(view: View, person: str, fact: ResidentContributionPaid) -> bool:
    try:
        return basis_of(view, person, fact).value == "late"
    except Unanswerable:
        return fact.on > last_day_of_window(view, fact.year).value


def _of_enrolment(view: View, person: str, enrolment: Enrolment) -> Iterator[Piece]:
    over = date(enrolment.year + 1, 1, 1)
    start = relation_start(view, person, enrolment)
    first = cover_start(view, enrolment, start)
    end = relation_end(view, person, enrolment)
    stop = min(over, end) if end else over
    running = next((p for p in employee_covers(view, person) if p.from_ <= start < p.end), None)
    opens = first.value
    because = joined(first.because, enrolment.because)
    if running is not None:
        after = ends_with_employee_cover(opens, running.end)
        because = joined(after.because, because)
        opens = after.value
        yield Piece(
            status=Status.NONE,
            reason="other_scheme_prevails",
            from_=start,
            to=min(running.end, stop),
            enrolment=enrolment,
            because=after.because,
        )
    waiting_from = max(start, running.end) if running else start
    if enrolment.basis == "late":
        yield Piece(
            status=Status.WAITING,
            reason="waiting_period",
            from_=waiting_from,
            to=min(opens, stop),
            enrolment=enrolment,
            covered_from=opens if opens < stop else None,
            waiting_from=waiting_from,
            because=because,
        )
    if opens < stop:
        yield Piece(
            status=Status.COVERED,
            reason=None,
            from_=opens,
            to=stop,
            enrolment=enrolment,
            covered_from=opens,
            because=because,
        )
    if end is not None:
        by_event = any(add_days(day, 1) == end for day in departures(view, person))
        yield Piece(
            status=Status.NONE,
            reason="cover_ended",
            from_=end,
            to=None,
            enrolment=enrolment,
            because=("JJ-5.3a",) if by_event else changed_over(end).because,
        )


@rule("JJ-5.3b", article="五（三）2")
def ends_with_employee_cover(opens: date, end: date) -> date:
    """Who was in the employee scheme when the relation began is covered from the day that cover ends."""
    return max(opens, end)


@rule("JJ-5.3c", article="五（三）3")
def changed_over(start: date) -> Finding[date]:
    """Resident cover runs until employee cover begins, whenever the member signed off."""
    return Finding(start, ("JJ-5.3a",))


def cover_start(view: View, enrolment: Enrolment, start: date) -> Finding[date]:
    """The first covered day of an enrolment, if nothing stands in the way."""
    match enrolment.basis:
        case "late":
            after = after_the_wait(view, enrolment.day)
            return Finding(max(after.value, date(enrolment.year, 1, 1)), after.because)
        case "newborn_late":
            return Finding(add_days(enrolment.day, 1), ("JJ-5.2g",))
        case "on_time":
            return Finding(covered_from_of_window(view, enrolment.year), ("JJ-5.4a",))
        case _:
            return Finding(start)


@rule("JJ-5.2i", article="五（二）7")
def after_the_wait(view: View, paid_on: date) -> Finding[date]:
    """Who pays after the window waits 60 whole days after the payment day."""
    days = figure(view, "cover.waiting_days", paid_on)
    return Finding(add_days(paid_on, days.value + 1), days.because)


def status_on(view: View, person: str, day: date) -> Piece | None:
    """The status piece of a day, or None."""
    return next((p for p in pieces(view, person) if p.from_ <= day < (p.to or FAR_FUTURE)), None)


def covered_on(view: View, person: str, day: date) -> bool:
    """True when the fund pays for costs of a day."""
    piece = status_on(view, person, day)
    return piece is not None and piece.status is Status.COVERED


def open_problem_on(view: View, person: str, day: date) -> tuple[Problem, tuple[str, ...]] | None:
    """What keeps the status of a day from being known, or None."""
    year = paid_years(view, person).get(day.year)
    return year.open_problem if year is not None else None


def capacity_of(enrolment: Enrolment) -> Capacity:
    """Student through a school, newborn in the year of birth, else resident."""
    if enrolment.school:
        return Capacity.STUDENT
    return Capacity.NEWBORN if enrolment.basis in ("newborn", "newborn_late") else Capacity.RESIDENT
