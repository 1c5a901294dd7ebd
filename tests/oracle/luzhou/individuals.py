"""Individual members: accepted payments, unbroken runs of months, continuity (LZ-02b, 03b, 08, 10, 14)."""

from dataclasses import dataclass
from datetime import date

from tests.oracle.luzhou.arrears import paid_on
from tests.oracle.luzhou.days import FIRST_DAY, after, day, fen, first_of, month_of, months, share
from tests.oracle.luzhou.jobs import Job, individual_base, jobs
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, World, first_month, remembered

RATES = {"combined": "0.09", "pooling_only": "0.06"}


@dataclass
class Paid:
    """One individual month with its payment."""

    number: int
    when: date
    mode: str
    gap: bool


@dataclass
class Run:
    """Months paid without interruption; `waits` unless it continues something."""

    months: list[Paid]
    waits: bool
    from_day: date

    @property
    def covered_from(self) -> date:
        return first_of(self.months[0].number + 12) if self.waits else self.from_day


@remembered
def own_payments(world: World, person: str) -> list[Fact]:
    return [f for f in world.of("contribution_paid", person=person) if f.get("capacity") == "flexible"]


@remembered
def verdict(world: World, person: str, fact: Fact) -> str | None:
    """Code of a refused individual payment, None when it is accepted."""
    when = day(fact["on"])
    refusal = _may_join(world, person, when)
    if refusal:
        return refusal
    if fact.get("purpose") == "gap":
        return None if _gap_accepted(world, person, fact) else "outside_window"
    return None if taken(world, person, fact) else "outside_window"


def in_time(fact: Fact) -> list[int]:
    """Months of an ordinary payment that may still, or already, be paid on its day (LZ-14c, 14f)."""
    when, found = day(fact["on"]), []
    for number in months(fact["months"]):
        this_year = number // 12 == when.year and number >= month_of(when)
        next_year = number // 12 == when.year + 1 and when.month >= 9
        if this_year or next_year:
            found.append(number)
    return found


def taken(world: World, person: str, fact: Fact) -> list[int]:
    """Months of an ordinary payment that count: that in which employment ended is the unit's (LZ-09a, 10a)."""
    job = ended_job(world, person, day(fact["on"]))
    if job is None or job.ended is None or day(fact["on"]) > after(job.ended, 90):
        return in_time(fact)
    return [number for number in in_time(fact) if number > month_of(job.ended)]


@remembered
def _may_join(world: World, person: str, when: date) -> str | None:
    registered = world.person(person)
    if any(world.in_group(person, group, when) for group in ("veteran_cadre", "red_army_veteran")):
        return "not_eligible"
    opened = any(f.get("capacity") == "flexible" for f in world.of("opening_status", person=person))
    continues = any(True for _ in world.of("shortfall_option_chosen", person=person))
    if opened or jobs(world, person) or continues:
        return None
    place = registered.get("household_registration")
    if place is not None and not str(place).startswith("5105"):
        return "not_eligible"
    limit = registered.get("statutory_retirement_on")
    enrolled = next((day(f["on"]) for f in world.of("enrolled", person=person, capacity="flexible")), when)
    return "age_exceeded" if limit is not None and enrolled > day(limit) else None


def ended_job(world: World, person: str, before: date) -> Job | None:
    """The employment that ended last before a day."""
    ended = [job for job in jobs(world, person) if job.ended is not None and job.ended <= before]
    return max(ended, key=lambda job: job.ended or date.min, default=None)


def _gap_accepted(world: World, person: str, fact: Fact) -> bool:
    when = day(fact["on"])
    job = ended_job(world, person, when)
    if job is None or job.ended is None or when > after(job.ended, 90):
        return False
    return all(number > month_of(job.ended) for number in months(fact["months"]))


@remembered
def accepted(world: World, person: str) -> list[Paid]:
    """Individual months paid and not refunded, each once, in order."""
    found: dict[int, Paid] = {}
    for fact in own_payments(world, person):
        if verdict(world, person, fact) is None:
            if "amount" in fact:
                raise NotCovered
            gap = fact.get("purpose") == "gap"
            for number in months(fact["months"]) if gap else taken(world, person, fact):
                when, mode = day(fact["on"]), fact.get("mode", "combined")
                found.setdefault(number, Paid(number, when, mode, gap))
    causes = {str(f.get("cause")) for f in world.of("refund_requested", person=person)}
    left = any(True for _ in world.of("enrolment_ended", person=person, capacity="flexible"))
    if causes - {"employment", "death"} or left:
        raise NotCovered
    return [found[number] for number in sorted(found)]


