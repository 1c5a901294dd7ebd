"""The status procedure of the employee scheme: from the first payment through every stop to today."""

from datetime import date

from msgspec.structs import replace

from domain.facts import OpeningStatus
from domain.municipalities.suizhou import interruption as on
from domain.municipalities.suizhou.interruption import Stop, Stretch
from domain.municipalities.suizhou.jobs import Job, benefit_until, jobs, self_ends
from domain.municipalities.suizhou.payments import PaidMonth, paid_months
from domain.municipalities.suizhou.prior import Prior, prior_of
from domain.municipalities.suizhou.stops import Walk, after_completion, judged, limits_of, next_stop
from domain.rulebook.citation import joined
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Scheme


@per_view
def walk(view: View, person: str) -> Walk:
    """Every stretch of status of a person in the employee scheme that follows from contributions."""
    prior = prior_of(view, person)
    found = Walk(
        paid=paid_months(view, person),
        jobs=_with_prior(jobs(view, person), prior),
        prior=prior,
        today=view.today,
        limits=limits_of(view),
        stretches=[],
        stops=[],
        runs=[],
    )
    own = [month for month, paid in found.paid.items() if paid.payer == "self"]
    if own:
        found.self_paid, found.self_ends = tuple(own), self_ends(view, person)
    drawn = [month for month, paid in found.paid.items() if paid.payer == "fund"]
    if drawn:
        found.fund_until = benefit_until(view, person, drawn[-1])
    if found.paid:
        _enter(found)
    elif prior is not None and prior.standing is not None and not _status_given(view, person):
        found.self_ends = self_ends(view, person)
        _taken_over(found, prior)
    return found


def _status_given(view: View, person: str) -> bool:
    return any(fact.scheme is Scheme.EMPLOYEE for fact in view.facts(OpeningStatus, person=person))


def _taken_over(walk: Walk, prior: Prior) -> None:
    """Months before the ledger and none in it yet: their payer goes on, is in default, or has ended (SZ-10c, 10g)."""
    assert prior.last_paid is not None
    first_unpaid = prior.last_paid.plus(1)
    walk.runs.append(first_unpaid)
    _go_on(walk, first_unpaid.first_day, "covered", None, first_unpaid, ("SZ-79a",))


def _with_prior(known: tuple[Job, ...], prior: Prior | None) -> tuple[Job, ...]:
    """An employer who paid before the ledger owes the months since then, not only those from its first payment."""
    if prior is None or not prior.local or prior.last_paid is None:
        return known
    return tuple(
        replace(job, start=min(job.start, prior.last_paid.plus(1)))
        if prior.payer == f"employer:{job.employer}"
        else job
        for job in known
    )


def _enter(walk: Walk) -> None:
    """The first payment in this area: a new member, or one who continues a relation."""
    first_on = min(paid.paid_on for paid in walk.paid.values())
    prior = walk.prior
    if prior is not None and prior.last_paid is not None:
        _continue_from(walk, prior, first_on)
        return
    payer = _payer_on(walk, first_on)
    if payer == "self":
        starts, covered = on.first_entry_by_oneself(first_on, walk.limits.waiting).value
        walk.runs.append(Month.of(first_on))
        _go_on(walk, starts, "waiting", covered, Month.of(first_on), ("SZ-11c",))
        return
    covered = on.first_entry_by_employer(first_on).value
    walk.runs.append(Month.of(first_on))
    owed = [job.start for job in walk.jobs if payer == f"employer:{job.employer}"]
    start = min([Month.of(first_on), *owed, *(m for m, p in walk.paid.items() if p.paid_on == first_on)])
    _go_on(walk, first_on, "pending", covered, start, ("SZ-10a",))


def _continue_from(walk: Walk, prior: Prior, first_on: date) -> None:
    assert prior.last_paid is not None
    first_unpaid = prior.last_paid.plus(1)
    if on.months_missed(first_on, first_unpaid).value <= 0 or prior.local:
        start = min(first_unpaid, Month.of(first_on)) if prior.local else Month.of(first_on)
        walk.runs.append(first_unpaid if prior.local else start)
        _go_on(walk, start.first_day, "covered", None, first_unpaid, ("SZ-14a",))
        return
    stop = Stop(first_unpaid, first_unpaid.first_day, "left", prior.payer, ("SZ-14a",))
    stop = judged(walk, stop)
    if stop.healed and stop.completed_on is not None:
        walk.runs.append(first_unpaid)
        _go_on(walk, first_unpaid.first_day, "covered", None, Month.of(stop.completed_on), stop.because)
        return
    _resume(walk, replace(stop, from_=first_on), label="pending")


def _payer_on(walk: Walk, day: date) -> str:
    payers = {
        paid.payer if paid.entered_on == day else "self" for paid in walk.paid.values() if paid.paid_on == day
    }
    return min(payers) if payers - {"self"} == set() else min(payers - {"self"})


def _go_on(
    walk: Walk, since: date, held: str, until: date | None, month: Month, because: tuple[str, ...]
) -> None:
    """Benefits are held (`waiting`, `pending`) until a day and covered from then on, until the next stop."""
    while True:
        stop = next_stop(walk, month)
        while stop is not None and until is not None and held == "pending" and stop.from_ <= since:
            stop = next_stop(walk, stop.first_unpaid.plus(1))
        if stop is None:
            _lay(walk, since, None, held, until, because)
            return
        stop = judged(walk, stop)
        walk.stops.append(stop)
        if stop.healed and stop.completed_on is not None:
            month = after_completion(walk, stop)
            because = joined(because, stop.because)
            continue
        _lay(walk, since, stop.from_, held, until, because)
        unfinished = until if held == "waiting" and until is not None and until > stop.from_ else None
        _resume(walk, stop, unfinished=unfinished)
        return


