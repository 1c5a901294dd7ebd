"""The second evaluator's answers in the form of the contract; only what it is sure of."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from tests.oracle.luzhou.arrears import episodes
from tests.oracle.luzhou.claim_answers import claim, year_totals
from tests.oracle.luzhou.days import FIRST_DAY, day, first_of, moment, month_of, named, yuan
from tests.oracle.luzhou.due_answers import back_payment, contribution_due, lump_sum_due, refund_due
from tests.oracle.luzhou.employee import Status, mode_after, status
from tests.oracle.luzhou.family import book, entries_of, home, people
from tests.oracle.luzhou.fates import acceptance
from tests.oracle.luzhou.jobs import overlapping
from tests.oracle.luzhou.knowledge import Fact, Missing, NotCovered, Telling, World
from tests.oracle.luzhou.personal import months_credited, movements
from tests.oracle.luzhou.resident import covers, resident_status
from tests.oracle.luzhou.retiring import (
    counted,
    held_for,
    reference,
    required,
    retired_from,
    retirement,
    shortage,
)
from tests.oracle.luzhou.settling import draws, settle
from tests.oracle.luzhou.standing import CODES, ever_covered

Answer = dict[str, Any]


def answer(facts: Sequence[Fact], question: Fact) -> Answer | None:
    """The answer, an error of the contract, or None where this evaluator does not speak."""
    world = _telling(facts).world(moment(str(question["known"])))
    reply = KINDS.get(question["ask"])
    if reply is None:
        return None
    people = {str(f["person"]) for f in world.facts if "person" in f}
    if any(overlapping(world, person) for person in people):
        return None
    try:
        found = reply(world, question)
    except Missing as error:
        return {"error": {"code": error.code}}
    except NotCovered:
        return None
    return found


def _telling(facts: Sequence[Fact]) -> Telling:
    """What is told, read once for all the questions about it."""
    if not _latest or _latest[0].given != list(facts):
        _latest[:] = [Telling(facts)]
    return _latest[0]


_latest: list[Telling] = []


def benefit_status(world: World, question: Fact) -> Answer | None:
    person, when = question["person"], day(question["on"])
    scheme = question.get("scheme")
    if when < FIRST_DAY:
        return None
    if scheme is None:
        found = status(world, person, when)
        if not found.covered:
            found = resident_status(world, person, when)
            if not found.covered:
                return None
    else:
        found = (status if scheme == "employee" else resident_status)(world, person, when)
    reply = _told(world, person, found, when)
    if scheme is not None and not found.covered:
        reply["reason"] = _reason(world, person, found, when)
    return {name: value for name, value in reply.items() if value is not None}


def _told(world: World, person: str, found: Status, when: date) -> Answer:
    reply: Answer = {"status": found.status, "scheme": found.scheme if found.covered else None}
    if found.covered:
        reply |= {
            "capacity": found.capacity,
            "mode": found.mode,
            "tier": found.tier,
            "employer": found.employer,
        }
    if found.status == "waiting" and found.start:
        reply["covered_from"] = str(found.start)
    if found.status == "suspended" and found.employer and found.suspended_from:
        reply["suspended_from"] = str(found.suspended_from)
        for episode in episodes(world, found.employer):
            if episode.began == found.suspended_from:
                reply["arrears"] = {"first_month": named(episode.first_month), "limit_on": str(episode.limit)}
    return reply


def _reason(world: World, person: str, found: Status, when: date) -> str | None:
    """Silent where the person was covered in the other scheme only: 0.6 defines the codes for both schemes at once."""
    if found.status in CODES:
        return None if found.liable else CODES[found.status]
    if not ever_covered(world, person, when):
        return "not_enrolled"
    here = status if found.scheme == "employee" else resident_status
    return "cover_lapsed" if ever_covered(world, person, when, here) else None


def contribution_months(world: World, question: Fact) -> Answer | None:
    if question.get("scheme", "employee") != "employee":
        return None
    when = day(question["on"])
    found = counted(world, question["person"], when)
    in_year: dict[str, int] = {}
    for number in found.paid:
        in_year[str(number // 12)] = in_year.get(str(number // 12), 0) + 1
    reply: Answer = {"total": found.total, "paid": found.actual, "converted": found.converted}
    reply["deemed"] = len(found.deemed) + found.deemed_more
    reply["local_paid"] = found.actual - len(found.elsewhere) - found.elsewhere_more
    reply["in_year"] = {year: count for year, count in in_year.items() if int(year) >= 2018}
    return reply


def retirement_answer(world: World, question: Fact) -> Answer | None:
    person, when = question["person"], day(question["on"])
    fact = retirement(world, person)
    if fact is None or when < day(fact["on"]):
        return None
    ref = reference(world, person, when)
    held = held_for(world, person, ref, when)
    start = retired_from(world, person)
    reply: Answer = {
        "required_months": required(world, person),
        "retired_from": str(start) if start else None,
    }
    if not list(world.of("lump_sum_paid", person=person)):
        reply |= {"total_months": held.total, "paid_months": held.actual}
        reply["shortfall_months"] = shortage(world, person, ref, when)
    reply["mode_after"] = mode_after(world, person)
    return reply


def personal_account(world: World, question: Fact) -> Answer | None:
    person, when = question["person"], day(question["on"])
    held = settle(world)
    if any(each.lost for each in held.values() if each.stay.claim["person"] == person):
        return None
    found = movements(world, person, draws(held, "personal"), when)
    credited: dict[str, int] = {}
    for each in found:
        if each.kind.endswith("_credit"):
            name = each.kind.removesuffix("_credit")
            credited[name] = credited.get(name, 0) + each.amount
    reply: Answer = {"balance": yuan(sum(each.amount for each in found if each.on <= when))}
    reply["credited"] = {name: yuan(amount) for name, amount in credited.items()}
    reply["interest"] = {str(e.on.year): yuan(e.amount) for e in found if e.kind == "interest"}
    if not found and not reply["credited"]:
        return {"balance": "0.00"}
    standing = status(world, person, when)
    reply["blocked"] = not standing.covered or standing.mode == "pooling_only"
    reply["months_credited"] = months_credited([each for each in found if each.on <= when])
    return reply


def family_account(world: World, question: Fact) -> Answer | None:
    household, when = question["household"], day(question["on"])
    held = settle(world)
    if any(each.lost for each in held.values()) or not _ever_paid(world, household):
        return None
    found = list(entries_of(book(world, draws(held, "family"), when), household))
    moved: dict[str, int] = {}
    for entry in found:
        if entry.amount < 0 and entry.other:
            moved[entry.other] = moved.get(entry.other, 0) - entry.amount
    reply: Answer = {"balance": yuan(sum(entry.amount for entry in found))}
    reply["moved_to"] = {name: yuan(amount) for name, amount in moved.items()}
    return reply


def _ever_paid(world: World, household: str) -> bool:
    return any(
        home(world, person, max(cover.paid, date(cover.year, 1, 1))) == household
        for person in people(world)
        for cover in covers(world, person)
    )


def supplement_status(world: World, question: Fact) -> Answer | None:
    """LZ-51c for pooling-only members; other layers are not answered here."""
    person, when = question["person"], day(question["on"])
    if question["layer"] != "supplementary_insurance" or when < FIRST_DAY:
        return None
    if status(world, person, when).mode != "pooling_only":
        return None
    for fact in world.of("supplement_contribution_paid", person=person, layer=question["layer"]):
        paid, year = day(fact["on"]), fact["year"]
        start = date(year, 1, 1) if paid < date(year, 3, 1) else first_of(month_of(paid) + 1)
        if start <= when < date(year + 1, 1, 1):
            return {"status": "covered", "from": str(start), "to": str(date(year + 1, 1, 1))}
    return {"status": "none"}


KINDS: dict[str, Callable[[World, Fact], Answer | None]] = {
    "benefit_status": benefit_status,
    "contribution_months": contribution_months,
    "retirement": retirement_answer,
    "personal_account": personal_account,
    "family_account": family_account,
    "supplement_status": supplement_status,
    "claim": claim,
    "year_totals": year_totals,
    "contribution_due": contribution_due,
    "back_payment": back_payment,
    "lump_sum_due": lump_sum_due,
    "refund_due": refund_due,
    "acceptance": acceptance,
}
