"""Personal accounts of employees, as far as this scheme moves them (JJ-4.5a, 5.3e)."""

from dataclasses import dataclass, field
from datetime import date

from tests.oracle.jinjiang.people import employee, fixed, price
from tests.oracle.telling import Fact, Missing, Unsure, World, fen, of, on, once, recorded

DIRECT = {"spouse", "parent", "child", "grandparent", "grandchild"}


@dataclass
class Account:
    """Balance in fen, and what became of each fact that wanted money."""

    balance: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)


@once
def account(world: World, holder: str, until: date) -> Account:
    """The account of a holder at the end of a day."""
    facts = world.facts
    events = [
        *of(facts, "opening_account", person=holder),
        *of(facts, "personal_account_spent", person=holder),
        *of(facts, "resident_contribution_paid", paid_from="personal_account", account_holder=holder),
    ]
    result = Account()
    for event in sorted(events, key=on):
        if on(event) > until:
            continue
        if event["fact"] == "opening_account":
            result.balance += fen(event["balance"])
            continue
        reason = _refusal(world, holder, event)
        wanted = 0 if reason else _premium(world, event) if "persons" in event else fen(event["amount"])
        if reason or wanted > result.balance:
            result.refused[event["id"]] = reason or "insufficient_balance"
        else:
            result.balance -= wanted
            result.moved.append(event["id"])
    return result


def _premium(world: World, payment: Fact) -> int:
    if len(payment["persons"]) != 1:
        raise Unsure
    if "amount" in payment:
        return fen(payment["amount"])
    person, year = payment["persons"][0], payment["year"]
    try:  # the own share as known when it was paid; one not announced by then, as known since
        return price(world.seen_on(recorded(payment)).facts, person, year, on(payment), False).own
    except Missing:
        return price(world.facts, person, year, on(payment), False, fixed(world, payment)).own


def _refusal(world: World, holder: str, event: Fact) -> str | None:
    insured = employee(world.facts, holder, on(event))
    if "persons" in event:
        if event.get("relationship") not in DIRECT:
            return "not_direct_relative"
        if not insured:
            return "account_use_not_allowed"
    else:
        own = event["purpose"] == "own_care" and event.get("beneficiary", holder) == holder
        if not own:
            return "account_use_not_allowed"
        if insured:
            raise Unsure
    return None
