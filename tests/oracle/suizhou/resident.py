"""The resident scheme: which payment covers which days (SZ-36 to SZ-42)."""

from datetime import date, timedelta
from decimal import Decimal

from tests.oracle.suizhou.text import (
    FAR,
    Answer,
    Fact,
    Known,
    Refused,
    Unsure,
    announced,
    cents,
    day,
    died_on,
    first,
    in_city,
    in_group,
    known_at,
    money,
    month_of,
    once,
    plus_months,
    recorded,
)
from tests.oracle.suizhou.walk import walk

FULL = (
    "extreme_poverty",
    "orphan",
    "disabled_no_work_capacity",
    "preferential_treatment",
    "severe_mental_disorder",
    "family_planning_hardship",
)
BY_ANNOUNCEMENT = ("monitored_at_risk", "stable_out_of_poverty", "returned_to_poverty")
Span = tuple[date, date, str]


def verdict(known: Known, person: str, fact: Fact, voided: bool = True) -> tuple[str | None, list[Span]]:
    """Reason of refusal, or the spans a resident payment or a newborn's registration gives."""
    if fact["fact"] == "enrolled":
        return _newborn(known, person, fact)
    if voided and _given_back(known, person, fact):
        return None, []
    return _payment(known, person, fact)


def _newborn(known: Known, person: str, fact: Fact) -> tuple[str | None, list[Span]]:
    born = born_on(known, person)
    if born is None:
        raise Unsure
    if fact.get("eligibility") not in ("parent_insured", "household_registration"):
        raise Unsure
    told = known.about(person, "person_registered")
    registered = [f["household_registration"] for f in told if "household_registration" in f]
    place = fact.get("eligibility_place")
    if place is None:
        raise Unsure
    if not in_city(place) and not (place[:2] == "42" and registered and in_city(registered[-1])):
        return "not_eligible", []
    if day(fact["on"]) > plus_months(born, 12):
        return "registration_too_late", []
    return None, [(born, date(born.year + 1, 1, 1), "covered")]


@once
def born_on(known: Known, person: str) -> date | None:
    told = [f["born_on"] for f in known.about(person, "person_registered") if "born_on" in f]
    return day(told[-1]) if told else None


def _payment(known: Known, person: str, fact: Fact) -> tuple[str | None, list[Span]]:
    year, when, basis = fact["year"], day(fact["on"]), fact.get("basis")
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    if date(year - 1, 9, 1) <= when < start:
        return None, [(start, end, "covered")]
    extra = announced(known, "enrolment_window", when, year=year)
    if extra is not None:
        raise Unsure
    if when < start or when >= end:
        return "outside_window", []
    if fact.get("migrant_or_returned") and when < date(year, 3, 1) and _covered_in(known, person, year - 1):
        return None, [(start, end, "covered")]
    disordered = basis is None and in_group(known, person, "severe_mental_disorder", when)
    if basis == "dynamic_addition" or disordered:
        tomorrow = when + timedelta(days=1)
        return None, [(when, tomorrow, "pending"), (tomorrow, end, "covered")]
    if basis == "newborn_second_year":
        born = born_on(known, person)
        if born is None:
            raise Unsure
        return (None, [(when, end, "covered")]) if born.year == year - 1 else ("outside_window", [])
    if basis in ("from_employee", "from_other_cover"):
        since = _ended(known, person, when, basis)
        if since is None:
            raise Unsure
        if when <= plus_months(since, 3):
            return None, [(when, end, "covered")]
        q = month_of(when)
        return None, [(first(q), min(first(q + 3), end), "waiting"), (first(q + 3), end, "covered")]
    return "outside_window", []


def _ended(known: Known, person: str, when: date, basis: str) -> date | None:
    """First day without the benefits of the scheme left (SZ-40a, 41a)."""
    if basis == "from_other_cover":
        ends = [day(f["to"]) for f in known.about(person, "other_cover_recorded") if f.get("to")]
        return max((e for e in ends if e <= when), default=None)
    walked = walk(known, person)
    if walked.label(when) == "covered":
        return None
    return max((b for a, b, _ in walked.covered if b <= when), default=None)


@once
def _covered_in(known: Known, person: str, year: int) -> bool:
    probe = date(year, 1, 1)
    while probe.year == year:
        if resident_label(known, person, probe) == "covered":
            return True
        probe += timedelta(days=1)
    return False


@once
def paid_facts(known: Known, person: str) -> list[Fact]:
    newborn = [f for f in known.about(person, "enrolled") if f["capacity"] == "newborn"]
    paid = [f for f in known.of("resident_contribution_paid") if person in f["persons"]]
    return newborn + paid


