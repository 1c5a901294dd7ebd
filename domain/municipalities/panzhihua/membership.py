"""Status of a person day by day: covered, waiting, interrupted, other scheme, ended (arts. 5, 9, 11)."""

from bisect import bisect_right
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import Unanswerable
from domain.events.consequences import Problem
from domain.facts import EnrolmentEnded, RefundRequested, ResidentContributionPaid
from domain.municipalities.panzhihua.arrears import YearCover, covers_of, other_covers
from domain.municipalities.panzhihua.payments import (
    PaidYear,
    opening_years,
    paid_again,
    paid_year,
    payments_by_year,
)
from domain.municipalities.panzhihua.policy import require_force
from domain.municipalities.panzhihua.refunds import RefundDecision, refund_refusal
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, add_days
from domain.values.terms import EndReason, Scheme, Status

DEPARTURES = (EndReason.MOVED_AWAY, EndReason.SETTLED_ABROAD, EndReason.ENLISTED, EndReason.DIED)


class Piece(Struct, frozen=True):
    """Days with one status; `to` is the first day outside (FAR_FUTURE = open)."""

    from_: date
    to: date
    status: Status
    reason: str | None = None
    waiting_from: date | None = None
    cover_from: date | None = None
    """While waiting: the day on which the wait ends, even if the year after is not paid yet."""
    problem: Problem | None = None
    because: tuple[str, ...] = ()

    @property
    def is_covered(self) -> bool:
        """Benefits are payable on these days."""
        return self.status is Status.COVERED and self.problem is None


class Membership(Struct, frozen=True):
    """Everything about the membership of a person, as known."""

    years: dict[int, PaidYear]
    pieces: tuple[Piece, ...]
    refunds: dict[str, RefundDecision]
    """By id of the request."""
    taken_back: tuple[PaidYear, ...] = ()
    """Years whose payments were given back, as they stood."""

    def piece_on(self, day: date) -> Piece:
        """The status of a day."""
        number = bisect_right([piece.from_ for piece in self.pieces], day) - 1
        return self.pieces[number] if number >= 0 else NEVER


NEVER = Piece(date.min, FAR_FUTURE, Status.NONE, "not_enrolled", because=("PZ-11g",))


@rule("PZ-5b", article="第五条")
def prevails(covered_elsewhere: bool) -> bool:
    """On every day under another scheme the resident scheme pays nothing; it resumes the same day after."""
    return covered_elsewhere


@rule("PZ-11g", article="第十一条")
def unpaid_reason(insured_before: bool) -> str:
    """Days without a paid year are never paid: interrupted if insured at any earlier time, else not enrolled."""
    return "cover_lapsed" if insured_before else "not_enrolled"


@per_view
def membership(view: View, person: str) -> Membership:
    """Paid years, refunds and status periods of a person on the facts of the view."""
    return membership_before(view, person, None)


def membership_before(view: View, person: str, before: int | None) -> Membership:
    """The same with only the refund requests recorded before a place in the order of recording (None = all)."""
    payments, opening = payments_by_year(view, person), opening_years(view, person)
    refunds, gone = {}, []
    taken: set[str] = set()
    for request in _requests(view, person, before):
        decision = decide(view, person, request)
        if decision.is_due:
            given = [f for f in payments.get(decision.year, []) if _is_given_back(view, f, request)]
            left = [f for f in given if f.id not in taken]
            gone.append(_paid(view, person, decision.year, left, opening))
            taken.update(fact.id for fact in given)
            decision = replace(decision, paid=gone[-1])
        refunds[request.id] = decision
    years = {year: PaidYear(year, opening=True) for year in opening}
    for year, facts in payments.items():
        counting = [fact for fact in facts if fact.id not in taken]
        if counting:
            years[year] = _paid(view, person, year, counting, opening)
    return Membership(years, pieces_of(view, person, years), refunds, tuple(gone))


def _requests(view: View, person: str, before: int | None) -> list[RefundRequested]:
    found = [
        fact
        for fact in view.facts(RefundRequested, person=person)
        if fact.scheme is Scheme.RESIDENT and fact.person == person and fact.year is not None
    ]
    known = [fact for fact in found if before is None or view.order(fact) < before]
    return sorted(known, key=view.order)


def _paid(
    view: View, person: str, year: int, facts: list[ResidentContributionPaid], opening: set[int]
) -> PaidYear:
    return paid_again(year, facts) if year in opening else paid_year(view, person, year, facts)


def _is_given_back(view: View, payment: ResidentContributionPaid, request: RefundRequested) -> bool:
    """Paid by the day of the request, and known when it was decided."""
    return payment.on <= request.on and view.order(payment) < view.order(request)


def decide(view: View, person: str, request: RefundRequested) -> RefundDecision:
    """A request, decided on what was known when it was recorded."""
    then = view.at(request.recorded)
    known = membership_before(then, person, view.order(request))
    assert request.year is not None
    try:
        return refund_of(then, person, known, request.year, request.on)
    except Unanswerable as error:
        problem = Problem(code=error.code, name=error.name, date=error.on)
        return RefundDecision(request.year, because=error.because, problem=problem)


