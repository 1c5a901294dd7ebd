"""The resident fund: what was paid in for years that stand, less what claims cost (posting table, PZ-7a, 9a, 9c, 22a)."""

from typing import Any

from tests.oracle.panzhihua.membership import complete_on, given_back, payments
from tests.oracle.panzhihua.paying import aid, standard
from tests.oracle.panzhihua.settling import books
from tests.oracle.telling import Fact, Missing, Unsure, World, fen, of, on, yuan


def fund_account(world: World, question: Fact) -> dict[str, Any]:
    """Balance on the day of knowledge."""
    if question["fund"] != "resident_pooled" or question["on"] != question["known"]:
        raise Unsure
    if any(on(f) > world.at for f in world.facts if f["fact"] != "parameter_announced"):
        raise Unsure
    if of(world.facts, "fund_transfer_ordered") or of(world.facts, "provider_cleared"):
        raise Unsure
    balance = sum(fen(f["amount"]) for f in of(world.facts, "fund_income_received", fund="resident_pooled"))
    balance += sum(fen(f["amount"]) for f in of(world.facts, "recovery_received"))
    paid = of(world.facts, "resident_contribution_paid")
    for person, year in sorted({(p, f["year"]) for f in paid for p in f["persons"]}):
        balance += _paid_in(world, person, year)
    for person in sorted({f["person"] for f in of(world.facts, "claim_submitted")}):
        done = books(world, person).done
        if any(one.unsure for one in done):
            raise Unsure
        balance -= sum(one.pooled for one in done)
    return {"balance": yuan(balance)}


def _paid_in(world: World, person: str, year: int) -> int:
    """What a year leaves in the fund: nothing of a year given back, but its aid goes back to who gives it."""
    own, _ = _settled(world, person, year, payments(world, person, year))
    _, returned = _settled(world, person, year, given_back(world, person, year))
    return own - returned


def _settled(world: World, person: str, year: int, mine: list[Fact]) -> tuple[int, int]:
    """Of some payments for a year: what belongs to the fund, and the aid that goes with them once they are complete."""
    if not mine:
        return 0, 0
    if any("amount" not in f for f in mine):
        raise Unsure
    try:
        full = standard(world, year)
        first, last = (aid(world, person, year, on(f)) for f in (mine[0], mine[-1]))
        complete = complete_on(world, person, year, mine)
    except Missing as missing:
        raise Unsure from missing
    if (
        first != last
        or len(of(world.told, "parameter_announced", key="resident_contribution", year=year)) > 1
    ):
        raise Unsure  # the standard or the aid has changed meanwhile
    total, due = sum(fen(f["amount"]) for f in mine), full - first
    if total < due and complete:
        raise Unsure
    return min(total, due), first if complete else 0
