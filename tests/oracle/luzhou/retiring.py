"""Contribution months, the requirement at retirement, settlement and lump sums (LZ-13, 17 to 21)."""

from dataclasses import dataclass, field
from datetime import date

from tests.oracle.luzhou.arrears import paid_on
from tests.oracle.luzhou.days import after, day, fen, first_of, month, month_of, months, round2, share
from tests.oracle.luzhou.individuals import accepted
from tests.oracle.luzhou.jobs import base, individual_base, jobs
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, World, remembered

REQUIRED = {"male": 360, "female": 300}
MILLENNIUM = month("1997-01")


@dataclass
class Months:
    """Months counted on a day: identified ones as sets, others as numbers."""

    paid: set[int] = field(default_factory=set)
    deemed: set[int] = field(default_factory=set)
    elsewhere: set[int] = field(default_factory=set)
    paid_more: int = 0
    deemed_more: int = 0
    converted: int = 0
    elsewhere_more: int = 0

    @property
    def actual(self) -> int:
        return len(self.paid) + self.paid_more

    @property
    def total(self) -> int:
        return self.actual + len(self.deemed - self.paid) + self.deemed_more + self.converted


def counted(world: World, person: str, when: date, lump: bool = True) -> Months:
    """Months paid by a day, up to and including its month; each calendar month once."""
    found = Months()
    for fact in world.facts:
        told = fact.get("person") == person and fact["fact"] in ("opening_history", "transferred_in")
        if told and day(fact["on"]) <= when and fact.get("scheme", "employee") == "employee":
            _add_history(found, fact)
    for job in jobs(world, person):
        for number, paid in paid_on(world, job.employer).items():
            if paid <= when and number <= month_of(when) and job.on_roll(number):
                found.paid.add(number)
    for each in accepted(world, person):
        if each.when <= when and each.number <= month_of(when):
            found.paid.add(each.number)
    found.paid_more += unenrolled(world, person, when)[0]
    found.converted += converted(world, person, when)
    if lump and not refunded_after_death(world, person, when):
        found.paid_more += sum(lump_months(world, f) for f in lump_sums(world, person, when))
    return found


def _add_history(found: Months, fact: Fact) -> None:
    for row in fact.get("history", []):
        kind = row.get("counted_as", "paid")
        away = row.get("where", "elsewhere" if fact["fact"] == "transferred_in" else "local") == "elsewhere"
        listed, count = set(months(row.get("months", []))), row.get("month_count", 0)
        listed = {n for n in listed if (n < MILLENNIUM) == (kind == "deemed")}
        if kind == "converted":
            found.converted += count + len(listed)
        elif kind == "deemed":
            found.deemed |= listed
            found.deemed_more += count
        else:
            found.paid |= listed
            found.paid_more += count
            found.elsewhere |= listed if away else set()
            found.elsewhere_more += count if away else 0


def unenrolled(world: World, person: str, when: date) -> tuple[int, int]:
    """Months accepted under LZ-20 and months refused over the limit of 120."""
    taken = refused = 0
    for fact in world.of("contribution_paid", person=person, purpose="unenrolled_months"):
        if day(fact["on"]) <= when:
            count = fact.get("month_count") or len(months(fact.get("months", [])))
            taken, refused = min(120, taken + count), refused + max(0, taken + count - 120)
    return taken, refused


def converted(world: World, person: str, when: date) -> int:
    found = 0
    for fact in world.of("lump_sum_paid", person=person, purpose="land_expropriation"):
        if day(fact["on"]) <= when:
            found += int(fact["month_count"]) // 3
    return found


def lump_sums(world: World, person: str, when: date) -> list[Fact]:
    return [
        f
        for f in world.of("lump_sum_paid", person=person)
        if f.get("purpose", "retirement") == "retirement" and day(f["on"]) <= when
    ]


def lump_months(world: World, fact: Fact) -> int:
    if "month_count" in fact:
        return int(fact["month_count"])
    return shortage(world, fact["person"], reference(world, fact["person"], day(fact["on"])), day(fact["on"]))


def refunded_after_death(world: World, person: str, when: date) -> bool:
    asked = [f for f in world.of("refund_requested", person=person, cause="death") if day(f["on"]) <= when]
    died, start = world.died(person), pensioner_start(world, person)
    return bool(asked) and died is not None and start is not None and died < start


