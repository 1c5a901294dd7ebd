"""Contribution months: deemed, actual and converted, each calendar month once (第十七条、第二十条、第二十一条)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import Struct

from domain.errors import FactMissing
from domain.events.consequences import CountedMonths
from domain.facts import ContributionPaid, LumpSumPaid, OpeningHistory, TransferredIn
from domain.facts.parts import HistoryItem
from domain.municipalities.luzhou import individual, payments, refunds, roll, wages
from domain.municipalities.luzhou.eligibility import in_group
from domain.municipalities.luzhou.policy import figure
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, Month
from domain.values.money import share
from domain.values.terms import (
    Capacity,
    CountedAs,
    Group,
    LumpSumPurpose,
    Mode,
    PaymentPurpose,
    Scheme,
    Where,
)


@rule("LZ-17b", "LZ-17c", article="第十七条")
def counts_as(month: Month, told: CountedAs, actual_since: date) -> CountedAs | None:
    """Recognised working months up to 1996-12 are deemed, contributed months from 1997-01 on are actual."""
    early = month.first_day < actual_since
    if told is CountedAs.DEEMED:
        return CountedAs.DEEMED if early else None
    if told is CountedAs.PAID:
        return None if early else CountedAs.PAID
    return told


@rule("LZ-21a", article="第二十一条")
def converted_months(resident_months: int) -> int:
    """Resident months of land-expropriated people convert three to one; the remainder is dropped."""
    return resident_months // int(figure("years.conversion", date(2018, 1, 1)))


@rule("LZ-20b", article="第二十条")
def within_person_limit(asked: int, used: int) -> int:
    """At most 120 months per person at 6%, over all employers."""
    limit = int(figure("unenrolled.limit_months", date(2018, 1, 1)))
    return max(0, min(asked, limit - used))


@rule("LZ-20a", article="第二十条")
def unenrolled_amount(base: int, months: int) -> int:
    """The unit pays 6% of the employee's wage of the year before for the months it failed to enrol."""
    return share(base * months, figure("unenrolled.rate", date(2018, 1, 1)))


class Unenrolled(Struct, frozen=True):
    """A payment for months of employment that should have been insured."""

    fact: ContributionPaid
    asked: int
    accepted: int
    base: int
    amount: int
    months: tuple[Month, ...]


@per_view
def unenrolled_of(view: View, person: str) -> tuple[Unenrolled, ...]:
    """Payments under Article 20 for a person, in order; months over the limit are left out."""
    found: list[Unenrolled] = []
    used = 0
    for fact in view.facts(ContributionPaid, person=person):
        if fact.purpose is not PaymentPurpose.UNENROLLED_MONTHS or fact.person != person:
            continue
        asked = fact.month_count or len(fact.months or ())
        accepted = within_person_limit(asked, used).value
        used += accepted
        base = unenrolled_base(view, person, fact)
        months = tuple(fact.months or ())[:accepted]
        found.append(Unenrolled(fact, asked, accepted, base, unenrolled_amount(base, accepted).value, months))
    return tuple(found)


def unenrolled_base(view: View, person: str, fact: ContributionPaid) -> int:
    """The employee's average wage of the year before the payment, within floor and cap of that year."""
    wage: int | None = fact.wage or fact.base
    if wage is None:
        sources = wages.wage_sources(view, person, fact.employer or "")
        told = [s.fen for s in sources if s.rule == "LZ-05b" and s.first.year == fact.on.year]
        if not told:
            raise FactMissing("contribution_paid.wage", fact.on, ("LZ-20a",))
        wage = told[-1]
    return wages.limited(wage, wages.limits_on(view, fact.on.year, fact.on)).value


class _Tally:
    """Counted months of a person, the earliest day winning for a calendar month."""

    def __init__(self, person: str, until: Month | None) -> None:
        self.person = person
        self.until = until
        self.months: dict[Month, CountedMonths] = {}
        self.blocks: list[CountedMonths] = []

    def month(self, month: Month, since: date, because: tuple[str, ...], **detail: Any) -> None:
        self.take(
            CountedMonths(
                person=self.person,
                scheme=Scheme.EMPLOYEE,
                from_=since,
                month=month,
                because=because,
                **detail,
            )
        )

    def take(self, counted: CountedMonths) -> None:
        month = counted.month
        if month is None or (self.until is not None and month > self.until):
            return
        known = self.months.get(month)
        if known is None or known.from_ > counted.from_:
            self.months[month] = counted

    def block(self, label: str, since: date, count: int, because: tuple[str, ...], **detail: Any) -> None:
        if count > 0:
            self.blocks.append(
                CountedMonths(
                    person=self.person,
                    scheme=Scheme.EMPLOYEE,
                    from_=since,
                    label=label,
                    count=count,
                    because=because,
                    **detail,
                )
            )