def refund_of(view: View, person: str, known: Membership, year: int, on: date) -> RefundDecision:
    """What a request of a day for a year comes to on what is known."""
    in_force = require_force(view, date(year, 1, 1))
    refusal = refund_refusal(year, on, in_force_on(known, year, on))
    paid = known.years.get(year)
    because = joined(refusal.because, in_force)
    if refusal.value is not None or paid is None:
        return RefundDecision(year, refusal.value, because=because)
    facts = [payment.fact for payment in paid.payments]
    given = [fact for fact in facts if fact.on <= on]
    if given != facts:
        paid = _paid(view, person, year, given, opening_years(view, person))
    return RefundDecision(year, paid=paid, because=because)


def in_force_on(known: Membership, year: int, on: date) -> date | None:
    """The first covered day of a year, or None when there is none; only a day before `on` must be certain."""
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    for piece in known.pieces:
        if piece.problem is not None and (on < max(piece.from_, first) or on >= end):
            continue
        if piece.problem is not None and piece.from_ < end and piece.to > first:
            problem = piece.problem
            raise Unanswerable(problem.code, problem.name, None, piece.because).at(problem.date)
        if piece.is_covered and piece.from_ < end and piece.to > first:
            return max(piece.from_, first)
    return None


def pieces_of(view: View, person: str, years: dict[int, PaidYear]) -> tuple[Piece, ...]:
    """The status of every day from the first on which anything is known, as fewest pieces."""
    covers = covers_of(view, person, years)
    others = other_covers(view, person)
    left = _departures(view, person)
    cuts = {date(cover.year, 1, 1) for cover in covers}
    for cover in covers:
        cuts.update((cover.base, cover.cover_from, date(cover.year + 1, 1, 1)))
    for period in others:
        cuts.update((period.from_, period.end))
    cuts.update(add_days(day, 1) for day in left)
    cuts.discard(FAR_FUTURE)
    starts = sorted(cuts)
    pieces: list[Piece] = []
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else FAR_FUTURE
        piece = _piece(start, end, covers, [p for p in others if start in p])
        if _has_left(view, person, years, left, piece):
            pieces.append(Piece(start, end, Status.NONE, "cover_ended", because=("PZ-9c",)))
            continue
        if (piece.status is Status.NONE and piece.reason == "cover_lapsed") or piece.reason == "not_enrolled":
            insured = any(period.from_ < start for period in others) or _insured_before(covers, start)
            reason = unpaid_reason(insured)
            piece = Piece(start, end, Status.NONE, reason.value, because=reason.because)
        pieces.append(piece)
    return _joined_pieces(pieces)


def _insured_before(covers: list[YearCover], day: date) -> bool:
    return any(cover.problem is None and cover.base < day for cover in covers)


def _departures(view: View, person: str) -> list[date]:
    """Last days of membership: death, emigration, a move and the like (code `cover_ended` of facts v1)."""
    days = {
        fact.on
        for fact in view.facts(EnrolmentEnded, person=person)
        if fact.scheme is Scheme.RESIDENT and fact.reason in DEPARTURES
    }
    died = view.died_on(person)
    return sorted(days | ({died} if died is not None else set()))


def _has_left(view: View, person: str, years: dict[int, PaidYear], left: list[date], piece: Piece) -> bool:
    """Dead; or gone, in no other scheme, and not back with a contribution for the year paid after leaving.

    While nobody can say whether a payment made after leaving completes the year, nobody can say this either.
    """
    died, day = view.died_on(person), piece.from_
    if died is not None and died < day:
        return True
    if piece.reason == "other_scheme_prevails":
        return False
    year = years.get(day.year)
    back = year.paid_on if year is not None else None
    if year is not None and back is None and piece.problem is not None:
        back = max(payment.fact.on for payment in year.payments)
    return any(last < day and (back is None or back <= last) for last in left)


def _piece(start: date, end: date, covers: list[YearCover], elsewhere: list[object]) -> Piece:
    other = prevails(True) if elsewhere else None
    if other is not None:
        return Piece(start, end, Status.NONE, "other_scheme_prevails", because=other.because)
    cover = next(
        (c for c in covers if max(c.base, date(c.year, 1, 1)) <= start < date(c.year + 1, 1, 1)), None
    )
    if cover is None:
        return Piece(start, end, Status.NONE, "not_enrolled")
    if cover.problem is not None:
        return Piece(start, end, Status.NONE, problem=cover.problem, because=cover.because)
    if start < cover.cover_from:
        return Piece(
            start,
            end,
            Status.WAITING,
            "waiting_period",
            cover.waiting_from,
            cover.cover_from,
            because=cover.because,
        )
    return Piece(start, end, Status.COVERED, because=cover.because)


def _joined_pieces(pieces: list[Piece]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last is not None and _alike(last, piece):
            because = joined(last.because, piece.because)
            found[-1] = replace(last, to=piece.to, because=because)
        else:
            found.append(piece)
    return tuple(found)


def _alike(one: Piece, other: Piece) -> bool:
    return (one.status, one.reason, one.waiting_from, one.cover_from, one.problem) == (
        other.status,
        other.reason,
        other.waiting_from,
        other.cover_from,
        other.problem,
    )
