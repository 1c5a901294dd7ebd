"""Entry into the resident scheme: which payments are accepted, and what they cover (articles 36 to 41)."""

from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import FactMissing, Unanswerable
from domain.events.consequences import Problem
from domain.facts import Enrolled, OpeningStatus, OtherCoverRecorded, ResidentContributionPaid
from domain.municipalities.suizhou import window
from domain.municipalities.suizhou.cover import employee_cover
from domain.municipalities.suizhou.groups import groups_on, standard, subsidy
from domain.municipalities.suizhou.policy import CITY, figure, problem_of, require_force
from domain.municipalities.suizhou.resident_refund import taken_back
from domain.rulebook.announcements import announcement
from domain.rulebook.citation import Finding, joined
from domain.rulebook.view import View, per_view
from domain.values.period import Period
from domain.values.terms import Capacity, Eligibility, OtherCover, ResidentBasis, Scheme, Status


class Entry(Struct, frozen=True):
    """What became of one payment or registration for one coverage year."""

    fact: str
    year: int
    paid_on: date
    covered: Period | None
    held: Period | None = None
    """Days before cover on which the payment is pending or waiting."""
    held_as: Status = Status.PENDING
    reason: str | None = None
    problem: Problem | None = None
    because: tuple[str, ...] = ()
    newborn: bool = False
    refund: str | None = None
    """The request that gave it back: then it covers nothing."""


@per_view
def entries(view: View, person: str) -> tuple[Entry, ...]:
    """Every registration of a newborn and every payment, in the order of effect."""
    found = [_newborn(view, person, fact) for fact in newborn_registrations(view, person)]
    payments = [p for p in view.facts(ResidentContributionPaid, person=person) if person in p.persons]
    done: list[Entry] = list(found)
    for payment in payments:
        gone = taken_back(view, person, payment.year, payment)
        done.append(replace(_judged(view, person, payment, done), refund=gone.id if gone else None))
    return tuple(done)


def newborn_registrations(view: View, person: str) -> list[Enrolled]:
    """Registrations of a child born in or before the year."""
    return [
        fact
        for fact in view.facts(Enrolled, person=person)
        if fact.capacity is Capacity.NEWBORN
        or (fact.scheme is Scheme.RESIDENT and fact.eligibility is not None)
        if fact.scheme is Scheme.RESIDENT or fact.capacity is Capacity.NEWBORN
    ]


def _newborn(view: View, person: str, fact: Enrolled) -> Entry:
    try:
        require_force(view, fact.on)
        born = view.person(person).born_on
        if born is None:
            raise FactMissing("person_registered.born_on", fact.on, ("SZ-38a",))
        if not _belongs_here(fact, view.person(person).household_registration):
            return Entry(fact.id, born.year, fact.on, None, reason="not_eligible", because=("SZ-38a",))
        within = int(figure(view, "resident.newborn_months", fact.on))
        cover = window.newborn_year(born, fact.on, within)
    except Unanswerable as error:
        return Entry(fact.id, fact.on.year, fact.on, None, problem=problem_of(error), because=error.because)
    reason = None if cover.value is not None else "registration_too_late"
    return Entry(fact.id, born.year, fact.on, cover.value, reason=reason, because=cover.because, newborn=True)


def _belongs_here(fact: Enrolled, household: str | None) -> bool:
    """Registered where a parent is insured or where the child's own household is: here (SZ-38a)."""
    if fact.eligibility not in (None, Eligibility.PARENT_INSURED, Eligibility.HOUSEHOLD_REGISTRATION):
        return False
    stated = fact.eligibility_place
    if stated is None and fact.eligibility is not Eligibility.HOUSEHOLD_REGISTRATION:
        stated = CITY if fact.eligibility is Eligibility.PARENT_INSURED else household or CITY
    places = [place for place in (stated, household) if place is not None] or [CITY]
    return any(place.startswith(CITY) for place in places)


