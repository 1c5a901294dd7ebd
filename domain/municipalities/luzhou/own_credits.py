"""Account credits of individuals and retirees, which the pooled fund gives (第二十三条、第17节). Money in fen."""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from domain.errors import Unanswerable
from domain.events.consequences import Entry, Posting
from domain.facts import OpeningStatus
from domain.municipalities.luzhou import individual, refunds, settlement, wages
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.unit_credits import (
    FUND,
    Earner,
    age_part,
    basic_credit,
    credited_on,
    earner,
    earns_no_credit,
    retiree_base,
    retiree_credit,
    unit_entries,
    waiting,
)
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Capacity, Mode, MovementKind, Scheme, Status


@per_view
def entries(view: View, person: str) -> tuple[Entry, ...]:
    """Every contribution and credit of a person."""
    who = earner(view, person)
    return (*unit_entries(view, person), *_individuals(view, who), *_retired(view, who))


def retired_from(view: View, person: str) -> Month | None:
    """The first month with a retiree's benefits, if the settlement is completed."""
    try:
        start = settlement.start_of(view, person)
    except Unanswerable:
        return None
    return Month.of(start.from_) if start is not None and start.waiting_from is None else None


def _individuals(view: View, who: Earner) -> Iterator[Entry]:
    paid = individual.payments_of(view, who.person)
    gone = {
        (each.fact, each.month): refund
        for refund in refunds.refunds_of(view, who.person)
        for each in refund.months
    }
    retired = retired_from(view, who.person)
    for each in (*paid.gap, *(each for run in paid.runs for each in run.months)):
        refund = gone.get((each.fact, each.month))
        earned = credited_on(each.paid_on, each.month).value
        late = (who.until is not None and each.month > who.until) or (retired and each.month >= retired)
        if late or earns_no_credit(each.mode, False).value or (refund and earned > refund.on):
            continue
        yield from _individual_month(view, who, each, refund)


def _individual_month(
    view: View, who: Earner, each: individual.PaidMonth, refund: refunds.Refund | None
) -> Iterator[Entry]:
    name = f"individual/{each.month}"
    try:
        base = wages.individual_base(view, each.month.year)
    except Unanswerable as missing:
        yield waiting(who, name, each.month, each.paid_on, missing.name, MovementKind.BASIC_CREDIT)
        return
    credit = basic_credit(base, figure("account.basic_rate", each.month.first_day))
    earned = credited_on(each.paid_on, each.month)
    basic = Entry(
        name=name,
        on=earned.value,
        kind=MovementKind.BASIC_CREDIT,
        month=each.month,
        person=who.person,
        postings=(Posting(FUND, -credit.value, "account_credits"), Posting(who.account, credit.value)),
        because=(*credit.because, *earned.because),
        reversed_as=MovementKind.BASIC_CREDIT,
    )
    age = list(age_part(view, who, each.month, each.paid_on))
    for entry in (basic, *(_named(e, f"individual_{e.name}") for e in age)):
        if refund is not None and entry.on > refund.on:
            continue
        yield entry
        if refund is not None and entry.postings:
            yield _taken_back(entry, refund)


def _named(entry: Entry, name: str) -> Entry:
    return replace(entry, name=name)


def _taken_back(entry: Entry, refund: refunds.Refund) -> Entry:
    return Entry(
        name=f"reversed/{entry.name}",
        on=refund.on,
        kind=MovementKind.REVERSAL,
        month=entry.month,
        person=entry.person,
        postings=tuple(Posting(p.account, -p.fen, p.use) for p in entry.postings),
        because=refund.because,
    )


def _begun_months(view: View, first: Month, until: Month | None) -> Iterator[Month]:
    """The months from `first` on that have begun."""
    month = first
    while (until is None or month <= until) and view.reached(month.first_day):
        yield month
        month = month.plus(1)


def _retired(view: View, who: Earner) -> Iterator[Entry]:
    for first, settled_on, mode in _retirements(view, who.person):
        if earns_no_credit(mode, False).value:
            continue
        for month in _begun_months(view, first, who.until):
            found = retiree_base(view, month.year)
            name = f"retiree/{month}"
            if found is None:
                kind = MovementKind.RETIREE_CREDIT
                yield waiting(who, name, month, settled_on, "retiree_account_base", kind)
            else:
                credit = retiree_credit(found[0], figure("account.retiree_rate", month.first_day))
                yield Entry(
                    name=name,
                    on=credited_on(settled_on, month, found[1]).value,
                    kind=MovementKind.RETIREE_CREDIT,
                    month=month,
                    person=who.person,
                    postings=(
                        Posting(FUND, -credit.value, "account_credits"),
                        Posting(who.account, credit.value),
                    ),
                    because=(*credit.because, "LZ-23e"),
                )
            for entry in age_part(view, who, month, settled_on):
                yield _named(entry, f"retiree_{entry.name}")


def _retirements(view: View, person: str) -> Iterator[tuple[Month, date, Mode]]:
    """First month, day of settlement and mode of a retiree's benefits."""
    opened = [
        fact
        for fact in view.facts(OpeningStatus, person=person)
        if fact.capacity is Capacity.RETIRED
        and fact.status is Status.COVERED
        and fact.scheme is Scheme.EMPLOYEE
    ]
    if opened:
        yield Month.of(opened[0].from_ or opened[0].on), opened[0].on, opened[0].mode or Mode.COMBINED
        return
    try:
        start = settlement.start_of(view, person)
    except Unanswerable:
        return
    if start is not None:
        yield Month.of(start.from_), start.settled_on, start.mode
