"""Emergency visits and the stays they join (LZ-31b)."""

from datetime import date

from tests.oracle.luzhou.days import after, day
from tests.oracle.luzhou.knowledge import Fact, World

EMERGENCY = ("emergency", "emergency_rescue")


def admitted(claim: Fact) -> date:
    return day(claim.get("admitted_on") or claim["on"])


def is_emergency(claim: Fact) -> bool:
    return bool(claim.get("emergency")) or claim["kind"] in EMERGENCY


def ending(world: World, claim: Fact) -> str | None:
    """How an emergency visit ended (LZ-31b)."""
    told = [f["outcome"] for f in world.of("emergency_outcome_recorded", claim=claim["claim"])]
    return str(told[-1]) if told else claim.get("outcome")


def following_stay(world: World, claim: Fact) -> str | None:
    """The stay an emergency visit belongs to: admitted within 3 days, day 3 included."""
    if claim["kind"] not in EMERGENCY:
        return None
    names = [f.get("stay") for f in world.of("emergency_outcome_recorded", claim=claim["claim"])]
    names += [f["claim"] for f in world.of("claim_submitted", continues=claim["claim"])]
    for name in names:
        for stay in world.of("claim_submitted", claim=name):
            if stay["person"] == claim["person"] and admitted(stay) <= after(admitted(claim), 3):
                return str(name)
    return None


def with_emergency(world: World, claim: Fact) -> list[Fact]:
    """The bills of the stay, with emergency costs that join it (LZ-31b)."""
    joined = [f for f in world.of("claim_submitted") if following_stay(world, f) == claim["claim"]]
    return [claim, *joined]