def _judged(view: View, person: str, payment: ResidentContributionPaid, before: list[Entry]) -> Entry:
    year, paid_on = payment.year, payment.on
    try:
        require_force(view, paid_on)
        if payment.basis is ResidentBasis.NEWBORN:
            return _newborn_payment(view, person, payment)
        found = _ground(view, person, payment, before)
    except Unanswerable as error:
        return Entry(payment.id, year, paid_on, None, problem=problem_of(error), because=error.because)
    if found is None:
        outside = window.no_other_entry(paid_on)
        return Entry(payment.id, year, paid_on, None, reason=outside.value, because=outside.because)
    if not _in_full(view, person, payment):
        return Entry(payment.id, year, paid_on, None, because=("SZ-36d",))
    held, cover = found.value
    end = date(year + 1, 1, 1)
    covered = Period(cover, end) if cover is not None and cover < end else None
    waiting = Period(held, min(cover or end, end)) if held is not None else None
    as_ = Status.WAITING if "SZ-40b" in found.because else Status.PENDING
    return Entry(payment.id, year, paid_on, covered, waiting, as_, because=found.because)


def _newborn_payment(view: View, person: str, payment: ResidentContributionPaid) -> Entry:
    """A birth year entered as a payment of nothing: the registration of article 38."""
    born = view.person(person).born_on
    if born is None:
        raise FactMissing("person_registered.born_on", payment.on, ("SZ-38a",))
    cover = window.newborn_year(born, payment.on, int(figure(view, "resident.newborn_months", payment.on)))
    reason = None if cover.value is not None else "registration_too_late"
    if payment.year != born.year:
        cover, reason = Finding(None, ("SZ-36c",)), "outside_window"
    return Entry(payment.id, payment.year, payment.on, cover.value, reason=reason, because=cover.because)


def _in_full(view: View, person: str, payment: ResidentContributionPaid) -> bool:
    """Part payments of a year add up; without an amount, or without a known standard, all was paid."""
    if payment.amount is None:
        return True
    try:
        whole = standard(view, payment.year, payment.on).value
        help_ = subsidy(view, person, payment.year, payment.on).value
    except Unanswerable:
        return True
    received = 0
    for other in view.facts(ResidentContributionPaid, person=person):
        if other.year != payment.year or (other.on, view.order(other)) > (payment.on, view.order(payment)):
            continue
        if taken_back(view, person, other.year, other) not in (
            None,
            taken_back(view, person, other.year, payment),
        ):
            continue
        if other.amount is None:
            return True
        received += int(other.amount)
        help_ = max(help_, int(other.subsidy or 0))
    return received + help_ >= whole


Ground = Finding[tuple[date | None, date | None]]
"""First day on which a payment is held (pending, waiting), first day covered."""


def _ground(view: View, person: str, payment: ResidentContributionPaid, before: list[Entry]) -> Ground | None:
    """The first ground of articles 36 to 41 on which a payment is accepted."""
    year, day, basis = payment.year, payment.on, payment.basis
    opens = figure(view, "resident.window_first_day", max(day, date(2024, 1, 1)))
    ordinary = window.ordinary(year, day, str(opens))
    if ordinary.value is not None:
        return Finding((None, ordinary.value), ordinary.because)
    extra = _announced_window(view, year, day)
    if extra is not None:
        return extra
    if basis in (None, ResidentBasis.WINDOW, ResidentBasis.EXTENDED_WINDOW):
        renewing = payment.migrant_or_returned and _covered_in(view, person, year - 1, before)
        last = int(figure(view, "resident.extended_last_month", day))
        extended = window.extended(year, day, renewing, last)
        if extended.value is not None:
            return Finding((None, extended.value), extended.because)
    if day.year != year:
        return None
    return _within_the_year(view, person, payment)


