"""From enrolments to status periods: wait, cover, end of the relation, days of another scheme."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.events.consequences import BenefitPeriod, Problem
from domain.municipalities.jinjiang.enrolment import (
    Enrolment,
    enrolments_of,
    paid_years,
    relation_end,
    relation_start,
    void,
)
from domain.municipalities.jinjiang.figures import covered_from_of_window, figure
from domain.municipalities.jinjiang.people import departures, employee_covers
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, add_days
from domain.values.period import Period
from domain.values.terms import Capacity, Scheme, Status


class Piece(Struct, frozen=True, kw_only=True):
    """Days of one enrolment with one status; `to` None = open."""

    status: Status
    reason: str | None
    from_: date
    to: date | None
    enrolment: Enrolment
    covered_from: date | None = None
    because: tuple[str, ...] = ()


@per_view
def pieces(view: View, person: str) -> list[Piece]:
    """Status of a person over time, in order and without overlap; days between are none."""
    found: list[Piece] = []
    for enrolment in enrolments_of(view, person):
        if not void(view, person, enrolment):
            found.extend(p for p in _of_enrolment(view, person, enrolment) if p.to is None or p.from_ < p.to)
    found.sort(key=lambda piece: piece.from_)
    years = paid_years(view, person).items()
    return _closed(found, [date(year, 1, 1) for year, paid in years if paid.open_problem])


def _closed(found: list[Piece], undecided: list[date]) -> list[Piece]:
    """An ended relation stays ended until the next one begins, or may have begun: the year is not decided yet."""
    result = []
    for number, piece in enumerate(found):
        starts = [each.from_ for each in found[number + 1 : number + 2]]
        starts += [first for first in undecided if first > piece.from_]
        later = min(starts, default=None)
        end = piece.to if later is None or (piece.to is not None and piece.to <= later) else later
        if end is None or piece.from_ < end:
            result.append(replace(piece, to=end))
    return result


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
            return after_the_wait(view, enrolment.day)
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


def periods(view: View, person: str) -> Iterator[BenefitPeriod]:
    """Status periods of the resident scheme, and the days known in the employee scheme."""
    found = pieces(view, person)
    for number, piece in enumerate(found):
        covered = piece.status is Status.COVERED
        yield BenefitPeriod(
            person=person,
            scheme=Scheme.RESIDENT,
            from_=piece.from_,
            to=piece.to,
            status=piece.status,
            reason=piece.reason,
            capacity=capacity_of(piece.enrolment),
            covered_from=_first_of_cover(found, number) if covered else _later_cover(found, number),
            covered_to=_last_of_cover(found, number) if covered else None,
            waiting_from=piece.from_ if piece.status is Status.WAITING else None,
            entered_on=piece.enrolment.day,
            because=piece.because,
        )
    yield from _undecided(view, person)
    yield from _prevailing(view, person)
    for period in employee_covers(view, person):
        yield BenefitPeriod(
            person=person,
            scheme=Scheme.EMPLOYEE,
            from_=period.from_,
            to=period.to,
            status=Status.COVERED,
            covered_from=period.from_,
            covered_to=period.to,
            entered_on=period.from_,
            because=("JJ-5.3b",),
        )


def _undecided(view: View, person: str) -> Iterator[BenefitPeriod]:
    taken = {piece.enrolment.year for piece in pieces(view, person)}
    for year, paid in paid_years(view, person).items():
        problem = paid.open_problem
        if problem is None or year in taken:
            continue
        yield BenefitPeriod(
            person=person,
            scheme=Scheme.RESIDENT,
            from_=date(year, 1, 1),
            to=date(year + 1, 1, 1),
            status=Status.NONE,
            problem=problem[0],
            because=problem[1],
        )


def _prevailing(view: View, person: str) -> Iterator[BenefitPeriod]:
    """Days of employee cover in a year whose resident payment it bars: the employee scheme pays (JJ-5.3b)."""
    for year, paid in paid_years(view, person).items():
        if paid.enrolments or not any("JJ-5.3b" in because for _, because in paid.refused.values()):
            continue
        whole = Period(date(year, 1, 1), date(year + 1, 1, 1))
        for cover in employee_covers(view, person):
            inside = cover.within(whole)
            if not inside.is_empty and status_on(view, person, inside.from_) is None:
                yield BenefitPeriod(
                    person=person,
                    scheme=Scheme.RESIDENT,
                    from_=inside.from_,
                    to=inside.to,
                    status=Status.NONE,
                    reason="other_scheme_prevails",
                    because=("JJ-5.3b",),
                )


def _later_cover(found: list[Piece], number: int) -> date | None:
    """Where a wait ends: in its own year, or with the year after, paid on time, that cuts it short (JJ-5.2i)."""
    piece, after = found[number], found[number + 1 : number + 2]
    if piece.covered_from or piece.status is not Status.WAITING:
        return piece.covered_from
    return next((n.from_ for n in after if n.status is Status.COVERED and n.from_ == piece.to), None)


def _first_of_cover(found: list[Piece], number: int) -> date:
    while number and found[number - 1].to == found[number].from_:
        if found[number - 1].status is not Status.COVERED:
            break
        number -= 1
    return found[number].from_


def _last_of_cover(found: list[Piece], number: int) -> date | None:
    while number + 1 < len(found) and found[number + 1].from_ == found[number].to:
        if found[number + 1].status is not Status.COVERED:
            break
        number += 1
    return found[number].to
