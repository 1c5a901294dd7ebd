"""Amounts, part by part in the order of adjudication (JJ-6.1c to n, 6.2a to 6.3a, 7.1e, 7.3a)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tests.oracle.jinjiang.announcing import announced
from tests.oracle.jinjiang.bills import Part, hospital
from tests.oracle.jinjiang.layers import Layers, critical, last_layers, replaced
from tests.oracle.jinjiang.places import Order, Place, order
from tests.oracle.jinjiang.verdicts import Verdict, barred, claims, sanctions, verdict
from tests.oracle.telling import Fact, World, fen, on, once, share


@dataclass
class Settled:
    """One part of a claim: what it used and what was paid, in fen."""

    place: Place
    fact: Fact
    part: Part
    ghost: date | None = None
    charged: int = 0
    pooled: int = 0
    rate: Decimal | None = None
    cap_left: int | None = None
    limit: int | None = None
    layers: Layers = field(default_factory=Layers)

    @property
    def counted(self) -> bool:
        """Inpatient and special diseases: cap, cumulated burden, layers."""
        return bool(self.place.admission)

    @property
    def burden(self) -> int:
        """S - basic, for the layer of critical illness."""
        return self.part.in_scope - self.pooled if self.counted else 0


@dataclass
class Books:
    """A person's claims as settled."""

    world: World
    person: str
    order: Order
    verdicts: dict[str, Verdict]
    settled: list[Settled] = field(default_factory=list)

    def before(self, place: Place) -> list[Settled]:
        """What counts before a place: the same year; falsified claims only until they were found out."""
        return [
            s for s in self.settled if s.place.year == place.year and (s.ghost is None or s.ghost > place.day)
        ]

    def alive(self, year: int) -> list[Settled]:
        """Parts of a year that stand."""
        return [s for s in self.settled if s.place.year == year and s.ghost is None]

    def alive_of(self, claim: str) -> list[Settled]:
        """Parts of a claim that stand."""
        return [s for s in self.settled if s.place.claim == claim and s.ghost is None]


@once
def books(world: World, person: str) -> Books:
    """All claims of a person, as known."""
    known = claims(world, person)
    verdicts = {name: verdict(world, fact) for name, fact in known.items()}
    result = Books(world, person, order(world, person), verdicts)
    for place in result.order.places:
        if place.claim not in known:
            continue
        fact, said, ghost = known[place.claim], verdicts[place.claim], None
        if said.reason == "falsified":
            ghost = min(sanctions(world, place.claim))
            then = world.seen_on(ghost - timedelta(days=1))
            if place.claim not in claims(then, person):
                continue
            said = verdict(then, claims(then, person)[place.claim])
        if said.payable(place.year):
            one = Settled(place, fact, said.parts[place.year], ghost)
            result.world = world.seen_on(ghost - timedelta(days=1)) if ghost else world
            result.settled.append(_settle(result, one))
    result.world = world
    return result


def _settle(books: Books, one: Settled) -> Settled:
    kind = one.fact["kind"]
    if kind == "delivery":
        caesarean = one.fact["maternity"]["delivery_mode"] == "caesarean"
        one.pooled = min(fen(1500 if caesarean else 1000), one.part.total)
    elif kind == "ordinary_outpatient":
        _outpatient(books, one)
    else:
        _care(books, one)
        critical(books.world, one.fact, one.place.year, one.layers, _x(books, one), one.burden)
        spent = sum(s.layers.surviving_spouse for s in books.before(one.place))
        last_layers(books.world, one.fact, one.layers, one.burden, spent)
    return one


def _x(books: Books, one: Settled) -> int:
    return sum(s.burden for s in books.before(one.place))


def _care(books: Books, one: Settled) -> None:
    place, earlier = hospital(books.world, one.fact), books.before(one.place)
    used = sum(s.charged for s in earlier if s.place.admission == one.place.admission)
    one.charged = min(max(0, one.place.deductible - used), one.part.in_scope)
    one.rate = place.rate
    rate = one.rate if place.pool else one.rate * Decimal("0.8")
    one.pooled = share(one.part.in_scope - one.charged, rate)
    if one.fact["kind"] == "special_disease":
        terms = announced(books.world.facts, "special_disease_terms", one.place.year, on(one.fact))
        told = terms[one.fact["disease"]].get("annual_cap")
        if told is not None:
            one.limit = fen(told)
            paid = sum(s.pooled for s in earlier if _same_disease(s, one))
            one.pooled = min(one.pooled, max(0, one.limit - paid))
    left = max(0, cap(books.world, one.fact) - sum(s.pooled for s in earlier if s.counted))
    one.pooled = min(one.pooled, left)
    one.cap_left = left - one.pooled


def _same_disease(other: Settled, one: Settled) -> bool:
    return bool(other.fact["kind"] == "special_disease" and other.fact["disease"] == one.fact["disease"])


def cap(world: World, fact: Fact) -> int:
    """JJ-6.1d, or what has replaced it on the claim's own date."""
    return replaced(world, fact, "JJ-6.1d", 150_000)


def _outpatient(books: Books, one: Settled) -> None:
    terms = announced(books.world.facts, "ordinary_outpatient_terms", one.place.year, on(one.fact))
    one.charged = min(fen(terms["visit_deductible"]), one.part.in_scope)
    paid = sum(s.pooled for s in books.before(one.place) if s.fact["kind"] == "ordinary_outpatient")
    due = share(one.part.in_scope - one.charged, terms["rate"])
    one.pooled = min(due, max(0, fen(terms["annual_cap"]) - paid))


def paid_before_finding(world: World, claim: Fact) -> list[Settled]:
    """What had been paid for a claim when it was found falsified; what is learned later changes nothing of that."""
    then = world.seen_on(min(sanctions(world, claim["claim"])) - timedelta(days=1))
    return books(then, claim["person"]).alive_of(claim["claim"])


def refusal(books: Books, claim: str, year: int) -> str | None:
    """Why a part is not paid."""
    said, fact = books.verdicts[claim], books.world
    if said.reason == "falsified":
        return said.reason
    finding = barred(fact, books.person, year)
    if finding and not books.order.place(claim, year):
        early = books.order.refused.get(claim)
        if not (said.reason and early and early[0] < finding):
            return "claims_barred"
    return said.reason
