"""The employee scheme day by day: entry, interruption, reinstatement, leaving (SZ-10 to SZ-14), in plain loops."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from tests.oracle.suizhou.relations import Relation, elsewhere_until, jobs, opening_payments, payments
from tests.oracle.suizhou.retiring import retiree_from
from tests.oracle.suizhou.spells import relations_of
from tests.oracle.suizhou.text import FAR, Known, Unsure, died_on, first, month_of, once

Span = tuple[date, date]


@dataclass
class Walk:
    """All that the months say about one person."""

    covered: list[tuple[date, date, str]] = field(default_factory=list)  # from, to, capacity
    waiting: list[Span] = field(default_factory=list)
    pending: list[Span] = field(default_factory=list)
    stopped: list[Span] = field(default_factory=list)
    unclear: list[Span] = field(default_factory=list)  # not covered, but the word for it is open
    relations: list[Relation] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)  # month in which a count of months starts again
    not_counted: set[int] = field(default_factory=set)
    entered: date | None = None
    ends: list[tuple[date, int]] = field(default_factory=list)

    def label(self, when: date) -> str:
        if any(a <= when < b for a, b, _ in self.covered):
            return "covered"
        if any(a <= when < b for a, b in self.unclear):
            raise Unsure
        for name, spans in (
            ("suspended", self.stopped),
            ("waiting", self.waiting),
            ("pending", self.pending),
        ):
            if any(a <= when < b for a, b in spans):
                return name
        return "none" if self.entered is None or when < self.entered else "suspended"


@once
def walk(known: Known, person: str) -> Walk:
    """What holds for every day, as known."""
    result = Walk()
    opening = opening_payments(known, person)
    result.relations = relations_of(known, person, [*opening, *payments(known, person)], bool(opening))
    before = elsewhere_until(known, person)
    waits: date | None = None
    for relation, following in [*pairwise(result.relations), *[(r, None) for r in result.relations[-1:]]]:
        start, waits = _enter(result, relation, before, waits)
        _shared_months(relation, result.relations)
        last_paid, waits = _go_through(result, known, relation, following, start, waits)
        before = last_paid if before is None else max(before, last_paid)
        if following is None:
            _taken_on(result, known, person, last_paid)
    _retired_and_dead(result, known, person)
    return result


def _shared_months(relation: Relation, every: list[Relation]) -> None:
    """When two payers share a month, one payment suffices (SZ-9e)."""
    if relation.kind == "employed":
        for other in every:
            for m, paid in other.paid.items():
                if m >= relation.first_due and (relation.last_due is None or m <= relation.last_due):
                    relation.shared.setdefault(m, paid)
                relation.beyond |= relation.last_due is not None and m == relation.last_due + 1


def _enter(
    result: Walk, relation: Relation, before: int | None, waits: date | None
) -> tuple[date, date | None]:
    """First day of cover through this payer (SZ-10a, 11c, 14a, 14b), and the end of a waiting period."""
    entry, q = relation.entry, month_of(relation.entry)
    unfinished = waits is not None and waits > entry
    if result.entered is None:
        result.entered = first(q) if relation.kind == "flexible" or relation.opening else entry
    if relation.opening:
        return first(min(relation.paid)), None
    if unfinished and relation.kind == "employed":
        result.waiting = [(a, min(b, entry)) for a, b in result.waiting]
    if before is None or (unfinished and relation.kind == "employed"):
        if relation.kind == "unemployed":
            raise Unsure
        result.breaks.append(q)
        result.not_counted |= set(range(q - 600, q)) if before is None else set()
        stopped = any(a <= entry < b for a, b in result.stopped)
        return _anew(result, relation, returning=stopped)
    gap_start = before + 1
    gap = q - gap_start
    if gap <= 0:
        relation.first_due = min(relation.first_due, q)
        return first(q), waits if unfinished else None
    done = _completed(relation, gap_start, relation.entry, relation.last_due)
    if done is not None and month_of(done) - gap_start <= 3:
        here = bool(result.covered) and max(b for _, b, _ in result.covered) >= first(gap_start)
        result.covered.append((first(gap_start + 1) if here else first(gap_start), first(q), relation.kind))
        relation.first_due = gap_start
        if not any(m == gap_start - 1 and p.maternity for r in result.relations for m, p in r.paid.items()):
            # No count of maternity months goes on: those bought on entry do not begin one (SZ-33a).
            result.not_counted |= set(range(gap_start, q))
        return first(q), None
    if relation.kind == "unemployed":
        raise Unsure
    result.breaks.append(q)
    result.not_counted |= set(range(gap_start, q))
    return _anew(result, relation, returning=True)


def _anew(result: Walk, relation: Relation, returning: bool = False) -> tuple[date, date | None]:
    q = month_of(relation.entry)
    until = first(q) if relation.kind == "flexible" else relation.entry
    result.stopped = [(a, min(b, until)) for a, b in result.stopped]
    if relation.kind == "flexible":
        result.waiting.append((first(q), first(q + 3)))
        return first(q + 3), first(q + 3)
    (result.unclear if returning else result.pending).append((relation.entry, first(q + 1)))
    return first(q + 1), None


def _completed(relation: Relation, start: int, not_before: date, until: int | None) -> date | None:
    """First day on which all months from `start` to the one before that day's are paid."""
    for when in sorted({p.on for p in relation.paid.values()}):
        if when >= not_before:
            owed = range(start, month_of(when))
            if until is not None:
                owed = range(start, min(month_of(when), until + 1))
            if not any(_overdue(relation, m, when + timedelta(days=1)) for m in owed):
                return when
    return None


