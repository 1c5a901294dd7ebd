"""Status of a person over time as it is recorded: what is known day by day, and what is still undecided."""

from collections.abc import Iterator
from datetime import date

from domain.events.consequences import BenefitPeriod
from domain.municipalities.jinjiang.cover import Piece, capacity_of, pieces, status_on, undecided_from
from domain.municipalities.jinjiang.enrolment import paid_years
from domain.municipalities.jinjiang.people import employee_covers
from domain.rulebook.view import View
from domain.values.period import Period
from domain.values.terms import Scheme, Status


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
            waiting_from=piece.waiting_from,
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
    """A year of which nobody knows whether it was paid; days on which something else is known are left out."""
    known = pieces(view, person)
    taken = {piece.enrolment.year for piece in known}
    for year, paid in paid_years(view, person).items():
        problem = paid.open_problem
        if problem is None or year in taken:
            continue
        first = undecided_from(view, person, paid)
        for piece in known:
            if piece.to is not None and piece.from_ <= first < piece.to:
                first = piece.to
        yield BenefitPeriod(
            person=person,
            scheme=Scheme.RESIDENT,
            from_=first,
            to=date(year + 1, 1, 1),
            status=Status.NONE,
            problem=problem[0],
            because=problem[1],
        )


def _prevailing(view: View, person: str) -> Iterator[BenefitPeriod]:
    """Days of employee cover in a year whose resident payment it bars: the employee scheme pays (JJ-5.3b)."""
    for year, paid in paid_years(view, person).items():
        if (
            paid.enrolments
            or paid.open_problem
            or not any("JJ-5.3b" in because for _, because in paid.refused.values())
        ):
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
