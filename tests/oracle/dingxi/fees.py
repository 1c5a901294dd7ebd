"""The large-amount supplement: its yearly fee and what it pays (DX-43a to DX-45e)."""

from datetime import date
from typing import TYPE_CHECKING

from .basics import Fact, Unanswered, day, fen, first_day, last_day, part, plus_months, rounded
from .known import World
from .runs import spells
from .standing import standing

if TYPE_CHECKING:
    from .settling import Book, Settled

YEARLY_CAP = 60_000_000
THRESHOLD = 100_000


def fee(world: World, person: str, year: int) -> tuple[int, int]:
    """Employer's and member's part, by the category in the first covered month of the year."""
    for number in range(12):
        when = first_day(year * 12 + number)
        found = standing(world, person, when)
        if found.status == "covered":
            if found.capacity == "retired":
                return 0, 12000
            return (6000, 12000) if found.capacity == "employed" else (0, 18000)
    return 0, 18000


def fee_counts(world: World, person: str, year: int) -> bool:
    """The fee of the year is fully paid, and in time or together with a healing back-payment (DX-44b)."""
    told = world.of("supplement_contribution_paid", person=person, year=year, layer="large_amount")
    healing = {
        run.cleared
        for spell in spells(world, person)
        for run in spell.runs
        if run.healed and any(number // 12 == year for number in run.months)
    }
    counted = [f for f in told if day(f["on"]) <= date(year, 12, 31) or day(f["on"]) in healing]
    if any(f.get("amount") is None for f in counted):
        return True
    return bool(counted) and sum(fen(f["amount"]) for f in counted) >= sum(fee(world, person, year))


def opened(world: World, person: str, year: int, counter: str) -> int:
    """What was used up before the ledger (DX-68b)."""
    told = world.of("opening_counters", person=person, year=year)
    return sum(fen(f.get(counter) or 0) for f in told if f.get("scheme", "employee") == "employee")


def topped_up(world: World, found: "Settled") -> bool:
    """The supplement pays for the claim: a layer of its own, and the fee of the year."""
    paid = not found.open and found.merged_into is None and found.layer is not None
    return paid and fee_counts(world, found.payer, found.year)


def supplement(world: World, book: "Book", found: "Settled") -> int:
    """What the supplement pays for a settled claim (DX-45a, 45c, 45d)."""
    if found.layer == "stay":
        mates = [s for s in book.values() if s.payer == found.payer and s.year == found.year]
        paid = sum(s.supplement for s in mates if s.layer == "stay" and s is not found)
        paid += opened(world, found.payer, found.year, "supplement_paid")
        exact = part("0.95") * max(0, found.own - THRESHOLD)
        return min(rounded(exact), max(0, YEARLY_CAP - paid))
    burden = opened(world, found.payer, found.year, "burden") if found.layer == "special" else 0
    before = burden + found.before
    over = max(0, before + found.own - THRESHOLD) - max(0, before - THRESHOLD)
    return rounded(part("0.80") * over)


def newborn_condition(world: World, claim: Fact) -> bool:
    """DX-37a: the insured parent's child, without resident cover, dead within three months of birth."""
    child = claim["person"]
    born, died = world.person(child).get("born_on"), world.died_on(child)
    resident = [f for f in world.of("enrolled", person=child) if f.get("scheme") == "resident"]
    if born is None:
        raise Unanswered("fact_missing", "person_registered.born_on", day(claim["on"]))
    if died is None or resident:
        return False
    return died <= plus_months(day(born), 3)


def in_arrears(world: World, person: str, when: date) -> bool:
    """DX-34d: from a month after the run began until it was cleared; a healed run takes nothing away."""
    for spell in spells(world, person):
        for run in spell.runs:
            since = last_day(run.months[0])
            if when > since and (run.cleared is None or when < run.cleared) and not run.healed:
                return True
    return False
