"""Who is insured as what (arts. 2, 8, 11, 15, 66): the categories of a person over time."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.facts import (
    ApprovalEnded,
    EmployerRegistered,
    Enrolled,
    EnrolmentEnded,
    GroupRecognised,
    ModeChanged,
    PersonDied,
    Retired,
    TransferOutRequested,
)
from domain.municipalities.dingxi.employment import on_roll
from domain.municipalities.dingxi.policy import figure
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, Moment, Month, add_days
from domain.values.period import Period
from domain.values.terms import Capacity, Funding, Group, Mode, Scheme

OUTSIDE_GROUPS = (Group.VETERAN_CADRE, Group.RED_ARMY_VETERAN, Group.DISABLED_SERVICEMAN_2B)


class Category(Struct, frozen=True):
    """The standing in which a month is owed: capacity, mode, and the employer of an employed member."""

    capacity: Capacity
    mode: Mode = Mode.COMBINED
    employer: str | None = None

    @property
    def full_standard(self) -> bool:
        """Everybody but a flexible member at the pooling-only rate (the two mode names are the contract's)."""
        return self.capacity is not Capacity.FLEXIBLE or self.mode is Mode.COMBINED


class Enrolment(Struct, frozen=True):
    """Days on which a person is enrolled in one category."""

    category: Category
    days: Period


@rule("DX-2a", article="第二条")
def mandatory(employer: str | None) -> Category:
    """Whoever works for an employer in the city is insured through it."""
    return Category(Capacity.EMPLOYED, Mode.COMBINED, employer)


@rule("DX-2b", article="第二条")
def voluntary(mode: Mode) -> Category:
    """Flexible members choose between the full rate with an account and the pooling-only rate."""
    return Category(Capacity.FLEXIBLE, mode)


def category_of(capacity: Capacity | None, mode: Mode, employer: str | None) -> Category:
    """The category that a fact names; without a capacity its employer or mode tells."""
    if capacity is None:
        flexible = employer is None and mode is Mode.POOLING_ONLY
        capacity = Capacity.FLEXIBLE if flexible else Capacity.EMPLOYED
    if capacity is Capacity.EMPLOYED:
        return mandatory(employer).value
    if capacity is Capacity.FLEXIBLE:
        return voluntary(mode).value
    return Category(capacity)


@per_view
def enrolments(view: View, person: str) -> list[Enrolment]:
    """Every enrolment in the employee scheme, in order, ended by its end or by a later one of its kind."""
    facts = [f for f in view.facts(Enrolled, person=person) if f.scheme is Scheme.EMPLOYEE]
    ends = [f for f in view.facts(EnrolmentEnded, person=person) if f.scheme is Scheme.EMPLOYEE]
    found: list[Enrolment] = []
    for number, fact in enumerate(facts):
        category = category_of(fact.capacity, fact.mode, fact.employer)
        closing = [add_days(e.on, 1) for e in ends if e.on >= fact.on and _ends(e, category)]
        if fact.to is not None:
            closing.append(fact.to)
        closing += [other.on for other in facts[number + 1 :] if other.on > fact.on]
        end = min(closing, default=None)
        found.extend(_by_mode(view, person, category, Period(fact.on, end)))
    return found


def _ends(end: EnrolmentEnded, category: Category) -> bool:
    if end.employer is not None and category.employer is not None:
        return end.employer == category.employer
    return end.capacity in (None, category.capacity)


def _by_mode(view: View, person: str, category: Category, days: Period) -> Iterator[Enrolment]:
    start, current = days.from_, category
    if category.capacity is Capacity.FLEXIBLE:
        for change in view.facts(ModeChanged, person=person):
            if start < change.on < days.end and change.mode is not current.mode:
                yield Enrolment(current, Period(start, change.on))
                start, current = change.on, voluntary(change.mode).value
    yield Enrolment(current, Period(start, days.to))


def enrolled_on(view: View, person: str, day: date) -> Category | None:
    """The category in which a person is enrolled on a day, as registered."""
    found = [each.category for each in enrolments(view, person) if day in each.days]
    return found[-1] if found else None


def in_month(view: View, person: str, category: Category, month: Month) -> Category:
    """A category in an open month: a switch of rate counts from the month after it (DX-11e)."""
    if category.capacity is not Capacity.FLEXIBLE:
        return category
    chosen = [
        (fact.on, fact.mode)
        for fact in view.facts(Enrolled, person=person)
        if fact.capacity is Capacity.FLEXIBLE and fact.on <= month.last_day
    ]
    switched = [(f.on, f.mode) for f in view.facts(ModeChanged, person=person) if Month.of(f.on) < month]
    known = sorted([*chosen, *switched], key=lambda each: each[0])
    return voluntary(known[-1][1]).value if known else category


def left_by(view: View, person: str, day: date) -> bool:
    """True when the last registered enrolment ended before the day and no other is open."""
    known = [each for each in enrolments(view, person) if each.days.from_ <= day]
    ends = view.facts(EnrolmentEnded, person=person)
    over = any(e.on < day and e.scheme is Scheme.EMPLOYEE for e in ends)
    return over and not any(day in each.days for each in known)


def funding(view: View, employer: str, day: date) -> Funding | None:
    """Whether an employer is paid from the budget, as last registered by the day; None when unregistered."""
    found = view.facts(EmployerRegistered, employer=employer)
    before = [fact for fact in found if fact.on <= day]
    if before:
        return before[-1].funding
    return found[0].funding if found else None


@per_view
def joined_resident(view: View, person: str) -> list[date]:
    """The days on which the person joined the resident scheme."""
    return sorted(f.on for f in view.facts(Enrolled, person=person) if f.scheme is Scheme.RESIDENT)


@per_view
def transferred_out(view: View, person: str) -> list[date]:
    """The days on which the relation left for another region."""
    found = view.facts(TransferOutRequested, person=person)
    return [fact.on for fact in found if fact.scheme is Scheme.EMPLOYEE]


@rule("DX-66a", article="第六十六条")
def outside_scheme(view: View, person: str, day: date) -> bool:
    """Veteran cadres, Red Army veterans and disabled servicemen of class 2-B are provided for by the state."""
    return any(day in period for period in outside_periods(view, person))


@per_view
def outside_periods(view: View, person: str) -> list[Period]:
    """Days on which the person belongs to a group that the state provides for."""
    ends = view.facts(ApprovalEnded, person=person)
    found = []
    for fact in view.facts(GroupRecognised, person=person):
        if fact.group in OUTSIDE_GROUPS:
            start = fact.from_ or fact.on
            later = [e.on for e in ends if e.group is fact.group and e.on >= start]
            end = min([*later, fact.to or FAR_FUTURE])
            found.append(Period(start, None if end == FAR_FUTURE else end))
    return found


@rule("DX-8a", article="第八条")
def registered_late(view: View, fact: EmployerRegistered) -> bool:
    """An employer applies within thirty days of being established; later is flagged and moves nothing."""
    if fact.established_on is None:
        return False
    days: int = figure(view, "registration.days", fact.on)
    return (fact.applied_on or fact.on) > add_days(fact.established_on, days)


def first_enrolled(view: View, person: str, since: date, until: date) -> date | None:
    """The first day of enrolment in the employee scheme within a stretch of days."""
    days = [each.days.from_ for each in enrolments(view, person) if since <= each.days.from_ < until]
    return min(days, default=None)


def roll(view: View, employer: str, month: Month) -> list[str]:
    """Everybody on an employer's roll in a month, by their enrolments and opening histories."""
    people: dict[str, None] = {}
    for fact in view.known(f"employer:{employer}"):
        person = getattr(fact, "person", None)
        if isinstance(person, str):
            people[person] = None
    return [
        person
        for person in people
        if on_roll(view, person, employer, month) and not off_roll(view, person, month)
    ]


def off_roll(view: View, person: str, month: Month, by: Moment | None = None) -> bool:
    """Retired or dead before a month, or provided for by the state: not in the wage bill (as known `by` then)."""
    retired = [f for f in view.facts(Retired, person=person) if by is None or f.recorded <= by]
    if retired and Month.of(retired[-1].on) < month:
        return True
    deaths = [f for f in view.facts(PersonDied, person=person) if by is None or f.recorded <= by]
    if deaths and Month.of(deaths[-1].on) < month:
        return True
    return outside_scheme(view, person, month.first_day).value
