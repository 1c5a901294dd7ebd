"""The count of six consecutive months for maternity benefits of employees (article 33)."""

from collections.abc import Iterator
from datetime import date

from domain.facts import OpeningHistory, OpeningStatus
from domain.municipalities.suizhou.employee import walk
from domain.municipalities.suizhou.interruption import made_good_by_employer, months_missed
from domain.municipalities.suizhou.payments import PaidMonth, paid_months
from domain.municipalities.suizhou.policy import figure
from domain.municipalities.suizhou.stops import Walk
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Capacity, Scheme


@rule("SZ-33a", article="第三十三条")
def qualifies_from(sixth_month: Month) -> date:
    """After six consecutive contribution months with maternity, benefits begin in the following month."""
    return sixth_month.plus(1).first_day


@rule("SZ-33b", article="第三十三条")
def count_goes_on(counted: int, gap_back_paid: bool) -> int:
    """A change of employer keeps the count when the gap is back-paid in time; otherwise it begins anew."""
    return counted if gap_back_paid else 0


@per_view
def qualified_ranges(view: View, person: str) -> tuple[tuple[date, date | None], ...]:
    """Days (half-open) on which an employee's maternity count is complete."""
    found = walk(view, person)
    taken_over = found.prior is not None and found.prior.payer.startswith("employer:")
    if not any(paid.employer for paid in found.paid.values()) and not taken_over:
        return ()
    needed = int(figure(view, "maternity.qualifying_months", view.today))
    ranges: list[tuple[date, date | None]] = []
    for number, start in enumerate(found.runs):
        later = found.runs[number + 1] if number + 1 < len(found.runs) else None
        held = _brought_along(view, person, found, needed) if number == 0 else count_goes_on(0, False).value
        ranges.extend(_ranges(found, start, later, held, needed))
    return tuple(ranges)


def _ranges(
    found: Walk, start: Month, later: Month | None, held: int, needed: int
) -> Iterator[tuple[date, date | None]]:
    """Ranges within one unbroken run of contribution."""
    since = start.first_day if held >= needed else None
    stops = [s.first_unpaid for s in found.stops if not s.healed and s.first_unpaid >= start]
    broken = min((m for m in stops if later is None or m < later), default=None)
    overdue = Month.of(found.today).plus(-1)
    last = max([*found.paid, overdue]).plus(needed + 1)
    month = start
    while month <= last and (later is None or month < later):
        counts = _counts(found, month, overdue, broken)
        if counts is None:
            break
        if counts == "paid" and not (held == 0 and _bought_on_entry(found, month)):
            held += 1
        elif counts == "other" or (counts == "unpaid" and since is None):
            if since is not None:
                yield since, month.first_day
            since, held = None, 0
        if since is None and held >= needed:
            since = qualifies_from(month).value
        month = month.plus(1)
    if since is not None:
        yield since, later.first_day if later is not None else None


def _counts(found: Walk, month: Month, overdue: Month, broken: Month | None) -> str | None:
    """`paid` with maternity, `other` without it, `unpaid`; None when nobody owes the month any more."""
    paid = found.paid.get(month)
    if paid is not None:
        if paid.employer is None or not paid.maternity:
            return "other"
        return "paid" if _in_time(found, paid, broken) else "unpaid"
    owing = any(job.start <= month and (job.end is None or month <= job.end) for job in found.jobs)
    if month <= overdue:
        return "unpaid"
    return "paid" if owing else None


def _in_time(found: Walk, paid: PaidMonth, broken: Month | None) -> bool:
    """Paid in its own month or made good within six months (SZ-10d); what is bought after a break does not count."""
    if paid.paid_on <= paid.month.last_day:
        return True
    made_good = made_good_by_employer(months_missed(paid.paid_on, paid.month).value, found.limits.employer)
    return made_good.value and (broken is None or paid.month < broken)


def _bought_on_entry(found: Walk, month: Month) -> bool:
    """A month paid in arrears with an employer's first payment."""
    paid = found.paid.get(month)
    if paid is None or paid.employer is None:
        return False
    first = min(p.entered_on for p in found.paid.values() if p.employer == paid.employer)
    return month < Month.of(first)


def _brought_along(view: View, person: str, found: Walk, needed: int) -> int:
    """Months that the count holds already: from another area, or from the time before the ledger."""
    prior = found.prior
    if prior is None or prior.last_paid is None:
        return 0
    if not prior.local:
        return prior.maternity_months if found.runs and found.runs[0] == prior.last_paid.plus(1) else 0
    for fact in view.facts(OpeningStatus, person=person):
        if fact.scheme is Scheme.EMPLOYEE and fact.maternity is not None:
            return needed if fact.maternity else 0
    months = {
        month
        for fact in view.facts(OpeningHistory, person=person)
        for item in fact.history or ()
        if item.capacity is Capacity.EMPLOYED or item.employer is not None
        for month in item.months or ()
    }
    held, month = 0, prior.last_paid
    while month in months:
        held, month = held + 1, month.plus(-1)
    return held


def former_maternity(view: View, person: str) -> bool:
    """Whether an earlier employer had paid maternity insurance."""
    paid: dict[Month, PaidMonth] = paid_months(view, person)
    if any(each.employer is not None and each.maternity for each in paid.values()):
        return True
    return any(f.former_maternity or f.maternity for f in view.facts(OpeningStatus, person=person))
