"""A person's page: everything that was in force on E as known on K."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused, LedgerError
from domain.events.consequences import BenefitPeriod, CountedMonths, Settlement
from domain.events.recorded import Determined, Posted
from domain.facts import ClaimSubmitted, Fact, HouseholdMemberMoved, HouseholdRegistered, PersonRegistered
from domain.questions.answers import BenefitStatusAnswer, ContributionMonthsAnswer, YearTotalsAnswer
from domain.state.held import Held
from domain.values.terms import Scheme
from ledger.console.dates import Pair, stops
from ledger.console.reading.axis import Axis
from ledger.console.reading.bands import Band, Strip, bands_of, span, strips
from ledger.console.reading.money import Sheet, sheet
from ledger.console.reading.months import Grid, grid
from ledger.handle import Ledger
from ledger.reasons import known_facts
from ledger.store import Recorded
from projections.folds.claims import year_totals
from projections.folds.months import contribution_months
from projections.folds.status import benefit_status


class Who(Struct, frozen=True):
    """Who a person is, as last told by K."""

    person: str
    name: str = ""
    sex: object = None
    born_on: date | None = None
    households: tuple[str, ...] = ()
    employer: str = ""


class Bill(Struct, frozen=True):
    """A claim in one line; `settlement` is None while nothing was decided."""

    fact: ClaimSubmitted
    settlement: Settlement | None
    versions: int


class SchemeView(Struct, frozen=True):
    """One scheme of the two: status on E, bands as known on K, how they were known, months, yearly totals."""

    scheme: Scheme
    status: BenefitStatusAnswer | None
    problem: str
    bands: tuple[Band, ...]
    known: tuple[Strip, ...]
    months: ContributionMonthsAnswer
    grid: Grid
    totals: YearTotalsAnswer | None


class PersonPage(Struct, frozen=True):
    """All panels of the page."""

    who: Who
    pair: Pair
    pending: bool
    axis: Axis
    schemes: tuple[SchemeView, ...]
    account: Sheet
    bills: tuple[Bill, ...]
    later_bills: int
    facts: int
    on_stops: tuple[date, ...]
    known_stops: tuple[date, ...]
    events: int


def person_page(ledger: Ledger, city: str, person: str, both: Pair) -> PersonPage:
    """Read a person's page; InputRefused when nothing was ever recorded of the person."""
    key = f"person:{person}"
    rows = ledger.store.stream(city, key)
    at = ledger.as_known(city, both.moment)
    facts = known_facts(at, [key])
    if not rows and not facts:
        raise InputRefused("unknown_reference", "person", f"nothing is recorded of person `{person}`")
    held = at.current(key)
    on_stops = effective_days(rows, held, both)
    axis = span(on_stops)
    bills = [fact for fact in facts if isinstance(fact, ClaimSubmitted) and fact.person == person]
    views = [_scheme(rows, held, scheme, both) for scheme in Scheme]
    return PersonPage(
        who=_who(person, facts, views),
        pair=both,
        pending=at.pending,
        axis=axis,
        schemes=tuple(view for view in views if view.known or view.bands or view.grid.years),
        account=sheet(held.journal, f"personal_account:{person}", both.on),
        bills=tuple(_bill(held, fact) for fact in _latest_first(bills) if fact.on <= both.on),
        later_bills=sum(fact.on > both.on for fact in bills),
        facts=len(facts),
        on_stops=tuple(on_stops),
        known_stops=tuple(stops((row.recorded.day for row in rows), both.known)),
        events=len(rows),
    )


def _latest_first(bills: Sequence[ClaimSubmitted]) -> list[ClaimSubmitted]:
    return sorted(bills, key=lambda fact: fact.on, reverse=True)


def _bill(held: Held, fact: ClaimSubmitted) -> Bill:
    return Bill(fact, held.settlement(fact.claim), len(held.settlements.get(fact.claim, ())))


def _scheme(rows: Sequence[Recorded], held: Held, scheme: Scheme, both: Pair) -> SchemeView:
    status: BenefitStatusAnswer | None = None
    problem = ""
    try:
        status = benefit_status(held, scheme, both.on).value
    except LedgerError as refused:
        problem = refused.code
    found = strips(rows, scheme)
    total = year_total(held, scheme, both.on.year)
    return SchemeView(
        scheme=scheme,
        status=status,
        problem=problem,
        bands=tuple(bands_of(held, scheme)),
        known=tuple(found),
        months=contribution_months(held, scheme, both.on).value,
        grid=grid(held, scheme, both.on),
        totals=total,
    )


def year_total(held: Held, scheme: Scheme, year: int) -> YearTotalsAnswer | None:
    """The counters of a year where they are recorded and can be told."""
    try:
        found = year_totals(held, scheme, year)
    except LedgerError:
        return None
    return None if found is None else found.value


def effective_days(rows: Sequence[Recorded], held: Held, both: Pair) -> list[date]:
    """Every day on which something is, was or had been believed to change."""
    days: list[date | None] = []
    for row in rows:
        match row.event:
            case Determined(record=BenefitPeriod(from_=first, to=last)):
                days += [first, last]
            case Determined(record=CountedMonths(from_=first)):
                days.append(first)
            case Determined(record=Settlement(on=on)) | Posted(on=on):
                days.append(on)
            case Fact(on=on):
                days.append(on)
    days += [period.from_ for period in held.of(BenefitPeriod)]
    return stops(days, both.on)


def _who(person: str, facts: Sequence[Fact], views: Sequence[SchemeView]) -> Who:
    told: dict[str, Any] = {}
    households: dict[str, None] = {}
    for fact in facts:
        if isinstance(fact, PersonRegistered) and fact.person == person:
            given = {"name": fact.name, "sex": fact.sex, "born_on": fact.born_on}
            told |= {name: value for name, value in given.items() if value is not None}
        elif isinstance(fact, HouseholdRegistered):
            households[fact.household] = None
        elif isinstance(fact, HouseholdMemberMoved) and fact.to_household:
            households[fact.to_household] = None
    employers = [view.status.employer for view in views if view.status and view.status.employer]
    employer = employers[0] if employers else ""
    return Who(person, households=tuple(households), employer=employer, **told)


def named(at: AsKnown, person: str) -> str:
    """The name of a person as last told, or empty."""
    facts = at.view().facts(PersonRegistered, person=person)
    return next((fact.name for fact in reversed(facts) if fact.name), "")
