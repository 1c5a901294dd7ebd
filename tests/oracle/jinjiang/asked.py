"""Answers about people: status, price, refunds, accounts, what became of a payment."""

from datetime import date

from tests.oracle.jinjiang.accounts import account
from tests.oracle.jinjiang.cover import (
    Enrolment,
    death,
    enrolments,
    last_day,
    new_student,
    payments,
    periods,
    refusal,
    school_enrolments,
    years_paid,
)
from tests.oracle.jinjiang.layers import assisted
from tests.oracle.jinjiang.people import JINJIANG, employee_spells, field, fixed, member, price, subsidy
from tests.oracle.jinjiang.status import status
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
    share,
    yuan,
)


def benefit_status(world: World, question: Fact) -> Answer:
    """Status of a day, with the bounds of the cover where they stand alone."""
    if question.get("scheme") != "resident":
        raise Unsure
    at = day(question["on"])
    state, reason = status(world, question["person"], at)
    result: Answer = {"status": state}
    if reason:
        result["reason"] = reason
    spans = _spans(world, question["person"], at)
    for kind, first, last in spans:
        if kind == state == "covered" and first <= at < last:
            if not any(other[2] == first and other[0] == "covered" for other in spans):
                result["covered_from"] = str(first)
            if not any(other[1] == last and other[0] == "covered" for other in spans):
                result["covered_to"] = str(last)
        waits = [each for each in spans if each[0] == "waiting" and each[1] <= at < each[2]]
        if kind == state == "waiting" and waits == [(kind, first, last)]:
            result["waiting_from"] = str(first)
            if any(other[0] == "covered" and other[1] == last for other in spans):
                result["covered_from"] = str(last)
    return result


def _spans(world: World, person: str, at: date) -> list[tuple[str, date, date]]:
    """Spans near a day, unless employee cover interrupts them: how such cover is joined is not said."""
    try:
        found = [e for e in periods(world, person) if at.year - 1 <= e.year <= at.year + 1]
    except Missing:
        return []
    return [] if any(e.paused for e in found) else [span for e in found for span in e.spans]


def contribution_due(world: World, question: Fact) -> Answer:
    """What a year costs a person, on the payment day or, before any payment, on the day asked about."""
    person, year, at = question.get("person"), question["year"], day(question["on"])
    if person is None or question.get("layer"):
        raise Unsure
    try:
        found = enrolments(world, person, year)
    except (
        Missing
    ):  # enrolled, at the price of the payment day, or not yet: the day asked about may have a price
        price(world.facts, person, year, at, bool(question.get("new_student")))
        raise Unsure from None
    paid = payments(world, person, year)
    if len(found) > 1 or any(e.void for e in found) or (found and found[0].paid > at):
        raise Unsure
    if not found and paid:
        raise Unsure
    student, whole = bool(question.get("new_student")), None
    if found:
        student, whole = new_student(world, person, found[0].money[-1]), fixed(world, found[0].money[-1])
        at = found[0].paid
    elif student or any(f.get("year") == year for f in of(world.facts, "enrolled")):
        raise Unsure
    cost = price(world.facts, person, year, at, student, whole)
    result: Answer = {"member": yuan(cost.own), "subsidy": yuan(cost.subsidy), "total": yuan(cost.total)}
    shifted = at > last_day(world, year) and not (found and found[0].student)
    parts = subsidy(world.facts, year, shifted)
    result["public_subsidy"] = {tier: yuan(amount) for tier, amount in parts.items()}
    if found and len(paid) == len(found[0].money):
        result["refundable"] = yuan(max(0, _money(world, person, found[0]) - cost.own))
    return result


def _money(world: World, person: str, enrolment: Enrolment) -> int:
    total = 0
    for payment in enrolment.money:
        if "amount" in payment:
            total += fen(payment["amount"])
            continue
        for at in [each for each in world.learned() if each >= recorded(payment)]:
            try:
                then = world.seen_on(at).facts
                student = new_student(world, person, payment)
                total += price(then, person, payment["year"], on(payment), student).own
                break
            except Missing:
                continue
    return total


def refund_due(world: World, question: Fact) -> Answer:
    """JJ-5.3a, 4.3i, 5.2i: only wrong money goes back."""
    person, year = question["person"], question.get("year")
    if year is None or question.get("scheme") != "resident":
        raise Unsure
    paid = [f for f in payments(world, person, year) if on(f) <= day(question["on"])]
    found = enrolments(world, person, year)
    if any("amount" not in f for f in paid) and not found:
        raise Unsure
    if len(found) > 1 or len(paid) != len(payments(world, person, year)):
        raise Unsure
    over = [f for f in paid if refusal(world, person, f) == "year_over"]
    due = sum(fen(f["amount"]) for f in over if "amount" in f)
    if found:
        if len(found[0].money) + len(over) != len(paid):
            raise Unsure
        last = found[0].money[-1]
        student, whole = new_student(world, person, last), fixed(world, last)
        own = price(world.facts, person, year, found[0].paid, student, whole).own if not found[0].void else 0
        due += max(0, _money(world, person, found[0]) - own)
    elif len(over) != len(paid):
        raise Unsure
    if due:
        return {"outcome": "due", "amount": yuan(due)}
    return {"outcome": "refused", "reason": "refund_not_due", "amount": "0.00"} if found else {}


def personal_account(world: World, question: Fact) -> Answer:
    """Balance of an account taken over from the employee scheme."""
    return {"balance": yuan(account(world, question["person"], day(question["on"])).balance)}


