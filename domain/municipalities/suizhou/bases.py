"""Contribution bases and rates (articles 9, 11 and 13). Money in fen."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.errors import FactMissing
from domain.facts import ContributionPaid, EmployerRegistered, EmployerWagesDeclared, Enrolled, WageDeclared
from domain.municipalities.suizhou.jobs import jobs
from domain.municipalities.suizhou.policy import figure
from domain.rulebook.announcements import announced_fen, announced_terms, announcements, fen_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, Moment, Month
from domain.values.money import Ratio, divide
from domain.values.terms import Capacity, Mode

Rates = dict[str, Ratio]


@rule("SZ-9a", article="第九条（一）")
def individual_base(average: int, floor: int, cap: int) -> int:
    """The average wage of the year before (or the starting wage), within floor and cap of the month."""
    return min(max(average, floor), cap)


@rule("SZ-9b", article="第九条（一）")
def employer_base(wage_bill: int, months: int = 12) -> int:
    """One twelfth of the wage bill of the year before, rounded once; floor and cap do not apply."""
    return divide(wage_bill, months)


@rule("SZ-11a", article="第十一条")
def flexible_base(floor: int) -> int:
    """A flexible member's base is the individual floor of the month."""
    return floor


@rule("SZ-13a", article="第十三条")
def unemployment_base(announced: int) -> int:
    """The unemployment fund pays on the announced base, in combined mode; the person pays nothing."""
    return announced


@rule("SZ-9c", article="第九条（二）")
def medical_rates(pooled: Ratio, large_amount: Ratio, personal: Ratio) -> Rates:
    """6.5% to the pooled fund, 0.5% to the large-amount supplement, 2% to the personal account."""
    return {"pooled": pooled, "large_amount": large_amount, "personal_account": personal}


@rule("SZ-9d", article="第九条（二）")
def maternity_rate(rate: Ratio, active: bool) -> Ratio:
    """0.5% for maternity is due for active employees only."""
    return rate if active else Ratio(0)


def month_rates(view: View, month: Month, mode: Mode) -> Rates:
    """The medical components of a month; pooling-only mode has no account part (SZ-11a)."""
    day = month.first_day
    rates = medical_rates(
        figure(view, "contribution.pooled_rate", day),
        figure(view, "contribution.large_amount_rate", day),
        figure(view, "contribution.personal_rate", day),
    ).value
    if mode is Mode.POOLING_ONLY:
        return {**rates, "personal_account": Ratio(0)}
    return rates


def limits(
    view: View, month: Month, because: tuple[str, ...] = (), known: Moment | None = None
) -> tuple[int, int]:
    """Floor and cap of the individual base in a month (P1); of a paid month as they were known when it was paid."""
    day, key = month.first_day, "individual_base_limits"
    terms = _told_by(view, key, day, known) or announced_terms(view, key, day, because)
    floor = fen_in(terms["floor"])
    return floor, fen_in(terms["cap"]) if "cap" in terms else max(floor, 10**12)


def _told_by(view: View, key: str, day: date, known: Moment | None) -> Mapping[str, Any] | None:
    """What was announced for a day by a moment, where something else was announced since (SZ-9a, 11b)."""
    own = [f for f in announcements(view, key) if (f.from_ or f.on) <= day < (f.to or FAR_FUTURE)]
    if known is None or all(fact.recorded <= known for fact in own):
        return None
    before = [fact for fact in own if fact.recorded <= known]
    told = max(before, key=view.order).value if before else None
    return told if isinstance(told, Mapping) else None


def base_of(
    view: View,
    person: str,
    month: Month,
    capacity: Capacity,
    employer: str | None,
    known: Moment | None = None,
) -> Finding[int]:
    """The contribution base of a person for a month, in the standing in which the month is owed.

    `known` is when a paid month was paid: floor and cap announced later do not reopen it.
    """
    if capacity is Capacity.FLEXIBLE or (capacity is Capacity.RETIRED and employer is None):
        return flexible_base(limits(view, month, ("SZ-11a",), known)[0])
    if capacity is Capacity.UNEMPLOYED:
        return unemployment_base(announced_fen(view, "unemployment_base", month.first_day, ("SZ-13a",)))
    if capacity is Capacity.RETIRED:
        return last_base(view, person, month)
    average = average_wage(view, person, month, employer)
    return individual_base(average, *limits(view, month, ("SZ-9a",), known))