def _resumed(relation: Relation, stop: date, known: Known) -> date | None:
    """First day from the stop on on which that day's own month is paid."""
    days = {p.on for p in relation.paid.values()} | {first(m) for m in relation.paid}
    for when in sorted(days):
        own = relation.paid.get(month_of(when))
        if when >= stop and own is not None and own.on <= when <= known.today:
            return when
    return None


def _go_through(
    result: Walk,
    known: Known,
    relation: Relation,
    following: Relation | None,
    start: date,
    waits: date | None,
) -> tuple[int, date | None]:
    """Walk the months of one payer; the last month paid before it ends."""
    until = relation.last_due
    if following is not None and relation.kind != "employed":
        q = month_of(following.entry)
        until = q - 1 if until is None else min(until, q - 1)
    grace = 3 if relation.kind == "employed" else 1
    limit = 6 if relation.kind == "employed" else 3
    base, m = relation.first_due, relation.first_due
    here = start
    while first(m + 1) <= known.today and (until is None or m <= until):
        run = range(m - grace + 1, m + 1)
        stop = first(m + 1)
        if run[0] < base or not all(_overdue(relation, each, stop) for each in run):
            m += 1
            continue
        u = run[0]
        done = _completed(relation, u, stop, until)
        if done is not None and month_of(done) - u <= limit:
            base = m = month_of(done)
            continue
        back = min((x for x in (done, _resumed(relation, stop, known)) if x is not None), default=None)
        if following is not None and back is not None and back >= following.entry:
            back = None
        # Who leaves before the break is complete has no grace (SZ-10g); what grace gave stays (SZ-10c).
        if relation.last_due is not None and relation.last_due < u + 3:
            stop = min(stop, first(u + 1))
        _cover(result, relation, here, stop)
        if back is None:
            result.stopped.append((stop, FAR))
            result.ends.append((stop, u))
            return u - 1, waits
        base = m = month_of(back)
        here, waits = _again(result, relation, u, stop, back, waits)
    return _leave(result, relation, here, base, until, known), waits


def _again(
    result: Walk, relation: Relation, u: int, stop: date, back: date, waits: date | None
) -> tuple[date, date | None]:
    """Cover after an interruption that was not made good (SZ-10e, 11f, 11g)."""
    b = month_of(back)
    result.breaks.append(b)
    result.not_counted |= set(range(u, b))
    if relation.kind == "flexible" and relation.last_due is not None and b > relation.last_due:
        result.stopped.append((stop, first(b)))
        result.unclear.append((first(b), FAR))  # only what was owed is paid: does anybody come back?
        return FAR, waits
    if relation.kind == "flexible" and b - u > 6:
        result.stopped.append((stop, first(b)))
        result.waiting.append((first(b), first(b + 3)))
        return first(b + 3), first(b + 3)
    again = first(b + 1)
    result.stopped.append((stop, again))
    return max(again, waits or again), waits


