"""Runs of missed months (section 4): opened, growing, cleared, and what each takes away."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from .basics import day, first_day, last_day, month_of, plus_months
from .known import World
from .months import Paid, days_paid, paid_months


@dataclass
class Run:
    """Missed months that belong together; `cleared` is P, None while a month is unpaid."""

    months: list[int]
    cleared: date | None
    growing: bool = False
    restart: date | None = None

    @property
    def start(self) -> date:
        return first_day(self.months[0])

    @property
    def suspends(self) -> date | None:
        """First day without benefits, if the run is long enough (DX-20c)."""
        return plus_months(self.start, 3) if len(self.months) >= 3 else None

    @property
    def limited(self) -> bool:
        """A day comes, or has come, on which it is too late to restore everything."""
        return self.cleared is None and (self.growing or len(self.months) > 12)

    @property
    def healed(self) -> bool:
        return self.cleared is not None and len(self.months) <= 12


@dataclass
class Spell:
    """One membership in the employee scheme: from the first month paid to the day it is left."""

    paid: dict[int, Paid]
    first: int
    start: date
    fixed: bool
    entered: date
    left: date | None
    runs: list[Run]


def away(world: World, person: str, paid: dict[int, Paid], when: date) -> bool:
    """Moved to another area and not back: back = a later month paid here on or after the move (DX-15c).

    Money that comes after the move tells of the return even where the month had been paid in advance.
    """
    for fact in world.of("transfer_out_requested", person=person):
        left = day(fact["on"])
        local = (n for n, p in paid.items() if n > month_of(left) and p.source == "local")
        later = [n for n in local if any(on >= left for on in days_paid(world, person, n))]
        if left <= when and not (later and when >= first_day(min(later))):
            return True
    return False


def resident_since(world: World, person: str) -> list[date]:
    """Days on which the resident scheme was joined."""
    told = [f for f in world.of("enrolled") if f.get("scheme") == "resident"]
    return [day(f["on"]) for f in told if person in (f.get("person"), *(f.get("persons") or ()))]


def retirement_month(world: World, person: str) -> int | None:
    told = world.of("retired", person=person)
    return month_of(day(told[-1]["on"])) if told else None


def spells(world: World, person: str) -> list[Spell]:
    """The memberships of a person, oldest first, cut where the resident scheme was joined."""
    return world.once("spells", person, lambda: _spells(world, person))


def _spells(world: World, person: str) -> list[Spell]:
    retires = retirement_month(world, person)
    # What is paid for months after the month of retirement was not owed and makes nobody a member (DX-20g).
    paid = {n: p for n, p in paid_months(world, person).items() if retires is None or n <= retires}
    found: list[Spell] = []
    cuts: list[date] = [date.min, *sorted(set(resident_since(world, person))), date.max]
    for begin, end in pairwise(cuts):
        mine = {n: p for n, p in paid.items() if _belongs(n, p, begin, end)}
        if mine:
            found.append(_spell(world, person, mine, begin, None if end == date.max else end))
    return found


def _belongs(number: int, paid: Paid, begin: date, end: date) -> bool:
    """What was paid before leaving stays with the membership that was left."""
    after = begin == date.min or (number >= month_of(begin) and paid.paid_on >= begin)
    return after and not (end != date.max and number >= month_of(end) and paid.paid_on >= end)


def _spell(world: World, person: str, paid: dict[int, Paid], entered: date, left: date | None) -> Spell:
    local = [n for n in sorted(paid) if paid[n].source == "local"]
    before = [n for n in sorted(paid) if paid[n].source != "local"]
    first = min(paid)
    if local and not (before and min(before) < local[0]):
        first = min(local, key=lambda n: (paid[n].paid_on, n))
        start, fixed = _start_of_new_member(paid, first), True
    else:
        start, fixed = (
            first_day(local[0] if local and paid[before[-1]].source == "elsewhere" else first),
            False,
        )
    return Spell(paid, first, start, fixed, entered, left, _runs(world, person, paid, left, first))


def _start_of_new_member(paid: dict[int, Paid], first: int) -> date:
    """DX-20a and 20b."""
    month = paid[first]
    if month.capacity == "flexible":
        return max(plus_months(month.paid_on, 3), first_day(first))
    return max(first_day(month_of(month.paid_on) + 1), first_day(first))


def _runs(world: World, person: str, paid: dict[int, Paid], left: date | None, first: int) -> list[Run]:
    until = _last_month_owed(world, person, paid, left, world.today)
    missed = [n for n in range(first, until + 1) if _missed(world, paid, n) and n not in _gap(paid)]
    found: list[Run] = []
    for number in missed:
        last = found[-1] if found else None
        if last and last.months[-1] == number - 1 and not _cleared_by(last, paid, last_day(number)):
            last.months.append(number)
        else:
            found.append(Run([number], None))
    until_far = _last_month_owed(world, person, paid, left, date.max)
    until_now = min(until, month_of(world.today) - 1)
    for run in found:
        days = [paid[n].paid_on for n in run.months if n in paid]
        run.cleared = max(days) if len(days) == len(run.months) else None
        after = paid.get(run.months[-1] + 1)
        ended = run.cleared or run.months[-1] != until_now or run.months[0] + 12 > until_far
        run.growing = not ended and (after is None or after.paid_on > last_day(run.months[-1] + 1))
        if run.cleared and len(run.months) > 12:
            run.restart = _restart(world, paid, run, missed)
    return found


def _last_month_owed(world: World, person: str, paid: dict[int, Paid], left: date | None, today: date) -> int:
    """Last month that can be missed as known: over before today, before retirement, death and leaving."""
    limits = [month_of(today)]
    died, retired = world.died_on(person), retirement_month(world, person)
    limits += [month_of(died + timedelta(days=1)) - 1] if died else []
    limits += [retired] if retired is not None else []
    limits += [month_of(left) - 1] if left else []
    moved = [day(f["on"]) for f in world.of("transfer_out_requested", person=person)]
    limits += [
        month_of(each) - 1 for each in moved if away(world, person, paid, date.max) and each <= world.today
    ]
    return min(limits)


def _missed(world: World, paid: dict[int, Paid], number: int) -> bool:
    return last_day(number) < world.today and (number not in paid or paid[number].paid_on > last_day(number))


def _gap(paid: dict[int, Paid]) -> set[int]:
    """Months missing in a history from elsewhere, and one or two before the first local month (DX-15a, 34d)."""
    here = [n for n in paid if paid[n].source != "elsewhere"]
    before = [n for n in paid if paid[n].source == "elsewhere" and (not here or n < min(here))]
    if not before:
        return set()
    gap = set(range(max(before) + 1, min(here))) if here else set()
    inside = set(range(min(before), max(before)))
    return inside | (gap if len(gap) < 3 else set())


def _cleared_by(run: Run, paid: dict[int, Paid], when: date) -> bool:
    return all(n in paid and paid[n].paid_on <= when for n in run.months)


def _restart(world: World, paid: dict[int, Paid], run: Run, missed: list[int]) -> date | None:
    """After three consecutive months paid on time that follow the run; not yet overdue counts as paid (DX-20d)."""
    row = 0
    for number in range(run.months[-1] + 1, run.months[-1] + 1200):
        good = number not in missed and (number in paid or last_day(number) >= world.today)
        row = row + 1 if good else 0
        if row == 3:
            assert run.cleared is not None
            return max(run.cleared, first_day(number + 1))
    return None
