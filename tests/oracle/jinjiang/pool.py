"""The resident fund (posting table of section 0, JJ-8.3b, 9.1a, 9.4a)."""

from typing import Any

from tests.oracle.jinjiang.cover import enrolments, last_day, years_paid
from tests.oracle.jinjiang.people import fixed, price, subsidy
from tests.oracle.jinjiang.settling import books, paid_before_finding
from tests.oracle.jinjiang.verdicts import claims
from tests.oracle.telling import Fact, Unsure, World, day, fen, of, on, once, yuan


def fund_account(world: World, question: Fact) -> dict[str, Any]:
    """Balance of the resident fund on the day of knowledge."""
    if question["fund"] != "resident_pooled" or question["on"] < question["known"]:
        raise Unsure
    if any(on(f) > world.at for f in world.facts if f["fact"] != "parameter_announced"):
        raise Unsure
    balance = sum(fen(f["amount"]) for f in of(world.facts, "fund_income_received", fund="resident_pooled"))
    balance += sum(fen(f["amount"]) for f in of(world.facts, "recovery_received"))
    people = {p for f in of(world.facts, "resident_contribution_paid") for p in f["persons"]}
    patients = {f["person"] for f in of(world.facts, "claim_submitted")}
    balance += sum(financing(world, person) for person in sorted(people))
    for person in sorted(people | patients):
        balance -= _spent(world, person)
    if of(world.facts, "fund_period_closed") or day(question["on"]).year > world.at.year:
        raise Unsure
    return {"balance": yuan(balance)}


@once
def financing(world: World, person: str) -> int:
    """Own share, personal subsidy and public subsidy of every year a person is enrolled for."""
    total = 0
    for year in years_paid(world, person):
        found = enrolments(world, person, year)
        if len(found) > 1 or any(e.void for e in found):
            raise Unsure
        for enrolment in found:
            student, whole = (
                any(f.get("new_student") for f in enrolment.money),
                fixed(world, enrolment.money[-1]),
            )
            own = price(world.facts, person, year, enrolment.paid, student, whole)
            shifted = enrolment.paid > last_day(world, year) and not enrolment.student
            total += own.total + sum(subsidy(world.facts, year, shifted).values())
    return total


def _spent(world: World, person: str) -> int:
    spent, book = 0, books(world, person)
    falsified = [
        fact for name, fact in claims(world, person).items() if book.verdicts[name].reason == "falsified"
    ]
    before = [one for fact in falsified for one in paid_before_finding(world, fact)]
    for one in [*(each for each in book.settled if each.ghost is None), *before]:
        if one.layers.critical_illness or (one.fact["kind"] == "ordinary_outpatient" and one.pooled):
            raise Unsure  # books of their own
        spent += one.pooled
    return spent
