"""What a year costs a person, and until when it can be paid (PZ-5a, 6a, 8a, 8b, 9b)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle.panzhihua.announcing import lookup, required
from tests.oracle.telling import (
    Fact,
    Missing,
    Unsure,
    World,
    fen,
    of,
    on,
    once,
    recorded,
    share,
    since,
    until,
)

YEARS = range(2023, 2028)
STANDARD = ("resident_contribution", "national_minimum_contribution")
DAY = timedelta(days=1)


@once
def groups(world: World, person: str, at: date) -> list[Fact]:
    """Memberships on a day."""
    ended = of(world.facts, "approval_ended", person=person, approval="group")
    found = []
    for fact in of(world.facts, "group_recognised", person=person):
        cuts = [on(e) for e in ended if e.get("group") == fact["group"] and on(e) >= since(fact)]
        if since(fact) <= at < min([until(fact), *cuts]):
            found.append(fact)
    return found


@once
def born(world: World, person: str) -> date | None:
    """Day of birth."""
    told = [f for f in of(world.facts, "person_registered", person=person) if "born_on" in f]
    return date.fromisoformat(max(told, key=on)["born_on"]) if told else None


@once
def standard(world: World, year: int) -> int:
    """PZ-8a: the one that is valid; where all that were announced are below the minimum, out of bounds."""
    required(world, "national_minimum_contribution", year)
    told = of(world.facts, "parameter_announced", key="resident_contribution", year=year)
    if told and lookup(world, "resident_contribution", year) is None:
        raise Missing("announcement_out_of_bounds", "resident_contribution")
    return fen(required(world, "resident_contribution", year))


@once
def aid(world: World, person: str, year: int, at: date, known_on: date | None = None) -> int:
    """PZ-6a: the highest single aid of the person's hardship groups on a day; figures as known on another."""
    then = world.seen_on(known_on) if known_on else world
    full, best = standard(then, year), 0
    missing: list[Missing] = []
    for fact in groups(world, person, at):
        if not fact.get("hardship"):
            continue
        try:
            told = required(then, "contribution_subsidy", year, group=fact["group"])
        except Missing as gap:
            missing.append(gap)
            continue
        best = max(best, min(full, _amount(full, told)))
    if missing and best == full:
        raise Unsure  # an aid is missing, but none can be higher
    if missing:
        raise missing[0] if len(missing) == 1 else Missing(missing[0].code)
    return best


def _amount(full: int, told: Any) -> int:
    if not isinstance(told, dict):
        return fen(told)
    return full if told.get("full") else share(full, Decimal(told["rate"]))


@once
def refusal(world: World, person: str, payment: Fact) -> str | None:
    """Why a payment has no effect."""
    if payment["year"] not in YEARS:
        raise Unsure
    over = on(payment) > last_day(world, person, payment["year"])
    for fact in of(world.facts, "other_cover_recorded", person=person, cover="employee_due"):
        if since(fact) <= on(payment) < until(fact):
            if over:
                raise Unsure  # two grounds, no order
            return "not_in_scheme"
    return "year_over" if over else None


@once
def last_day(world: World, person: str, year: int) -> date:
    """PZ-9b."""
    last, birth = date(year, 12, 31), born(world, person)
    if birth and birth.year == year:
        terms = lookup(world, "newborn_terms", birth)
        if terms:
            last = max(last, birth + int(terms["within_days"]) * DAY)
    return last


@once
def due_for(world: World, person: str, payment: Fact) -> int | None:
    """The own share for a payment: the lower of that known on its own day (or first known after) and today's."""

    def own(at: date) -> int:
        full = standard(world.seen_on(at), payment["year"])
        return full - aid(world, person, payment["year"], on(payment), at)

    return _lower(world, payment, own)


@once
def whole_for(world: World, payment: Fact) -> int | None:
    """The same of the whole standard, whatever the aid."""
    return _lower(world, payment, lambda at: standard(world.seen_on(at), payment["year"]))


def _lower(world: World, payment: Fact, price: Callable[[date], int]) -> int | None:
    own_day = max(on(payment), recorded(payment))
    days = sorted({recorded(f) for f in world.told if own_day <= recorded(f) <= world.at} | {own_day})
    missing: Missing | None = None
    for at in days:
        try:
            first = price(at)
        except Missing as gap:
            if gap.name not in STANDARD:
                missing = gap
            continue
        try:
            return min(first, price(world.at))
        except Missing:
            return first
    if missing is None:
        return None
    try:
        price(world.at)
    except Missing as now:
        if now.name != missing.name:
            raise Unsure from now  # an aid was missing, now the standard is too: which of the two decides is not said
    raise missing
