"""A bill line by line (PZ-12b, 12g, 13a, 14a, 14b), on the days that are covered (PZ-12h)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle.panzhihua.announcing import required
from tests.oracle.panzhihua.membership import status_of, years
from tests.oracle.telling import Fact, Missing, Unsure, World, day, fen, of, on, share

EXCLUDED = {
    "work_injury",
    "third_party",
    "public_health",
    "abroad",
    "wellness",
    "health_checkup",
    "other_excluded",
}
STAY = "inpatient"


@dataclass
class Bill:
    """What a bill comes to, in fen; `at` is the attribution date."""

    at: date
    total: int = 0
    in_scope: int = 0
    uncovered: int = 0
    third_party: int = 0


def admitted(claim: Fact) -> date:
    """Day of admission, or of service."""
    return day(claim["admitted_on"]) if claim.get("admitted_on") else on(claim)


def billed(claim: Fact) -> int:
    """The whole bill."""
    return sum(_whole(line) for line in claim["lines"])


def _whole(line: dict[str, Any]) -> int:
    if "amount" in line:
        return fen(line["amount"])
    return fen(Decimal(line["unit_price"]) * Decimal(line.get("quantity", "1")))


def _limited(line: dict[str, Any]) -> Decimal:
    """Cut to the limit price, in yuan."""
    quantity = Decimal(line.get("quantity", "1")) if "amount" not in line else Decimal(1)
    unit = Decimal(line["amount"] if "amount" in line else line["unit_price"])
    return min(unit, Decimal(line.get("limit_price", unit))) * quantity


def covered_days(world: World, claim: Fact) -> tuple[list[date], bool]:
    """Covered days from admission to discharge, and whether the status is the same on all days."""
    at, states, found = admitted(claim), set(), []
    known = years(world, claim["person"])
    while at <= on(claim):
        state = status_of(world, claim["person"], at, known)
        states.add(state)
        if state[0] == "covered":
            found.append(at)
        at += timedelta(days=1)
    return found, len(states) == 1


def stay(world: World, claim: Fact) -> Bill | None:
    """PZ-12h, 12i: the lines on covered days; None when no day is covered."""
    covered, same = covered_days(world, claim)
    if not covered:
        return None
    result = Bill(covered[-1])
    for line in claim["lines"]:
        if not same and "on" not in line:
            raise Missing("fact_missing", "claim_submitted.lines.on")
        at = day(line["on"]) if "on" in line else on(claim)
        if "on" in line and not admitted(claim) <= at <= on(claim):
            raise Unsure
        result.total += _whole(line)
        if at not in covered and not same:
            result.uncovered += _whole(line)
            if claim.get("third_party_share"):
                raise Unsure
        else:
            _add(world, claim, line, result)
    return result


def visit(world: World, claim: Fact) -> Bill:
    """Everything of an outpatient bill."""
    result = Bill(on(claim))
    for line in claim["lines"]:
        result.total += _whole(line)
        _add(world, claim, line, result)
    return result


def _add(world: World, claim: Fact, line: dict[str, Any], result: Bill) -> None:
    part = Decimal(claim.get("third_party_share", "0"))
    if part:
        result.third_party += share(_whole(line), part)
    mine = fen(_limited(line) * (1 - part))
    result.in_scope += _in_scope(world, claim, line, mine, result.at)


def _in_scope(world: World, claim: Fact, line: dict[str, Any], mine: int, at: date) -> int:
    kind, item_class = claim["kind"], line["class"]
    if line.get("cause") in EXCLUDED or item_class == "C":
        return 0
    if kind == "negotiated_drug":
        if item_class != "negotiated":
            return 0
        return share(
            mine, 1 - Decimal(required(world, "negotiated_drug_terms", at)["outpatient"]["upfront_share"])
        )
    if kind == "special_disease" and drugs_only(world, claim) and line.get("item", "other") != "drug":
        return 0
    if item_class == "B":
        place = "inpatient" if kind == STAY else "outpatient"
        own = line.get("upfront_share") or required(world, "upfront_share", at)[place]
        return share(mine, 1 - Decimal(own))
    if item_class == "negotiated":
        if kind != STAY:
            raise Unsure
        return share(
            mine, 1 - Decimal(required(world, "negotiated_drug_terms", at)["inpatient"]["upfront_share"])
        )
    return mine


def drugs_only(world: World, claim: Fact) -> bool:
    """PZ-12b: hypertension and diabetes."""
    terms = required(world, "special_disease_terms", on(claim))[claim["disease"]]
    return bool(terms.get("drugs_only"))


def provider(world: World, claim: Fact, at: date) -> Fact:
    """The provider as described on a day."""
    told = of(world.facts, "provider_registered", provider=claim["provider"])
    described = [f for f in sorted(told, key=on) if on(f) <= at]
    if not described and told:
        raise Unsure
    if not described:
        raise Missing("fact_missing")
    return described[-1]
