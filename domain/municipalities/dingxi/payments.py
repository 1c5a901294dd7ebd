"""What was paid for whom and when: each contribution month once (arts. 11, 14, 15, 20)."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.errors import Unanswerable
from domain.facts import (
    ContributionPaid,
    ModeChanged,
    OpeningHistory,
    TransferredIn,
)
from domain.facts.parts import HistoryItem
from domain.municipalities.dingxi.employment import employers, on_roll
from domain.municipalities.dingxi.enrolment import Category, category_of, off_roll, outside_scheme
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Moment, Month
from domain.values.terms import Capacity, CountedAs, Mode, Scheme, Where


class Payment(Struct, frozen=True):
    """Money for one month: in full, or `part` fen of what is due."""

    month: Month
    paid_on: date
    known: date
    category: Category
    source: str
    """`opening`, `transfer` or `paid`."""
    fact: str
    moment: Moment
    part: int | None = None


class Paid(Struct, frozen=True):
    """A contribution month and how it stands: `full_on` is the day on which nothing was left to pay."""

    month: Month
    category: Category
    full_on: date | None
    known: date
    source: str
    payments: tuple[Payment, ...]
    elsewhere: bool = False

    @property
    def on_time(self) -> bool:
        """Paid in full on or before the last day of the month."""
        return self.full_on is not None and self.full_on <= self.month.last_day

    @property
    def counts_from(self) -> date | None:
        """The day from which the month counts: its first day, or the day of payment if later."""
        return None if self.full_on is None else max(self.full_on, self.month.first_day)


@per_view
def months(view: View, person: str) -> dict[Month, Paid]:
    """Every month for which something was paid, in order."""
    by_month: dict[Month, list[Payment]] = {}
    for payment in _payments(view, person):
        by_month.setdefault(payment.month, []).append(payment)
    return {month: _standing(view, person, month, by_month[month]) for month in sorted(by_month)}


def _payments(view: View, person: str) -> Iterator[Payment]:
    taken = set()
    for payment in _histories(view, person):
        taken.add(payment.month)
        yield payment
    for fact in payment_facts(view, person):
        if outside_scheme(view, person, fact.on).value:
            continue  # refused: no contribution is assessed (DX-66a)
        category = category_of(fact.capacity, fact.mode, fact.employer)
        parts = _parts(view, person, fact, category)
        for month, part in parts:
            known = _first_recorded(view, fact, month)
            yield Payment(month, fact.on, known, category, "paid", fact.id, fact.recorded, part)


def _first_recorded(view: View, fact: ContributionPaid, month: Month) -> date:
    """When the payment for a month became known: what a correction left as it was is not learned anew."""
    first = fact
    while first.corrects:
        before = view.sources.fact(first.corrects)
        if not isinstance(before, ContributionPaid) or month not in (before.months or ()):
            break
        if (before.person, before.employer, before.amount) != (fact.person, fact.employer, fact.amount):
            break
        first = before
    return first.recorded.day


def payment_facts(view: View, person: str) -> list[ContributionPaid]:
    """Payments for the person, and those of employers for everybody on the roll; by day."""
    own = [f for f in view.facts(ContributionPaid, person=person) if f.months]
    for employer in employers(view, person):
        own += [f for f in view.facts(ContributionPaid, employer=employer) if f.person is None and f.months]
    return sorted(own, key=lambda fact: (fact.on, view.order(fact)))


def _parts(
    view: View, person: str, fact: ContributionPaid, category: Category
) -> Iterator[tuple[Month, int | None]]:
    listed = [m for m in fact.months or () if fact.person or _paid_for(view, person, fact, m)]
    if fact.amount is None:
        yield from ((month, None) for month in listed)
        return
    from domain.municipalities.dingxi.dues import full_amount

    left = int(fact.amount)
    if fact.person is None:
        whole = full_amount(view, fact)
        yield from ((month, None if left >= whole else 0) for month in listed)
        return
    yield from _shared_out(view, person, fact, category, listed, left)


def _paid_for(view: View, person: str, fact: ContributionPaid, month: Month) -> bool:
    """Whether an employer's payment for its whole roll was for the person too, as known when it came."""
    mine = on_roll(view, person, str(fact.employer), month)
    return mine and not off_roll(view, person, month, fact.recorded)


def _shared_out(
    view: View, person: str, fact: ContributionPaid, category: Category, listed: list[Month], left: int
) -> Iterator[tuple[Month, int]]:
    """A part payment fills the months from the oldest on; what cannot be priced yet keeps the money waiting.

    Earlier is what was paid earlier, whenever it was recorded: the surcharge is on what was open then (DX-12b).
    """
    mine = (fact.on, view.order(fact))
    earlier = [f for f in view.facts(ContributionPaid, person=person) if (f.on, view.order(f)) < mine]
    for month in listed:
        try:
            given = min(_open_for(view, person, fact, category, month, earlier), left)
        except Unanswerable:
            given = left
        left -= given
        yield month, given


def _open_for(
    view: View,
    person: str,
    fact: ContributionPaid,
    category: Category,
    month: Month,
    earlier: list[ContributionPaid],
) -> int:
    """What is due for a month less what earlier payments brought for it, in fen."""
    from domain.municipalities.dingxi.dues import due_as_known

    before = 0
    for other in earlier:
        if month not in (other.months or ()):
            continue
        owed = category_of(other.capacity, other.mode, other.employer)
        if other.amount is None:
            before += due_as_known(view, person, month, owed, other.recorded)
        else:
            listed_then, paid_then = list(other.months or ()), int(other.amount)
            before += dict(_shared_out(view, person, other, owed, listed_then, paid_then)).get(month, 0)
    return max(0, due_as_known(view, person, month, category, fact.recorded) - before)


