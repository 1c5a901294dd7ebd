"""What a bill comes to before any money is paid: lines, place, level, rates, deductibles (SZ-21 to 23, 44 to 47, 53)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.oracle.suizhou.text import (
    Fact,
    Known,
    Refused,
    Unsure,
    cents,
    day,
    in_city,
    in_group,
    money,
    recorded,
)

TENTH = Decimal("0.1")
STAYS = ("inpatient", "emergency_rescue", "pregnancy_illness")
EXCLUDED = (
    "work_injury",
    "third_party",
    "public_health",
    "abroad",
    "wellness",
    "health_checkup",
    "other_excluded",
)
RATES = {"employee": ("0.95", "0.93", "0.91"), "resident": ("0.90", "0.80", "0.70")}
STANDARD = {"employee": (400, 600, 800), "resident": (200, 500, 900)}
OUTSIDE = {"employee": 1200, "resident": 1500}
FLOOR = {"employee": 400, "resident": 200}
CAP = {"employee": Decimal(200000), "resident": Decimal(150000)}
WAIVED = (
    "extreme_poverty",
    "orphan",
    "minimum_living",
    "disabled_no_work_capacity",
    "severe_mental_disorder",
    "family_planning_hardship",
)
PREFERRED = ("extreme_poverty", "orphan", "minimum_living", "returned_to_poverty")
CUT = {"local": "0", "registered": "0", "referred": "0.10", "emergency": "0.10", "unreferred": "0.20"}


@dataclass
class Amounts:
    """The lines of one scheme added up."""

    a: Decimal = Decimal("0.00")
    b: Decimal = Decimal("0.00")
    out: Decimal = Decimal("0.00")

    @property
    def in_scope(self) -> Decimal:
        return self.a + self.b

    @property
    def tenth(self) -> Decimal:
        return cents(self.b * TENTH)


def line_total(line: Fact) -> Decimal:
    if "amount" in line:
        return money(line["amount"])
    return cents(money(line["unit_price"]) * money(line.get("quantity", "1")))


def add_line(into: Amounts, line: Fact, claim: Fact) -> None:
    """One covered line (SZ-58a, 64a)."""
    if {"outside", "preparation", "price_standard", "upfront_share"} & set(line):
        raise Unsure
    total = line_total(line)
    if line["class"] == "C" or line.get("cause", claim.get("cause", "illness")) in EXCLUDED:
        into.out += total
        return
    if line["class"] not in ("A", "B") or line.get("cause", claim.get("cause", "illness")) not in (
        "illness",
        "accident",
    ):
        raise Unsure
    scope = total
    if "limit_price" in line:
        units = Decimal(1) if "amount" in line else money(line.get("quantity", "1"))
        scope = min(total, cents(money(line["limit_price"]) * units))
    into.out += total - scope
    if line["class"] == "A":
        into.a += scope
    else:
        into.b += scope


def provider(known: Known, claim: Fact) -> Fact:
    """The description in force on the day of the claim."""
    name = claim["provider"]
    held = [
        f
        for f in known.of("provider_registered")
        if f["provider"] == name and day(f["on"]) <= day(claim["on"])
    ]
    if not held:
        raise Refused("fact_missing")
    return max(held, key=lambda f: day(f["on"]))


def level(known: Known, claim: Fact) -> int:
    return max(1, int(provider(known, claim).get("level", 0)))


def area(known: Known, claim: Fact) -> str:
    """How the place counts (SZ-53a to d)."""
    place = provider(known, claim)["place"]
    if in_city(place):
        return "local"
    admitted = day(claim.get("admitted_on") or claim["on"])
    kinds = {
        f["category"]
        for f in known.about(claim["person"], "out_of_area_registered")
        if _valid(known, f, place, admitted)
    }
    if kinds & {"settled_retiree", "long_term_resident", "posted_worker"}:
        return "registered"
    if kinds - {"referral"}:
        raise Unsure
    if "referral" in kinds:
        return "referred"
    return "emergency" if claim.get("emergency") or claim["kind"] == "emergency_rescue" else "unreferred"


def _valid(known: Known, fact: Fact, place: str, admitted: date) -> bool:
    wanted = fact["place"][:2] if fact["place"].endswith("0000") else fact["place"][:4]
    start = max(day(fact.get("from") or fact["on"]), recorded(fact).date())
    end = day(fact["to"]) if fact.get("to") else date(9000, 1, 1)
    for ended in known.about(fact["person"], "approval_ended"):
        here = str(ended.get("place") or fact["place"])[:4] == str(fact["place"])[:4]
        if ended["approval"] == "out_of_area" and here and day(ended["on"]) >= day(fact["on"]):
            end = min(end, day(ended["on"]))
    return place.startswith(str(wanted)) and start <= admitted < end


def rate(known: Known, claim: Fact, scheme: str) -> Decimal:
    return Decimal(RATES[scheme][level(known, claim) - 1]) - Decimal(CUT[area(known, claim)])


def standard_deductible(known: Known, claim: Fact, scheme: str, number: int) -> Decimal:
    """Deductible of the n-th stay of the year (SZ-23a, b, 47a, b)."""
    inside = area(known, claim) in ("local", "registered")
    table = STANDARD[scheme][level(known, claim) - 1] if inside else OUTSIDE[scheme]
    return Decimal(max(FLOOR[scheme], table - 200 * (number - 1)))


def waived(known: Known, claim: Fact, scheme: str) -> bool:
    discharged = day(claim["on"])
    if scheme != "resident" or not date(2024, 1, 1) <= discharged < date(2026, 1, 1):
        return False
    return any(in_group(known, claim["person"], group, discharged) for group in WAIVED)


def counts_as_stay(claim: Fact, scheme: str) -> bool:
    kind = claim["kind"]
    if kind in STAYS or (scheme == "employee" and kind == "delivery" and with_complication(claim)):
        return True
    return scheme == "resident" and kind in ("delivery", "termination")


def with_complication(claim: Fact) -> bool:
    return bool(claim.get("maternity", {}).get("complication"))


def linked(known: Known, claim: Fact) -> Fact | None:
    """The earlier stay of one episode: a referral up or down inside the pooling area (SZ-23c)."""
    if "continues" not in claim or area(known, claim) != "local":
        return None
    for other in known.of("claim_submitted"):
        if other["claim"] == claim["continues"]:
            if not counts_as_stay(other, "employee") and not counts_as_stay(other, "resident"):
                return None
            if area(known, other) != "local" or level(known, other) == level(known, claim):
                return None
            return other
    return None


def supplement_value(scheme: str, preferred: bool, burden: Decimal) -> Decimal:
    """What the layer above has paid for an accumulated burden (SZ-25a, 50a, b)."""
    if scheme == "employee":
        bands = [(6000, 100000, "0.85"), (100000, None, "0.90")]
    elif preferred:
        bands = [(6000, 30000, "0.65"), (30000, 100000, "0.70"), (100000, None, "0.80")]
    else:
        bands = [(12000, 30000, "0.60"), (30000, 100000, "0.65"), (100000, None, "0.75")]
    worth = Decimal(0)
    for low, high, share in bands:
        top = burden if high is None else min(burden, Decimal(high))
        worth += max(top - low, Decimal(0)) * Decimal(share)
    return worth
