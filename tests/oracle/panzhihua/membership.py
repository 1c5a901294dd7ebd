"""Paid years, waits and cover (PZ-5a to 6a, 8a, 8b, 9a to 9c, 11a to 11g)."""

from dataclasses import dataclass
from datetime import date

from tests.oracle.panzhihua.announcing import lookup
from tests.oracle.panzhihua.paying import DAY, YEARS, born, due_for, groups, refusal, whole_for
from tests.oracle.telling import (
    NEVER,
    Fact,
    Missing,
    Unsure,
    World,
    fen,
    months_after,
    of,
    on,
    once,
    recorded,
    since,
    until,
)

TIMING = ("waiting_months", "enrolment_window")
LEAVING = {"moved_away", "settled_abroad", "enlisted", "died"}


@dataclass(frozen=True)
class Year:
    """A fully paid year: the day it was complete, where its wait and its cover begin."""

    year: int
    paid: date
    base: date
    cover: date
    missing: Missing | None = None
    """What the length of the wait waits for, or whether the year is paid."""
    last: date | None = None
    """The last payment of a year of which nobody can say yet whether it is paid."""

    @property
    def end(self) -> date:
        """First day no longer in the year."""
        return date(self.year + 1, 1, 1)


@once
def payments(world: World, person: str, year: int) -> list[Fact]:
    """Payments that are not refused and were not given back, by day paid."""
    back = refunded_on(world, person, year)
    return [f for f in _accepted(world, person, year) if back is None or on(f) > back]


def given_back(world: World, person: str, year: int) -> list[Fact]:
    """Payments that were not refused and were given back, by day paid."""
    back = refunded_on(world, person, year)
    return [f for f in _accepted(world, person, year) if back is not None and on(f) <= back]


def _accepted(world: World, person: str, year: int) -> list[Fact]:
    told = of(world.facts, "resident_contribution_paid", year=year)
    return sorted([f for f in told if person in f["persons"] and refusal(world, person, f) is None], key=on)


@once
def refunded_on(world: World, person: str, year: int) -> date | None:
    """Day of a refund request for a year that was granted (PZ-9c)."""
    for fact in of(world.facts, "refund_requested", person=person, scheme="resident", year=year):
        paid = of(world.facts, "resident_contribution_paid", year=year)
        if any(on(f) <= on(fact) and _later(world, f, fact) for f in paid if person in f["persons"]):
            raise Unsure  # a payment told after the request, dated before it
        try:
            refused = refund_refusal(world.seen_on(recorded(fact)), person, year, on(fact), fact["id"])
        except Missing as missing:
            raise Unsure from missing
        if refused is None:
            return on(fact)
    return None


def _later(world: World, fact: Fact, than: Fact) -> bool:
    told = [each.get("id") for each in world.told]
    return told.index(fact["id"]) > told.index(than["id"])


@once
def refund_refusal(world: World, person: str, year: int, at: date, request: str = "") -> str | None:
    """Why a refund asked for on a day is refused; None when it is due."""
    if at > date(year, 12, 31):
        return "year_over"
    told = list(world.told)
    if request:
        number = next(n for n, f in enumerate(told) if f.get("id") == request)
        told = [f for n, f in enumerate(told) if n < number or f["fact"] != "refund_requested"]
    first = in_force_on(World(told, world.at), person, year)
    return "refund_not_due" if first and at >= first else None


def in_force_on(world: World, person: str, year: int) -> date | None:
    """First covered day of a year."""
    found, at = years(world, person), date(year, 1, 1)
    while at.year == year:
        if status_of(world, person, at, found)[0] == "covered":
            return at
        at += DAY
    return None


@once
def paid_on(world: World, person: str, year: int) -> date | None:
    """The day on which a year that stands was complete."""
    return complete_on(world, person, year, payments(world, person, year))


def complete_on(world: World, person: str, year: int, paid: list[Fact]) -> date | None:
    """PZ-9a, 8b: the first day on which own payments reach what is due; None while they do not.

    A payment made while there is no valid standard is held (PZ-8b) or refused (PZ-8a): no error of the status.
    """
    total = 0
    for payment in paid:
        if len(payment["persons"]) > 1 and "amount" in payment:
            raise Unsure
        try:
            price = due_for(world, person, payment)
        except Missing:
            price = whole_for(world, payment)  # whatever the aid may be, that is enough
            total += fen(payment.get("amount", "0.00"))
            if "amount" not in payment or (price is not None and total >= price):
                return on(payment)
            raise
        if price is None:
            continue
        total += fen(payment.get("amount", "0.00"))
        if total >= price or "amount" not in payment:
            return on(payment)
    return None


@once
def other_cover(world: World, person: str) -> list[tuple[date, date]]:
    """PZ-5b: days in another scheme."""
    found = []
    for fact in of(world.facts, "other_cover_recorded", person=person):
        if fact["cover"] in ("employee", "other"):
            if "from" not in fact:
                raise Unsure
            found.append((since(fact), until(fact)))
    return [(first, end) for first, end in found if first < end]