def _lay(
    walk: Walk, since: date, to: date | None, held: str, until: date | None, because: tuple[str, ...]
) -> None:
    """Lay down a stretch; an employer's first payment ends a wait (SZ-10a)."""
    start = since
    if until is not None and held == "waiting":
        entered = _employer_enters(walk, since, until)
        if entered is not None:
            covered = on.first_entry_by_employer(entered)
            _add(walk, start, entered, to, "waiting", because, since)
            start, held, until, because = entered, "pending", covered.value, covered.because
    if until is not None:
        _add(walk, start, until, to, held, because, since if held == "waiting" else None)
        start = until
    if to is None or start < to:
        walk.stretches.append(Stretch(start, to, "covered", because))


def _add(
    walk: Walk,
    start: date,
    end: date,
    to: date | None,
    status: str,
    because: tuple[str, ...],
    waiting: date | None,
) -> None:
    end = end if to is None else min(end, to)
    if start < end:
        walk.stretches.append(Stretch(start, end, status, because, waiting_from=waiting))


def _employer_enters(walk: Walk, since: date, until: date) -> date | None:
    days = [paid.entered_on for paid in walk.paid.values() if paid.employer is not None]
    return min((day for day in days if since <= day < until), default=None)


def _resume(walk: Walk, stop: Stop, label: str = "suspended", unfinished: date | None = None) -> None:
    """Not made good: suspended until the first date on which the current month is paid, then by 10e to 14b."""
    resumed, payer = _resumption(walk, stop)
    if resumed is None:
        if label == "suspended":
            walk.stretches.append(Stretch(stop.from_, None, "suspended", stop.because, stop))
        return
    held, since, until, because = _terms_of_return(walk, stop, resumed, payer)
    # An unfinished first wait binds a flexible member only; it falls away for who enters through an employer (SZ-11c).
    if unfinished is not None and payer == "self" and held == "covered" and unfinished > until:
        held, since, until = "waiting", until, unfinished
    stop = replace(stop, months=on.months_missed(resumed, stop.first_unpaid).value)
    first = since if held == "waiting" else until
    if label == "suspended" and stop.from_ < first:
        walk.stretches.append(Stretch(stop.from_, first, "suspended", joined(stop.because, because), stop))
    if label == "pending" and held == "covered":
        held, since = "pending", resumed
    walk.runs.append(Month.of(resumed))
    if held == "covered":
        _go_on(walk, until, "covered", None, Month.of(resumed), because)
    else:
        _go_on(
            walk,
            max(since, stop.from_) if label == "suspended" else since,
            held,
            until,
            Month.of(resumed),
            because,
        )


def _terms_of_return(
    walk: Walk, stop: Stop, resumed: date, payer: str
) -> tuple[str, date, date, tuple[str, ...]]:
    """How benefits come back: (covered or waiting, since, covered from, rules)."""
    missed = on.months_missed(resumed, stop.first_unpaid).value
    if stop.kind == "employer" and payer == stop.payer:
        late = missed > walk.limits.employer
        back = on.resumes_later(resumed) if late else on.resumes_with_arrears_open(resumed)
        return "covered", resumed, back.value, back.because
    if stop.kind == "self" and payer == "self":
        if missed > walk.limits.flexible_next_month:
            again = on.flexible_waits_again(resumed, walk.limits.waiting)
            return "waiting", again.value[0], again.value[1], again.because
        back = on.flexible_resumes(resumed)
        return "covered", resumed, back.value, back.because
    fresh = on.new_relation_without_gap_paid(resumed, payer == "self", walk.limits.waiting)
    return "waiting" if payer == "self" else "covered", *fresh.value, fresh.because


def _resumption(walk: Walk, stop: Stop) -> tuple[date | None, str]:
    """First date from the stop on with its current month paid, all arrears, or a new payer, whichever is earliest."""
    found: date | None = None
    payer = stop.payer
    for month, paid in walk.paid.items():
        day = max(paid.paid_on, month.first_day)
        if day >= stop.from_ and day <= month.last_day:
            found, payer = day, paid.payer
            break
    entered = _entered_anew(walk, stop)
    if entered is not None and (found is None or entered.entered_on < found):
        found, payer = entered.entered_on, entered.payer
    done = stop.completed_on
    if done is not None and done >= stop.from_ and (found is None or done < found):
        found = done
        payer = max(walk.paid.values(), key=lambda p: (p.paid_on == done, p.month)).payer
    return found, payer


def _entered_anew(walk: Walk, stop: Stop) -> PaidMonth | None:
    """The first payment of a new relation counts, whichever of its months it pays (SZ-14b)."""
    found = [
        paid
        for month, paid in walk.paid.items()
        if month >= stop.first_unpaid and paid.entered_on >= stop.from_ and _begins_anew(walk, stop, paid)
    ]
    return min(found, key=lambda paid: paid.entered_on, default=None)


def _begins_anew(walk: Walk, stop: Stop, paid: PaidMonth) -> bool:
    """Whether a month is the first that another payer, or the same one after an end, has paid."""
    if paid.employer is None:
        ended = [end for end in walk.self_ends if end.plus(1) >= stop.first_unpaid]
        return paid.payer != stop.payer or (stop.kind == "left" and any(end < paid.month for end in ended))
    held = [job.start for job in walk.jobs if job.employer == paid.employer and job.start <= paid.month]
    start = max(held, default=paid.month)
    if paid.payer == stop.payer and (stop.kind != "left" or start < stop.first_unpaid):
        return False
    own = [each for m, each in walk.paid.items() if each.employer == paid.employer and m >= start]
    return all(each.entered_on >= paid.entered_on for each in own)
