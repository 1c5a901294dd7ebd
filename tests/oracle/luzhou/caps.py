"""What a settled claim holds, what counts against the cap and what is taken back (LZ-30f, 49)."""

from dataclasses import dataclass, field

from tests.oracle.luzhou.days import fen
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, World
from tests.oracle.luzhou.stays import Stay


@dataclass
class Settled:
    """What is held about one claim at one moment."""

    stay: Stay
    pooled: int = 0
    member: int = 0
    draw: int = 0
    account: str | None = None
    holder: str = ""
    supplement: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    co_payment: int | None = None
    error: Missing | None = None
    lost: NotCovered | None = None
    recovered: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


Held = dict[str, Settled]


def used(world: World, person: str, scheme: str, year: int, held: Held) -> int:
    """Counted against the cap: opening counters and what other claims were paid."""
    total = 0
    for fact in world.of("opening_counters", person=person, year=year):
        if fact.get("scheme", "employee") == scheme:
            total += fen(fact.get("pooled_paid", "0"))
    known = {str(f["claim"]) for f in world.of("claim_submitted")}
    for fact in world.of("sanction_decided", person=person, year=year):
        if not known & set(fact.get("claims", [])) and _fine_in_range(fact):
            total -= fen(fact.get("recovered", "0"))
    for each in held.values():
        governs = each.stay.governs
        if each.stay.claim["person"] == person and governs is not None and governs.scheme == scheme:
            total += sum(segment.pooled for segment in each.stay.segments if segment.year == year)
            if each.stay.segments[-1].year == year:
                total -= sum(each.recovered.values())
    return total


def recoveries(world: World, name: str, pooled: int) -> dict[str, int]:
    """What the agency took back, by who must return it (LZ-49a, 49b)."""
    found: dict[str, int] = {}
    for fact in world.facts:
        if fact["fact"] not in ("claims_decided", "sanction_decided") or name not in fact.get("claims", []):
            continue
        if len(fact["claims"]) > 1 or fact.get("decision", "refused") != "refused":
            raise NotCovered
        if fact["fact"] == "claims_decided":
            debtor, amount = "provider", fact.get("amount")
        else:
            debtor, amount = fact.get("debtor", "member"), fact.get("recovered", "0")
            if not _fine_in_range(fact):
                continue
        taken = pooled if amount is None else fen(amount)
        found[debtor] = found.get(debtor, 0) + min(taken, pooled - sum(found.values()))
    return found


def _fine_in_range(fact: Fact) -> bool:
    if fact["reason"] != "fraud" or "fine" not in fact:
        return True
    amount = fen(fact.get("recovered", "0"))
    return 2 * amount <= fen(fact["fine"]) <= 5 * amount