@once
def history(world: World, person: str) -> set[int]:
    """Years paid before the ledger."""
    return {y for f in of(world.facts, "opening_history", person=person) for y in f.get("resident_years", [])}


@once
def years(world: World, person: str) -> dict[int, Year]:
    """Fully paid years of this ledger, with waits carried over the year end (PZ-11d)."""
    found: dict[int, Year] = {}
    for year in YEARS:
        told = of(world.facts, "resident_contribution_paid", year=year)
        if not any(person in f["persons"] for f in told):
            continue
        try:
            paid = paid_on(world, person, year)
        except Missing as missing:
            last = max(on(f) for f in payments(world, person, year))
            found[year] = Year(year, date(year, 1, 1), date(year, 1, 1), NEVER, missing, last)
            continue
        if paid is None:
            continue
        if any(y.missing and y.missing.name not in TIMING for y in found.values()):
            raise Unsure
        own = _year(world, person, year, paid, set(found) | history(world, person))
        found[year] = _carried(found.get(year - 1), own)
    return found


def _carried(before: Year | None, own: Year) -> Year:
    """A wait goes on over the year end; no wait is longer than six months."""
    if before is None or before.cover <= own.cover:
        return own
    if before.missing and months_after(max(before.paid, before.base), 6) <= own.base:
        return own
    return Year(own.year, own.paid, own.base, before.cover, before.missing or own.missing)


def _year(world: World, person: str, year: int, paid: date, earlier: set[int]) -> Year:
    birth = born(world, person)
    if birth and birth.year == year:
        terms = lookup(world, "newborn_terms", birth)
        if terms is None:
            start = max(paid, birth)
            return Year(year, paid, start, start)
        if paid <= birth + int(terms["within_days"]) * DAY:
            start = birth if terms["covered_from"] == "birth" else max(paid, birth)
            return Year(year, paid, start, start)
    first = date(year, 1, 1)
    window = lookup(world, "enrolment_window", year)
    if window is None and paid <= first and _exempt(world, person, paid, first):
        return Year(year, paid, first, first)
    if window is None:
        return Year(year, paid, first, NEVER, Missing("announcement_missing", "enrolment_window"))
    late = str(paid) > window["last_day"]
    base = max(paid, first) if late else first
    ends = [date(y + 1, 1, 1) for y in earlier if y < year]
    ends += [t for f, t in other_cover(world, person) if f < base]
    interrupted = bool(ends) and max(ends) < NEVER and base >= months_after(max(ends), 3)
    wait = 0
    if (late or interrupted) and not _exempt(world, person, paid, base):
        told = lookup(world, "waiting_months", base)
        if told is None:
            return Year(year, paid, base, NEVER, Missing("announcement_missing", "waiting_months"))
        wait = max(int(told["late"]) if late else 0, int(told["interruption"]) if interrupted else 0)
    return Year(year, paid, base, months_after(base, wait))


def _exempt(world: World, person: str, paid: date, base: date) -> bool:
    further = lookup(world, "waiting_exempt_groups", base) or {"groups": []}
    named = {"rural_low_income", *further["groups"]}
    return any(fact["group"] in named for fact in groups(world, person, paid))


@once
def died(world: World, person: str) -> date | None:
    """Day of death."""
    told = [on(f) for f in of(world.facts, "person_died", person=person)]
    return min(told) if told else None


@once
def departures(world: World, person: str) -> list[date]:
    """Last days of membership (contract: `cover_ended`: death, emigration, move and the like)."""
    ended = of(world.facts, "enrolment_ended", person=person, scheme="resident")
    return [on(f) for f in ended if f.get("reason") in LEAVING]


def status(world: World, person: str, at: date) -> tuple[str, str | None]:
    """Status of a day, with the reason where the text settles it."""
    return status_of(world, person, at, years(world, person))


def status_of(world: World, person: str, at: date, found: dict[int, Year]) -> tuple[str, str | None]:
    death = died(world, person)
    if death and at > death:
        return "none", "cover_ended"
    if any(f <= at < t for f, t in other_cover(world, person)):
        return "none", "other_scheme_prevails"
    year = found.get(at.year)
    gone = [
        d for d in departures(world, person) if d < at and (year is None or (year.last or year.paid) <= d)
    ]
    if gone:
        return "none", "cover_ended"
    if at.year in history(world, person) and at.year not in found and at.year >= 2023:
        return "covered", None
    if year and at >= year.base:
        if year.missing:
            raise year.missing
        return ("covered" if at >= year.cover else "waiting"), None
    return "none", _lapsed(world, person, at, found)


def _lapsed(world: World, person: str, at: date, found: dict[int, Year]) -> str | None:
    """Covered at any earlier time: lapsed; never: not enrolled; only waited: the text does not say."""
    if any(y < at.year for y in history(world, person)):
        return "cover_lapsed"
    if any(f < at for f, _ in other_cover(world, person)):
        return "cover_lapsed"
    before = [y for y in found.values() if y.base <= at]
    if any(y.cover <= at and y.cover < y.end for y in before):
        return "cover_lapsed"
    return None if before else "not_enrolled"