def _overdue(relation: Relation, m: int, at: date) -> bool:
    return not any(p is not None and p.on < at for p in (relation.paid.get(m), relation.shared.get(m)))


def _cover(result: Walk, relation: Relation, start: date, end: date) -> None:
    if start < end:
        result.covered.append((start, end, relation.kind))


def _leave(result: Walk, relation: Relation, here: date, base: int, until: int | None, known: Known) -> int:
    """Cover to the end of the month after the last one paid (SZ-10g); open-ended while the payer goes on."""
    held = [m for m in {**relation.paid, **relation.shared} if until is None or m <= until] or list(
        relation.paid
    )
    p = max(held)
    if until is None or (until > month_of(known.today) and relation.last_due is None):
        _cover(result, relation, here, FAR)
        return max(p, month_of(known.today) - 1)
    if relation.last_due is not None and p + 1 >= month_of(known.today):
        p = max(p, relation.last_due)  # months not yet due are paid in time
    if p == until and relation.kind == "employed":
        p = _made_good_until(relation, base, p)
    end = first(p + 2)
    if p == until and relation.kind == "employed":
        late = [m for m in relation.paid if _overdue(relation, m, first(m + 1))]
        if any(month_of(relation.paid[m].on) > until + 1 for m in late):
            result.unclear.append((first(relation.first_due), FAR))
    elif relation.kind == "employed" and p == max(held):
        # An employer in default when the member left pays some of the arrears later: the last month paid by then,
        # or the last paid at all? Article 10 restores only who is paid for in full, SZ-10g does not say when.
        good = [m for m in held if m < base or not _overdue(relation, m, first(m + 1))]
        in_time = max(good, default=p)
        end = first(in_time + 2)
        result.unclear.append((end, first(p + 2)))
    if relation.beyond:
        result.unclear.append((first(p + 2), FAR))  # prepaid months take over again: not gone into here
    _cover(result, relation, here, end)
    return p


def _taken_on(result: Walk, known: Known, person: str, p: int) -> None:
    """Employed elsewhere before a month was missed: what the new employer owes is paid in time until it is overdue.

    Every month with a day of employment is due (SZ-9e), no month is overdue before its end (SZ-10b), and months
    whose due date has not passed are assumed to be paid, so nobody has left in the sense of SZ-10g.
    """
    if not result.covered or any(b == FAR for _, b in result.unclear) or p + 1 < month_of(known.today):
        return
    start, end, kind = max(result.covered, key=lambda span: span[1])
    if end != first(p + 2):
        return
    held = [(month_of(a), month_of(b) if b else None) for _, a, b in jobs(known, person)]
    while owing := [last for begun, last in held if begun <= p + 1 and (last is None or last > p)]:
        if None in owing:
            result.covered.append((start, FAR, kind))
            return
        p = max(last for last in owing if last is not None)
    result.covered.append((start, first(p + 2), kind))


def _made_good_until(relation: Relation, base: int, p: int) -> int:
    """The last month paid, unless the last ones were overdue and paid over six months after the first (SZ-10d, e)."""
    m = p
    while m >= base and _overdue(relation, m, first(m + 1)):
        m -= 1
    late = [relation.paid[x].on for x in range(m + 1, p + 1) if x in relation.paid]
    return m if late and month_of(max(late)) - (m + 1) > 6 else p


def _retired_and_dead(result: Walk, known: Known, person: str) -> None:
    retiree = retiree_from(known, person)
    if retiree is not None:
        result.covered = [(a, min(b, retiree), kind) for a, b, kind in result.covered if a < retiree]
        result.covered.append((retiree, FAR, "retired"))
        result.entered = result.entered or retiree
    died = died_on(known, person)
    if died is not None:
        after = died + timedelta(days=1)
        result.covered = [(a, min(b, after), kind) for a, b, kind in result.covered if a < after]
        for spans in (result.waiting, result.pending, result.stopped, result.unclear):
            spans[:] = [(a, min(b, after)) for a, b in spans if a < after]
