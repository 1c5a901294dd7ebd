"""Figures of the document, and the built-in announcements of 2018: what governs a day, as known."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from domain.errors import AnnouncementMissing, RulesNotInForce
from domain.facts import ParameterAnnounced
from domain.rulebook.announcements import announcement, announcements, fen_in, ratio_in
from domain.rulebook.citation import Finding, rule
from domain.rulebook.parameters import Parameters
from domain.rulebook.view import View
from domain.values.money import Ratio, share
from domain.values.terms import Scheme

PARAMETERS = Parameters.load(Path(__file__).parent / "parameters")
START = PARAMETERS["cover.first_day"].values[0][1]
"""First day of benefits; figures without a year hold from here on."""
TIERS = ("province", "city", "county", "town")


def figure(view: View, name: str, day: date) -> Finding[Any]:
    """A figure of the text on a day, or what replaced it (JJ-11.1a)."""
    dated = PARAMETERS[name]
    standing = dated.on(max(day, START))
    replacing = announcements(view, "parameter_replaced")
    found = [
        fact
        for fact in replacing
        if isinstance(fact.value, Mapping) and fact.value.get("rule") == dated.rule and governs(fact, day)
    ]
    if not found:
        return Finding(standing)
    latest = max(found, key=view.order)
    assert isinstance(latest.value, Mapping)
    return replaced(name, standing, latest.value.get("value"))


@rule("JJ-11.1a", article="十一（一）")
def replaced(name: str, standing: Any, told: Any) -> Any:
    """The leading group or a higher authority may replace a figure of the document, by announcement only."""
    return _like(standing, told, name)


def governs(fact: ParameterAnnounced, day: date) -> bool:
    """True on the days of its year, or from `from` (else `on`) until `to`."""
    if fact.year is not None:
        return fact.year == day.year
    return (fact.from_ or fact.on) <= day < (fact.to or date.max)


def _like(standing: Any, told: Any, name: str) -> Any:
    """The announced value in the type of the figure it replaces; an object replaces only what it names."""
    if isinstance(standing, dict):
        return _named(standing, told if isinstance(told, Mapping) else {})
    # A rule may fix a rate and an amount: a figure above 1 replaces the amount, never the rate.
    if told is None or (ratio_in(told) > 1) is isinstance(standing, Ratio):
        return standing
    return _figure(standing, told, name)


def _named(standing: dict[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for key, value in standing.items():
        given = told.get(key, told.get(key.removesuffix("_yuan"), told.get(f"L{key}")))
        if isinstance(value, dict):
            found[key] = _named(value, given if isinstance(given, Mapping) else {})
        else:
            found[key] = value if given is None else _figure(value, given, key)
    return found


def _figure(standing: Any, told: Any, name: str) -> Any:
    if isinstance(standing, Ratio):
        return ratio_in(told)
    if name.endswith("_yuan"):
        return fen_in(told)
    return int(ratio_in(told)) if isinstance(standing, int) else standing


@rule("JJ-11.2a", article="十一（二）")
def in_force(day: date, first_day: date = START) -> date:
    """Benefits exist from 1 January 2018; an earlier day or year has no rules here."""
    if day < first_day:
        raise RulesNotInForce(day, ("JJ-11.2a",))
    return day


def in_force_in(year: int) -> None:
    """RulesNotInForce for a year before the first one."""
    in_force(date(year, 1, 1))


def year_value(
    view: View, key: str, year: int, rule_id: str, built_in: str | None = None, **qualifiers: Any
) -> Any:
    """What was announced for a year, as sent; else the built-in figure (in fen or as a rate); never last year's."""
    found = announcement(view, key, date(year, 1, 1), year=year, scheme=Scheme.RESIDENT, **qualifiers)
    if found is not None:
        return found.value
    standing = PARAMETERS[built_in].on(START).get(str(year)) if built_in else None
    if standing is None:
        group = qualifiers.get("group")
        name = f"{key}[{group}]" if group else key
        raise AnnouncementMissing(name, date(year, 1, 1), (rule_id,))
    return standing


