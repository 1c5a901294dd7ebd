"""Cover in the employee scheme, day by day: from contributions, the opening, retirement, and until death."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import Unanswerable
from domain.events.consequences import Problem
from domain.facts import (
    EnrolmentEnded,
    OpeningStatus,
    Retired,
    RetirementProcessed,
)
from domain.municipalities.suizhou.employee import walk
from domain.municipalities.suizhou.interruption import Stop
from domain.municipalities.suizhou.leaving import Absence, absences
from domain.municipalities.suizhou.maternity_run import former_maternity, qualified_ranges
from domain.municipalities.suizhou.payments import PaidMonth, paid_months
from domain.municipalities.suizhou.policy import PARAMETERS, problem_of
from domain.municipalities.suizhou.prior import prior_of
from domain.municipalities.suizhou.retirement import pension
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, Month, following_month
from domain.values.period import Period, split_at
from domain.values.terms import Capacity, MaternityStatus, Mode, Scheme, Status

STATUSES = {str(status): status for status in Status}


class Cover(Struct, frozen=True):
    """Days on which everything about cover in the employee scheme is the same."""

    from_: date
    to: date | None
    status: Status
    capacity: Capacity | None = None
    employer: str | None = None
    mode: Mode | None = None
    maternity: MaternityStatus | None = None
    stop: Stop | None = None
    waiting_from: date | None = None
    retired_from: date | None = None
    given: bool = False
    problem: Problem | None = None
    because: tuple[str, ...] = ()

    def __contains__(self, day: date) -> bool:
        return self.from_ <= day < (self.to or FAR_FUTURE)


@rule("SZ-31b", article="第三十一条")
def retired_maternity(status: Status) -> MaternityStatus:
    """Retired members have the medical maternity benefits, and no allowance."""
    return MaternityStatus.MEDICAL_ONLY


@rule("SZ-30a", article="第三十条")
def flexible_maternity(status: Status) -> MaternityStatus:
    """Flexible members have the medical maternity benefits while covered, without a qualifying time."""
    return MaternityStatus.MEDICAL_ONLY


@rule("SZ-31a", article="第三十一条")
def unemployed_maternity(former: bool) -> MaternityStatus:
    """Who draws unemployment benefit keeps the medical part when the former employer had paid maternity."""
    return MaternityStatus.MEDICAL_ONLY if former else MaternityStatus.NOT_QUALIFIED


@per_view
def employee_cover(view: View, person: str) -> tuple[Cover, ...]:
    """All days with a status in the employee scheme, in order, as known."""
    found = walk(view, person)
    pieces = [
        Cover(s.from_, s.to, STATUSES[s.status], stop=s.stop, waiting_from=s.waiting_from, because=s.because)
        for s in found.stretches
    ]
    opens = PARAMETERS["document.from"].on(view.today)
    pieces = [replace(p, from_=max(p.from_, opens)) for p in pieces if (p.to or FAR_FUTURE) > opens]
    pieces = _with_standing(view, person, pieces)
    pieces = _with_opening(view, person, pieces)
    pieces = _with_retirement(view, person, pieces)
    pieces = _until_moved(view, person, pieces)
    died = view.died_on(person)
    if died is not None:
        pieces = list(_cut(pieces, died + timedelta(days=1)))
    return tuple(_with_maternity(view, person, pieces))


def _cut(pieces: Iterable[Cover], end: date) -> Iterable[Cover]:
    for piece in pieces:
        if piece.from_ < end:
            yield replace(piece, to=min(piece.to or FAR_FUTURE, end))


def _with_standing(view: View, person: str, pieces: list[Cover]) -> list[Cover]:
    """Capacity, employer and mode of each day: those of its month, or of the last month paid before."""
    paid = paid_months(view, person)
    months = list(paid)
    changes = [
        month.first_day
        for before, month in pairwise(months)
        if _standing(paid[before]) != _standing(paid[month])
    ]
    found = []
    for piece in pieces:
        for part in split_at(Period(piece.from_, piece.to), changes):
            at = bisect_right(months, Month.of(part.from_)) - 1
            standing = _standing(paid[months[max(at, 0)]]) if months else _standing_before(view, person)
            if standing is None:
                found.append(replace(piece, from_=part.from_, to=part.to))
                continue
            capacity, employer, mode = standing
            new = replace(
                piece, from_=part.from_, to=part.to, capacity=capacity, employer=employer, mode=mode
            )
            found.append(new)
    return found


def _standing_before(view: View, person: str) -> tuple[Capacity, str | None, Mode] | None:
    prior = prior_of(view, person)
    return prior.standing if prior is not None else None


def _standing(paid: PaidMonth) -> tuple[Capacity, str | None, Mode]:
    capacity = paid.capacity
    if capacity is Capacity.RETIRED:
        capacity = Capacity.EMPLOYED if paid.employer else Capacity.FLEXIBLE
    return capacity, paid.employer, paid.mode


def _with_opening(view: View, person: str, pieces: list[Cover]) -> list[Cover]:
    """A status taken over is as given for its period; an open one until this ledger says otherwise."""
    for fact in view.facts(OpeningStatus, person=person):
        if fact.scheme is not Scheme.EMPLOYEE:
            continue
        start = fact.from_ or fact.on
        first = pieces[0].from_ if pieces else None
        if fact.status is not Status.COVERED and pieces:
            later = [p.from_ for p in pieces if p.status is not Status.SUSPENDED]
            first = min(later, default=None)
        end = fact.to if fact.to is not None else _left(view, person, fact) or first
        if fact.to is None and end is not None and end <= start:
            continue
        given = Cover(
            start,
            end,
            fact.status,
            fact.capacity,
            fact.employer,
            fact.mode,
            _given_flag(view, person, fact),
            retired_from=start if fact.capacity is Capacity.RETIRED else None,
            given=True,
            because=("SZ-79a",),
        )
        if fact.status is Status.NONE:
            continue
        pieces = sorted([*_outside(pieces, given), given], key=lambda piece: piece.from_)
        if fact.to is None and end is not None and len(pieces) == 1:
            ended = replace(given, from_=end, to=None, status=Status.SUSPENDED, because=("SZ-10g",))
            pieces.append(replace(ended, maternity=MaternityStatus.NOT_QUALIFIED, retired_from=None))
    return pieces


def _left(view: View, person: str, fact: OpeningStatus) -> date | None:
    """An open status ends for a leaver with the month after the last one (SZ-10g), unless payments follow."""
    from domain.municipalities.suizhou.interruption import leaver_stops

    if fact.status is not Status.COVERED or walk(view, person).stretches:
        return None
    ends = [e.on for e in view.facts(EnrolmentEnded, person=person) if e.scheme is Scheme.EMPLOYEE]
    return leaver_stops(Month.of(min(ends))).value if ends else None


def _given_flag(view: View, person: str, fact: OpeningStatus) -> MaternityStatus | None:
    if fact.status is not Status.COVERED:
        return MaternityStatus.NOT_QUALIFIED
    match fact.capacity:
        case Capacity.FLEXIBLE:
            return flexible_maternity(fact.status).value
        case Capacity.RETIRED:
            return retired_maternity(fact.status).value
        case Capacity.UNEMPLOYED:
            return unemployed_maternity(bool(fact.former_maternity)).value
    if fact.maternity is None:
        return None
    return MaternityStatus.COVERED if fact.maternity else MaternityStatus.NOT_QUALIFIED


def _outside(pieces: Iterable[Cover], given: Cover) -> Iterable[Cover]:
    end = given.to or FAR_FUTURE
    for piece in pieces:
        if piece.from_ < given.from_:
            yield replace(piece, to=min(piece.to or FAR_FUTURE, given.from_))
        if (piece.to or FAR_FUTURE) > end:
            yield replace(piece, from_=max(piece.from_, end))


def _with_retirement(view: View, person: str, pieces: list[Cover]) -> list[Cover]:
    """Retired with the years: covered for life (SZ-15c)."""
    try:
        known = pension(view, person)
    except Unanswerable as error:
        return _unknown(view, person, pieces, problem_of(error), error.because)
    if known is None or known.starts is None:
        return pieces
    starts = known.starts
    given = [p for p in pieces if p.given and (p.to or FAR_FUTURE) > starts]
    life = Cover(
        starts,
        None,
        Status.COVERED,
        Capacity.RETIRED,
        mode=Mode.COMBINED if known.credit else Mode.POOLING_ONLY,
        maternity=retired_maternity(Status.COVERED).value,
        retired_from=starts,
        because=known.because,
    )
    before = list(_cut(pieces, starts))
    return [*before, life] if not given else [*_cut(pieces, starts), life]


def _unknown(
    view: View, person: str, pieces: list[Cover], problem: Problem, because: tuple[str, ...]
) -> list[Cover]:
    """From the month after retirement and formalities nothing can be said while a fact is missing."""
    days = [fact.on for kind in (Retired, RetirementProcessed) for fact in view.facts(kind, person=person)]
    if not view.facts(RetirementProcessed, person=person):
        return pieces
    start = following_month(max(days))
    return [
        *_cut(pieces, start),
        Cover(start, None, Status.NONE, problem=problem, because=because),
    ]


def _until_moved(view: View, person: str, pieces: list[Cover]) -> list[Cover]:
    """After a transfer out nobody is covered here until the person pays here again (SZ-51c)."""
    covered = tuple(Period(p.from_, p.to) for p in pieces if p.status is Status.COVERED)
    for away in absences(view, person, covered):
        pieces = _without(pieces, away)
    return pieces


def _without(pieces: list[Cover], away: Absence) -> list[Cover]:
    """The pieces without the days of absence; who is retired here is covered for life."""
    found: list[Cover] = []
    for piece in pieces:
        if piece.retired_from is not None or (piece.to or FAR_FUTURE) <= away.from_:
            found.append(piece)
            continue
        if piece.from_ < away.from_:
            found.append(replace(piece, to=away.from_, because=(*piece.because, *away.because)))
        if (piece.to or FAR_FUTURE) > away.to:
            found.append(replace(piece, from_=max(piece.from_, away.to)))
    return found


def _with_maternity(view: View, person: str, pieces: list[Cover]) -> Iterable[Cover]:
    ranges = qualified_ranges(view, person)
    cuts = [day for start, end in ranges for day in (start, end) if day is not None]
    for piece in pieces:
        if piece.maternity is not None or piece.given or piece.problem is not None:
            yield piece
            continue
        for part in split_at(Period(piece.from_, piece.to), cuts):
            yield replace(
                piece, from_=part.from_, to=part.to, **_flag(view, person, piece, part.from_, ranges)
            )


def _flag(
    view: View, person: str, piece: Cover, day: date, ranges: tuple[tuple[date, date | None], ...]
) -> dict[str, MaternityStatus]:
    if piece.status is not Status.COVERED:
        return {"maternity": MaternityStatus.NOT_QUALIFIED}
    if piece.capacity is Capacity.FLEXIBLE:
        return {"maternity": flexible_maternity(piece.status).value}
    if piece.capacity is Capacity.UNEMPLOYED:
        return {"maternity": unemployed_maternity(former_maternity(view, person)).value}
    inside = any(start <= day < (end or FAR_FUTURE) for start, end in ranges)
    return {"maternity": MaternityStatus.COVERED if inside else MaternityStatus.NOT_QUALIFIED}
