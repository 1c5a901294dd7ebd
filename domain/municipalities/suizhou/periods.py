"""Benefit periods of both schemes as records (article 10 to 15, 36 to 41, 52)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from domain.events.consequences import BenefitPeriod
from domain.municipalities.suizhou.cover import Cover, employee_cover
from domain.municipalities.suizhou.employee import walk
from domain.municipalities.suizhou.interruption import Stop
from domain.municipalities.suizhou.schemes import (
    choices,
    paying_scheme,
    resident_cover,
    resident_days,
)
from domain.municipalities.suizhou.settle_lines import REASONS
from domain.questions.answers import Arrears
from domain.rulebook.citation import joined
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.period import Period, split_at
from domain.values.terms import Capacity, Scheme, Status


def periods(view: View, person: str) -> Iterator[BenefitPeriod]:
    """Every period of both schemes."""
    yield from _employee(view, person)
    yield from _resident(view, person)


def _pieces(view: View, person: str) -> list[tuple[Cover, Status]]:
    """Days of the employee scheme, cut where arrears were made good and where a choice takes effect."""
    healed = [stop for stop in walk(view, person).stops if stop.healed and stop.completed_on]
    cuts = [day for stop in healed for day in (stop.from_, stop.completed_on) if day is not None]
    chosen = bool(choices(view, person))
    if chosen:
        cuts += [on for on, _ in choices(view, person)]
        cuts += [day for p in resident_days(view, person) for day in (p.from_, p.to) if day is not None]
    found = []
    for piece in employee_cover(view, person):
        for part in split_at(Period(piece.from_, piece.to), cuts):
            own = _cut(piece, part)
            rests = chosen and paying_scheme(view, person, part.from_) is Scheme.RESIDENT
            status = Status.SUSPENDED if rests and piece.status is Status.COVERED else piece.status
            found.append((own, status))
    return found


def _cut(piece: Cover, part: Period) -> Cover:
    from msgspec.structs import replace

    return replace(piece, from_=part.from_, to=part.to)


def _employee(view: View, person: str) -> Iterator[BenefitPeriod]:
    pieces = _pieces(view, person)
    stops = walk(view, person).stops
    first = min((paid.paid_on for paid in walk(view, person).paid.values()), default=None)
    for number, (piece, status) in enumerate(pieces):
        if piece.problem is not None:
            yield BenefitPeriod(
                person=person,
                scheme=Scheme.EMPLOYEE,
                from_=piece.from_,
                to=piece.to,
                status=piece.status,
                problem=piece.problem,
                because=piece.because,
            )
            continue
        stop = piece.stop or _healed_within(stops, piece)
        chosen_away = status is not piece.status
        yield BenefitPeriod(
            person=person,
            scheme=Scheme.EMPLOYEE,
            from_=piece.from_,
            to=piece.to,
            status=status,
            reason="other_scheme_prevails" if chosen_away else REASONS.get(status),
            capacity=piece.capacity,
            employer=piece.employer,
            mode=piece.mode,
            waiting_from=piece.waiting_from if status is Status.WAITING else None,
            suspended_from=_suspended_from(pieces, number) if status is Status.SUSPENDED else None,
            retired_from=piece.retired_from,
            arrears=_arrears(stop) if stop is not None else None,
            maternity=piece.maternity,
            entered_on=first or piece.from_,
            because=joined(piece.because, _of_maternity(piece), ("SZ-52e",) if chosen_away else ()),
            **_cover_days(pieces, number),
        )


def _of_maternity(piece: Cover) -> tuple[str, ...]:
    """The rule on which the maternity flag of a covered day rests."""
    if piece.given or piece.status is not Status.COVERED or piece.maternity is None:
        return ()
    articles = {Capacity.FLEXIBLE: "SZ-30a", Capacity.UNEMPLOYED: "SZ-31a", Capacity.RETIRED: "SZ-31b"}
    return (articles.get(piece.capacity, "SZ-33a") if piece.capacity else "SZ-33a",)


def _healed_within(stops: list[Stop], piece: Cover) -> Stop | None:
    for stop in stops:
        if stop.healed and stop.completed_on and stop.from_ <= piece.from_ < stop.completed_on:
            return stop
    return None


def _arrears(stop: Stop) -> Arrears:
    return Arrears(
        first_month=stop.first_unpaid,
        months=stop.months,
        limit_on=stop.limit_on,
        cleared_on=stop.completed_on,
    )


def _suspended_from(pieces: list[tuple[Cover, Status]], number: int) -> date:
    start = pieces[number][0].from_
    while number and pieces[number - 1][1] is Status.SUSPENDED and pieces[number - 1][0].to == start:
        number -= 1
        start = pieces[number][0].from_
    return start


def _cover_days(pieces: list[tuple[Cover, Status]], number: int) -> dict[str, Any]:
    """First and last day of the cover around a piece, or the first later day of cover."""
    piece, status = pieces[number]
    if status is not Status.COVERED:
        later = [p.from_ for p, s in pieces[number + 1 :] if s is Status.COVERED]
        return {"covered_from": later[0] if later else None}
    start, end = piece.from_, piece.to
    for before, s in reversed(pieces[:number]):
        if s is not Status.COVERED or before.to != start:
            break
        start = before.from_
    for after, s in pieces[number + 1 :]:
        if s is not Status.COVERED or after.from_ != end:
            break
        end = after.to
    return {"covered_from": start, "covered_to": end}


def _resident(view: View, person: str) -> Iterator[BenefitPeriod]:
    pieces = resident_cover(view, person)
    for number, piece in enumerate(pieces):
        covered: dict[str, Any] = {}
        if piece.status is Status.COVERED:
            covered = {"covered_from": piece.from_, "covered_to": piece.to}
            if (
                number
                and pieces[number - 1].status is Status.COVERED
                and pieces[number - 1].to == piece.from_
            ):
                covered["covered_from"] = pieces[number - 1].from_
        else:
            later = [p.from_ for p in pieces[number + 1 :] if p.status is Status.COVERED]
            covered = {"covered_from": later[0] if later else None}
        suspended = piece.status is Status.SUSPENDED
        yield BenefitPeriod(
            person=person,
            scheme=Scheme.RESIDENT,
            from_=piece.from_,
            to=None if piece.to == FAR_FUTURE else piece.to,
            status=piece.status,
            reason="other_scheme_prevails" if not piece.prevails else REASONS.get(piece.status),
            capacity=piece.capacity,
            waiting_from=piece.from_ if piece.status is Status.WAITING else None,
            suspended_from=piece.from_ if suspended else None,
            entered_on=piece.from_ - timedelta(days=1),
            prevails=piece.prevails,
            because=piece.because,
            **covered,
        )