@remembered
def pensioner_start(world: World, person: str) -> date | None:
    if (retirement(world, person) or {}).get("capacity") != "pensioner":
        return None
    sums = lump_sums(world, person, date.max)
    return first_of(month_of(day(sums[0]["on"])) + 12) if sums else None


@remembered
def retirement(world: World, person: str) -> Fact | None:
    return next(iter(world.of("retired", person=person)), None)


def required(world: World, person: str) -> int:
    sex = world.person(person).get("sex")
    if sex is None:
        raise NotCovered
    return REQUIRED[sex]


def continuing(world: World, person: str) -> Fact | None:
    return next(iter(world.of("shortfall_option_chosen", person=person, option="continue")), None)


def reference(world: World, person: str, when: date) -> date:
    """Day up to whose month paid months count (LZ-17c): retirement, settlement or payment."""
    fact = retirement(world, person)
    if fact is None or fact.get("capacity") == "pensioner" or continuing(world, person):
        return when
    return day(fact["on"])


def held_for(world: World, person: str, ref: date, when: date) -> Months:
    """Months up to that of the reference date, with whatever is known to be paid for them."""
    held = counted(world, person, ref, lump=False)
    held.paid = {n for n in counted(world, person, world.today, lump=False).paid if n <= month_of(ref)}
    held.paid_more, held.converted = (
        counted(world, person, max(ref, when), lump=False).paid_more,
        converted(world, person, max(ref, when)),
    )
    return held


@remembered
def shortage(world: World, person: str, ref: date, when: date) -> int:
    """LZ-17c on the reference date, with what was paid by `when` for LZ-20 and conversions."""
    held = held_for(world, person, ref, when)
    return max(0, required(world, person) - held.total, 120 - held.actual)


@dataclass
class Price:
    """Base and amount of the missing years on a day (LZ-18b, 19)."""

    base: int
    amount: int


def price(world: World, person: str, missing: int, when: date) -> Price:
    fact = retirement(world, person)
    capacity = (fact or {}).get("capacity", "employed")
    if continuing(world, person) or capacity == "pensioner":
        monthly = _average(world, when.year - 1)
    elif capacity == "employed":
        assert fact is not None
        monthly = fen(fact["base"]) if "base" in fact else _last_base(world, person, fact)
    else:
        assert fact is not None
        monthly = individual_base(world, day(fact["on"]).year)
    return Price(monthly, share(monthly * missing, "0.09"))


def _average(world: World, year: int) -> int:
    fact = world.wage_year(year)
    if fact is None:
        raise Missing("announcement_missing", "average_annual_wage")
    from fractions import Fraction

    return round2(Fraction(fen(fact["value"])) / 12)


def _last_base(world: World, person: str, fact: Fact) -> int:
    when = day(fact["on"])
    job = next(job for job in jobs(world, person) if job.on_roll(month_of(when)))
    return base(world, job, month_of(when), when)


@remembered
def settled_on(world: World, person: str) -> date | None:
    """Day on which the settlement was completed with nothing left owing (LZ-17d)."""
    for fact in world.of("retirement_processed", person=person):
        when = day(fact["on"])
        owed = shortage(world, person, reference(world, person, when), when)
        if sum(lump_months(world, f) for f in lump_sums(world, person, when)) >= owed:
            return when
    return None


@remembered
def retired_from(world: World, person: str) -> date | None:
    """First day of a retiree's benefits, from this ledger's own facts (LZ-13a, 18c, 18d)."""
    for fact in world.of("retirees_handed_over"):
        for row in fact["retirees"]:
            if row["person"] == person and handed_over(fact, row):
                return first_of(month_of(day(fact["on"])) + 1)
    pensioner = pensioner_start(world, person)
    if pensioner is not None:
        return pensioner
    settled, approved = settled_on(world, person), retirement(world, person)
    if settled is None:
        return None
    if approved is None or continuing(world, person) or settled > after(day(approved["on"]), 90):
        return first_of(month_of(settled) + 1)
    return first_of(month_of(day(approved["on"])) + 1)


def handed_over(fact: Fact, row: Fact) -> bool:
    heads = sum(each["retired_on"] < "2003-05-01" for each in fact["retirees"])
    enough = fen(fact["amount"]) >= 500000 * heads
    return bool(fact["paid_without_interruption"]) and row["retired_on"] < "2003-05-01" and enough
