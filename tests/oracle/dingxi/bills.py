"""From the lines of a bill to in-scope expense (DX-23, 24, 49, 63), and the place of care (DX-27)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .basics import Fact, Unanswered, day, fen, part, rounded
from .known import World

EXCLUDED = {
    "self_harm",
    "fighting",
    "drunkenness",
    "drug_abuse",
    "abroad",
    "wellness",
    "health_checkup",
    "cosmetic",
    "infertility",
    "mass_disaster",
}
LONG_TERM = {"settled_retiree", "long_term_resident", "posted_worker", "stationed_office"}
DEDUCTIBLE_HERE = {1: 20000, 2: 40000, 3: 60000}
DEDUCTIBLE_AWAY = {1: 20000, 2: 50000, 3: 80000}
RATE = {1: part("0.98"), 2: part("0.95"), 3: part("0.93")}


@dataclass
class Bill:
    """A bill in fen."""

    total: int = 0
    third_party: int = 0
    in_scope: int = 0
    catalogue: int = 0

    def __add__(self, other: "Bill") -> "Bill":
        return Bill(
            self.total + other.total,
            self.third_party + other.third_party,
            self.in_scope + other.in_scope,
            self.catalogue + other.catalogue,
        )


def bill(world: World, claim: Fact, when: date, setting: str) -> Bill:
    """All lines together; `setting` is the key of the negotiated-drug terms that apply."""
    found = Bill()
    share = part(claim.get("third_party_share") or "0")
    for line in claim["lines"]:
        units = Decimal(str(line.get("quantity") or 1)) if line.get("amount") is None else Decimal(1)
        billed = fen(line["amount"]) if line.get("amount") is not None else _units(line["unit_price"], units)
        injury = (line.get("cause") or claim.get("cause")) == "work_injury"
        own = rounded(billed * (1 - (Fraction(1) if injury else share)))
        counted, scope = _scope(world, claim, line, own, units, when, setting)
        found += Bill(billed, billed - own, scope, counted)
    return found


def _units(price: str, units: Decimal) -> int:
    return rounded(Fraction(Decimal(str(price)) * units * 100))


def _scope(
    world: World, claim: Fact, line: Fact, own: int, units: Decimal, when: date, setting: str
) -> tuple[int, int]:
    """What a line adds to in-catalogue and to in-scope expense."""
    kind = line["class"]
    cause = line.get("cause")
    if cause in EXCLUDED and not _ill(claim, cause):
        return 0, 0
    if line.get("preparation") is not None:
        papers = line["preparation"]
        good = papers.get("approval_number") and papers.get("province_confirmed")
        kind = "C" if not good else "B" if kind == "B" else "A"
    counted = own
    outside = line.get("outside")
    if outside is not None:
        if not (outside.get("approved") and outside.get("related") and outside.get("designated")):
            return 0, 0
        if outside.get("item") == "examination" and outside.get("price_here") is not None:
            counted = min(counted, fen(outside["price_here"]))
    for limit in (line.get("limit_price"), line.get("price_standard")):
        if limit is not None:
            counted = min(counted, _units(limit, units))
    if kind == "C":
        return 0, 0
    if kind == "B":
        return counted, rounded(counted * part("0.97"))
    if kind == "negotiated":
        terms = world.announced("negotiated_drug_terms", when, claim.get("disease"))[setting]
        return counted, rounded(counted * (1 - part(terms["upfront_share"])))
    return counted, counted


def _ill(claim: Fact, cause: str) -> bool:
    return cause == "self_harm" and bool(claim.get("mental_illness"))


def excluded(claim: Fact) -> bool:
    cause = claim.get("cause") or "illness"
    return cause in EXCLUDED and not _ill(claim, cause)


@dataclass
class Place:
    """Where care was given and what follows from it."""

    level: int
    area: str
    points: Fraction

    @property
    def rate(self) -> Fraction:
        return RATE[self.level] - self.points

    @property
    def deductible(self) -> int:
        at_home = self.area in ("local", "registered")
        return (DEDUCTIBLE_HERE if at_home else DEDUCTIBLE_AWAY)[self.level]


def place(world: World, claim: Fact, when: date) -> Place:
    """DX-27a, for the admission or service date."""
    provider = world.provider(claim["provider"], when)
    if provider is None:
        raise Unanswered("fact_missing", "provider_registered.provider", when)
    level, where = max(1, provider.get("level") or 0), provider["place"]
    if where[:4] == "6211":
        return Place(level, "local", Fraction(0))
    categories = {
        f["category"]
        for f in _registered(world, claim.get("insured_through") or claim["person"], when, where)
    }
    if categories & LONG_TERM:
        return Place(level, "registered", Fraction(0))
    if "referral" in categories:
        return Place(level, "referred", part("0.05"))
    if claim.get("emergency"):
        return Place(level, "emergency", part("0.05"))
    return Place(level, "unreferred", part("0.10") if where[:2] == "62" else part("0.20"))


def _registered(world: World, person: str, when: date, where: str) -> list[Fact]:
    """Registrations of care out of the area that are valid on the day for the place."""
    found = []
    for fact in world.of("out_of_area_registered", person=person):
        area = fact["place"]
        start = day(fact.get("from") or fact["on"])
        ends = [day(fact["to"])] if fact.get("to") else []
        for ended in world.of("approval_ended", person=person, approval="out_of_area"):
            if ended.get("place") in (None, area) and day(ended["on"]) > start:
                ends.append(day(ended["on"]))
        same = where[:2] == area[:2] if area.endswith("0000") else where[:4] == area[:4]
        if same and start <= when and not any(end <= when for end in ends):
            found.append(fact)
    return found
