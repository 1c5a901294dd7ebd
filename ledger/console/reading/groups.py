"""Pages of an employer and of a household: what is owed, who belongs to it, what it holds."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused, LedgerError
from domain.facts import (
    ClaimSubmitted,
    EmployerRegistered,
    Fact,
    HouseholdMemberMoved,
    HouseholdRegistered,
)
from domain.questions import kinds as ask
from domain.questions.answers import BackPaymentAnswer, BenefitStatusAnswer
from domain.values.terms import Scheme, Status
from ledger.ask import find
from ledger.changing import on_roll
from ledger.console.dates import Pair, stops
from ledger.console.reading.money import Sheet, sheet
from ledger.console.reading.person import named
from ledger.handle import Ledger
from ledger.reasons import known_facts
from projections.folds.status import benefit_status

SHOWN = 200
"""People of a roll on one page."""


class Member(Struct, frozen=True):
    """A person of a group, and how the person stood on E."""

    person: str
    name: str
    status: BenefitStatusAnswer | None


class Employer(Struct, frozen=True):
    """An employer: what it owes on E, and the people whose results were drawn from what it did."""

    employer: str
    name: str
    owing: BackPaymentAnswer | None
    """What is owed on E; None when nothing is, or the policy cannot say."""
    owing_because: tuple[str, ...]
    roll: tuple[Member, ...]
    more: int
    facts: tuple[Fact, ...]
    on_stops: tuple[date, ...]
    known_stops: tuple[date, ...]


class Household(Struct, frozen=True):
    """A household: its family outpatient account and its members."""

    household: str
    account: Sheet
    members: tuple[Member, ...]
    facts: tuple[Fact, ...]
    on_stops: tuple[date, ...]
    known_stops: tuple[date, ...]


def employer_page(ledger: Ledger, city: str, employer: str, both: Pair) -> Employer:
    """Read an employer's page; InputRefused when nothing is known of it."""
    at, facts = _known(ledger, city, "employer", employer, both)
    mine, more = roll(ledger, at, employer, both.on, SHOWN)
    owing, because = owed(at, employer, both.on) if in_arrears(mine) else (None, ())
    return Employer(
        employer=employer,
        name=next((f.name for f in reversed(facts) if isinstance(f, EmployerRegistered) and f.name), ""),
        owing=owing,
        owing_because=because,
        roll=tuple(mine),
        more=more,
        facts=tuple(sorted(facts, key=lambda fact: fact.on, reverse=True)),
        on_stops=tuple(stops((fact.on for fact in facts), both.on)),
        known_stops=tuple(stops((fact.recorded.day for fact in facts), both.known)),
    )


def _known(ledger: Ledger, city: str, kind: str, identifier: str, both: Pair) -> tuple[AsKnown, list[Fact]]:
    """The book as known on K, and every fact about a group; InputRefused when there is none."""
    at = ledger.as_known(city, both.moment)
    facts = known_facts(at, [f"{kind}:{identifier}"])
    if not facts:
        raise InputRefused("unknown_reference", kind, f"nothing is known of {kind} `{identifier}`")
    return at, facts


def in_arrears(roll: Iterable[Member]) -> bool:
    """Whether somebody is suspended because of what the employer has not paid."""
    statuses = (each.status for each in roll if each.status is not None)
    return any(s.status is Status.SUSPENDED and s.arrears and not s.arrears.cleared_on for s in statuses)


def roll(ledger: Ledger, at: AsKnown, employer: str, on: date, most: int) -> tuple[list[Member], int]:
    """People whom an employer insures on a day, and how many more there are to look at."""
    names = on_roll(ledger.store, at.book.municipality.code, employer)
    people = sorted(name.partition(":")[2] for name in names if name.startswith("person:"))
    found = [_member(at, person, Scheme.EMPLOYEE, on) for person in people[:most]]
    mine = [each for each in found if each.status is not None and each.status.employer == employer]
    return mine, max(len(people) - most, 0)


def owed(at: AsKnown, employer: str, on: date) -> tuple[BackPaymentAnswer | None, tuple[str, ...]]:
    """What an employer owes on a day; None where the city's policy cannot say."""
    try:
        found = find(at, ask.BackPayment(employer=employer, on=on, known=at.moment))
    except LedgerError:
        return None, ()
    return found.value, found.because


def household_page(ledger: Ledger, city: str, household: str, both: Pair) -> Household:
    """Read a household's page; InputRefused when nothing is known of it."""
    at, facts = _known(ledger, city, "household", household, both)
    account = f"family_account:{household}"
    lines = list(at.journal(account))
    days = [line.event.on for line in lines] + [fact.on for fact in facts]
    learned = [line.recorded.day for line in lines] + [fact.recorded.day for fact in facts]
    return Household(
        household=household,
        account=sheet(lines, account, both.on),
        members=tuple(_member(at, person, None, both.on) for person in _members(facts, household)),
        facts=tuple(f for f in reversed(facts) if not isinstance(f, ClaimSubmitted)),
        on_stops=tuple(stops(days, both.on)),
        known_stops=tuple(stops(learned, both.known)),
    )


def _members(facts: list[Fact], household: str) -> list[str]:
    people: dict[str, None] = {}
    for fact in facts:
        if isinstance(fact, HouseholdRegistered) and fact.household == household:
            people.update(dict.fromkeys(fact.members))
        elif isinstance(fact, HouseholdMemberMoved):
            if fact.to_household == household:
                people[fact.person] = None
            elif fact.from_household == household:
                people.pop(fact.person, None)
    return list(people)


def _member(at: AsKnown, person: str, scheme: Scheme | None, on: date) -> Member:
    try:
        status = benefit_status(at.current(f"person:{person}"), scheme, on).value
    except LedgerError:
        status = None
    return Member(person, named(at, person), status)