@once
def resident_label(known: Known, person: str, when: date) -> str:
    """What payments and registrations of the resident scheme give for a day, whatever other schemes pay."""
    died = died_on(known, person)
    if died is not None and when > died:
        return "none"
    for fact in known.about(person, "opening_status"):
        if fact.get("scheme", "employee") == "resident":
            start, end = day(fact.get("from") or fact["on"]), day(fact["to"]) if fact.get("to") else FAR
            if start <= when < end:
                return str(fact["status"])
    found = {"none"}
    for fact in paid_facts(known, person):
        if fact["fact"] == "resident_contribution_paid" and when.year != fact["year"]:
            continue
        _complete(known, person, fact)
        found |= {label for a, b, label in verdict(known, person, fact)[1] if a <= when < b}
    return next(label for label in ("covered", "waiting", "pending", "none") if label in found)


def _complete(known: Known, person: str, fact: Fact) -> None:
    """Part payments are beyond this evaluator."""
    if "amount" in fact and money(fact["amount"]) + money(fact.get("subsidy", "0")) < 100:
        raise Unsure


def subsidy_share(known: Known, person: str, when: date, year: int) -> tuple[Decimal, Decimal]:
    """The standard of the year, and government's part of it (SZ-36d, 39a, 39b)."""
    standard = announced(known, "resident_contribution", when, year=year)
    if standard is None:
        raise Refused("announcement_missing")
    amount = money(standard)
    if any(in_group(known, person, group, when) for group in FULL):
        return amount, amount
    parts = [cents(amount * Decimal("0.9"))] if in_group(known, person, "minimum_living", when) else []
    for group in BY_ANNOUNCEMENT:
        if in_group(known, person, group, when):
            value = announced(known, "contribution_subsidy", when, group=group, year=year)
            if value is None:
                raise Refused("announcement_missing")
            parts.append(_worth(value, amount))
    return amount, max(parts, default=Decimal("0.00"))


def _worth(value: object, amount: Decimal) -> Decimal:
    if isinstance(value, dict):
        if "rate" not in value:
            raise Unsure
        return cents(amount * money(value["rate"]))
    return min(money(value), amount)


def refund(known: Known, person: str, fact: Fact) -> tuple[str | None, list[Fact]]:
    """Reason of refusal, or the payments given back (SZ-42a, b)."""
    year, when = fact["year"], day(fact["on"])
    paid = [f for f in paid_facts(known, person) if f.get("year") == year and "persons" in f]
    paid = [
        f for f in paid if _earlier(known, f, fact) and verdict(known, person, f, voided=False)[0] is None
    ]
    if not paid:
        return "refund_not_due", []
    if when < date(year, 1, 1):
        return None, paid
    cause = fact.get("cause") in ("duplicate_cover", "death", "employment")
    if not cause or "caused_on" not in fact or day(fact["caused_on"]) >= date(year, 1, 1):
        return "refund_not_due", []
    return None, paid


def _earlier(known: Known, one: Fact, other: Fact) -> bool:
    """In the order of effect; facts of one day in the order in which they were told."""
    told = [day(f["on"]) for f in (one, other)]
    if told[0] != told[1]:
        return told[0] < told[1]
    return next((f for f in known.facts if f is one or f is other), other) is one


def _given_back(known: Known, person: str, paid: Fact) -> bool:
    year = paid["year"]
    for fact in known.about(person, "refund_requested"):
        if fact["scheme"] == "resident" and fact.get("year") == year and _earlier(known, paid, fact):
            if any(
                c.get("person") == person and day(c["on"]).year == year for c in known.of("claim_submitted")
            ):
                raise Unsure  # a refund is refused while a payment of the fund stands
            if refund(known, person, fact)[0] is None:
                return True
    return False


def refund_answer(known: Known, person: str, year: int, when: date) -> Answer:
    requests = [
        f
        for f in known.about(person, "refund_requested")
        if f["scheme"] == "resident" and f.get("year") == year and day(f["on"]) <= when
    ]
    if len(requests) != 1:
        raise Unsure
    if any(c.get("person") == person and day(c["on"]).year == year for c in known.of("claim_submitted")):
        raise Unsure
    reason, paid = refund(known, person, requests[0])
    if reason:
        return {"outcome": "refused", "reason": reason}
    if len(paid) != 1 or len(paid[0]["persons"]) != 1 or "amount" not in paid[0]:
        raise Unsure
    member = money(paid[0]["amount"])
    seen = known_at(known.all_told, recorded(paid[0]))
    given = money(paid[0]["subsidy"]) if "subsidy" in paid[0] else None
    if given is None:
        given = subsidy_share(seen, person, day(paid[0]["on"]), year)[1]
    return {"outcome": "due", "amount": str(member + given), "member": str(member), "subsidiser": str(given)}