@rule("JJ-4.2a", article="四（二）1")
def standard_of(view: View, year: int) -> int:
    """The individual standard of a year: 180 yuan for 2018, later ones as announced; in one sum, no proration."""
    in_force_in(year)
    value = year_value(view, "resident_contribution", year, "JJ-4.2a", "contribution.standard_yuan")
    return value if isinstance(value, int) else fen_in(value)


@rule("JJ-5.4a", article="五（四）1")
def last_day_of_window(view: View, year: int) -> date:
    """Payment is on time until 31 December of the year before, or the announced last day, inclusive."""
    value = _window(view, "enrolment_window", year)
    told = value.get("last_day") if value else None
    return date.fromisoformat(str(told)) if told else date(year - 1, 12, 31)


def covered_from_of_window(view: View, year: int) -> date:
    """The first day of cover of a payment on time: 1 January, unless the announcement says otherwise."""
    value = _window(view, "enrolment_window", year)
    told = value.get("covered_from") if value else None
    return date.fromisoformat(str(told)) if told else date(year, 1, 1)


def last_day_for_students(view: View, year: int) -> date:
    """The close of the campus window; AnnouncementMissing when none was announced for the year."""
    value = _window(view, "student_window", year)
    if not value or not value.get("last_day"):
        raise AnnouncementMissing("student_window", date(year, 1, 1), ("JJ-5.2c",))
    return date.fromisoformat(str(value["last_day"]))


def _window(view: View, key: str, year: int) -> Mapping[str, Any] | None:
    found = announcement(view, key, date(year, 1, 1), year=year, scheme=Scheme.RESIDENT)
    return found.value if found is not None and isinstance(found.value, Mapping) else None


def subsidy_of_announcement(value: Any) -> dict[str, int]:
    """Public subsidy by tier, in fen, out of an announced object (missing tiers are 0)."""
    if isinstance(value, Mapping) and "per_person" in value:
        whole, shares = fen_in(value["per_person"]), value.get("shares") or {}
        parts = {tier: share(whole, ratio_in(shares.get(tier, "0"))) for tier in TIERS}
        return {**parts, "county": whole - sum(fen for tier, fen in parts.items() if tier != "county")}
    if isinstance(value, Mapping):
        return {tier: fen_in(value[tier]) if tier in value else 0 for tier in TIERS}
    return {tier: fen_in(value) if tier == "county" else 0 for tier in TIERS}


def below_floor(fact: ParameterAnnounced) -> bool:
    """True for an announced public subsidy whose total lies below the floor of its year."""
    floors = PARAMETERS["contribution.public_subsidy_floor_yuan"].on(START)
    year = fact.year if fact.year is not None else (fact.from_ or fact.on).year
    floor = floors.get(str(year))
    return floor is not None and sum(subsidy_of_announcement(fact.value).values()) < floor


@rule("JJ-4.2b", article="四（二）2")
def public_subsidy_of(view: View, year: int) -> dict[str, int]:
    """Public subsidy per person by tier: built in for 2018, replaced by a later announcement above the floor."""
    in_force_in(year)
    fitting = [
        fact
        for fact in announcements(view, "fiscal_subsidy")
        if governs(fact, date(year, 1, 1)) and not below_floor(fact)
    ]
    if fitting:
        return subsidy_of_announcement(max(fitting, key=view.order).value)
    standing = PARAMETERS["contribution.public_subsidy_yuan"].on(START).get(str(year))
    if standing is None:
        raise AnnouncementMissing("fiscal_subsidy", date(year, 1, 1), ("JJ-4.2b",))
    return {tier: standing[f"{tier}_yuan"] for tier in TIERS}


@rule("JJ-4.2c", article="四（二）2")
def late_subsidy(parts: Mapping[str, int]) -> dict[str, int]:
    """Whoever joins after the uniform limit is subsidised by the city in place of province and Quanzhou."""
    upper = parts["province"] + parts["city"]
    return {"province": 0, "city": 0, "county": parts["county"] + upper, "town": parts["town"]}
