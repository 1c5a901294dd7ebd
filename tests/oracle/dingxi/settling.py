"""A settled claim, and what a settlement rests on: merged bills, outcome of emergencies, place of care."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .basics import Fact, Unanswered, day
from .bills import Bill, Place
from .known import World


@dataclass
class Settled:
    """What became of a claim; amounts in fen."""

    fact: Fact
    shape: object
    year: int
    payer: str
    order: int = 0
    outcome: str = "payable"
    reason: str | None = None
    error: Unanswered | None = None
    bill: Bill = field(default_factory=Bill)
    place: Place | None = None
    layer: str | None = None
    counted: bool = False
    deductible: int | None = None
    charged: int = 0
    rate: Fraction | None = None
    limit: int | None = None
    cap_left: int | None = None
    pooled: int = 0
    own: int = 0
    supplement: int = 0
    topped: bool = False
    capacity: str | None = None
    merged_into: str | None = None
    unsure: bool = False
    before: int = 0

    def terms(self) -> object:
        """What does not depend on other claims: a manual claim is settled anew when this changes."""
        counted = (self.bill.total, self.bill.third_party, self.bill.in_scope, self.bill.catalogue)
        basis = self.outcome, self.reason, self.error and self.error.code
        return *basis, counted, self.place, self.deductible, self.rate, self.limit

    @property
    def open(self) -> bool:
        """Not paid so far: looked at again whenever something is learned."""
        return self.outcome == "refused" or self.error is not None


Book = dict[str, Settled]


def outcome_of(world: World, claim: str) -> Fact | None:
    """How emergency care ended, if it was told."""
    told = world.of("emergency_outcome_recorded", claim=claim)
    return told[-1] if told else None


def merged(world: World, claim: str) -> list[Fact]:
    """Emergency visits that ended in this stay, and later parts of a stay that was split (DX-25c, 52a)."""
    found = [fact for fact in split(world, claim) if fact["claim"] != claim]
    parts = {claim, *(fact["claim"] for fact in found)}
    for fact in world.of("claim_submitted"):
        ended = outcome_of(world, fact["claim"])
        if ended and ended["outcome"] == "admitted" and ended.get("stay") in parts:
            found.append(fact)
    return found


def split(world: World, claim: str) -> list[Fact]:
    """The parts of a split stay to which a claim belongs, in order of admission, then of discharge."""
    for decision in world.of("claims_decided", decision="split_stay"):
        if claim in decision["claims"]:
            told = [f for f in world.of("claim_submitted") if f["claim"] in decision["claims"]]
            return sorted(
                told, key=lambda f: (day(f.get("admitted_on") or f["on"]), day(f["on"]), f["claim"])
            )
    return []


def leads(world: World, claim: str) -> bool:
    """Not a later part of a split stay."""
    told = split(world, claim)
    return not told or told[0]["claim"] == claim


def part_of(world: World, fact: Fact) -> str | None:
    """The stay into which a claim has been merged."""
    ended = outcome_of(world, fact["claim"])
    if ended and ended["outcome"] == "admitted":
        return str(ended["stay"])
    return None if leads(world, fact["claim"]) else str(split(world, fact["claim"])[0]["claim"])


def shape(world: World, claim: str, fact: Fact) -> object:
    """What a settlement rests on besides standing: when this changes the claim is settled anew."""
    ended = outcome_of(world, claim)
    with_it = [f["id"] for f in merged(world, claim)] if leads(world, claim) else []
    decided = [f["id"] for f in world.of("claims_decided") if claim in f["claims"]]
    decided += [f["id"] for f in stays_over(world, fact)]
    outcome = ended["outcome"] if ended and ended["outcome"] in ("died", "admitted") else None
    return fact["id"], with_it, outcome, part_of(world, fact), decided


def stays_over(world: World, fact: Fact) -> list[Fact]:
    """Stays of the patient on the day of a special-disease claim: admission inside, discharge outside (DX-34c)."""
    if fact["kind"] != "special_disease":
        return []
    kinds = ("inpatient", "delivery", "termination")
    told = [f for f in world.of("claim_submitted", person=fact["person"]) if f["kind"] in kinds]
    return [f for f in told if day(f.get("admitted_on") or f["on"]) <= day(fact["on"]) < day(f["on"])]


def direct(world: World, fact: Fact) -> bool:
    if fact.get("settlement"):
        return bool(fact["settlement"] == "direct")
    provider = world.provider(fact["provider"], day(fact["on"]))
    return bool((provider or {}).get("direct_settlement", True))


def governing_day(fact: Fact) -> date:
    """DX-20h."""
    stays = ("inpatient", "delivery", "emergency", "emergency_rescue")
    return day(fact.get("admitted_on") or fact["on"]) if fact["kind"] in stays else day(fact["on"])


def first_care(fact: Fact) -> date:
    """Lines before the admission are emergency care merged with the stay."""
    lines = (
        [day(line["on"]) for line in fact["lines"] if line.get("on")] if fact["kind"] == "inpatient" else []
    )
    return min([governing_day(fact), *lines])
