"""Who a person is, and what a year costs him (JJ-3.1a to 3.5a, 4.2a to 4.3i)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.jinjiang.announcing import announced
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
    years_after,
)

FREE = {
    "minimum_living",
    "extreme_poverty",
    "orphan",
    "severe_disability",
    "multiple_disability_household",
    "family_planning_hardship",
    "retrenched_1960s_worker",
    "preferential_treatment",
    "daughter_family",
    "veteran_cadre_survivor",
    "disability_certificate",
    "old_revolutionary_base_elder",
    "model_citizen",
}
JINJIANG = "350582"


def field(facts: Sequence[Fact], person: str, name: str) -> Any:
    """A field of a person as told last (by effective day)."""
    told = [f for f in sorted(of(facts, "person_registered", person=person), key=on) if name in f]
    return told[-1][name] if told else None


def born(facts: Sequence[Fact], person: str) -> date | None:
    """Day of birth, where known."""
    told = field(facts, person, "born_on")
    return date.fromisoformat(told) if told else None


def aged(facts: Sequence[Fact], person: str, years: int, at: date) -> bool:
    """True from the birthday on (满)."""
    birth = born(facts, person)
    if birth is None:
        raise Missing("fact_missing", "person_registered.born_on")
    return years_after(birth, years) <= at


def groups(facts: Sequence[Fact], person: str, at: date) -> list[Fact]:
    """Memberships on a day."""
    ended = of(facts, "approval_ended", person=person, approval="group")
    found = []
    for fact in of(facts, "group_recognised", person=person):
        last = [on(e) for e in ended if e.get("group") == fact["group"] and on(e) >= since(fact)]
        if since(fact) <= at < min([until(fact), *last]):
            found.append(fact)
    return found


def member(facts: Sequence[Fact], person: str, group: str, at: date) -> bool:
    """True when a member of a group on a day."""
    return any(fact["group"] == group for fact in groups(facts, person, at))


def employee_spells(facts: Sequence[Fact], person: str) -> list[tuple[date, date]]:
    """Employee cover, [from, to)."""
    spells = []
    for fact in of(facts, "other_cover_recorded", person=person, cover="employee"):
        first = date.fromisoformat(fact["from"]) if fact.get("from") else date(1, 1, 1)
        spells.append((first, until(fact)))
    return sorted(spells)


def employee(facts: Sequence[Fact], person: str, at: date) -> bool:
    """True when in the employee scheme on a day."""
    return any(first <= at < last for first, last in employee_spells(facts, person))


@dataclass(frozen=True)
class Price:
    """What a year costs, in fen: `own` by the person, `subsidy` by the budget, `total` the standard."""

    own: int
    subsidy: int
    total: int


def standard(facts: Sequence[Fact], year: int) -> int:
    """JJ-4.2a."""
    told = announced(facts, "resident_contribution", year)
    if told is None and year == 2018:
        return fen(180)
    if told is None:
        raise Missing("announcement_missing", "resident_contribution")
    return fen(told)


def reduced(whole: int) -> int:
    """JJ-5.2c: four twelfths, half up."""
    return (whole * 4 * 2 + 12) // 24


@once
def fixed(world: World, payment: Fact) -> int:
    """JJ-4.3h: the standard as known when the payment was told; of a year not announced by then, as known since."""
    try:
        return standard(world.seen_on(recorded(payment)).facts, payment["year"])
    except Missing:
        return standard(world.facts, payment["year"])


def price(
    facts: Sequence[Fact], person: str, year: int, at: date, new_student: bool, whole: int | None = None
) -> Price:
    """JJ-4.3a to h: the single lowest own share on the payment day; `whole`: the standard, when it is fixed."""
    total = standard(facts, year) if whole is None else whole
    if new_student:
        total = reduced(total)
    own, missing = total, None
    for group in groups(facts, person, at):
        try:
            own = min(own, max(0, _own(facts, person, group, total, year, at)))
        except Missing as gap:
            missing = _either(missing, gap)
    if missing and own:
        raise missing
    return Price(own, total - own, total)


def _either(missing: Missing | None, gap: Missing) -> Missing:
    """Which of several missing figures is named the text does not say."""
    if missing is None or (missing.code, missing.name) == (gap.code, gap.name):
        return gap
    if missing.code != gap.code:
        raise Unsure
    return Missing(gap.code)


def _own(facts: Sequence[Fact], person: str, fact: Fact, total: int, year: int, at: date) -> int:
    group = fact["group"]
    if group == "low_income_family":
        if fact.get("disabled") or aged(facts, person, 60, at) or not aged(facts, person, 18, at):
            return _low_income(facts, total, year)
        return total
    if group == "only_son_family":
        grown = fact.get("role") == "child" and aged(facts, person, 18, at)
        return total if grown else total - _only_son(facts, year)
    return 0 if group in FREE and _free(facts, person, fact, at) else total


def _free(facts: Sequence[Fact], person: str, fact: Fact, at: date) -> bool:
    group = fact["group"]
    if group == "orphan":
        return not aged(facts, person, 18, at)
    if group == "old_revolutionary_base_elder":
        return aged(facts, person, 60, at)
    if group == "veteran_cadre_survivor":
        return not employee(facts, person, at)
    if group == "daughter_family":
        daughters = fact.get("daughters", 0)
        return daughters == 1 or (daughters >= 2 and bool(fact.get("sterilised")))
    return True


def _low_income(facts: Sequence[Fact], total: int, year: int) -> int:
    told = announced(facts, "contribution_subsidy", year, group="low_income_family")
    if told is None and year != 2018:
        raise Missing("announcement_missing", "contribution_subsidy[low_income_family]")
    return share(total, told["own_share"] if told else "0.30")


def _only_son(facts: Sequence[Fact], year: int) -> int:
    told = announced(facts, "contribution_subsidy", year, group="only_son_family")
    if told is None and year != 2018:
        raise Missing("announcement_missing", "contribution_subsidy[only_son_family]")
    return fen(told or 30)


def subsidy(facts: Sequence[Fact], year: int, shifted: bool) -> dict[str, int]:
    """JJ-4.2b and c: the public subsidy by tier; `shifted`: the city bears the upper levels."""
    told = None
    for fact in of(facts, "parameter_announced", key="fiscal_subsidy", year=year):
        if year != 2018 or sum(fen(v) for v in fact["value"].values()) >= fen(450):
            told = fact["value"]
    if told is None and year == 2018:
        told = {"province": "112.50", "city": "10.00", "county": "347.50", "town": "10.00"}
    if told is None:
        raise Missing("announcement_missing", "fiscal_subsidy")
    parts = {tier: fen(amount) for tier, amount in told.items()}
    if shifted:
        parts["county"] = parts.get("county", 0) + parts.get("province", 0) + parts.get("city", 0)
        parts["province"] = parts["city"] = 0
    return parts
