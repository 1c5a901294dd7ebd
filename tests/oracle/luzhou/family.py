"""Family outpatient accounts of all households, told day by day (LZ-26)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tests.oracle.luzhou.days import day, fen, round2
from tests.oracle.luzhou.employee import status
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, World, remembered
from tests.oracle.luzhou.resident import Cover, covers, household_at

STAYS_IN_SCHEME = ("registration_change", "other")


@dataclass
class Entry:
    """One movement of one household's account."""

    on: date
    household: str
    kind: str
    amount: int
    person: str = ""
    other: str = ""
    claim: str = ""


@dataclass
class Book:
    """The entries so far and each household's balance."""

    entries: list[Entry] = field(default_factory=list)
    balance: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def post(self, entry: Entry) -> None:
        if entry.amount:
            self.entries.append(entry)
            self.balance[entry.household] += entry.amount


@remembered
def home(world: World, person: str, when: date) -> str | None:
    """The household of a person on a day: as told of households, else the one that paid, after any move out."""
    known = household_at(world, person, when)
    if known is not None:
        return known
    moves = [day(f["on"]) for f in world.of("household_member_moved", person=person) if day(f["on"]) <= when]
    paid = [cover for cover in covers(world, person) if cover.year <= when.year]
    paid = [cover for cover in paid if not moves or cover.paid > moves[-1]]
    return paid[-1].household if paid else None


@remembered
def people(world: World) -> list[str]:
    return sorted({str(p) for f in world.of("resident_contribution_paid") for p in f["persons"]})


@remembered
def paid_members(world: World, household: str, year: int, when: date) -> list[str]:
    """Members on a day whose premium for the year is paid."""
    return [
        person
        for person in people(world)
        if home(world, person, when) == household
        and any(cover.year == year and cover.paid <= when for cover in covers(world, person))
    ]


def book(world: World, draws: Mapping[str, tuple[str, date, int]], until: date) -> Book:
    """All entries up to a day; `draws` are what claims took: household, day and amount by claim."""
    found = Book()
    dated: dict[date, list[tuple[int, object]]] = defaultdict(list)
    for fact in world.of("opening_account", account="family"):
        dated[day(fact["on"])].append((0, fact))
    for fact in world.of("household_member_moved"):
        dated[day(fact["on"])].append((1, fact))
    for person in people(world):
        for cover in covers(world, person):
            if cover.start is not None and cover.start < cover.end:
                dated[max(cover.start, date(cover.year, 1, 1))].append((3, (person, cover)))
    for claim, draw in draws.items():
        dated[draw[1]].append((4, (claim, draw)))
    for year in range(2019, min(until, world.today).year + 1):
        dated[date(year, 1, 1)].append((2, year))
    for when in sorted(each for each in dated if each <= until):
        _one_day(world, found, when, dated[when])
    return found


def _one_day(world: World, found: Book, when: date, happenings: list[tuple[int, object]]) -> None:
    moves = [item for rank, item in happenings if rank == 1]
    before = dict(found.balance)
    for rank, item in sorted(happenings, key=lambda each: each[0]):
        if rank == 0:
            assert isinstance(item, dict)
            found.post(Entry(when, item["household"], "opening", fen(item["balance"])))
        elif rank == 2:
            for household in list(found.balance):
                _forfeit(world, found, household, when)
        elif rank == 3:
            assert isinstance(item, tuple)
            _allocate(world, found, item[0], item[1], when)
        elif rank == 4:
            assert isinstance(item, tuple)
            claim, (household, _, amount) = item
            found.post(Entry(when, household, "claim", -amount, claim=claim))
        elif rank == 1 and item is moves[0]:
            _move(world, found, when, [m for m in moves if isinstance(m, dict)], before)


def _allocate(world: World, found: Book, person: str, cover: Cover, when: date) -> None:
    household = home(world, person, when)
    died = world.died(person)
    if household is None or (died is not None and died < when):
        return
    for fact in world.of("opening_account", account="family", household=household):
        if fact.get("allocation_included") and day(fact["on"]).year == cover.year and when <= day(fact["on"]):
            return
    try:
        amount = world.value("family_account_allocation", when, cover.year, tier=cover.tier)
    except Missing:
        raise NotCovered from None
    found.post(Entry(when, household, "allocation", fen(amount), person))


def _forfeit(world: World, found: Book, household: str, when: date) -> None:
    year = when.year
    had = any(
        home(world, person, max(cover.paid, date(year - 1, 1, 1))) == household
        for person in people(world)
        for cover in covers(world, person)
        if cover.year == year - 1
    )
    if not had or found.balance[household] <= 0:
        return
    for person in people(world):
        for cover in covers(world, person):
            lives = home(world, person, max(when, cover.paid)) == household
            in_time = cover.year == year and cover.paid <= date(year, 12, 31)
            if in_time and lives and not status(world, person, when).covered:
                return
    found.post(Entry(when, household, "forfeited", -found.balance[household], other="resident_pooled"))


def _move(world: World, found: Book, when: date, moves: list[Fact], before: Mapping[str, int]) -> None:
    """LZ-26d: everybody who leaves together takes the same rounded part of the same balance."""
    by_house: dict[str, list[Fact]] = defaultdict(list)
    for fact in moves:
        if fact["from_household"]:
            by_house[fact["from_household"]].append(fact)
    for household, leaving in by_house.items():
        held = before.get(household, 0)
        yesterday = date.fromordinal(when.toordinal() - 1)
        members = set(paid_members(world, household, when.year, yesterday))
        takers = [f for f in leaving if _takes(world, f, when) and f["person"] in members]
        stay = members - {f["person"] for f in leaving}
        left = held
        for fact in takers:
            last = not stay and fact is takers[-1] and len(takers) == len(members)
            part = left if last else min(left, round2_div(held, len(members)))
            left -= part
            target = str(fact["to_household"])
            found.post(Entry(when, household, "share_moved", -part, fact["person"], target))
            found.post(Entry(when, target, "share_moved", part, fact["person"], household))


def round2_div(amount: int, count: int) -> int:
    from fractions import Fraction

    return round2(Fraction(amount, count))


def _takes(world: World, fact: Fact, when: date) -> bool:
    if fact["reason"] not in STAYS_IN_SCHEME or not fact["to_household"]:
        return False
    return not status(world, fact["person"], when).covered


def entries_of(found: Book, household: str) -> Iterator[Entry]:
    return (entry for entry in found.entries if entry.household == household)


__all__ = ["Missing", "book", "entries_of", "home"]


def first_overdraft(entries: list[Entry]) -> tuple[date, str, int] | None:
    """The first day at whose end a household's account is below zero: the day, the household, and by how much."""
    balance: dict[str, int] = {}
    for when in sorted({entry.on for entry in entries}):
        for entry in entries:
            if entry.on == when:
                balance[entry.household] = balance.get(entry.household, 0) + entry.amount
        for household, fen_held in balance.items():
            if fen_held < 0:
                return when, household, -fen_held
    return None


def lowest_balance(entries: list[Entry]) -> int:
    """The lowest balance of any household's account at the end of any day."""
    lowest = 0
    for household in {entry.household for entry in entries}:
        running: dict[date, int] = {}
        for entry in entries:
            if entry.household == household:
                running[entry.on] = running.get(entry.on, 0) + entry.amount
        balance = 0
        for when in sorted(running):
            balance += running[when]
            lowest = min(lowest, balance)
    return lowest
