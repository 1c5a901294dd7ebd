"""Where benefits stop for unpaid months, and whether a stop is made good (articles 10, 11, 14)."""

from bisect import bisect_left, bisect_right
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.municipalities.suizhou import interruption as on
from domain.municipalities.suizhou.interruption import Limits, Stop, Stretch
from domain.municipalities.suizhou.jobs import Job
from domain.municipalities.suizhou.payments import PaidMonth
from domain.municipalities.suizhou.policy import figure
from domain.municipalities.suizhou.prior import Prior
from domain.rulebook.citation import joined
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month


class Walk(Struct):
    """What the walk has found so far: stretches of status, and where runs of contribution begin anew."""

    paid: dict[Month, PaidMonth]
    jobs: tuple[Job, ...]
    prior: Prior | None
    today: date
    limits: Limits
    self_paid: tuple[Month, ...] = ()
    self_ends: tuple[Month, ...] = ()
    fund_until: Month | None = None
    stretches: list[Stretch] = []
    stops: list[Stop] = []
    runs: list[Month] = []
    """First month of every run of contribution that was not broken (for the maternity count)."""

    def owed_alone(self, month: Month) -> bool:
        """Whether a flexible member owes a month: the spell of the last month paid alone has not ended."""
        last = self.prior.last_paid if self.prior is not None else None
        if self.self_paid and (last is None or self.self_paid[0] <= month):
            last = self.self_paid[max(bisect_right(self.self_paid, month) - 1, 0)]
        last = month if last is None else last
        at = bisect_left(self.self_ends, last)
        return at == len(self.self_ends) or month <= self.self_ends[at]


@per_view
def limits_of(view: View) -> Limits:
    """The limits in months, with replacements under article 70."""
    names = (
        "arrears.break_months",
        "arrears.employer_limit_months",
        "arrears.flexible_limit_months",
        "arrears.flexible_next_month_limit",
        "arrears.transfer_limit_months",
        "waiting.months",
    )
    return Limits(*(int(figure(view, name, view.today)) for name in names))


def judged(walk: Walk, stop: Stop) -> Stop:
    """Whether a stop is made good: every month from the first unpaid one, in time (SZ-10d, 11e, 14a)."""
    if _left_in_default(walk, stop):
        arrears = judged(walk, replace(stop, kind="employer"))
        if arrears.healed:
            return replace(arrears, kind="left")
    unpaid = _missing(walk, stop.first_unpaid)
    done = completion(walk, stop)
    by_same = stop.kind == "employer" and (
        done is None or walk.paid[stop.first_unpaid].payer in (stop.payer, "fund")
    )
    limit = walk.limits.employer if by_same else walk.limits.flexible
    if stop.kind == "left":
        limit = walk.limits.transfer
    limit_on = stop.first_unpaid.plus(limit + 1).first_day
    stop = replace(stop, completed_on=done, months=unpaid, limit_on=limit_on)
    if done is None:
        return stop
    missed = on.months_missed(done, stop.first_unpaid).value
    if by_same:
        verdict = on.made_good_by_employer(missed, limit)
    elif stop.kind == "self" and walk.paid[stop.first_unpaid].payer == "self":
        verdict = on.made_good_by_oneself(missed, limit)
    else:
        verdict = on.gap_back_paid(missed, walk.limits.transfer)
    if not verdict.value:
        return stop
    return replace(stop, healed=True, months=missed, because=joined(verdict.because, stop.because))


def _left_in_default(walk: Walk, stop: Stop) -> bool:
    """Whether who left did so while the employer owed the first unpaid month: it can still make that good (SZ-10d)."""
    return stop.kind == "left" and any(
        stop.payer == f"employer:{job.employer}"
        and job.start <= stop.first_unpaid
        and (job.end is None or stop.first_unpaid <= job.end)
        for job in walk.jobs
    )


def _missing(walk: Walk, first_unpaid: Month) -> int:
    last = Month.of(walk.today).plus(-1)
    return sum(1 for m in range(first_unpaid, last + 1) if Month(m) not in walk.paid)


def completion(walk: Walk, stop: Stop) -> date | None:
    """First date on which all months from the first unpaid one to the month before that date are paid.

    Of arrears only months that somebody owes: after the member has left, none falls due (SZ-10b, 10g). A gap before a
    new relation is closed by paying all its months, though nobody owed them (SZ-14a).
    """
    if stop.first_unpaid not in walk.paid:
        return None
    done, month = walk.paid[stop.first_unpaid].paid_on, stop.first_unpaid
    while month < Month.of(done):
        if owed(walk, month, stop):
            if month not in walk.paid:
                return None
            done = max(done, walk.paid[month].paid_on)
        month = month.plus(1)
    return done