def acceptance(world: World, question: Fact) -> Answer:
    """What became of a payment or an announced subsidy."""
    fact = next((f for f in world.facts if f["id"] == question["id"]), None)
    if fact is None:
        return fate_of_gone(world, question["id"])
    if fact["fact"] == "parameter_announced" and fact["key"] == "fiscal_subsidy" and fact.get("year") == 2018:
        low = sum(fen(v) for v in fact["value"].values()) < fen(450)
        refused = {"outcome": "refused", "reason": "announcement_out_of_bounds"}
        return refused if low else {"outcome": "accepted"}
    if fact["fact"] == "personal_account_spent":
        reason = account(world, fact["person"], on(fact)).refused.get(fact["id"])
        return {"outcome": "refused", "reason": reason} if reason else {"outcome": "accepted"}
    if fact["fact"] != "resident_contribution_paid" or len(fact["persons"]) != 1:
        raise Unsure
    return _payment(world, fact)


def _payment(world: World, fact: Fact) -> Answer:
    person, year = fact["persons"][0], fact["year"]
    reason = refusal(world, person, fact)
    if reason:
        return {"outcome": "refused", "reason": reason}
    found = enrolments(world, person, year)
    if any(fact in e.money for e in found) and not any(e.void for e in found):
        return {"outcome": "accepted", **_flag(world, fact)}
    if not found and all(refusal(world, person, p) is None for p in payments(world, person, year)):
        return {"outcome": "refused", "reason": "underpaid"}
    raise Unsure


def _flag(world: World, fact: Fact) -> Answer:
    """JJ-3.1b: members of the household who should be enrolled too and are not."""
    if not fact.get("household"):
        return {}
    if of(world.facts, "household_member_moved") or fact.get("channel") in ("school", "unit"):
        raise Unsure
    told = list(of(world.facts, "household_registered", household=fact["household"]))
    if len(told) != 1 or on(told[0]) > on(fact):
        raise Unsure
    others = [person for person in told[0]["members"] if person not in fact["persons"]]
    try:
        missing = sorted(person for person in others if _is_missing(world, person, fact))
    except (
        Missing
    ):  # accepted all the same; whether another is enrolled nobody knows, nor whether the flag stands
        return {}
    return {"reason": "household_incomplete", "missing": missing} if missing else {}


def _is_missing(world: World, person: str, fact: Fact) -> bool:
    """Eligible on the payment day, and has neither paid since nor stopped being eligible (JJ-3.1b)."""
    first, year = on(fact), fact["year"]
    last = max(first, min(world.at, date(year, 12, 31)))
    died = death(world, person)
    if died and died <= last:
        return False
    if any(since <= last and first < until for since, until in employee_spells(world.facts, person)):
        return False
    if _through_school(world, person, year):
        return False
    if field(world.facts, person, "household_registration") != JINJIANG:
        raise Unsure
    return not enrolments(world, person, year)


def _through_school(world: World, person: str, year: int) -> bool:
    """Registered through a school, whatever was paid there; not for 2018, which has no campus enrolment (JJ-5.2c)."""
    paid = any(fact.get("channel") == "school" for fact in payments(world, person, year))
    return year != 2018 and (paid or bool(school_enrolments(world, person, year)))


def fund_transfer(world: World, question: Fact) -> Answer:
    """Layer premiums, shares of the year, advance, work subsidy."""
    transfer, year = question["transfer"], question["year"]
    if transfer == "layer_premium":
        return _layer_premium(world, year, day(question.get("on", str(world.at))))
    if transfer == "work_subsidy":
        told = of(world.facts, "insured_counted", year=year, town=question.get("town"))
        if len(told) != 1:
            raise Unsure
        return {"from": "county_finance", "amount": yuan(told[0]["count"] * 500)}
    closed = _closed(world, transfer, year)
    if transfer == "special_protection_advance":
        return {"amount": yuan(share(fen(closed["expenditure"]), "0.25"))}
    if transfer != "fund_split":
        raise Unsure
    sums = closed["breakdown"]
    total = fen(sums.get("contributions", "0")) + fen(sums.get("subsidy", "0"))
    parts = {"ordinary_outpatient": share(total, "0.1"), "critical_illness": share(total, "0.05")}
    parts["accident_insurance"] = parts["critical_illness"]
    parts["resident_pooled"] = total - sum(parts.values())
    return {"amount": yuan(total), "parts": {name: yuan(amount) for name, amount in parts.items()}}


def _closed(world: World, transfer: str, year: int) -> Fact:
    fund = "resident_pooled" if transfer == "fund_split" else "special_protection"
    told = of(world.facts, "fund_period_closed", fund=fund, year=year - (transfer != "fund_split"))
    if len(told) != 1:
        raise Unsure
    return told[0]


def _layer_premium(world: World, year: int, until: date) -> Answer:
    people = {p for f in of(world.facts, "resident_contribution_paid", year=year) for p in f["persons"]}
    count = 0
    for person in sorted(people):
        found = enrolments(world, person, year)
        if any(e.void for e in found):
            raise Unsure
        count += bool([e for e in found if e.paid <= until])
    parts = {"supplementary_insurance": yuan(count * 2000), "accident_insurance": yuan(count * 1000)}
    return {"from": "county_finance", "parts": parts}


def supplement_status(world: World, question: Fact) -> Answer:
    """Whether a layer is there on a day."""
    person, layer, at = question["person"], question["layer"], day(question["on"])
    if layer not in ("special_group", "supplementary_insurance", "critical_illness", "surviving_spouse"):
        raise Unsure
    covered = status(world, person, at)[0] == "covered"
    if layer == "surviving_spouse":
        covered = covered and member(world.facts, person, "veteran_cadre_surviving_spouse", at)
    if layer == "special_group":
        if not covered or not assisted(world, person, at.year):
            raise Unsure
        covered = False
    if not covered and not years_paid(world, person):
        raise Unsure
    return {"status": "covered" if covered else "none"}