def _histories(view: View, person: str) -> Iterator[Payment]:
    for opening in view.facts(OpeningHistory, person=person):
        for item in opening.history or ():
            local = item.where is not Where.ELSEWHERE
            yield from _of_history(opening, item, "opening" if local else "transfer", Month.of(opening.on))
    for transfer in view.facts(TransferredIn, person=person):
        if transfer.scheme is not Scheme.EMPLOYEE:
            continue
        last = transfer.last_paid_month
        if last is None and transfer.cover_ended_on is not None:
            last = Month.of(transfer.cover_ended_on)
        after = last.plus(1) if last is not None else Month.of(transfer.on)
        for item in transfer.history or ():
            local = item.where is Where.LOCAL
            yield from _of_history(transfer, item, "opening" if local else "transfer", after)


def _of_history(
    fact: OpeningHistory | TransferredIn, item: HistoryItem, source: str, after: Month
) -> Iterator[Payment]:
    """Actual months taken over, all paid on time; deemed ones are stored only (DX-14b)."""
    if item.counted_as is not CountedAs.PAID:
        return
    category = category_of(item.capacity, item.mode, item.employer)
    listed = item.months or tuple(after.plus(-n) for n in range(item.month_count or 0, 0, -1))
    known = fact.recorded.day
    for month in listed:
        yield Payment(month, month.first_day, known, category, source, fact.id, fact.recorded)


def _standing(view: View, person: str, month: Month, payments: list[Payment]) -> Paid:
    """A month counts once: as paid here if it was (DX-15a), and by the employer's payment (DX-11d)."""
    groups: dict[tuple[Capacity, str | None], list[Payment]] = {}
    for payment in payments:
        groups.setdefault((payment.category.capacity, payment.category.employer), []).append(payment)
    best: tuple[bool, bool, bool, Category] | None = None
    completed: list[tuple[date, date]] = []
    for (capacity, _), group in groups.items():
        category = _assessed(view, person, month, group)
        done = _completed(view, person, month, group, category)
        if done is not None:
            completed.append(done)
        here = any(payment.source != "transfer" for payment in group)
        rank = (done is not None, here, capacity is Capacity.EMPLOYED, category)
        if best is None or rank[:3] > best[:3]:
            best = rank
    assert best is not None
    full_on, known = min(completed, default=(None, payments[0].known))
    # A part paid here does not make a month of elsewhere one that was paid here (DX-15a).
    local = next((p.source for p in payments if p.source != "transfer"), None) if best[1] else None
    return Paid(month, best[3], full_on, known, local or "transfer", tuple(payments), local is None)


def assessed_mode(view: View, person: str, month: Month, payments: list[Payment]) -> Mode:
    """The rate at which a flexible month is owed: a switch counts from the month after it (DX-11e)."""
    last = payments[-1]
    mode = last.category.mode
    for change in view.facts(ModeChanged, person=person):
        if Month.of(change.on) < month and change.on > last.paid_on:
            mode = change.mode
    if any(p.category.mode is Mode.COMBINED and p.part is None for p in payments):
        later = [c for c in view.facts(ModeChanged, person=person) if Month.of(c.on) < month]
        # Without a switch a month paid in full stays as it was paid; the second payment is held (DX-11d).
        return later[-1].mode if later else next(p.category.mode for p in payments if p.part is None)
    return mode


def _assessed(view: View, person: str, month: Month, payments: list[Payment]) -> Category:
    category = payments[-1].category
    if category.capacity is not Capacity.FLEXIBLE or any(p.source != "paid" for p in payments):
        return category
    return Category(Capacity.FLEXIBLE, assessed_mode(view, person, month, payments))


def _completed(
    view: View, person: str, month: Month, payments: list[Payment], category: Category
) -> tuple[date, date] | None:
    """The day on which the month was paid in full and the day on which that was known; None while open."""
    from domain.municipalities.dingxi.dues import due_as_known

    got, known = 0, date.min
    for payment in payments:
        low = payment.category.mode is Mode.POOLING_ONLY and category.mode is Mode.COMBINED
        if payment.part is None and not low:
            return payment.paid_on, payment.known
        try:
            if payment.part is not None:
                got += payment.part
            else:
                got += due_as_known(view, person, month, payment.category, payment.moment)
            known = max(known, payment.known)
            if got >= due_as_known(view, person, month, category, payment.moment):
                return payment.paid_on, known
        except Unanswerable:
            continue
    return None


@rule("DX-14b", article="第十四条")
def actual_months(paid: dict[Month, Paid], until: Month) -> int:
    """Distinct months fully paid, transferred ones included, up to a month; deemed years count nothing."""
    return sum(1 for month, each in paid.items() if month <= until and each.full_on is not None)


@rule("DX-15a", article="第十五条")
def merged(paid: dict[Month, Paid]) -> list[Month]:
    """Months transferred from elsewhere are merged; one that was also paid here counts once."""
    return [month for month, each in paid.items() if each.elsewhere]


@rule("DX-68b", article="第六十八条")
def taken_over(paid: dict[Month, Paid]) -> list[Month]:
    """Months from before the document enter as an opening history."""
    return [month for month, each in paid.items() if each.source == "opening"]
