"""Benefit status over time (art. 20): pieces of days on which everything is the same."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.facts import EnrolmentEnded, ModeChanged
from domain.municipalities.dingxi.arrears import (
    Run,
    special_disease_stop,
    suspension,
)
from domain.municipalities.dingxi.enrolment import (
    Category,
    enrolled_on,
    enrolments,
    in_month,
    outside_periods,
    outside_scheme,
)
from domain.municipalities.dingxi.payments import months
from domain.municipalities.dingxi.retirement import (
    mode_after,
    retired_fact,
    retiree_from,
    retirement_month,
    unsettled_from,
)
from domain.municipalities.dingxi.spells import Spell, absences, missed_runs, runs_by_spell, spells
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, Month
from domain.values.period import Period, split_at
from domain.values.terms import Capacity, Mode, Status


class Piece(Struct, frozen=True):
    """Days on which a person's standing is the same."""

    days: Period
    status: Status
    reason: str | None = None
    category: Category | None = None
    run: Run | None = None
    covered_from: date | None = None
    covered_to: date | None = None
    waiting_from: date | None = None
    suspended_from: date | None = None
    because: tuple[str, ...] = ()


class Timeline(Struct, frozen=True):
    """What decides status inside one membership."""

    spell: Spell
    suspensions: tuple[tuple[Period, Run | None], ...]
    retires: date | None
    retired_from: date | None
    runs: tuple[Run, ...]


@per_view
def pieces(view: View, person: str) -> list[Piece]:
    """All pieces of a person in the employee scheme, in order; other days are `none`."""
    found: list[Piece] = []
    for spell, own in zip(spells(view, person), runs_by_spell(view, person), strict=True):
        line = _timeline(view, person, spell, own)
        whole = Period(spell.entered, None if spell.end == FAR_FUTURE else spell.end)
        if whole.is_empty or spell.entered == FAR_FUTURE:
            continue
        for days in split_at(whole, _cuts(view, person, line)):
            found.append(_piece(view, person, line, days))
    for away in absences(view, person):
        found = [replace(piece, days=days) for piece in found for days in _outside(piece.days, away)]
    return _with_outlook(_merged(found))


def _outside(days: Period, away: Period) -> Iterator[Period]:
    """The days of a period that do not lie in another."""
    for part in split_at(days, (away.from_, away.end)):
        if part.from_ not in away:
            yield part


def piece_on(view: View, person: str, day: date) -> Piece:
    """The standing on a day."""
    if outside_scheme(view, person, day).value:
        return Piece(Period(day), Status.NONE, "not_in_scheme", because=("DX-66a",))
    for piece in pieces(view, person):
        if day in piece.days:
            return piece
    return Piece(Period(day), Status.NONE, "not_enrolled", because=("DX-2a",))


def in_arrears(view: View, person: str, day: date) -> tuple[str, ...] | None:
    """The rules by which special outpatient care is stopped on a day for a missed month; None when it is not."""
    for run in missed_runs(view, person):
        stop = special_disease_stop(view, run)
        if stop.value is not None and day in stop.value:
            return stop.because
    return None


def _timeline(view: View, person: str, spell: Spell, own: list[Run]) -> Timeline:
    month = retirement_month(view, person)
    retires = None if month is None else month.plus(1).first_day
    # Months may be paid for a membership after the retirement that ends it; no month lies behind it (DX-20g).
    if retires is not None and not (retires <= spell.end and (spell.paid or spell.entered < retires)):
        retires = None
    retired_from = retiree_from(view, person).value if retires is not None else None
    if month is None and spell.start is not None and not spell.paid:
        retires = retired_from = spell.start
    stops: list[tuple[Period, Run | None]] = []
    for run in own:
        period = suspension(view, run, spell.paid, retires).value
        if period is not None:
            stops.append((period, run))
    owing = unsettled_from(view, person) if retires is not None and month is not None else None
    if owing is not None and (retired_from is None or owing < retired_from):
        stops.append((Period(owing, retired_from), None))
    return Timeline(spell, tuple(stops), retires, retired_from, tuple(own))


def _cuts(view: View, person: str, line: Timeline) -> Iterator[date]:
    spell = line.spell
    if spell.start is not None:
        yield spell.start
    for period, _ in line.suspensions:
        yield period.from_
        yield period.end
    for run in line.runs:
        yield run.starts
        if run.cleared_on is not None:
            yield run.cleared_on
    for day in (line.retires, line.retired_from):
        if day is not None:
            yield day
    for month in spell.paid:
        yield month.first_day
        yield month.plus(1).first_day
    for change in view.facts(ModeChanged, person=person):
        yield Month.of(change.on).plus(1).first_day
    for each in enrolments(view, person):
        yield each.days.from_
        yield each.days.end
    for period in outside_periods(view, person):
        yield period.from_
        yield period.end