@per_view
def base_counted(view: View, person: str) -> tuple[CountedMonths, ...]:
    """Every month that counts, with the day from which it does; settled months left out."""
    died = view.died_on(person)
    tally = _Tally(person, Month.of(died) if died else None)
    for opened in view.facts(OpeningHistory, person=person):
        _history(tally, opened.id, opened.on, opened.history or (), False, ("LZ-54b",))
    for moved in view.facts(TransferredIn, person=person):
        if moved.scheme is Scheme.EMPLOYEE:
            _history(tally, moved.id, moved.on, moved.history or (), True, ("LZ-08f",))
    _units(view, person, tally)
    _individuals(view, person, tally)
    for paid in _unenrolled(view, person):
        since, because = paid.fact.on, ("LZ-20a", "LZ-20b", "LZ-17c")
        for month in paid.months:
            tally.month(month, since, because, capacity=Capacity.EMPLOYED)
        tally.block(f"unenrolled/{paid.fact.id}", since, paid.accepted - len(paid.months), because)
    _converted(view, person, tally)
    return (*(tally.months[month] for month in sorted(tally.months)), *tally.blocks)


def _unenrolled(view: View, person: str) -> tuple[Unenrolled, ...]:
    try:
        return unenrolled_of(view, person)
    except FactMissing:
        return ()


@rule("LZ-08f", article="第八条")
def transferred_months(item: HistoryItem) -> CountedAs:
    """Transferred-in months count as the place of origin certified them."""
    return item.counted_as


def _history(
    tally: _Tally,
    label: str,
    since: date,
    items: Iterable[HistoryItem],
    moved: bool,
    because: tuple[str, ...],
) -> None:
    for number, item in enumerate(items):
        elsewhere = moved if item.where is None else item.where is Where.ELSEWHERE
        told = transferred_months(item).value if moved else item.counted_as
        detail: dict[str, Any] = {
            "local": not elsewhere,
            "transferred": elsewhere,
            "mode": item.mode,
            "capacity": item.capacity,
        }
        for month in item.months or ():
            counted_as = counts_as(month, told, figure("years.actual_since", since))
            if counted_as.value is not None:
                reasons = (*because, *counted_as.because)
                tally.month(month, since, reasons, counted_as=counted_as.value, **detail)
        count = item.month_count or 0
        tally.block(f"{label}/{number}", since, count, because, counted_as=told, **detail)


def unit_month(person: str, month: Month, full: date) -> CountedMonths:
    """LZ-17c: a month on the roll of an employer counts from the day it was fully paid, or its first day."""
    return CountedMonths(
        person=person,
        scheme=Scheme.EMPLOYEE,
        from_=max(full, month.first_day),
        month=month,
        mode=Mode.COMBINED,
        capacity=Capacity.EMPLOYED,
        because=("LZ-17c", "LZ-06a"),
    )


def _units(view: View, person: str, tally: _Tally) -> None:
    for stint in roll.stints(view, person):
        ledger = payments.ledger_of(view, stint.employer)
        last = stint.last
        for month in ledger.paid:
            if month < stint.first or (last is not None and month > last):
                continue
            full = ledger.full(month)
            if full is not None:
                tally.take(unit_month(person, month, full))
    for fact in view.facts(ContributionPaid, person=person):
        if fact.capacity is Capacity.UNEMPLOYED and fact.person == person:
            for month in fact.months or ():
                since = max(fact.on, month.first_day)
                tally.month(month, since, ("LZ-17c",), mode=fact.mode, capacity=Capacity.UNEMPLOYED)


def _individuals(view: View, person: str, tally: _Tally) -> None:
    gap = individual.payments_of(view, person).gap
    runs = refunds.remaining_runs(view, person)
    for paid in (*gap, *(paid for run in runs for paid in run.months)):
        since = max(paid.paid_on, paid.month.first_day)
        tally.month(paid.month, since, ("LZ-17c",), mode=paid.mode, capacity=Capacity.FLEXIBLE)


def _converted(view: View, person: str, tally: _Tally) -> None:
    for fact in view.facts(LumpSumPaid, person=person):
        if fact.purpose is LumpSumPurpose.LAND_EXPROPRIATION and in_group(
            view, person, Group.LAND_EXPROPRIATED, fact.on
        ):
            months = converted_months(fact.month_count or 0)
            label = f"converted/{fact.id}"
            tally.block(label, fact.on, months.value, months.because, counted_as=CountedAs.CONVERTED)


class Held(Struct, frozen=True):
    """Months held on a reference date, settled ones left out."""

    deemed: int
    paid: int
    local_paid: int
    converted: int

    @property
    def total(self) -> int:
        """All months that count towards the requirement."""
        return self.deemed + self.paid + self.converted


def without_settlement(view: View, person: str, reference: Month, day: date) -> Held:
    """LZ-17c: months up to the month of the reference date, whatever was bought in one sum left out."""
    tally = dict.fromkeys(("deemed", "paid", "local_paid", "converted"), 0)
    for block in base_counted(view, person):
        inside = block.month <= reference if block.month is not None else block.from_ <= day
        if inside and (block.to or FAR_FUTURE) > day:
            tally[str(block.counted_as)] += block.count
            if block.counted_as is CountedAs.PAID and block.local:
                tally["local_paid"] += block.count
    return Held(**tally)


@per_view
def counted(view: View, person: str) -> tuple[CountedMonths, ...]:
    """Every month that counts, settled ones included until a refund cancels them."""
    from domain.municipalities.luzhou.settlement import settled_sums

    bought = (
        CountedMonths(
            person=person,
            scheme=Scheme.EMPLOYEE,
            from_=each.fact.on,
            to=each.cancelled_on,
            label=f"settled/{each.fact.id}",
            count=each.months,
            because=("LZ-18a", "LZ-19d"),
        )
        for each in settled_sums(view, person)
        if each.months
    )
    return (*base_counted(view, person), *bought)
