"""Missed months, suspension, back-payment (arts. 20, 34(4))."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.municipalities.dingxi.payments import Paid
from domain.municipalities.dingxi.policy import figure
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import Month, add_days, add_months
from domain.values.period import Period


class Run(Struct, frozen=True):
    """Missed months one after another: `n` of them from `first` on.

    `growing` while none was paid on time and the run may become, or has become, too long to restore.
    """

    months: tuple[Month, ...]
    cleared_on: date | None
    growing: bool
    cleared_known: date | None = None

    @property
    def first(self) -> Month:
        """The month that opened the run."""
        return self.months[0]

    @property
    def starts(self) -> date:
        """`g`: the first day of the first missed month."""
        return self.first.first_day

    @property
    def count(self) -> int:
        """`n`: the missed months."""
        return len(self.months)


@rule("DX-20e", article="第二十条（二）")
def overdue(view: View, month: Month) -> bool:
    """A month can be missed only when its last day has passed; until then it is taken as paid."""
    return view.over(month.last_day)


def runs(
    view: View, paid: dict[Month, Paid], first: Month, last: Month, excused: frozenset[Month]
) -> list[Run]:
    """The runs of missed months from `first` to `last`, as known."""
    found: list[Run] = []
    current: list[Month] = []
    for number in range(first, last + 1):
        month = Month(number)
        each = paid.get(month)
        on_time = month in excused or (each is not None and each.on_time)
        if not on_time and not overdue(view, month).value:
            break
        if on_time:
            if current:
                found.append(_run(paid, current, growing=False))
            current = []
            continue
        cleared = _cleared(paid, current)
        if current and cleared is not None and cleared <= month.last_day:
            found.append(_run(paid, current, growing=False))
            current = []
        current.append(month)
    if current:
        # Who retires or leaves before the run can reach its limit is never too late to pay it.
        limit: int = figure(view, "cover.restorable_months", current[0].first_day)
        found.append(_run(paid, current, growing=current[0].plus(limit) <= last))
    return found


def _cleared(paid: dict[Month, Paid], missed: list[Month]) -> date | None:
    days = [paid[month].full_on for month in missed if month in paid]
    known = [day for day in days if day is not None]
    return max(known, default=None) if len(known) == len(missed) else None


def _run(paid: dict[Month, Paid], missed: list[Month], growing: bool) -> Run:
    cleared = _cleared(paid, missed)
    known = max(paid[m].known for m in missed) if cleared is not None else None
    return Run(tuple(missed), cleared, growing and cleared is None, known)


@rule("DX-20c", article="第二十条（二）")
def suspension_begins(view: View, run: Run) -> date | None:
    """A run of three or more missed months suspends benefits from three months after its first day."""
    grace: int = figure(view, "cover.grace_months", run.starts)
    return add_months(run.starts, grace) if run.count >= grace else None


@rule("DX-20d", article="第二十条（二）")
def suspension(view: View, run: Run, paid: dict[Month, Paid], retires: date | None) -> Period | None:
    """Up to twelve missed months are healed by full back-payment; longer ones wait for three months on time."""
    start = suspension_begins(view, run).value
    if start is None:
        return None
    if run.cleared_on is None:
        return Period(start, None)
    if restorable(view, run):
        return None
    return Period(start, max(run.cleared_on, restart(view, run, paid, retires)))


def restorable(view: View, run: Run) -> bool:
    """Within one year: not more missed months than can be restored in full (DX-20d)."""
    limit: int = figure(view, "cover.restorable_months", run.starts)
    return run.count <= limit


def restart(view: View, run: Run, paid: dict[Month, Paid], retires: date | None) -> date:
    """The first of the month after the third month in a row paid on time; waived for a retiree (DX-14d)."""
    needed: int = figure(view, "cover.restart_months", run.starts)
    month, series = run.months[-1], 0
    while series < needed:
        month = month.plus(1)
        each = paid.get(month)
        on_time = each.on_time if each is not None else False
        series = series + 1 if on_time or not overdue(view, month).value else 0
    first = month.plus(1).first_day
    return min(first, retires) if retires is not None else first


@rule("DX-34d", article="第三十四条（四）")
def special_disease_stop(view: View, run: Run) -> Period | None:
    """Special outpatient care stops with the first missed month, until the run is cleared."""
    start = add_months(run.starts, figure(view, "cover.special_disease_months", run.starts))
    if run.cleared_on is None:
        return Period(start, None)
    if restorable(view, run) or run.cleared_on <= start:
        return None
    return Period(start, run.cleared_on)


def too_late_on(view: View, run: Run) -> date | None:
    """The first day on which it is, or was, too late to restore everything; None when that never comes."""
    if run.cleared_on is not None or (not run.growing and restorable(view, run)):
        return None
    limit: int = figure(view, "cover.restorable_months", run.starts)
    return add_months(run.starts, limit + 1)


def deadline(view: View, run: Run) -> date | None:
    """The last day on which paying heals everything."""
    late = too_late_on(view, run)
    return None if late is None else add_days(late, -1)


def missed_months(found: list[Run], until: date) -> Iterator[Month]:
    """Missed months of all runs that were not yet paid on a day."""
    for run in found:
        if run.cleared_on is None or run.cleared_on >= until:
            yield from run.months
