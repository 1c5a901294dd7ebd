"""Premiums of individuals that are paid back, and what then remains of their payments (第十四条（四）)."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.facts import EnrolmentEnded, RefundRequested
from domain.municipalities.luzhou import individual, payments, roll, wages
from domain.municipalities.luzhou.individual import PaidMonth, Run
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Capacity, Mode, RefundCause, Scheme


class Refund(Struct, frozen=True):
    """A request for premiums of an individual: the months given back, or none when it is refused."""

    fact: str
    on: date
    months: tuple[PaidMonth, ...]
    because: tuple[str, ...]
    employment: bool = False


@rule("LZ-14d", article="第十四条（四）")
def not_begun(run: Run, paid: PaidMonth, day: date) -> bool:
    """Before the benefit period has begun premiums are refunded in full, afterwards not at all."""
    waiting = run.waits and day < run.covered_from
    return waiting or day < date(paid.month.year, 1, 1)


@rule("LZ-14d", article="第十四条（四）")
def duplicated(paid: PaidMonth, first_by_unit: Month) -> bool:
    """Re-employed and insured by a unit: the part paid twice is refunded."""
    return paid.month >= first_by_unit


@rule("LZ-14d", article="第十四条（四）")
def refund_amount(view: View, months: tuple[PaidMonth, ...]) -> int:
    """Base of the coverage year times months times rate, rounded once per year, in fen."""
    groups: dict[tuple[int, Mode], int] = {}
    for paid in months:
        key = (paid.month.year, paid.mode)
        groups[key] = groups.get(key, 0) + 1
    return sum(
        wages.individual_amount(
            wages.individual_base(view, year), count, wages.individual_rate(mode, date(year, 1, 1))
        ).value
        for (year, mode), count in groups.items()
    )


@per_view
def refunds_of(view: View, person: str) -> tuple[Refund, ...]:
    """Every request of an individual member in order, granted or not."""
    found: list[Refund] = []
    given: set[tuple[str, Month]] = set()
    for fact in view.facts(RefundRequested, person=person):
        if fact.scheme is not Scheme.EMPLOYEE or fact.person != person:
            continue
        refund = judged(view, person, fact, given)
        given.update((paid.fact, paid.month) for paid in refund.months)
        found.append(refund)
    return tuple(found)


def judged(view: View, person: str, fact: RefundRequested, given: set[tuple[str, Month]]) -> Refund:
    """One request, those granted before left out."""
    employment = fact.cause in (RefundCause.EMPLOYMENT, RefundCause.DUPLICATE_COVER)
    first = _first_by_unit(view, person, fact.on) if employment else None
    months = []
    for run in individual.payments_of(view, person).runs:
        for paid in run.months:
            wanted = fact.year in (None, paid.month.year) and (not fact.months or paid.month in fact.months)
            if not wanted or paid.paid_on > fact.on or (paid.fact, paid.month) in given:
                continue
            again = first is not None and duplicated(paid, first).value
            if again or (not employment and not_begun(run, paid, fact.on).value):
                months.append(paid)
    return Refund(fact.id, fact.on, tuple(months), ("LZ-14d",), employment)


def _first_by_unit(view: View, person: str, day: date) -> Month | None:
    """The first month that a unit has contributed for the person beside the individual payments."""
    runs = individual.payments_of(view, person).runs
    start = min((run.first for run in runs), default=None)
    found = [
        stint.first
        for stint in roll.stints(view, person)
        if start is not None
        and stint.declared <= day
        and stint.first >= start
        and (paid := payments.ledger_of(view, stint.employer).full(stint.first)) is not None
        and paid <= day
    ]
    return min(found, default=None)


@per_view
def remaining_runs(view: View, person: str) -> tuple[Run, ...]:
    """The runs without refunded months."""
    gone = {(paid.fact, paid.month) for refund in refunds_of(view, person) for paid in refund.months}
    runs = individual.payments_of(view, person).runs
    if not gone:
        return tuple(runs)
    found = []
    for run in runs:
        kept = [paid for paid in run.months if (paid.fact, paid.month) not in gone]
        lost = [paid.month for paid in run.months if (paid.fact, paid.month) in gone]
        last = min(lost).plus(-1) if lost else run.last
        if last >= run.first:
            until = _taken_over(view, person, min(lost)) if lost else run.until
            found.append(replace(run, months=kept, last=last, until=until))
    return tuple(found)


def _taken_over(view: View, person: str, month: Month) -> date | None:
    """The day on which a unit's cover takes the place of refunded months, within their first month."""
    starts = [stint.start for stint in roll.stints(view, person) if stint.first == month]
    return min(starts, default=None)


def withdrawn_on(view: View, person: str) -> list[date]:
    """Days on which an individual membership was ended."""
    return capacity_ended(view, person, Capacity.FLEXIBLE)


def capacity_ended(view: View, person: str, capacity: Capacity) -> list[date]:
    """Days on which a membership in a capacity was ended."""
    return [
        fact.on
        for fact in view.facts(EnrolmentEnded, person=person)
        if fact.capacity is capacity and fact.scheme is Scheme.EMPLOYEE
    ]
