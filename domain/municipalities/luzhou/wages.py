"""Contribution bases (第五条、第十四条): average wages, floor and cap, declared wages. Money in fen."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.errors import AnnouncementMissing, FactMissing
from domain.facts import ContributionAssessed, Enrolled, OpeningStatus, WageDeclared
from domain.municipalities.luzhou.policy import START, figure
from domain.rulebook.announcements import announcements, fen_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.money import divide, share, whole_yuan
from domain.values.terms import Capacity, Mode, Scheme, Status

WAGE = "average_annual_wage"


class AverageWage(Struct, frozen=True):
    """W(Y) of a statistical year, in fen, and the day of its announcement."""

    fen: int
    announced_on: date


class Limits(Struct, frozen=True):
    """Floor and cap of the monthly base, in fen; `provisional` while the wage of the year before is unknown."""

    floor: int
    cap: int
    provisional: bool
    because: tuple[str, ...]


@per_view
def average_wages(view: View) -> dict[int, AverageWage]:
    """Every known W(Y) by statistical year; the announcement recorded last governs."""
    found: dict[int, AverageWage] = {}
    for fact in sorted(announcements(view, WAGE), key=view.order):
        year = fact.year if fact.year is not None else fact.on.year - 1
        found[year] = AverageWage(fen_in(fact.value), fact.on)
    return found


def wage_announced_on(view: View, year: int) -> date | None:
    """The day on which the wage that fixes floor and cap of a contribution year was announced."""
    found = average_wages(view).get(year - 1)
    return found.announced_on if found else None


@rule("LZ-05c", article="第五条（三）")
def floor_and_cap(annual_wage: int, multiple: int) -> tuple[int, int]:
    """The base lies between the city's average monthly wage and three times it."""
    return divide(annual_wage, 12), divide(annual_wage * multiple, 12)


@rule("LZ-05d", article="第五条（三）")
def provisional_wage(wages: dict[int, AverageWage], year: int) -> AverageWage | None:
    """Until the wage of the year before is announced, floor and cap follow the one before that."""
    return wages.get(year - 2)


@per_view
def limits_on(view: View, year: int, day: date) -> Limits:
    """Floor and cap of a contribution year as they are on a day; AnnouncementMissing when no wage is known."""
    wages = average_wages(view)
    final = wages.get(year - 1)
    because: tuple[str, ...] = ()
    if final is None or final.announced_on > day:
        earlier = provisional_wage(wages, year)
        because = earlier.because
        if earlier.value is None or earlier.value.announced_on > day:
            raise AnnouncementMissing(WAGE, date(year, 1, 1), ("LZ-05c", "LZ-05d"))
        wage = earlier.value.fen
    else:
        wage = final.fen
    found = floor_and_cap(wage, int(figure("contribution.cap_multiple", date(year, 1, 1))))
    return Limits(*found.value, provisional=bool(because), because=(*found.because, *because))


@rule("LZ-05c", article="第五条（三）")
def limited(wage: int, limits: Limits) -> int:
    """The declared wage, at least the floor and at most the cap."""
    return min(max(wage, limits.floor), limits.cap)


@rule("LZ-14a", article="第十四条（一）")
def individual_monthly_base(annual_wage: int) -> int:
    """The base of individuals is one twelfth of the average wage of the year before last."""
    return divide(annual_wage, 12)


@rule("LZ-14a", article="第十四条（一）")
def individual_amount(base: int, months: int, rate: Decimal) -> int:
    """Individuals pay 9% (combined) or 6% (pooling only) of the base for all months at once."""
    return share(base * months, rate)


def individual_base(view: View, year: int) -> int:
    """Monthly base of individuals for a coverage year, in fen; AnnouncementMissing when W(Y-2) is unknown."""
    found = average_wages(view).get(year - 2)
    if found is None:
        raise AnnouncementMissing(WAGE, date(year, 1, 1), ("LZ-14a",))
    return individual_monthly_base(found.fen).value


def individual_rate(mode: Mode, day: date) -> Decimal:
    """The individual's rate of a mode."""
    rate: Decimal = figure("individual.rates", day)[str(mode)]
    return rate


class WageSource(Struct, frozen=True):
    """A wage that governs months from `first` on, unless one told later does."""

    on: date
    first: Month
    fen: int
    opening: bool = False
    rule: str = "LZ-05b"


@rule("LZ-05b", article="第五条（二）")
def declared_in_time(fact: WageDeclared) -> bool:
    """The wages of a year are declared from 1 January to 31 March of the next."""
    year = fact.wage_year + 1
    window = figure("contribution.declaration_window", fact.on)
    return date(year, 1, 1) <= fact.on <= date(year, int(window["last_month"]), int(window["last_day"]))


@rule("LZ-05a", article="第五条（一）")
def declared_wage(fact: WageDeclared) -> int:
    """The average monthly wage, everything that counts as wages included, in whole yuan."""
    if fact.monthly_average is not None:
        return whole_yuan(fact.monthly_average)
    return whole_yuan(divide(fact.total or 0, fact.months_paid or 12))


@rule("LZ-05f", article="第五条（四）")
def starting_wage(fact: Enrolled) -> int | None:
    """A new employee's first wage counts as declared until the next annual declaration."""
    return fact.wage


@per_view
def wage_sources(view: View, person: str, employer: str) -> tuple[WageSource, ...]:
    """Everything that was told about a person's wage with an employer, in order of telling."""
    found: list[WageSource] = []
    for opened in view.facts(OpeningStatus, person=person):
        if opened.base is not None and opened.scheme is Scheme.EMPLOYEE:
            first = Month.of(opened.from_ or opened.on)
            first = first.plus(-1) if opened.status is Status.SUSPENDED else first
            found.append(WageSource(min(opened.on, START), first, opened.base, True, "LZ-54b"))
    for enrolled in view.facts(Enrolled, person=person):
        if enrolled.capacity is Capacity.EMPLOYED and enrolled.employer == employer:
            wage = starting_wage(enrolled)
            if wage.value is not None:
                found.append(WageSource(enrolled.on, Month.of(enrolled.on), wage.value, False, "LZ-05f"))
    for declared in view.facts(WageDeclared, person=person):
        if declared.employer in (None, employer) and declared_in_time(declared).value:
            first = Month.at(declared.wage_year + 1, 1)
            found.append(WageSource(declared.on, first, declared_wage(declared).value))
    return tuple(sorted(found, key=lambda source: source.on))


@per_view
def assessed_bases(view: View, person: str) -> dict[Month, int]:
    """Bases that the counter assessed for a person, by month."""
    return {
        month: fact.bases[person]
        for fact in view.facts(ContributionAssessed, person=person)
        if fact.bases and person in fact.bases
        for month in fact.months
    }


def base_of(view: View, person: str, employer: str, month: Month, day: date) -> int:
    """LZ-05b to 05f: the base of a unit member's month as it is on a day, in fen."""
    assessed = assessed_bases(view, person).get(month)
    wage, opening = assessed, assessed is not None
    if wage is None:
        for source in wage_sources(view, person, employer):
            if source.first <= month and (source.on <= day or wage is None):
                wage, opening = source.fen, source.opening
    if wage is None:
        raise FactMissing("wage_declared.monthly_average", month, ("LZ-05b",))
    try:
        limits = limits_on(view, month.year, day)
    except AnnouncementMissing:
        if opening:
            return wage
        raise
    return min(max(wage, limits.floor), limits.cap)
