"""Who a person is for the scheme: groups, cover elsewhere, and what ends the relation."""

from datetime import date

from domain.facts import (
    ApprovalEnded,
    EnrolmentEnded,
    GroupRecognised,
    OtherCoverRecorded,
    PersonRegistered,
)
from domain.municipalities.jinjiang.figures import figure
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, Moment, add_days, add_years
from domain.values.identity import same_prefecture
from domain.values.period import Period, merged
from domain.values.terms import EndReason, Group, Occupation, OtherCover, Scheme

CITY = "350582"
LEAVING = (EndReason.SETTLED_ABROAD, EndReason.ENLISTED, EndReason.MOVED_AWAY, EndReason.DIED)
OUTSIDE_MAINLAND = ("71", "81", "82")


def at(view: View, moment: Moment) -> View:
    """The same facts as known at an earlier moment."""
    if moment >= view.moment:
        return view
    return view.at(moment)


@per_view
def memberships(view: View, person: str) -> list[tuple[GroupRecognised, Period]]:
    """Every recognised group with its days; an ended approval cuts it."""
    ends = view.facts(ApprovalEnded, person=person)
    found = []
    for fact in view.facts(GroupRecognised, person=person):
        period = Period(fact.from_ or fact.on, fact.to)
        cuts = [e.on for e in ends if e.group is fact.group and e.on >= period.from_]
        end = min([period.end, *cuts])
        found.append((fact, Period(period.from_, None if end == FAR_FUTURE else end)))
    return found


def groups_on(view: View, person: str, day: date) -> list[GroupRecognised]:
    """The groups of a person on a day (from inside, to outside)."""
    return [fact for fact, period in memberships(view, person) if day in period]


def in_group(view: View, person: str, group: Group, day: date) -> GroupRecognised | None:
    """The recognition of a group that holds on a day."""
    return next((fact for fact in groups_on(view, person, day) if fact.group is group), None)


@per_view
def covers(view: View, person: str, kind: OtherCover) -> list[Period]:
    """Days of a cover outside this ledger; a record of its end alone closes the one that was open."""
    found: list[Period] = []
    for fact in sorted(view.facts(OtherCoverRecorded, person=person), key=view.order):
        if fact.cover is not kind:
            continue
        if fact.from_ is not None or fact.to is None:
            found.append(Period(fact.from_ or fact.on, fact.to))
            continue
        open_ones = [p for p in found if p.from_ < fact.to < p.end]
        found = [p for p in found if p not in open_ones]
        found += [Period(p.from_, fact.to) for p in open_ones] or [Period(date.min, fact.to)]
    return merged(found)


def employee_covers(view: View, person: str) -> list[Period]:
    """Days in the employee scheme, as known."""
    return covers(view, person, OtherCover.EMPLOYEE)


def covered_as_employee(view: View, person: str, day: date) -> bool:
    """True on a day with employee cover."""
    return any(day in period for period in employee_covers(view, person))


def signed_off(view: View, person: str) -> bool:
    """True when the member signed off for another scheme."""
    return any(
        fact.scheme is Scheme.RESIDENT and fact.reason is EndReason.JOINED_OTHER_SCHEME
        for fact in view.facts(EnrolmentEnded, person=person)
    )


@per_view
def departures(view: View, person: str) -> list[date]:
    """Days on which an event ended the relation by itself: abroad, enlisted, moved out, died (last covered day)."""
    days = [
        fact.on
        for fact in view.facts(EnrolmentEnded, person=person)
        if fact.scheme is Scheme.RESIDENT and fact.reason in LEAVING
    ]
    died = view.died_on(person)
    if died is not None:
        days.append(died)
    return sorted({*days, *_moves_out(view, person)})


def _moves_out(view: View, person: str) -> list[date]:
    """Days on which the household registration left Quanzhou."""
    moved, before = [], None
    for fact in view.facts(PersonRegistered, person=person):
        here = fact.household_registration
        if here is None:
            continue
        if before is not None and same_prefecture(before, CITY) and not same_prefecture(here, CITY):
            moved.append(fact.on)
        before = here
    return moved


@rule("JJ-5.3a", article="五（三）1")
def ended_after(event: date) -> date:
    """Emigration, military service, a move out of Quanzhou and death end the relation from the day after."""
    return add_days(event, 1)


def ineligible(view: View, person: str, day: date) -> Finding[bool]:
    """Whether a person belongs to nobody of chapter 3 on the payment day (employee cover of residents apart)."""
    died = view.died_on(person)
    if died is not None and died < day:
        return registered_here(None, False)
    who = view.person(person, day)
    if in_group(view, person, Group.STATIONED_TROOPS, day):
        return stationed_here()
    if who.household_registration in (None, CITY):
        local = in_group(view, person, Group.HONG_KONG_MACAO_TAIWAN_RESIDENT, day)
        if who.household_registration is None and local:
            return long_resident(view, local, who, day)
        if who.household_registration is None and in_group(view, person, Group.RESIDENCE_PERMIT_HOLDER, day):
            return permit_holder(view, person, day)
        return registered_here(who.household_registration, True)
    local = in_group(view, person, Group.HONG_KONG_MACAO_TAIWAN_RESIDENT, day)
    if local:
        return long_resident(view, local, who, day)
    if in_group(view, person, Group.RESIDENCE_PERMIT_HOLDER, day):
        return permit_holder(view, person, day)
    return registered_here(who.household_registration, False)


@rule("JJ-3.1a", article="三（一）")
def registered_here(registration: str | None, alive: bool) -> bool:
    """Everyone on a Jinjiang household book is to enrol; the payment day decides. True = not eligible."""
    return not alive or registration not in (None, CITY)


@rule("JJ-3.2a", article="三（二）")
def stationed_here() -> bool:
    """Officers and men of armed-police units stationed here enrol as a unit. True = not eligible."""
    return False


@rule("JJ-3.3a", article="三（三）")
def permit_holder(view: View, person: str, day: date) -> bool:
    """A holder of a valid residence permit enrols if in no other basic insurance on that day. True = not eligible."""
    kinds = (OtherCover.EMPLOYEE, OtherCover.RESIDENT)
    return any(day in period for kind in kinds for period in covers(view, person, kind))


@rule("JJ-3.4a", article="三（四）")
def long_resident(view: View, local: GroupRecognised, who: PersonRegistered, day: date) -> bool:
    """Hong Kong, Macao and Taiwan residents without work, here for at least a year. True = not eligible."""
    years = figure(view, "eligibility.residence_years", day).value
    since = local.from_ or local.on
    return who.occupation is Occupation.EMPLOYED or add_years(since, years) > day
