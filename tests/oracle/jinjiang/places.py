"""Who was adjudicated when: places, numbers of admissions, deductibles (JJ-6.1g to j, 7.1h)."""

from dataclasses import dataclass, field
from datetime import date

from tests.oracle.jinjiang.bills import hospital
from tests.oracle.jinjiang.verdicts import Verdict, barred, claims, verdict
from tests.oracle.telling import Fact, World, on, once

FACTORS = {1: 100, 2: 50}
SPECIAL_YEAR = "special-disease year"


@dataclass(frozen=True)
class Place:
    """A part of a claim in the order of adjudication."""

    claim: str
    year: int
    day: date
    admission: str = ""
    number: int = 0
    deductible: int = 0


@dataclass
class Order:
    """All places of a person in order, and what was refused when."""

    places: list[Place] = field(default_factory=list)
    refused: dict[str, tuple[date, str]] = field(default_factory=dict)

    def place(self, claim: str, year: int) -> Place | None:
        """The place of a part, if it has one."""
        return next((p for p in self.places if (p.claim, p.year) == (claim, year)), None)


@once
def order(world: World, person: str) -> Order:
    """Replays what was learned day by day; a place once taken is kept."""
    result = Order()
    for at in world.learned():
        then = world.seen_on(at)
        verdicts = {c: verdict(then, f) for c, f in claims(then, person).items()}
        for name, fact in _in_order(claims(then, person)):
            _adjudicate(then, result, name, fact, verdicts)
    return result


def _in_order(known: dict[str, Fact]) -> list[tuple[str, Fact]]:
    """By discharge, then id; a bill that is continued comes before the one that continues it."""
    waiting = sorted(known.items(), key=lambda each: (on(each[1]), each[0]))
    done: list[tuple[str, Fact]] = []
    while waiting:
        names = {name for name, _ in waiting}
        free = [each for each in waiting if each[1].get("continues") not in names - {each[0]}]
        done.append((free or waiting)[0])
        waiting.remove(done[-1])
    return done


def _adjudicate(then: World, result: Order, name: str, fact: Fact, verdicts: dict[str, Verdict]) -> None:
    said = verdicts[name]
    if said.reason and said.reason != "falsified":
        result.refused.setdefault(name, (then.at, said.reason))
    for year in said.parts:
        finding = barred(then, fact["person"], year)
        if not said.payable(year) or result.place(name, year) or (finding and finding <= then.at):
            continue
        result.places.append(_placed(then, result, fact, year, verdicts))


def _placed(then: World, result: Order, fact: Fact, year: int, verdicts: dict[str, Verdict]) -> Place:
    name = fact["claim"]
    if fact["kind"] not in ("inpatient", "special_disease"):
        return Place(name, year, then.at)
    earlier = _admission(then, result, fact, year, verdicts)
    if earlier:
        return Place(name, year, then.at, earlier.admission, earlier.number, earlier.deductible)
    counted = {
        p.admission
        for p in result.places
        if p.year == year and p.admission and p.claim in verdicts and verdicts[p.claim].payable(year)
    }
    number = len(counted) + 1
    deductible = hospital(then, fact).deductible * FACTORS.get(number, 0) // 100
    admission = SPECIAL_YEAR if fact["kind"] == "special_disease" else name
    return Place(name, year, then.at, admission, number, deductible)


def _admission(
    then: World, result: Order, fact: Fact, year: int, verdicts: dict[str, Verdict]
) -> Place | None:
    """The place of the admission this bill belongs to, when it is not a new one."""
    if fact["kind"] == "special_disease":
        same = [p for p in result.places if p.year == year and p.admission == SPECIAL_YEAR]
        alive = [p for p in same if p.claim in verdicts and verdicts[p.claim].payable(year)]
        return alive[0] if alive else None
    before = claims(then, fact["person"]).get(str(fact.get("continues")))
    if not before or before["kind"] != "inpatient" or not verdicts[before["claim"]].payable(year):
        return None
    here, there = hospital(then, fact), hospital(then, before)
    same = fact["provider"] == before["provider"]
    allied = here.told.get("consortium") and here.told.get("consortium") == there.told.get("consortium")
    if same or (allied and here.pool and there.pool):
        return result.place(before["claim"], year)
    return None
