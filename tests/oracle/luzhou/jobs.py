"""Who is on which employer's roll, and on which base (LZ-05, 07, 09)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle.luzhou.days import (
    FIRST_DAY,
    after,
    day,
    fen,
    first_of,
    last_of,
    month_of,
    months,
    round2,
    share,
)
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, World, first_month, remembered


@dataclass(eq=False)
class Job:
    """One employment insured through a unit; `ended` is its last day."""

    person: str
    employer: str
    declared: date
    first: int
    ended: date | None
    opening: bool
    fact: Fact

    @property
    def start(self) -> date:
        """First day of benefits once the first month is paid (LZ-07b, 07c)."""
        return first_of(self.first) if self.fact.get("entry") == "appointed_transfer" else self.declared

    @property
    def last(self) -> int | None:
        return None if self.ended is None else month_of(self.ended)

    def on_roll(self, number: int) -> bool:
        return self.first <= number and (self.ended is None or number <= month_of(self.ended))


@remembered
def jobs(world: World, person: str) -> list[Job]:
    found = []
    for fact in world.of("opening_status", person=person, capacity="employed"):
        if fact.get("scheme", "employee") == "employee" and fact["status"] != "none":
            start = day(fact.get("from") or fact["on"])
            if fact["status"] == "suspended":
                first = month_of(start) - 1
            else:
                start, first = max(start, FIRST_DAY), month_of(max(start, FIRST_DAY))
            found.append(_job(world, fact, start, first, True))
    for fact in world.of("enrolled", person=person, capacity="employed"):
        if _may_enrol(world, person, fact):
            start = day(fact["on"])
            first = first_month(fact) if fact.get("entry") == "appointed_transfer" else month_of(start)
            found.append(_job(world, fact, start, first, False))
    return found


def _may_enrol(world: World, person: str, fact: Fact) -> bool:
    when = day(fact["on"])
    return not any(world.in_group(person, group, when) for group in ("veteran_cadre", "red_army_veteran"))


def _job(world: World, fact: Fact, start: date, first: int, opening: bool) -> Job:
    ends = [
        day(f["on"])
        for f in world.of("enrolment_ended", person=fact["person"])
        if f.get("employer") == fact["employer"] and day(f["on"]) >= start
    ]
    for retired in world.of("retired", person=fact["person"]):
        if retired.get("capacity", "employed") == "employed" and day(retired["on"]) >= start:
            ends.append(day(retired["on"]))
    if opening and fact.get("to"):
        ends.append(after(day(fact["to"]), -1))
    died = world.died(fact["person"])
    if died is not None and died >= start:
        ends.append(died)
    return Job(fact["person"], fact["employer"], start, first, min(ends, default=None), opening, fact)


def overlapping(world: World, person: str) -> bool:
    """Two employments at once: this evaluator does not speak."""
    found = sorted(jobs(world, person), key=lambda job: job.first)
    return any(
        one.ended is None or month_of(one.ended) >= other.first
        for number, one in enumerate(found)
        for other in found[number + 1 :]
    )


@remembered
def everyone(world: World, employer: str) -> list[Job]:
    people = {
        str(f["person"])
        for f in world.facts
        if f["fact"] in ("enrolled", "opening_status") and f.get("employer") == employer and "person" in f
    }
    return [job for person in sorted(people) for job in jobs(world, person) if job.employer == employer]


def wage(world: World, job: Job, number: int, when: date) -> int:
    """Declared wage that governs the month as stood on a day, in fen (LZ-05b, 05f)."""
    assessed = None
    for fact in world.of("contribution_assessed", employer=job.employer):
        if number in months(fact["months"]) and job.person in fact.get("bases", {}):
            assessed = fen(fact["bases"][job.person])
    if assessed is not None:
        return assessed
    best: tuple[int, int] | None = None
    for fact in world.of("wage_declared", person=job.person):
        governs, told = fact["wage_year"] + 1, day(fact["on"])
        if fact.get("employer", job.employer) == job.employer and governs <= number // 12:
            in_window = told.year == governs and told.month <= 3
            if in_window and told <= when and (best is None or governs >= best[0]):
                best = (governs, _monthly(fact))
    if best is not None:
        return best[1]
    stated = job.fact.get("wage") or job.fact.get("base")
    if stated is None:
        raise Missing("fact_missing")
    return fen(stated)


def _monthly(fact: Fact) -> int:
    """Whole yuan, half up (LZ-05b)."""
    total = Fraction(fact["monthly_average"]) if "monthly_average" in fact else None
    if total is None:
        total = Fraction(fact["total"]) / int(fact.get("months_paid", 12))
    return round2(total) * 100


def limits(world: World, year: int, when: date) -> tuple[int, int] | None:
    """Floor and cap of a year as stood on a day (LZ-05c, 05d); None when neither year is announced."""
    for statistical in (year - 1, year - 2):
        fact = world.wage_year(statistical)
        if fact is not None and (statistical == year - 2 or day(fact["on"]) <= when):
            annual = Fraction(fen(fact["value"]))
            return round2(annual / 12), round2(3 * annual / 12)
    return None


@remembered
def base(world: World, job: Job, number: int, when: date) -> int:
    declared = wage(world, job, number, when)
    bounds = limits(world, number // 12, when)
    if bounds is None:
        if "base" in job.fact or _was_assessed(world, job, number):
            return declared
        raise NotCovered
    return min(max(declared, bounds[0]), bounds[1])


def _was_assessed(world: World, job: Job, number: int) -> bool:
    return any(
        number in months(fact["months"]) and job.person in fact.get("bases", {})
        for fact in world.of("contribution_assessed", employer=job.employer)
    )


@remembered
def shares(world: World, job: Job, number: int, when: date) -> tuple[int, int]:
    """Employer's and employee's share of a month, in fen (LZ-05g)."""
    amount = base(world, job, number, when)
    day_of_month = last_of(number)
    rates = [str(world.value(key, day_of_month)) for key in ("employer_rate", "employee_rate")]
    return share(amount, rates[0]), share(amount, rates[1])


@remembered
def individual_base(world: World, year: int) -> int:
    """LZ-14a: W(Y-2) / 12 of the coverage year."""
    fact = world.wage_year(year - 2)
    if fact is None:
        raise NotCovered
    return round2(Fraction(fen(fact["value"])) / 12)
