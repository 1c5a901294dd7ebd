"""A bill cut into years, line by line (JJ-6.1b, 7.1d, 7.1g), and the hospital's row of the table (JJ-6.1c, e, f)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.jinjiang.announcing import announced
from tests.oracle.jinjiang.people import employee
from tests.oracle.jinjiang.status import covered
from tests.oracle.telling import Fact, Missing, Unsure, World, day, fen, of, on, share

EXCLUDED = {"work_injury", "third_party", "public_health", "abroad", "other_excluded"}
FIRST_DAY = date(2018, 1, 1)
TABLE = {1: (50_00, "0.90"), 2: (400_00, "0.75"), 3: (800_00, "0.55")}


@dataclass
class Part:
    """What of a bill belongs to one year, in fen."""

    year: int
    total: int = 0
    in_scope: int = 0
    uncovered: int = 0
    upfront: int = 0
    out_of_scope: int = 0
    third_party: int = 0
    employee_day: bool = False


@dataclass(frozen=True)
class Hospital:
    """A provider as described on a day."""

    told: Fact

    @property
    def pool(self) -> bool:
        """Inside Quanzhou."""
        return str(self.told["place"]).startswith("3505")

    @property
    def level(self) -> int:
        """Effective level: JJ-6.1e in the pool, the own one outside."""
        level, kind = int(self.told.get("level", 0)), self.told.get("kind", "hospital")
        if kind in ("community_health_centre", "village_clinic"):
            return 1
        if self.pool and level == 3 and self.told.get("ownership") == "county":
            return 2
        if self.pool and kind == "township_health_centre" and level == 2:
            return 1
        if level == 0:
            raise Unsure
        return level

    @property
    def deductible(self) -> int:
        """Of the table, in fen."""
        return TABLE[self.level][0]

    @property
    def rate(self) -> Decimal:
        """Of the table; a hospital for traditional medicine in the pool has that of one level lower."""
        lower = self.pool and bool(self.told.get("traditional_medicine"))
        return Decimal(TABLE[max(1, self.level - 1) if lower else self.level][1])


def hospital(world: World, claim: Fact) -> Hospital:
    """The provider of a claim, as described on the claim's own date."""
    told = list(of(world.facts, "provider_registered", provider=claim["provider"]))
    described = [f for f in sorted(told, key=on) if on(f) <= on(claim)]
    if not described and told:
        raise Unsure
    if not described:
        raise Missing("fact_missing", "provider_registered")
    return Hospital(described[-1])


def admitted(claim: Fact) -> date:
    """Day of admission, or of service."""
    return day(claim["admitted_on"]) if claim.get("admitted_on") else on(claim)


def billed(claim: Fact) -> int:
    """The whole bill."""
    if "totals" in claim:
        return sum(fen(each["total"]) for each in claim["totals"])
    return sum(_amounts(line)[0] for line in claim["lines"])


def _amounts(line: dict[str, Any]) -> tuple[int, int]:
    """Billed, and cut to the limit price, both of the whole line."""
    quantity = Decimal(line.get("quantity", "1")) if "amount" not in line else Decimal(1)
    unit = Decimal(line["amount"] if "amount" in line else line["unit_price"])
    limits = [Decimal(line[name]) for name in ("limit_price", "price_standard") if line.get(name)]
    return fen(unit * quantity), fen(min([unit, *limits]) * quantity)


def parts(world: World, claim: Fact) -> dict[int, Part]:
    """The bill by year; costs before 2018 are in no part of it but uncovered."""
    if "totals" in claim:
        return _from_totals(world, claim)
    found: dict[int, Part] = {}
    split = claim["kind"] == "inpatient" and admitted(claim).year != on(claim).year
    for line in claim["lines"]:
        if split and "on" not in line:
            raise Missing("fact_missing", "claim_submitted.lines.on")
        at = day(line["on"]) if "on" in line else admitted(claim)
        _add(world, claim, line, at, found.setdefault(max(at.year, 2018), Part(max(at.year, 2018))))
    return {year: _less_third_party(claim, found[year], len(found)) for year in sorted(found)}


def _from_totals(world: World, claim: Fact) -> dict[int, Part]:
    found: dict[int, Part] = {}
    for told in claim["totals"]:
        year = told["year"]
        first = max(admitted(claim), date(year, 1, 1))
        last = min(on(claim), date(year, 12, 31))
        states = {covered(world, claim["person"], each) for each in (first, last)}
        if len(states) > 1 or year < 2018:
            raise Unsure
        part = found[year] = Part(year, total=fen(told["total"]))
        in_scope = fen(told.get("in_scope", told["total"]))
        part.employee_day = any(employee(world.facts, claim["person"], d) for d in (first, last))
        if states == {True}:
            part.in_scope, part.out_of_scope = in_scope, part.total - in_scope
        else:
            part.uncovered = part.total
    return found


def _add(world: World, claim: Fact, line: dict[str, Any], at: date, part: Part) -> None:
    whole, limited = _amounts(line)
    part.total += whole
    part.employee_day |= employee(world.facts, claim["person"], at)
    if at < FIRST_DAY or not covered(world, claim["person"], at):
        part.uncovered += whole
    elif line["class"] == "C" or line.get("cause") in EXCLUDED:
        part.out_of_scope += whole
    elif line["class"] == "A":
        part.in_scope += limited
        part.out_of_scope += whole - limited
    elif line["class"] == "B":
        own = line.get("upfront_share") or upfront_share(world, claim)
        kept = share(limited, 1 - Decimal(own))
        part.in_scope += kept
        part.upfront += limited - kept
        part.out_of_scope += whole - limited
    else:
        raise Unsure


def upfront_share(world: World, claim: Fact) -> str:
    """The announced share of class B items."""
    told = announced(world.facts, "upfront_share", on(claim).year, on(claim))
    if told is None:
        raise Missing("announcement_missing", "upfront_share")
    if isinstance(told, dict):
        if claim["kind"] == "special_disease":
            raise Unsure
        told = told["outpatient" if claim["kind"] == "ordinary_outpatient" else "inpatient"]
    return str(told)


def _less_third_party(claim: Fact, part: Part, years: int) -> Part:
    """JJ-6.1o: only the in-scope amount of the third party is taken out of S first."""
    if claim.get("cause") == "third_party" and claim.get("third_party_amount"):
        if years > 1:
            raise Unsure
        taken = fen(claim["third_party_amount"])
        if taken > part.in_scope:
            raise Unsure
        part.third_party = taken
        part.in_scope -= taken
    return part