def last_base(view: View, person: str, month: Month) -> Finding[int]:
    """The last individual base before retirement, brought within floor and cap of the year (SZ-17d)."""
    from domain.facts import Retired

    retired = view.facts(Retired, person=person)
    own = [fact.base for fact in retired if fact.base is not None]
    last = Month.of(retired[-1].on) if retired else month
    stated = [
        (months[-1], paid.base)
        for paid in view.facts(ContributionPaid, person=person)
        if paid.base is not None and (months := [m for m in paid.months or () if m <= last])
    ]
    average = own[-1] if own else max(stated)[1] if stated else average_wage(view, person, last, None)
    return individual_base(int(average), *limits(view, month, ("SZ-9a",)))


def average_wage(view: View, person: str, month: Month, employer: str | None) -> int:
    """Average monthly wage of the year before; in the year of hire without one, the starting wage."""
    told = [fact for fact in view.facts(WageDeclared, person=person) if fact.wage_year == month.year - 1]
    if told:
        return _average(told)
    hired = [fact for fact in _hirings(view, person, employer) if _hired_on(fact).year == month.year]
    if hired:
        wage = hired[-1].wage
        if wage is None:
            raise FactMissing("enrolled.wage", month, ("SZ-9a",))
        return wage
    raise FactMissing("wage_declared.monthly_average", month.year - 1, ("SZ-9a",))


def _hirings(view: View, person: str, employer: str | None) -> list[Enrolled]:
    found = [
        fact
        for fact in view.facts(Enrolled, person=person)
        if fact.capacity is Capacity.EMPLOYED and (employer is None or fact.employer == employer)
    ]
    return sorted(found, key=_hired_on)


def _hired_on(fact: Enrolled) -> date:
    return fact.employment_from or fact.on


def _average(told: list[WageDeclared]) -> int:
    """Gross wages of all employers by the months with wages; of plain averages the one told last."""
    whole = [(fact.total, fact.months_paid) for fact in told if fact.total is not None and fact.months_paid]
    if not whole:
        return told[-1].monthly_average or 0
    return divide(sum(total for total, _ in whole), sum(months for _, months in whole))


@per_view
def base_of_employer(view: View, employer: str, month: Month) -> Finding[int]:
    """The employer base of a month: from the wage bill, or for a new employer the bases of its employees."""
    told = [f for f in view.facts(EmployerWagesDeclared, employer=employer) if f.year == month.year - 1]
    bills = [fact.wage_bill for fact in told if fact.wage_bill is not None]
    if bills:
        return employer_base(bills[-1])
    if not _is_new(view, employer, month):
        raise FactMissing("employer_wages_declared.wage_bill", month.year - 1, ("SZ-9b",))
    total, because = 0, []
    for person in roll(view, employer, month):
        own = base_of(view, person, month, Capacity.EMPLOYED, employer)
        total += own.value
        because.append(own.because)
    return Finding(total, joined(("SZ-9b",), *because))


def _is_new(view: View, employer: str, month: Month) -> bool:
    known = view.facts(EmployerRegistered, employer=employer)
    founded = [fact.established_on for fact in known if fact.established_on is not None]
    return bool(founded) and founded[-1].year >= month.year


def roll(view: View, employer: str, month: Month) -> list[str]:
    """Everybody employed on at least one day of a month."""
    people = dict.fromkeys(
        person
        for fact in view.facts(Enrolled, employer=employer)
        if fact.employer == employer
        for person in (fact.persons or (fact.person,))
        if person is not None
    )
    return [
        person
        for person in people
        if any(
            job.employer == employer and job.start <= month and (job.end is None or month <= job.end)
            for job in jobs(view, person)
        )
    ]
