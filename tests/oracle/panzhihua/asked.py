"""Answers about people: status, price, refunds, what became of a fact, the yearly premium."""

from datetime import date

from tests.oracle.panzhihua.announcing import required, valid
from tests.oracle.panzhihua.membership import (
    departures,
    died,
    other_cover,
    paid_on,
    payments,
    refund_refusal,
    refunded_on,
    status,
    years,
)
from tests.oracle.panzhihua.paying import aid, due_for, refusal, standard
from tests.oracle.telling import (
    Answer,
    Fact,
    Missing,
    Unsure,
    World,
    day,
    fate_of_gone,
    fen,
    of,
    on,
    recorded,
    yuan,
)


def benefit_status(world: World, question: Fact) -> Answer:
    """Status of a day; bounds of wait and cover where nothing else interferes."""
    if question.get("scheme") != "resident":
        raise Unsure
    person, at = question["person"], day(question["on"])
    if at < date(2023, 1, 1) or at >= date(2028, 1, 1):
        raise Unsure
    state, reason = status(world, person, at)
    result: Answer = {"status": state}
    if reason:
        result["reason"] = reason
    year = years(world, person).get(at.year)
    undisturbed = not other_cover(world, person) and not died(world, person) and not departures(world, person)
    if state == "waiting" and year and undisturbed and year.cover < year.end:
        result["covered_from"] = str(year.cover)
    return result


def contribution_due(world: World, question: Fact) -> Answer:
    """What a year costs on a day."""
    person, year, at = question.get("person"), question["year"], day(question["on"])
    if person is None or question.get("layer"):
        raise Unsure
    if not 2023 <= year <= 2027:
        raise Missing("rules_not_in_force")
    told = of(world.facts, "resident_contribution_paid", year=year)
    if any(person in f["persons"] for f in told):
        raise Unsure
    full, part = standard(world, year), aid(world, person, year, at)
    return {"total": yuan(full), "subsidy": yuan(part), "member": yuan(full - part)}


def refund_due(world: World, question: Fact) -> Answer:
    """PZ-9c, asked as a request made on the day."""
    person, year, at = question["person"], question.get("year"), day(question["on"])
    if year is None or question.get("scheme") != "resident" or refunded_on(world, person, year):
        raise Unsure
    if of(world.facts, "refund_requested", person=person, year=year):
        raise Unsure
    mine = payments(world, person, year)
    told = of(world.facts, "resident_contribution_paid", year=year)
    if not mine or len(mine) != len([f for f in told if person in f["persons"]]):
        raise Unsure
    if any(on(f) > at for f in mine):
        raise Unsure
    if at.year <= year and not paid_on(world, person, year):
        raise Unsure
    reason = refund_refusal(world, person, year, at)
    if reason:
        return {"outcome": "refused", "reason": reason, "amount": "0.00"}
    paid = sum(_amount(world, f) for f in mine)
    part = aid(world, person, year, on(mine[-1]))
    if part or paid > standard(world, year):
        return {"outcome": "due"}
    return {"outcome": "due", "amount": yuan(paid)}


def _amount(world: World, payment: Fact) -> int:
    if "amount" in payment:
        return fen(payment["amount"])
    if len(of(world.facts, "parameter_announced", key="resident_contribution", year=payment["year"])) > 1:
        raise Unsure
    return standard(world, payment["year"])


def acceptance(world: World, question: Fact) -> Answer:
    """What became of a payment, an announcement or a request."""
    fact = next((f for f in world.facts if f["id"] == question["id"]), None)
    if fact is None:
        return fate_of_gone(world, question["id"])
    reason: str | None = None
    if fact["fact"] == "parameter_announced":
        reason = None if valid(world, fact) else "announcement_out_of_bounds"
    elif fact["fact"] == "refund_requested":
        person, year = fact["person"], fact["year"]
        told = of(world.facts, "resident_contribution_paid", year=year)
        if not any(person in f["persons"] and recorded(f) <= recorded(fact) for f in told):
            raise Unsure
        try:
            reason = refund_refusal(world.seen_on(recorded(fact)), person, year, on(fact), fact["id"])
        except Missing as missing:
            raise Unsure from missing  # whether the figure is needed depends on the day
    elif fact["fact"] == "resident_contribution_paid" and len(fact["persons"]) == 1:
        reason = refusal(world, fact["persons"][0], fact)
        if reason is None:
            return _payment(world, fact)
    else:
        raise Unsure
    return {"outcome": "refused", "reason": reason} if reason else {"outcome": "accepted"}


def _payment(world: World, fact: Fact) -> Answer:
    person, year = fact["persons"][0], fact["year"]
    if refunded_on(world, person, year):
        raise Unsure
    try:
        held = due_for(world, person, fact) is None
    except Missing:
        complete = paid_on(world, person, year)
        if complete is not None and complete <= on(fact):
            return {"outcome": "accepted"}  # what comes after the whole standard is held, whatever the aid
        raise
    if not held:
        return {"outcome": "accepted"}
    try:
        standard(world, year)
    except Missing as missing:
        if missing.code == "announcement_out_of_bounds":
            return {"outcome": "refused", "reason": missing.code}
        raise
    raise Unsure


def fund_transfer(world: World, question: Fact) -> Answer:
    """PZ-24a."""
    if question["transfer"] != "critical_illness_premium":
        raise Unsure
    year, at = question["year"], day(question.get("on", str(world.at)))
    premium = fen(required(world, "critical_illness_premium", year))
    people = {p for f in of(world.facts, "resident_contribution_paid", year=year) for p in f["persons"]}
    count = 0
    for person in sorted(people):
        try:
            paid = paid_on(world, person, year)
        except Missing as missing:
            raise Unsure from missing
        if refunded_on(world, person, year) and not paid:
            continue
        count += bool(paid and paid <= at)
    total = yuan(count * premium)
    return {"from": "resident_pooled", "to": "critical_illness", "amount": total, "count": count}
