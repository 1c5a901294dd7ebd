"""Benefit status as records, on the days on which the document is in force (arts. 20, 68)."""

from collections.abc import Iterator
from datetime import date

from domain.events.consequences import BenefitPeriod, Problem
from domain.municipalities.dingxi.arrears import too_late_on
from domain.municipalities.dingxi.enrolment import outside_periods
from domain.municipalities.dingxi.policy import force_begins, force_ends
from domain.municipalities.dingxi.retirement import retired_fact, retiree_from
from domain.municipalities.dingxi.standing import Piece, pieces
from domain.questions.answers import Arrears
from domain.rulebook.citation import joined
from domain.rulebook.view import View
from domain.values.period import Period, merged, split_at
from domain.values.terms import Scheme, Status


def periods(view: View, person: str) -> Iterator[BenefitPeriod]:
    """The pieces as records, on the days on which the document is in force."""
    begins, ends = force_begins(), force_ends(view)
    found = pieces(view, person)
    retired_from = retiree_from(view, person).value if retired_fact(view, person) else None
    entered = min((piece.days.from_ for piece in found), default=None)
    found = [*found, *_outside(view, person, found)]
    for piece in found:
        days = piece.days.within(Period(begins, ends))
        if not days.is_empty:
            yield _record(view, person, piece, days, retired_from, entered)
    for days in (Period(date.min, begins), Period(ends, None)):
        yield BenefitPeriod(
            person=person,
            scheme=Scheme.EMPLOYEE,
            from_=days.from_,
            to=days.to,
            status=Status.NONE,
            problem=Problem(code="rules_not_in_force", name="document", date=None),
            because=("DX-68a",),
        )


def _outside(view: View, person: str, known: list[Piece]) -> Iterator[Piece]:
    """Days outside every membership on which the state provides for the person."""
    cuts = [day for piece in known for day in (piece.days.from_, piece.days.end)]
    for period in merged(outside_periods(view, person)):
        for days in split_at(period, cuts):
            if not any(days.from_ in piece.days for piece in known):
                yield Piece(days, Status.NONE, "not_in_scheme", because=("DX-66a",))


def _record(
    view: View, person: str, piece: Piece, days: Period, retired_from: date | None, entered: date | None
) -> BenefitPeriod:
    run = piece.run
    arrears = None
    if run is not None:
        arrears = Arrears(
            first_month=run.first,
            months=run.count,
            limit_on=too_late_on(view, run),
            cleared_on=run.cleared_on,
        )
    category = piece.category
    return BenefitPeriod(
        person=person,
        scheme=Scheme.EMPLOYEE,
        from_=days.from_,
        to=days.to,
        status=piece.status,
        reason=piece.reason,
        capacity=category.capacity if category else None,
        employer=category.employer if category else None,
        mode=category.mode if category else None,
        covered_from=piece.covered_from,
        covered_to=piece.covered_to,
        waiting_from=piece.waiting_from,
        suspended_from=piece.suspended_from,
        retired_from=retired_from,
        arrears=arrears,
        entered_on=entered,
        because=joined(piece.because),
    )
