"""From payments to days of cover (JJ-5.2c to 5.2i, 5.3a to 5.3g, 5.4a)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.oracle.jinjiang.accounts import account
from tests.oracle.jinjiang.announcing import announced
from tests.oracle.jinjiang.people import (
    JINJIANG,
    born,
    employee,
    employee_spells,
    fixed,
    groups,
    price,
    reduced,
)
from tests.oracle.jinjiang.people import (
    field as person_field,
)
from tests.oracle.telling import Fact, Missing, Unsure, World, fen, of, on, once, recorded, years_after

ENDING = {"settled_abroad", "enlisted", "moved_away"}
DAY = timedelta(days=1)


@dataclass
class Enrolment:
    """One fully paid year: the day it was complete, and its spans (status, from, to)."""

    year: int
    paid: date
    student: bool = False
    late: bool = False
    spans: list[tuple[str, date, date]] = field(default_factory=list)
    paused: list[tuple[date, date]] = field(default_factory=list)
    cut: date | None = None
    void: bool = False
    money: list[Fact] = field(default_factory=list)


@once
def payments(world: World, person: str, year: int) -> list[Fact]:
    """Payments for a person and year, by day paid."""
    paid = of(world.facts, "resident_contribution_paid", year=year)
    return sorted([f for f in paid if person in f["persons"]], key=on)


def new_student(world: World, person: str, payment: Fact) -> bool:
    """First school year, said with the payment or the enrolment."""
    return bool(payment.get("new_student")) or any(
        f.get("new_student") for f in school_enrolments(world, person, payment["year"])
    )


def school_enrolments(world: World, person: str, year: int) -> list[Fact]:
    """Enrolments through a school."""
    told = of(world.facts, "enrolled", scheme="resident", year=year)
    return [f for f in told if f.get("school") and person in [f.get("person"), *f.get("persons", [])]]


@once
def refusal(world: World, person: str, payment: Fact) -> str | None:
    """Why a payment enrols nobody, before its sum is looked at."""
    year, at = payment["year"], on(payment)
    if at > date(year, 12, 31):
        return "year_over"
    died = death(world, person)
    if died and at > died:
        raise Unsure
    school = payment.get("channel") == "school" or bool(school_enrolments(world, person, year))
    if school and year == 2018:
        return "enrol_elsewhere"
    if school and new_student(world, person, payment) and not announced(world.facts, "student_window", year):
        raise Missing("announcement_missing", "student_window")
    if not school and not _may_join(world, person, at):
        return "not_eligible"
    if _employee_known(world, person, payment):
        return "not_eligible"
    if payment.get("paid_from") == "personal_account":
        return account(world, payment["account_holder"], at).refused.get(payment["id"])
    return None


def _employee_known(world: World, person: str, payment: Fact) -> bool:
    """JJ-3.1a, 5.1a: employee cover known at the payment bars it; not one that ends in the year paid on time (5.3b)."""
    at = on(payment)
    running = [t for f, t in employee_spells(world.facts, person) if f <= at < t]
    if not running or not employee(world.seen_on(recorded(payment)).facts, person, at):
        return False
    return at > last_day(world, payment["year"]) or max(running) > date(payment["year"], 12, 31)


def _may_join(world: World, person: str, at: date) -> bool:
    registered = person_field(world.facts, person, "household_registration")
    if registered == JINJIANG:
        return True
    if registered is None and not groups(world.facts, person, at):
        raise Missing("fact_missing", "person_registered.household_registration")
    held = {fact["group"]: fact for fact in groups(world.facts, person, at)}
    if "stationed_troops" in held:
        return True
    if {"residence_permit_holder", "hong_kong_macao_taiwan_resident"} <= set(held):
        raise Unsure  # which of the two grounds counts
    if "residence_permit_holder" in held:
        return not _insured_elsewhere(world, person, at)
    if "hong_kong_macao_taiwan_resident" in held:
        start = held["hong_kong_macao_taiwan_resident"]
        working = person_field(world.facts, person, "occupation") == "employed"
        since = date.fromisoformat(start.get("from") or start["on"][:10])
        return not working and years_after(since, 1) <= at
    return False


def _insured_elsewhere(world: World, person: str, at: date) -> bool:
    for fact in of(world.facts, "other_cover_recorded", person=person):
        first = date.fromisoformat(fact["from"]) if fact.get("from") else date.min
        last = date.fromisoformat(fact["to"]) if fact.get("to") else date.max
        if first <= at < last:
            if fact["cover"] not in ("employee", "resident"):
                raise Unsure
            return True
    return False


@once
def enrolments(world: World, person: str, year: int) -> list[Enrolment]:
    """Every enrolment of a person for a year, in order (a second one after the relation had ended)."""
    found: list[Enrolment] = []
    since: list[Fact] = []
    for payment in payments(world, person, year):
        if found and (found[-1].cut is None or on(payment) < found[-1].cut or found[-1].void):
            continue
        if refusal(world, person, payment):
            continue
        since.append(payment)
        if complete(world, person, since):
            found.append(_enrolled(world, person, since))
            since = []
    return found


def complete(world: World, person: str, paid: Sequence[Fact]) -> bool:
    """JJ-5.3g: the own share is there, at the price as known at any time since it was paid (JJ-4.3h, i)."""
    last = paid[-1]
    if any("amount" not in fact for fact in paid):
        return True
    if any(len(fact["persons"]) > 1 for fact in paid):
        raise Unsure
    total = sum(fen(fact["amount"]) for fact in paid)
    first = max(recorded(fact) for fact in paid)
    if _is_whole(world, total, last):
        return True
    missing: Missing | None = None
    owed: list[int] = []
    student = new_student(world, person, last)
    for at in [each for each in world.learned() if each >= first]:
        try:
            then = world.seen_on(at)
            owed.append(price(then.facts, person, last["year"], on(last), student, fixed(then, last)).own)
            missing = None
        except Missing as gap:
            missing = gap
    if missing:  # announced once and withdrawn since: whether cover then given stays, the text does not say
        raise Unsure if owed else missing
    return total >= min(owed)


def _is_whole(world: World, total: int, payment: Fact) -> bool:
    """The whole standard, of a new student the reduced one, is enough whatever the subsidy may be."""
    try:
        whole = fixed(world, payment)
        return total >= (reduced(whole) if new_student(world, payment["persons"][0], payment) else whole)
    except Missing:
        return False


@once
def last_day(world: World, year: int) -> date:
    """JJ-5.4a: end of the window."""
    told = announced(world.facts, "enrolment_window", year)
    return date.fromisoformat(told["last_day"]) if told else date(year - 1, 12, 31)


def _enrolled(world: World, person: str, paid: Sequence[Fact]) -> Enrolment:
    payment = paid[-1]
    year, at = payment["year"], on(payment)
    enrolment = Enrolment(year, at, money=list(paid))
    enrolment.spans = _spans(world, person, enrolment, new_student(world, person, payment))
    for end in _ends(world, person):
        if enrolment.spans and at > end >= enrolment.spans[0][1]:
            raise Unsure  # left on a day that a later payment covers (a newborn, a student): come back, or ended
        if at > end or enrolment.void:
            continue
        if end < date(year, 1, 1) and not enrolment.student:
            enrolment.void, enrolment.spans = True, []
        else:
            _cut(enrolment, end + DAY)
    for first, last in employee_spells(world.facts, person):
        _employee(enrolment, first, last)
    return enrolment


def death(world: World, person: str) -> date | None:
    """Day of death."""
    told = [on(f) for f in of(world.facts, "person_died", person=person)]
    return min(told) if told else None


def _ends(world: World, person: str) -> list[date]:
    ended = of(world.facts, "enrolment_ended", person=person, scheme="resident")
    days = [on(f) for f in ended if f.get("reason") in ENDING]
    died = death(world, person)
    return sorted([*days, died] if died else days)


def _spans(world: World, person: str, enrolment: Enrolment, student: bool) -> list[tuple[str, date, date]]:
    year, paid = enrolment.year, enrolment.paid
    first, after, birth = date(year, 1, 1), date(year + 1, 1, 1), born(world.facts, person)
    if student:
        window = announced(world.facts, "student_window", year)
        if window is None:
            raise Missing("announcement_missing", "student_window")
        if window.get("first_day") and paid < date.fromisoformat(window["first_day"]):
            raise Unsure
        if paid <= date.fromisoformat(window["last_day"]):
            enrolment.student = True
            return [("covered", date(year, 9, 1), after)]
    enrolment.late = paid > last_day(world, year)
    if birth and birth.year == year:
        return [("covered", birth if paid <= birth + 90 * DAY else paid + DAY, after)]
    if not enrolment.late:
        return [("covered", first, after)]
    if birth and birth.year == year - 1 and paid <= birth + 90 * DAY:
        return [("covered", first, after)]
    begins = max(paid + 61 * DAY, first)
    if begins >= after:
        return [("waiting", paid, after)]
    return [("waiting", paid, begins), ("covered", begins, after)]


def _cut(enrolment: Enrolment, at: date) -> None:
    if not enrolment.spans or at >= enrolment.spans[-1][2]:
        return
    enrolment.spans = [(s, f, min(t, at)) for s, f, t in enrolment.spans if f < at]
    enrolment.cut = min(at, enrolment.cut or at)


def _employee(enrolment: Enrolment, first: date, last: date) -> None:
    """JJ-5.3b, c: cover running on 1 January pauses the year; later cover ends it."""
    if not enrolment.spans or last <= first:
        return
    start, end = enrolment.spans[0][1], enrolment.spans[-1][2]
    if last <= start or first >= end:
        return
    whole = enrolment.spans[0][0] == "covered" and start == date(enrolment.year, 1, 1)
    if whole and not enrolment.late and first <= start:
        enrolment.paused.append((first, last))
    elif first > start and first > enrolment.paid:
        if first < date(enrolment.year, 1, 1):  # JJ-5.3a: no year had begun
            enrolment.void, enrolment.spans = True, []
        else:
            _cut(enrolment, first)
    else:
        raise Unsure


def years_paid(world: World, person: str) -> list[int]:
    """Years somebody paid for."""
    told = of(world.facts, "resident_contribution_paid")
    return sorted({fact["year"] for fact in told if person in fact["persons"]})


def periods(world: World, person: str) -> list[Enrolment]:
    """All enrolments of a person, by year."""
    return [each for year in years_paid(world, person) for each in enrolments(world, person, year)]
