"""Postings of contributions that bring no credit of their own: premiums, lump sums, refunds (rulebook, section 17)."""

from collections.abc import Iterator
from datetime import date

from domain.errors import Unanswerable
from domain.events.consequences import Entry, Posting
from domain.facts import LumpSumPaid, ResidentContributionPaid, RetireesHandedOver
from domain.municipalities.luzhou import (
    individual,
    premiums,
    refunds,
    residents,
    settlement,
    wages,
    years,
)
from domain.municipalities.luzhou.unit_credits import FUND
from domain.rulebook.view import View
from domain.values.terms import LumpSumPurpose, Mode

RESIDENT_FUND = "fund:resident_pooled"


def entries(view: View, person: str) -> Iterator[Entry]:
    """Money received and paid back for one person."""
    yield from _individual(view, person)
    yield from _refunds(view, person)
    yield from _lump_sums(view, person)
    yield from _unenrolled(view, person)
    yield from _residents(view, person)
    yield from _handovers(view, person)


def _paid(
    name: str, on: date, payer: str, amount: int, fund: str, because: tuple[str, ...]
) -> Iterator[Entry]:
    if amount:
        yield Entry(
            name=name,
            on=on,
            postings=(Posting(payer, -amount), Posting(fund, amount, "contributions")),
            because=because,
        )


def individual_amounts(view: View, person: str) -> dict[str, tuple[date, int]]:
    """Per payment of an individual: day and amount for the months accepted, in fen."""
    groups: dict[str, dict[tuple[int, Mode], int]] = {}
    days: dict[str, date] = {}
    paid = individual.payments_of(view, person)
    for each in (*paid.gap, *(each for run in paid.runs for each in run.months)):
        group = groups.setdefault(each.fact, {})
        key = (each.month.year, each.mode)
        group[key] = group.get(key, 0) + 1
        days[each.fact] = each.paid_on
    return {
        fact: (
            days[fact],
            sum(
                wages.individual_amount(
                    wages.individual_base(view, year), count, wages.individual_rate(mode, date(year, 1, 1))
                ).value
                for (year, mode), count in group.items()
            ),
        )
        for fact, group in groups.items()
    }


def _individual(view: View, person: str) -> Iterator[Entry]:
    try:
        found = individual_amounts(view, person)
    except Unanswerable as missing:
        paid = individual.payments_of(view, person)
        first = min(each.paid_on for each in (*paid.gap, *(m for run in paid.runs for m in run.months)))
        yield Entry(name="premium", on=first, waiting_for=missing.name, other=FUND)
        return
    for fact, (on, amount) in found.items():
        yield from _paid(f"premium/{fact}", on, f"member:{person}", amount, FUND, ("LZ-14a",))


def _refunds(view: View, person: str) -> Iterator[Entry]:
    for refund in refunds.refunds_of(view, person):
        if refund.months:
            try:
                amount = refunds.refund_amount(view, refund.months)
            except Unanswerable as missing:
                yield Entry(name=f"refund/{refund.fact}", on=refund.on, waiting_for=missing.name, other=FUND)
                continue
            yield Entry(
                name=f"refund/{refund.fact}",
                on=refund.on,
                postings=(Posting(FUND, -amount.value, "refunds"), Posting(f"member:{person}", amount.value)),
                because=amount.because,
            )


def _lump_sums(view: View, person: str) -> Iterator[Entry]:
    for each in settlement.settled_sums(view, person):
        payer = f"member:{person}"
        because = each.because
        yield from _paid(f"lump_sum/{each.fact.id}", each.fact.on, payer, each.amount, FUND, because)
        if each.cancelled_on is not None:
            yield Entry(
                name=f"lump_sum_refund/{each.fact.id}",
                on=each.cancelled_on,
                postings=(Posting(FUND, -each.amount, "refunds"), Posting(f"heirs:{person}", each.amount)),
                because=("LZ-18e",),
            )
    for fact in view.facts(LumpSumPaid, person=person):
        if fact.purpose is LumpSumPurpose.LAND_EXPROPRIATION and fact.amount:
            name = f"expropriation/{fact.id}"
            yield from _paid(name, fact.on, f"member:{person}", fact.amount, RESIDENT_FUND, ("LZ-21a",))


def _unenrolled(view: View, person: str) -> Iterator[Entry]:
    try:
        found = years.unenrolled_of(view, person)
    except Unanswerable:
        return
    for each in found:
        name = f"unenrolled/{each.fact.id}"
        payer = f"employer:{each.fact.employer}"
        yield from _paid(name, each.fact.on, payer, each.amount, FUND, ("LZ-20a", "LZ-20b"))


def _residents(view: View, person: str) -> Iterator[Entry]:
    """LZ-04d: part payments add up, but the subsidy of a year arrives once."""
    subsidised: dict[int, int] = {}
    for verdict in residents.verdicts(view, person):
        if verdict.refusal is not None:
            continue
        fact = verdict.fact
        told = premiums.received(view, fact, person)
        before = subsidised.get(fact.year, 0)
        subsidised[fact.year] = max(before, told.subsidy)
        if told.own is None:
            key = told.missing.name if told.missing is not None else premiums.STANDARD
            yield Entry(name=f"resident/{fact.id}", on=fact.on, waiting_for=key, other=RESIDENT_FUND)
        else:
            yield from _resident(person, fact, told.own, max(0, told.subsidy - before))


def _resident(person: str, fact: ResidentContributionPaid, own: int, subsidy: int) -> Iterator[Entry]:
    name = f"resident/{fact.id}"
    if own or subsidy:
        postings = (
            Posting(f"member:{person}", -own),
            Posting("government:city", -subsidy),
            Posting(RESIDENT_FUND, own, "contributions"),
            Posting(RESIDENT_FUND, subsidy, "subsidy"),
        )
        yield Entry(
            name=name,
            on=fact.on,
            postings=tuple(posting for posting in postings if posting.fen),
            because=("LZ-15a", "LZ-15b", *(("LZ-04d",) if subsidy else ())),
        )


def _handovers(view: View, person: str) -> Iterator[Entry]:
    """LZ-13a: 5,000 yuan for each person handed over."""
    for fact in view.facts(RetireesHandedOver, person=person):
        amount, because = settlement.handed_over_for(fact, person)
        name = f"handover/{fact.id}"
        yield from _paid(name, fact.on, f"employer:{fact.employer}", amount, FUND, because)
