"""Two schemes at once: which one pays on a day (article 52), and the resident days themselves."""

from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from domain.events.consequences import Problem
from domain.facts import OpeningStatus, SchemeChosen
from domain.municipalities.suizhou.cover import Cover, employee_cover
from domain.municipalities.suizhou.resident import accepted
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE
from domain.values.period import Period, split_at
from domain.values.terms import Capacity, Scheme, Status


class ResidentDays(Struct, frozen=True):
    """Days of one status in the resident scheme."""

    from_: date
    to: date | None
    status: Status
    capacity: Capacity = Capacity.RESIDENT
    prevails: bool = True
    problem: Problem | None = None
    because: tuple[str, ...] = ()
    raw: bool = True
    """Paid for these days, whichever scheme pays."""

    def __contains__(self, day: date) -> bool:
        return self.from_ <= day < (self.to or FAR_FUTURE)


@rule("SZ-52b", article="第五十二条")
def employee_scheme_pays(employee_covered: bool) -> bool:
    """While employee benefits run they pay; a paid resident year rests and pays again when they stop."""
    return employee_covered


@rule("SZ-52e", article="第五十二条")
def chosen_scheme_pays(chosen: Scheme) -> Scheme:
    """A flexible member's recorded choice decides from its effective date."""
    return chosen


@per_view
def choices(view: View, person: str) -> tuple[tuple[date, Scheme], ...]:
    """Choices that count: made by a flexible member."""
    cover = employee_cover(view, person)
    found = []
    for fact in view.facts(SchemeChosen, person=person):
        there = [piece for piece in cover if fact.on in piece]
        if there and there[0].capacity is Capacity.FLEXIBLE:
            found.append((fact.on, chosen_scheme_pays(fact.scheme).value))
    return tuple(found)


def chosen_on(view: View, person: str, day: date) -> Scheme | None:
    """The scheme chosen last on or before a day."""
    known = [scheme for on, scheme in choices(view, person) if on <= day]
    return known[-1] if known else None


@per_view
def resident_days(view: View, person: str) -> tuple[ResidentDays, ...]:
    """Every day with a status in the resident scheme, apart from what another scheme pays."""
    pieces: list[ResidentDays] = []
    for entry in accepted(view, person):
        capacity = Capacity.NEWBORN if entry.newborn else Capacity.RESIDENT
        if entry.held is not None and not entry.held.is_empty:
            held = ResidentDays(
                entry.held.from_, entry.held.to, entry.held_as, capacity, because=entry.because
            )
            pieces = _laid(pieces, held, keep=True)
        if entry.covered is not None and not entry.covered.is_empty:
            covered = ResidentDays(
                entry.covered.from_, entry.covered.to, Status.COVERED, capacity, because=entry.because
            )
            pieces = _laid(pieces, covered)
    for fact in view.facts(OpeningStatus, person=person):
        if fact.scheme is Scheme.RESIDENT and fact.status is not Status.NONE:
            given = ResidentDays(
                fact.from_ or fact.on,
                fact.to,
                fact.status,
                fact.capacity or Capacity.RESIDENT,
                because=("SZ-79a",),
            )
            pieces = _laid(pieces, given)
    died = view.died_on(person)
    if died is not None:
        end = died + timedelta(days=1)
        pieces = [replace(p, to=min(p.to or FAR_FUTURE, end)) for p in pieces if p.from_ < end]
    return tuple(sorted(pieces, key=lambda piece: piece.from_))


def _laid(pieces: list[ResidentDays], new: ResidentDays, keep: bool = False) -> list[ResidentDays]:
    """Lay days over others; with `keep` covered days stay as they are."""
    end = new.to or FAR_FUTURE
    found: list[ResidentDays] = []
    for piece in pieces:
        if (
            keep
            and piece.status is Status.COVERED
            and piece.from_ < end
            and (piece.to or FAR_FUTURE) > new.from_
        ):
            return pieces
        if piece.from_ < new.from_:
            found.append(replace(piece, to=min(piece.to or FAR_FUTURE, new.from_)))
        if (piece.to or FAR_FUTURE) > end:
            found.append(replace(piece, from_=max(piece.from_, end)))
    found.append(new)
    return sorted((p for p in found if p.from_ < (p.to or FAR_FUTURE)), key=lambda piece: piece.from_)


@per_view
def resident_cover(view: View, person: str) -> tuple[ResidentDays, ...]:
    """Days of the resident scheme; covered ones rest while the employee scheme pays."""
    covers = employee_cover(view, person)
    cuts = [day for c in covers for day in (c.from_, c.to) if day is not None]
    cuts += [on for on, _ in choices(view, person)]
    found: list[ResidentDays] = []
    for piece in resident_days(view, person):
        for part in split_at(Period(piece.from_, piece.to), cuts):
            own = replace(piece, from_=part.from_, to=part.to)
            if own.status is Status.COVERED and not resident_pays(view, person, part.from_):
                ids = ("SZ-52e",) if choices(view, person) else ("SZ-52b",)
                own = replace(own, status=Status.SUSPENDED, prevails=False, because=(*own.because, *ids))
            if found and found[-1].to == own.from_ and _alike(found[-1], own):
                own = replace(own, from_=found.pop().from_)
            found.append(own)
    return tuple(found)


def _alike(one: ResidentDays, other: ResidentDays) -> bool:
    same = (one.status, one.capacity, one.prevails) == (other.status, other.capacity, other.prevails)
    return same and one.from_.year == other.from_.year


def employee_on(view: View, person: str, day: date) -> Cover | None:
    """The days of the employee scheme in which a day lies."""
    return next((piece for piece in employee_cover(view, person) if day in piece), None)


def resident_on(view: View, person: str, day: date) -> ResidentDays | None:
    """The days of the resident scheme in which a day lies."""
    return next((piece for piece in resident_days(view, person) if day in piece), None)


def resident_pays(view: View, person: str, day: date) -> bool:
    """Whether covered resident days pay: not while employee benefits run, nor after they were given up."""
    chosen = chosen_on(view, person, day)
    if chosen is not None:
        return chosen is Scheme.RESIDENT
    own = employee_on(view, person, day)
    return not employee_scheme_pays(own is not None and own.status is Status.COVERED).value


def paying_scheme(view: View, person: str, day: date) -> Scheme | None:
    """The scheme that pays for a day; None when no one does."""
    own = employee_on(view, person, day)
    resident = resident_on(view, person, day)
    resident_covered = resident is not None and resident.status is Status.COVERED
    if resident_covered and resident_pays(view, person, day):
        return Scheme.RESIDENT
    return Scheme.EMPLOYEE if own is not None and own.status is Status.COVERED else None


def employee_cover_as_paid(view: View, person: str) -> tuple[tuple[date, date | None, Status], ...]:
    """Days of the employee scheme; covered ones rest where a choice gives them to the resident scheme."""
    cuts = [day for p in resident_days(view, person) for day in (p.from_, p.to) if day is not None]
    cuts += [on for on, _ in choices(view, person)]
    found: list[tuple[date, date | None, Status]] = []
    for piece in employee_cover(view, person):
        parts = split_at(Period(piece.from_, piece.to), cuts) if choices(view, person) else [piece]
        for part in parts:
            rests = (
                piece.status is Status.COVERED
                and bool(choices(view, person))
                and paying_scheme(view, person, part.from_) is Scheme.RESIDENT
            )
            found.append((part.from_, part.to, Status.SUSPENDED if rests else piece.status))
    return tuple(found)
