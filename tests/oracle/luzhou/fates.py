"""What became of a fact: accepted, refused with a code, replaced or withdrawn."""

from typing import Any

from tests.oracle.luzhou import individuals, resident
from tests.oracle.luzhou.days import day, months
from tests.oracle.luzhou.knowledge import Fact, World
from tests.oracle.luzhou.retiring import unenrolled
from tests.oracle.luzhou.scope import registration_refused

Answer = dict[str, Any]


def acceptance(world: World, question: Fact) -> Answer | None:
    name = question["id"]
    for fact in world.told:
        if fact.get("corrects") == name:
            return {"outcome": "void" if fact.get("void") else "superseded"}
    fact = next((f for f in world.told if f.get("id") == name), {})
    if fact.get("void") or not fact:
        return None
    if fact["fact"] == "contribution_paid" and fact.get("purpose") == "unenrolled_months":
        return _unenrolled(world, fact)
    code: str | None = None
    if fact["fact"] == "contribution_paid" and fact.get("capacity") == "flexible" and "person" in fact:
        code = individuals.verdict(world, fact["person"], fact)
        if code is None and fact.get("purpose", "ordinary") == "ordinary":
            listed = months(fact["months"])
            taken = individuals.taken(world, fact["person"], fact)
            if len(taken) < len(listed):
                counts = {"accepted_months": len(taken), "refused_months": len(listed) - len(taken)}
                return {"outcome": "partly_accepted", "reason": "outside_window"} | counts
    elif fact["fact"] == "resident_contribution_paid":
        codes = {_resident(world, fact, person) for person in fact["persons"]}
        if len(codes) > 1:
            return None
        code = codes.pop()
    elif fact["fact"] == "out_of_area_registered":
        code = "place_locked" if registration_refused(world, fact) else None
    else:
        return None
    return {"outcome": "refused", "reason": code} if code else {"outcome": "accepted"}


def _resident(world: World, fact: Fact, person: str) -> str | None:
    code = resident.verdict(world, fact, person)
    if code is None:
        household = resident.paying_household(world, fact, person)
        fixed = resident.tier_of(world, household, fact["year"])
        if fixed is not None and fixed != fact.get("tier"):
            return "tier_mismatch"
    return code


def _unenrolled(world: World, fact: Fact) -> Answer | None:
    if len(list(world.of("contribution_paid", person=fact["person"], purpose="unenrolled_months"))) != 1:
        return None
    taken, refused = unenrolled(world, fact["person"], day(fact["on"]))
    if not refused:
        return {"outcome": "accepted"}
    reply: Answer = {"outcome": "partly_accepted", "reason": "months_over_limit"}
    return reply | {"accepted_months": taken, "refused_months": refused}
