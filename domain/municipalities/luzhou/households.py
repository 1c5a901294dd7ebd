"""Which household a person belongs to on a day (chapter 7, LZ-04c)."""

from datetime import date

from domain.facts import HouseholdMemberMoved, HouseholdRegistered, ResidentContributionPaid
from domain.rulebook.view import View, per_view
from domain.values.terms import Channel


@per_view
def household_of(view: View, person: str, day: date) -> str | None:
    """By household facts; else the one that paid for the person; a pupil enrolled by a school stands alone."""
    listed, known = _listed(view, person, day)
    if known and listed is not None:
        return listed
    paid = [f for f in view.facts(ResidentContributionPaid, person=person) if person in f.persons]
    named = [f for f in paid if f.household is not None and not _through_school(f)]
    before = [f for f in named if f.on <= day or f.year <= day.year]
    if known:
        moved_on = _left_on(view, person, day)
        before = [f for f in before if moved_on is not None and f.on > moved_on]
        return before[-1].household if before else None
    if before:
        return before[-1].household
    if named:
        return named[0].household
    return person if paid else None


@per_view
def households_of(view: View, person: str) -> tuple[str, ...]:
    """Every household that facts about a person name, and the person's own if enrolled alone."""
    found: dict[str, None] = {}
    for fact in view.known(f"person:{person}"):
        if isinstance(fact, HouseholdRegistered):
            found[fact.household] = None
        elif isinstance(fact, HouseholdMemberMoved) and fact.person == person:
            found.update({name: None for name in (fact.from_household, fact.to_household) if name})
        elif isinstance(fact, ResidentContributionPaid) and person in fact.persons:
            found[person if _through_school(fact) else fact.household or person] = None
    return tuple(found)


def listed_household(view: View, person: str, day: date) -> str | None:
    """The household by household facts alone, on a day."""
    household: str | None = None
    for fact in view.known(f"person:{person}"):
        if fact.on > day:
            break
        if isinstance(fact, HouseholdRegistered) and person in fact.members:
            household = fact.household
        elif isinstance(fact, HouseholdMemberMoved) and fact.person == person:
            household = fact.to_household
    return household


def _through_school(fact: ResidentContributionPaid) -> bool:
    """A payment by a school for several pupils: each is a household of one (LZ-04c)."""
    return fact.channel is Channel.SCHOOL and len(fact.persons) > 1


def _listed(view: View, person: str, day: date) -> tuple[str | None, bool]:
    """The household by household facts, and whether there are any."""
    household: str | None = None
    known = False
    for fact in view.known(f"person:{person}"):
        if isinstance(fact, HouseholdRegistered) and person in fact.members:
            if fact.on <= day or not known:
                household = fact.household
            known = True
        elif isinstance(fact, HouseholdMemberMoved) and fact.person == person:
            if fact.on <= day:
                household = fact.to_household
            elif not known:
                household = fact.from_household
            known = True
    return household, known


def _left_on(view: View, person: str, day: date) -> date | None:
    moves = [f.on for f in view.facts(HouseholdMemberMoved, person=person) if f.on <= day]
    return moves[-1] if moves else None


@per_view
def candidates(view: View, household: str) -> tuple[str, ...]:
    """Everybody whom facts about a household name, and the person who stands alone under its name."""
    found: dict[str, None] = {}
    for fact in view.known(f"household:{household}"):
        if isinstance(fact, HouseholdRegistered):
            found.update(dict.fromkeys(fact.members))
        elif isinstance(fact, HouseholdMemberMoved):
            found[fact.person] = None
        elif isinstance(fact, ResidentContributionPaid):
            found.update(dict.fromkeys(fact.persons))
    alone = [f for f in view.facts(ResidentContributionPaid, person=household) if household in f.persons]
    if any(fact.household is None or _through_school(fact) for fact in alone):
        found[household] = None
    return tuple(found)
