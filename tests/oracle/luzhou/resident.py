"""Resident scheme: which payments count, which days they cover, who is in which household (LZ-02c, 04, 10b, 11b, 15, 16)."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from tests.oracle.luzhou.days import CHINA, FIRST_DAY, after, day, fen, first_of, month_of, round2
from tests.oracle.luzhou.employee import Status, status
from tests.oracle.luzhou.individuals import accepted
from tests.oracle.luzhou.jobs import jobs
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, World, remembered

GROUPS = ("university_student", "school_pupil", "residence_permit_holder")


@dataclass(eq=False)
class Cover:
    """A paid coverage year of one person: waiting from the payment, covered in [start, end)."""

    year: int
    tier: int
    household: str
    paid: date
    start: date | None
    end: date
    fact: Fact


@remembered
def eligible(world: World, person: str, when: date) -> bool:
    if any(world.in_group(person, group, when) for group in ("veteran_cadre", "red_army_veteran")):
        return False
    place = world.person(person).get("household_registration")
    if place is None or str(place).startswith("5105"):
        return True
    told = any(
        f.get("eligibility") in ("residence_permit", "study") and day(f["on"]) <= when
        for f in world.of("enrolled", person=person, scheme="resident")
    )
    return told or any(world.in_group(person, group, when) for group in GROUPS)


@remembered
def job_ends(world: World, person: str) -> list[date]:
    died = world.died(person)
    return [job.ended for job in jobs(world, person) if job.ended is not None and job.ended != died]


@remembered
def exempt_start(world: World, person: str, year: int, paid: date) -> date | None:
    """First day of cover where an exemption from waiting applies (LZ-10b, 16a, 16b)."""
    new_year = date(year, 1, 1)
    starts = []
    for ended in job_ends(world, person):
        start = max(first_of(month_of(ended)), new_year)
        if ended <= paid <= after(ended, 90) and start.year == year:
            starts.append(start)
    for fact in world.of("other_cover_recorded", person=person, cover="resident"):
        if fact.get("to"):
            ended = after(day(fact["to"]), -1)
            start = max(day(fact["to"]), new_year)
            if paid <= after(ended, 90) and start.year == year:
                starts.append(start)
    born = world.person(person).get("born_on")
    if born is not None and day(born) <= paid <= after(day(born), 90):
        if day(born).year == year:
            starts.append(day(born))
        elif day(born).year + 1 == year and after(day(born), 90).year == year:
            starts.append(new_year)
    return min(starts, default=None)


def in_window(year: int, paid: date) -> bool:
    return paid.year == year - 1 and paid.month >= 9


@remembered
def barred(world: World, person: str, year: int, paid: date) -> bool:
    """LZ-11b: the employee benefit period, as known on the payment date, overlaps what is bought."""
    if world.in_group(person, "land_expropriated", paid):
        return False
    then = world.at(datetime.combine(paid, datetime.max.time(), CHINA))
    start = exempt_start(then, person, year, paid) or max(date(year, 1, 1), min(paid, date(year, 12, 31)))
    if in_window(year, paid):
        start = date(year, 1, 1)
    end = _benefit_end(then, person, paid)
    if end is None or status(then, person, paid).status not in ("covered", "none"):
        return False
    if exempt_start(then, person, year, paid) is not None and any(
        first_of(month_of(ended) + 1) == end for ended in job_ends(then, person)
    ):
        return False
    return start < end


def _benefit_end(world: World, person: str, paid: date) -> date | None:
    """First day after the employee benefit period; date.max while it is open, None when there is none."""
    now = status(world, person, paid)
    if now.status != "covered":
        return None
    if now.capacity == "retired":
        return date.max
    opened = any(f.get("capacity") == "flexible" for f in world.of("opening_status", person=person))
    if now.capacity == "employed":
        ends = [job.ended for job in jobs(world, person) if job.employer == now.employer]
        if not ends or ends[-1] is None:
            return date.max
        return first_of(month_of(ends[-1]) + 1)
    months = accepted(world, person)
    if months:
        return first_of(months[-1].number // 12 * 12 + 12)
    return date(2019, 1, 1) if opened else None


def members(world: World, fact: Fact) -> list[str]:
    return [str(person) for person in fact["persons"]]


@remembered
def verdict(world: World, fact: Fact, person: str) -> str | None:
    """Code of a refused resident payment for one person; None when accepted (as known on world's K)."""
    year, paid = int(fact["year"]), day(fact["on"])
    if not eligible(world, person, paid):
        return "not_eligible"
    if paid.year > year and exempt_start(world, person, year, paid) is None:
        return "outside_window"
    if paid.year < year and not in_window(year, paid):
        return "outside_window"
    if barred(world, person, year, paid):
        return "duplicate_cover"
    return None


@remembered
def household_at(world: World, person: str, when: date) -> str | None:
    found: str | None = None
    for fact in world.facts:
        if day(fact["on"]) > when:
            break
        if fact["fact"] == "household_registered" and person in fact["members"]:
            found = fact["household"]
        if fact["fact"] == "household_member_moved" and fact["person"] == person:
            found = fact["to_household"]
    return found


@remembered
def paying_household(world: World, fact: Fact, person: str) -> str:
    """Whose payment it is: a pupil enrolled by the school stands alone (LZ-04c)."""
    listed = household_at(world, person, max(day(fact["on"]), date(fact["year"], 1, 1)))
    if fact.get("channel") == "school" and listed is None:
        return f"school pupil {person}"
    return fact.get("household") or listed or person


@remembered
def tier_of(world: World, household: str, year: int) -> int | None:
    """The tier fixed by the household's first accepted payment of the year (LZ-04a)."""
    for fact in world.of("resident_contribution_paid", year=year):
        paying = {paying_household(world, fact, person) for person in members(world, fact)}
        if household in paying and any(verdict(world, fact, p) is None for p in members(world, fact)):
            return int(fact["tier"])
    return None


@remembered
def covers(world: World, person: str) -> list[Cover]:
    """The paid years of a person; a year is paid when its parts reach what is due (LZ-04d)."""
    found: dict[int, Cover] = {}
    purse: dict[int, int] = {}
    for fact in world.of("resident_contribution_paid"):
        if person not in fact["persons"] or verdict(world, fact, person) is not None:
            continue
        year, paid = int(fact["year"]), day(fact["on"])
        household = paying_household(world, fact, person)
        if year in found or int(fact["tier"]) != (tier_of(world, household, year) or fact["tier"]):
            continue
        if "amount" in fact and not _complete(world, fact, person, purse):
            continue
        end = date(year + 1, 1, 1)
        start = date(year, 1, 1) if in_window(year, paid) else exempt_start(world, person, year, paid)
        if start is None:
            start = _after_waiting(world, paid)
        found[year] = Cover(year, int(fact["tier"]), household, paid, start, end, fact)
    return sorted(found.values(), key=lambda cover: cover.year)


def _complete(world: World, fact: Fact, person: str, purse: dict[int, int]) -> bool:
    year = int(fact["year"])
    due = fen(world.value("resident_contribution", date(year, 1, 1), year, tier=fact["tier"]))
    groups = {f["group"] for f in world.of("group_recognised", person=person)} - set(GROUPS)
    if groups - {"land_expropriated", "pre_1949_worker"}:
        raise NotCovered
    heads = len(fact["persons"])
    purse[year] = purse.get(year, 0) + (fen(fact["amount"]) + fen(fact.get("subsidy", "0"))) // heads
    return purse[year] >= due


def _after_waiting(world: World, paid: date) -> date | None:
    fact = world.announced("waiting_days", paid, scheme="resident")
    return None if fact is None else after(paid, round2(Fraction(fact["value"])))


@remembered
def resident_status(world: World, person: str, when: date) -> Status:
    died = world.died(person)
    if when < FIRST_DAY or (died is not None and when > died):
        return Status("none", scheme="resident")
    for cover in covers(world, person):
        if cover.year != when.year or when < min(cover.paid, cover.start or cover.paid):
            continue
        if cover.start is None:
            raise Missing("announcement_missing", "waiting_days")
        if cover.start <= when:
            return Status(
                "covered",
                "resident",
                None,
                None,
                cover.tier,
                scheme="resident",
                start=_begin(world, person, cover),
            )
        if when >= cover.paid:
            start = cover.start if cover.start < cover.end else None  # the year is over before the wait is
            return Status("waiting", None, None, None, cover.tier, scheme="resident", start=start)
    for fact in world.of("opening_status", person=person, scheme="resident"):
        start = day(fact.get("from") or fact["on"])
        end = day(fact["to"]) if fact.get("to") else date(start.year + 1, 1, 1)
        if start <= when < end and fact["status"] != "none":
            return Status(fact["status"], "resident", None, None, fact.get("tier"), scheme="resident")
    return Status("none", scheme="resident")


@remembered
def _begin(world: World, person: str, cover: Cover) -> date | None:
    """First day of the unbroken cover that the year belongs to."""
    start = cover.start
    by_year = {each.year: each for each in covers(world, person)}
    year = cover.year
    while start == date(year, 1, 1) and year - 1 in by_year and by_year[year - 1].start is not None:
        year -= 1
        start = by_year[year].start
    return start
