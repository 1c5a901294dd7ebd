"""Employee scheme: status of a person on a day, as known (LZ section 21)."""

from dataclasses import dataclass
from datetime import date

from tests.oracle.luzhou.arrears import assessed, episodes, paid_on
from tests.oracle.luzhou.days import FIRST_DAY, after, day, first_of, last_of, month_of
from tests.oracle.luzhou.individuals import accepted, gap_between, runs
from tests.oracle.luzhou.jobs import Job, jobs
from tests.oracle.luzhou.knowledge import World, remembered
from tests.oracle.luzhou.retiring import pensioner_start, retired_from, retirement


@dataclass
class Status:
    """`code` is why not covered; `liable`: the employer bears what the fund would have paid."""

    status: str
    capacity: str | None = None
    mode: str | None = None
    employer: str | None = None
    tier: int | None = None
    liable: bool = False
    suspended_from: date | None = None
    scheme: str = "employee"
    start: date | None = None

    @property
    def covered(self) -> bool:
        return self.status == "covered"


NONE = Status("none")


@remembered
def status(world: World, person: str, when: date) -> Status:
    died = world.died(person)
    if when < FIRST_DAY or (died is not None and when > died):
        return NONE
    found = (
        _retired(world, person, when)
        or _employed(world, person, when)
        or _individual(world, person, when)
        or _opening(world, person, when)
    )
    return found or NONE


def _retired(world: World, person: str, when: date) -> Status | None:
    for fact in world.of("opening_status", person=person, capacity="retired"):
        if fact.get("scheme", "employee") == "employee" and fact["status"] == "covered":
            return Status("covered", "retired", fact.get("mode", "combined"))
    start = retired_from(world, person)
    if start is None:
        return None
    if when >= start:
        return Status("covered", "retired", mode_after(world, person), start=start)
    pensioner = pensioner_start(world, person)
    if pensioner is not None and when >= first_of(month_of(pensioner) - 12):
        return Status("waiting", "retired", "combined", start=start)
    return None


@remembered
def mode_after(world: World, person: str) -> str:
    fact = retirement(world, person)
    if fact is None or fact.get("capacity") == "pensioner":
        return "combined"
    if fact.get("mode"):
        return str(fact["mode"])
    paid = [each for each in accepted(world, person) if each.number <= month_of(day(fact["on"]))]
    return paid[-1].mode if paid and fact.get("capacity") == "flexible" else "combined"


def _employed(world: World, person: str, when: date) -> Status | None:
    found = [s for job in jobs(world, person) if (s := job_status(world, job, when)) is not None]
    found.sort(key=lambda each: each.status != "covered")
    return found[0] if found else None


def job_status(world: World, job: Job, when: date) -> Status | None:
    if job.ended is not None and when >= first_of(month_of(job.ended) + 1):
        return None
    start = _start(world, job)
    if when < start:
        return None
    paid = paid_on(world, job.employer)
    if not job.opening and job.first not in paid:
        return _never_paid(world, job, when)
    for episode in episodes(world, job.employer):
        began = episode.began
        if (
            not job.opening
            and episode.first_month <= job.first
            and last_of(job.first) < (episode.cleared or date.max)
        ):
            began = start if episode.first_month == job.first or episode.over else max(began, start)
        end = episode.cleared or date.max
        if began <= when < end and (episode.cleared is None or episode.over):
            late = episode.too_late(world.today)
            return Status("suspended", "employed", "combined", job.employer, None, late, episode.began)
    return Status("covered", "employed", "combined", job.employer, start=start)


def _never_paid(world: World, job: Job, when: date) -> Status:
    """LZ-07b: pending until the first month is paid; suspended from S when it stays unpaid."""
    owed = job.first in assessed(world, job.employer) and world.today > last_of(job.first)
    late = owed and world.today >= first_of(job.first + 7)
    if owed and when >= first_of(job.first + 1):
        began = first_of(job.first + 1)
        return Status("suspended", "employed", "combined", job.employer, None, late, began)
    return Status("pending", "employed", "combined", job.employer, None, late)


@remembered
def _start(world: World, job: Job) -> date:
    """Day of the declaration, or the day after month(T) where LZ-10a makes cover continuous."""
    for old in jobs(world, job.person):
        if old.ended is None or old.ended >= job.declared or old is job:
            continue
        limit = after(old.ended, 90)
        paid = paid_on(world, job.employer).get(job.first)
        in_time = job.declared <= limit and paid is not None and paid <= limit
        if in_time and gap_between(world, job.person, old, job):
            return min(job.start, max(first_of(month_of(old.ended) + 1), first_of(job.first)))
    return job.start


def _individual(world: World, person: str, when: date) -> Status | None:
    for run in runs(world, person):
        if run.from_day <= when and month_of(when) <= run.months[-1].number:
            mode = next((e.mode for e in run.months if e.number == month_of(when)), run.months[0].mode)
            if when >= run.covered_from:
                return Status("covered", "flexible", mode, start=run.covered_from)
            return Status("waiting", "flexible", mode, start=run.covered_from)
    return None


def _opening(world: World, person: str, when: date) -> Status | None:
    """An opening status holds for its period, or until facts of this ledger say otherwise."""
    for fact in world.of("opening_status", person=person):
        if fact.get("scheme", "employee") != "employee" or fact.get("capacity") in ("employed", "retired"):
            continue
        start = day(fact.get("from") or fact["on"])
        end = day(fact["to"]) if fact.get("to") else None
        if fact["status"] == "none" or start > when:
            continue
        if when < end if end else when.year == max(start, FIRST_DAY).year:
            return Status(fact["status"], fact.get("capacity"), fact.get("mode", "combined"))
    return None
