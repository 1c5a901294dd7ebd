"""Status periods as records, with the first and last day of the cover they belong to."""

from collections.abc import Iterator
from datetime import date

from domain.events.consequences import BenefitPeriod, LayerCover, Problem
from domain.municipalities.panzhihua.membership import Piece, membership
from domain.municipalities.panzhihua.policy import force_ends
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Capacity, Layer, Scheme, Status


def benefit_periods(view: View, person: str) -> Iterator[BenefitPeriod | LayerCover]:
    """Every status period of the resident scheme; where cover by critical illness follows it, that as well."""
    pieces = membership(view, person).pieces
    end = force_ends(view)
    for number, piece in enumerate(pieces):
        if piece.from_ >= end:
            break
        yield _record(person, piece, pieces[number:])
        if piece.is_covered:
            yield LayerCover(
                person=person,
                layer=Layer.CRITICAL_ILLNESS,
                from_=piece.from_,
                to=_open(piece.to),
                because=piece.because,
            )
    if pieces:
        yield _out_of_force(person, end)


def _out_of_force(person: str, end: date) -> BenefitPeriod:
    """From its last day on no document speaks of a status."""
    problem = Problem(code="rules_not_in_force", name="document")
    return BenefitPeriod(
        person=person,
        scheme=Scheme.RESIDENT,
        from_=end,
        to=None,
        status=Status.NONE,
        entered_on=end,
        problem=problem,
        because=("PZ-26a",),
    )


def _record(person: str, piece: Piece, rest: tuple[Piece, ...]) -> BenefitPeriod:
    start = next((later for later in rest if later.is_covered), None)
    active = piece.status in (Status.COVERED, Status.WAITING)
    return BenefitPeriod(
        person=person,
        scheme=Scheme.RESIDENT,
        from_=piece.from_,
        to=_open(piece.to),
        status=piece.status,
        reason=None if piece.is_covered else piece.reason,
        capacity=Capacity.RESIDENT if active else None,
        covered_from=None if piece.problem else (start.from_ if start is not None else piece.cover_from),
        covered_to=_open(start.to) if start is not None and not piece.problem else None,
        waiting_from=piece.waiting_from,
        entered_on=piece.from_,
        problem=piece.problem,
        because=piece.because,
    )


def _open(day: date) -> date | None:
    return None if day == FAR_FUTURE else day