def _within_the_year(view: View, person: str, payment: ResidentContributionPaid) -> Ground | None:
    year, day, basis = payment.year, payment.on, payment.basis
    recognised = "severe_mental_disorder" in groups_on(view, person, day)
    if basis is ResidentBasis.DYNAMIC_ADDITION or (basis is None and recognised):
        added = window.dynamic_addition(day)
        return Finding((day, added.value), added.because)
    if basis in (None, ResidentBasis.NEWBORN_SECOND_YEAR):
        born = view.person(person).born_on
        if born is None and basis is not None:
            raise FactMissing("person_registered.born_on", day, ("SZ-38b",))
        if born is not None and born.year == year - 1:
            second = window.newborn_second_year(day)
            return Finding((None, second.value), second.because)
    ended = _ended_cover(view, person, day, basis)
    if ended is None:
        return None
    first_without, ids = ended
    switch = int(figure(view, "resident.switch_months", day))
    return _with(ids, window.switched(day, first_without, switch, int(figure(view, "waiting.months", day))))


def _with(ids: tuple[str, ...], found: Ground) -> Ground:
    return Finding(found.value, joined(ids, found.because))


def _ended_cover(
    view: View, person: str, day: date, basis: ResidentBasis | None
) -> tuple[date, tuple[str, ...]] | None:
    """First day without employee benefits (SZ-40a) or without another statutory cover (SZ-41a)."""
    if basis in (None, ResidentBasis.FROM_EMPLOYEE):
        first = first_day_without(view, person, day)
        if first is not None:
            return first, ()
    if basis in (None, ResidentBasis.FROM_OTHER_COVER):
        covers = (OtherCover.MILITARY, OtherCover.PUBLIC_MEDICAL_CARE, OtherCover.CUSTODY)
        known = [f for f in view.facts(OtherCoverRecorded, person=person) if f.cover in covers]
        ends = [window.other_cover_ended(f.to or f.on + timedelta(days=1)) for f in known]
        if ends:
            return ends[-1].value, ends[-1].because
    return None


def first_day_without(view: View, person: str, day: date) -> date | None:
    """The first day without employee benefits after the last covered one; None without any cover."""
    covered = [piece for piece in employee_cover(view, person) if piece.status is Status.COVERED]
    begun = [piece for piece in covered if piece.from_ <= day]
    if not begun or begun[-1].to is None:
        return None
    end = begun[-1].to
    for piece in covered:
        if piece.from_ == end and piece.to is not None:
            end = piece.to
    return end


def _announced_window(view: View, year: int, day: date) -> Ground | None:
    """An extra window opened by the city (P15)."""
    fact = announcement(view, "enrolment_window", date(year, 1, 1), year=year)
    if fact is None or not isinstance(fact.value, dict):
        return None
    terms = {name: date.fromisoformat(str(text)) for name, text in fact.value.items() if _is_day(text)}
    opened = window.announced_window(day, terms.get("first_day"), terms.get("last_day"))
    if not opened.value:
        return None
    return Finding((None, max(terms.get("covered_from", day), date(year, 1, 1))), opened.because)


def _is_day(text: object) -> bool:
    return isinstance(text, str) and len(text) == len("2024-01-01") and text[4] == "-"


def _covered_in(view: View, person: str, year: int, before: list[Entry]) -> bool:
    """Covered in the resident scheme here on some day of a year."""
    whole = Period(date(year, 1, 1), date(year + 1, 1, 1))
    if any(e.covered is not None and e.covered.overlaps(whole) and e.refund is None for e in before):
        return True
    return any(
        fact.scheme is Scheme.RESIDENT
        and fact.status is Status.COVERED
        and Period(fact.from_ or fact.on, fact.to).overlaps(whole)
        for fact in view.facts(OpeningStatus, person=person)
    )


@per_view
def accepted(view: View, person: str) -> tuple[Entry, ...]:
    """Entries that cover something and were not refunded."""
    return tuple(
        e for e in entries(view, person) if e.reason is None and e.problem is None and e.refund is None
    )


def gives_back(view: View, person: str, request: str) -> bool:
    """Whether a request found an accepted payment that it gives back."""
    found = entries(view, person)
    return any(e.refund == request and e.reason is None and e.problem is None for e in found)