@remembered
def runs(world: World, person: str) -> list[Run]:
    paid = accepted(world, person)
    groups: list[list[Paid]] = []
    for each in paid:
        joined = groups and each.number == groups[-1][-1].number + 1
        new_year = each.number % 12 == 0 and each.when >= first_of(each.number) and not each.gap
        if joined and not (new_year and not groups[-1][-1].gap):
            groups[-1].append(each)
        else:
            groups.append([each])
    found = [_run(world, person, group) for group in groups]
    return [run for run in found if not (run.waits and all(each.gap for each in run.months))]


def _run(world: World, person: str, group: list[Paid]) -> Run:
    first = group[0].number
    window = group[0].when.year == 2018 and first == month_of(FIRST_DAY) + 12
    if (first <= month_of(FIRST_DAY) or window) and _opened_covered(world, person):
        return Run(group, False, first_of(first))
    transfer = _transfer(world, person, group)
    if transfer is not None:
        return Run(group, False, transfer)
    job = ended_job(world, person, group[0].when)
    if job is not None and job.ended is not None and all(each.gap for each in group):
        for new in jobs(world, person):
            if new.declared > job.ended and new.first == group[-1].number + 1:
                paid = paid_on(world, new.employer).get(new.first)
                limit = after(job.ended, 90)
                in_time = new.declared <= limit and paid is not None and paid <= limit
                if in_time and group[0].number == month_of(job.ended) + 1:
                    return Run(group, False, first_of(group[0].number))
        return Run(group, True, first_of(first))
    if job is not None and job.ended is not None and continued(world, person, job, group):
        return Run(group, False, first_of(month_of(job.ended) + 1))
    return Run(group, True, first_of(first))


def _opened_covered(world: World, person: str) -> bool:
    return any(
        f["status"] == "covered" and f.get("capacity") == "flexible"
        for f in world.of("opening_status", person=person)
    )


def _transfer(world: World, person: str, group: list[Paid]) -> date | None:
    """LZ-08a: no waiting when applied for within 90 days of the last covered day elsewhere."""
    for fact in world.of("transferred_in", person=person):
        ended = fact.get("cover_ended_on")
        for enrolment in world.of("enrolled", person=person, capacity="flexible"):
            applied = day(enrolment["on"])
            if ended and applied <= after(day(ended), 90) and group[0].when >= day(ended):
                return max(applied, first_of(group[0].number))
    return None


def continued(world: World, person: str, job: Job, group: list[Paid]) -> bool:
    """LZ-10a for an individual: registered, paid and every gap month paid by T + 90.

    Who pays as an individual is registered as one: nothing else need be told (the counter takes no other money).
    """
    assert job.ended is not None
    limit = after(job.ended, 90)
    told = [f for f in world.of("enrolled", person=person, capacity="flexible") if day(f["on"]) >= job.ended]
    registered = [f for f in told if day(f["on"]) <= limit]
    ordinary = [each for each in group if not each.gap]
    if (told and not registered) or not ordinary or ordinary[0].when > limit:
        return False
    first = first_month(registered[0]) if registered else ordinary[0].number
    starts = max(first, month_of(job.ended) + 1)
    gap = {each.number for each in group if each.when <= limit}
    return all(number in gap for number in range(month_of(job.ended) + 1, starts + 1))


def premium(world: World, listed: list[int], mode: str) -> int:
    """LZ-14a: one amount for the months of each coverage year."""
    total = 0
    for year in sorted({number // 12 for number in listed}):
        count = sum(number // 12 == year for number in listed)
        total += share(individual_base(world, year) * count, RATES[mode])
    return total


def gap_between(world: World, person: str, old: Job, new: Job) -> bool:
    """LZ-10a for a new unit: gap paid and its first month paid by T + 90 is told apart by the caller."""
    assert old.ended is not None
    paid = {each.number for each in accepted(world, person) if each.when <= after(old.ended, 90)}
    return all(number in paid for number in range(month_of(old.ended) + 1, new.first))


def own_amount(fact: Fact) -> int | None:
    return fen(fact["amount"]) if "amount" in fact else None


__all__ = ["Missing", "accepted", "continued", "gap_between", "premium", "runs", "verdict"]
