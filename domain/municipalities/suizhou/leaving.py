"""Days on which a member who was transferred to another region is not covered here (article 51)."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from domain.facts import OtherCoverRecorded, TransferOutRequested
from domain.municipalities.suizhou.payments import paid_months
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE, Month
from domain.values.period import Period
from domain.values.terms import OtherCover, Scheme


class Absence(Struct, frozen=True):
    """From the first day without cover here until the first day of the month paid here next."""

    from_: date
    to: date
    because: tuple[str, ...]


@rule("SZ-51c", article="第五十一条")
def cover_ends_with_transfer(covered_until: date, elsewhere_from: date | None) -> date:
    """After a transfer out cover ends with the month after the last paid one, or when it begins elsewhere."""
    return covered_until if elsewhere_from is None else min(covered_until, elsewhere_from)


def absences(view: View, person: str, covered: Sequence[Period]) -> Iterator[Absence]:
    """One absence for each transfer out, in order; `covered` is what holds apart from them."""
    for moved in sorted(view.facts(TransferOutRequested, person=person), key=lambda fact: fact.on):
        if moved.scheme is Scheme.EMPLOYEE:
            yield from _absence(view, person, moved.on, covered)


def _absence(view: View, person: str, moved_on: date, covered: Sequence[Period]) -> Iterator[Absence]:
    paid = list(paid_months(view, person))
    last = _last_paid(paid, moved_on) or _taken_over(covered, moved_on)
    if last is None:
        return
    starts = [
        fact.from_ or fact.on
        for fact in view.facts(OtherCoverRecorded, person=person)
        if fact.cover is OtherCover.EMPLOYEE
    ]
    elsewhere = min((day for day in starts if day in last), default=None)
    ends = cover_ends_with_transfer(last.end, elsewhere)
    again = next((month.first_day for month in paid if month > Month.of(moved_on)), FAR_FUTURE)
    if again > ends.value:
        yield Absence(ends.value, again, ends.because)


def _last_paid(paid: list[Month], moved_on: date) -> Period | None:
    """The month paid here last, and the month after it."""
    before = [month for month in paid if month <= Month.of(moved_on)]
    return Period(before[-1].first_day, before[-1].plus(2).first_day) if before else None


def _taken_over(covered: Sequence[Period], moved_on: date) -> Period | None:
    """Who has paid nothing in this ledger: the days that were taken over."""
    before = [period for period in covered if period.from_ <= moved_on]
    return before[-1] if before else None