def owed(walk: Walk, month: Month, stop: Stop) -> bool:
    """Whether a month belongs to what must be paid: a month of a gap, or one that an employer or the member owes."""
    employed = any(job.start <= month and (job.end is None or month <= job.end) for job in walk.jobs)
    return stop.kind == "left" or employed or (stop.kind == "self" and walk.owed_alone(month))


def after_completion(walk: Walk, stop: Stop) -> Month:
    """The month from which the walk goes on after a stop made good: that of the completion, or the first not owed."""
    assert stop.completed_on is not None
    until = Month.of(stop.completed_on)
    skipped = (Month(m) for m in range(stop.first_unpaid, until) if Month(m) not in walk.paid)
    return next(skipped, until)


def next_stop(walk: Walk, month: Month) -> Stop | None:
    """The first stop at or after a month: a break of the employer, an unpaid flexible month, or a departure."""
    overdue = Month.of(walk.today).plus(-1)
    payer = _payer_before(walk, month)
    ends = [e for e in (*(job.end for job in walk.jobs), *walk.self_ends, walk.fund_until) if e is not None]
    beyond = max([overdue, *walk.paid, *ends]) + 2
    while month <= beyond:
        paid = walk.paid.get(month)
        if paid is not None and paid.paid_on <= month.last_day:
            payer = paid.payer
            month = month.plus(1)
            continue
        stop = _stop_at(walk, month, payer, overdue)
        if stop is not None:
            return stop
        payer = paid.payer if paid is not None else payer
        month = month.plus(1)
    return None


def _payer_before(walk: Walk, month: Month) -> str:
    earlier = [paid.payer for m, paid in walk.paid.items() if m < month]
    if earlier:
        return earlier[-1]
    if walk.prior is not None:
        return walk.prior.payer
    return next(iter(walk.paid.values())).payer


def _stop_at(walk: Walk, month: Month, payer: str, overdue: Month) -> Stop | None:
    """Whether a month that was not paid in time stops benefits, and from when."""
    owing = [job for job in walk.jobs if job.start <= month and (job.end is None or month <= job.end)]
    if month > overdue:
        open_ended = payer == "self" and walk.owed_alone(month)
        drawing = payer == "fund" and (walk.fund_until is None or month <= walk.fund_until)
        if owing or open_ended or drawing or _still_given(walk, month, payer):
            return None
        return _left(month, payer)
    active = [job for job in owing if _has_paid_by(walk, job, month)]
    if active:
        # Of two employers the one that still employs owes the month; who left one of them has not left.
        return _default(walk, month, max(active, key=lambda job: (job.end is None, job.end or 0)), overdue)
    if payer == "self" and walk.owed_alone(month):
        stops = on.flexible_stops(month)
        return Stop(month, stops.value, "self", payer, stops.because)
    return _left(month, payer)


def _still_given(walk: Walk, month: Month, payer: str) -> bool:
    """A relation taken over at the opening goes on until facts say otherwise."""
    known = {f"employer:{job.employer}" for job in walk.jobs}
    return walk.prior is not None and payer == walk.prior.payer and payer != "self" and payer not in known


def _left(month: Month, payer: str) -> Stop:
    stops = on.leaver_stops(month.plus(-1))
    return Stop(month, stops.value, "left", payer, stops.because)


def _has_paid_by(walk: Walk, job: Job, month: Month) -> bool:
    if walk.prior is not None and walk.prior.local and walk.prior.payer == f"employer:{job.employer}":
        return True
    first = min((p.entered_on for p in walk.paid.values() if p.employer == job.employer), default=None)
    return first is not None and first <= month.last_day


def _default(walk: Walk, month: Month, job: Job, overdue: Month) -> Stop | None:
    """An employer in default: grace for the first two months, unless the member has left."""
    begins = on.break_begins(month, walk.limits.break_months)

    def unpaid(each: Month) -> bool:
        paid = walk.paid.get(each)
        return paid is None or paid.paid_on >= begins.value

    if not unpaid(month):
        return None
    payer = f"employer:{job.employer}"
    if job.end is not None and job.end < month.plus(walk.limits.break_months):
        rest = range(month + 1, job.end + 1)
        later = any(not unpaid(Month(m)) for m in rest) or _relieved(walk, job, month)
        return None if later else _left(month, payer)
    run = [month.plus(number) for number in range(walk.limits.break_months)]
    if run[-1] <= overdue and all(unpaid(each) for each in run):
        return Stop(month, begins.value, "employer", payer, begins.because)
    return None


def _relieved(walk: Walk, job: Job, month: Month) -> bool:
    """Another payer has paid the month after the employment ended on time."""
    assert job.end is not None
    paid = walk.paid.get(job.end.plus(1))
    return paid is not None and paid.paid_on <= paid.month.last_day and month < job.end