def _piece(view: View, person: str, line: Timeline, days: Period) -> Piece:
    spell, day = line.spell, days.from_
    if outside_scheme(view, person, day).value:
        return Piece(days, Status.NONE, "not_in_scheme", because=("DX-66a",))
    category = category_on(view, person, spell, day)
    if spell.start is None or day < spell.start:
        return Piece(
            days,
            Status.WAITING,
            "waiting_period",
            category,
            covered_from=spell.start,
            waiting_from=spell.entered,
            because=spell.because,
        )
    run = _run_on(line, day)
    if line.retired_from is not None and day >= line.retired_from:
        retired = Category(
            Capacity.RETIRED, mode_after(view, person) if retired_fact(view, person) else Mode.COMBINED
        )
        return Piece(days, Status.COVERED, category=retired, because=("DX-14d", "DX-14a", "DX-20g"))
    stops = [(period, cause) for period, cause in line.suspensions if day in period]
    if stops:
        period, cause = min(stops, key=lambda stop: stop[0].from_)
        because = ("DX-20c", "DX-20d") if cause is not None else ("DX-14d",)
        return Piece(
            days,
            Status.SUSPENDED,
            "suspended",
            category,
            cause or run,
            suspended_from=period.from_,
            because=because,
        )
    because = (*spell.because, *(("DX-20d", "DX-20e") if run is not None else ()))
    return Piece(days, Status.COVERED, category=category, run=run, because=because)


def _run_on(line: Timeline, day: date) -> Run | None:
    found = None
    for run in line.runs:
        ends = [period.end for period, cause in line.suspensions if cause is run]
        over = max([run.cleared_on or FAR_FUTURE, *ends])
        if run.starts <= day < over:
            found = run
    return found


def category_on(view: View, person: str, spell: Spell, day: date) -> Category | None:
    """The category of a day: that of the month's payment, else of the enrolment, else the last one known."""
    month = Month.of(day)
    paid = spell.paid.get(month)
    if paid is not None:
        return paid.category
    enrolled = enrolled_on(view, person, day) or enrolled_on(view, person, month.last_day)
    if enrolled is not None:
        return in_month(view, person, enrolled, month)
    earlier = [m for m in spell.paid if m < month]
    if earlier:
        return in_month(view, person, spell.paid[max(earlier)].category, month)
    return spell.paid[min(spell.paid)].category if spell.paid else None


def paid_standing(view: View, person: str, day: date) -> Category | None:
    """As what the month was paid for somebody whose enrolment has ended: registering late changes nothing (DX-8a).

    Whoever pays for a month as employer employs her in it, unless she left that employer in the month, or the money
    came before she left.
    """
    month = Month.of(day)
    paid = months(view, person).get(month)
    if paid is None or paid.category.capacity is not Capacity.EMPLOYED:
        return paid.category if paid is not None else None
    left = [
        end.on
        for end in view.facts(EnrolmentEnded, person=person)
        if end.on < day and end.employer in (None, paid.category.employer)
    ]
    paid_on = max(each.paid_on for each in paid.payments)
    again = not left or (max(left) < month.first_day and paid_on > max(left))
    return paid.category if again else None


def _merged(found: list[Piece]) -> list[Piece]:
    result: list[Piece] = []
    for piece in found:
        last = result[-1] if result else None
        if last is not None and last.days.to == piece.days.from_ and replace(last, days=piece.days) == piece:
            result[-1] = replace(piece, days=Period(last.days.from_, piece.days.to))
        else:
            result.append(piece)
    return result


def _with_outlook(found: list[Piece]) -> list[Piece]:
    """Add to each piece when its cover began or ends, or when cover begins again."""
    result = []
    for number, piece in enumerate(found):
        if piece.status is Status.COVERED:
            first = number
            while first and _covers_on(found[first - 1], found[first]):
                first -= 1
            last = number
            while last + 1 < len(found) and _covers_on(found[last], found[last + 1]):
                last += 1
            piece = replace(piece, covered_from=found[first].days.from_, covered_to=found[last].days.to)
        elif piece.status is Status.SUSPENDED:
            later = [p.days.from_ for p in found[number + 1 :] if p.status is Status.COVERED]
            piece = replace(piece, covered_from=min(later, default=None))
        result.append(piece)
    return result


def _covers_on(one: Piece, other: Piece) -> bool:
    return one.status is other.status is Status.COVERED and one.days.to == other.days.from_
