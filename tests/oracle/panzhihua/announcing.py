"""Announced figures: what is valid, and what is in force (PZ-25a)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.telling import Fact, Missing, Unsure, World, of, once, since, until

YEARLY = {
    "resident_contribution",
    "national_minimum_contribution",
    "enrolment_window",
    "contribution_subsidy",
}


def lookup(world: World, key: str, at: date | int, **qualifiers: Any) -> Any:
    """The valid announcement recorded last for a year or a day; None without one."""
    found: Any = None
    for fact in of(world.facts, "parameter_announced", key=key, **qualifiers):
        if not valid(world, fact):
            continue
        year = at if isinstance(at, int) else at.year
        day = date(at, 1, 1) if isinstance(at, int) else at
        if fact["year"] == year if "year" in fact else since(fact) <= day < until(fact):
            found = fact["value"]
    return found


def required(world: World, key: str, at: date | int, **qualifiers: Any) -> Any:
    """The same; an error of the contract without one."""
    found = lookup(world, key, at, **qualifiers)
    if found is None:
        name = f"{key}[{qualifiers['group']}]" if "group" in qualifiers else key
        raise Missing("announcement_missing", name)
    return found


@once
def valid(world: World, fact: Fact) -> bool:
    """Whether an announcement keeps the bounds of the document."""
    value = fact["value"]
    match fact["key"]:
        case "resident_contribution":
            return _single(world, fact)
        case "waiting_months":
            told = [Decimal(value[name]) for name in ("late", "interruption")]
            return all(0 <= each <= 6 and each == int(each) for each in told)
        case "upfront_share":
            return all(0 < Decimal(value[name]) < 1 for name in ("inpatient", "outpatient"))
        case "inpatient_terms":
            return _levels(value["levels"]) and Decimal(value["annual_cap"]) > 0
        case "special_disease_terms":
            return all(value.get(name, {}).get("drugs_only") is True for name in ("hypertension", "diabetes"))
        case "out_of_area_terms":
            return _abroad(value)
        case "enrolment_window":
            return str(value.get("first_day", "")) <= str(value["last_day"])
        case "critical_illness_terms":
            return _bands(value["bands"])
    return True


def _single(world: World, fact: Fact) -> bool:
    """One single standard, not below the national minimum of its year."""
    if isinstance(fact["value"], dict) or "group" in fact or "tier" in fact:
        return False
    minimum = lookup(world, "national_minimum_contribution", fact["year"])
    return minimum is None or Decimal(fact["value"]) >= Decimal(minimum)


def _levels(levels: Sequence[dict[str, Any]]) -> bool:
    deductibles = [Decimal(each["deductible"]) for each in levels]
    rates = [Decimal(each["rate"]) for each in levels]
    ordered = sorted(deductibles) == deductibles and sorted(rates, reverse=True) == rates
    return ordered and deductibles[0] < deductibles[-1] and rates[0] > rates[-1]


def _abroad(value: dict[str, Any]) -> bool:
    for name in ("deductible_add", "rate_cut"):
        if isinstance(value["unreferred"][name], dict):
            raise Unsure
        most = Decimal(value["unreferred"][name])
        if most <= 0 or not 0 <= Decimal(value["referred"][name]) <= most:
            return False
    return True


def _bands(bands: Sequence[dict[str, Any]]) -> bool:
    edge: Any = bands[0]["over"]
    for band in bands:
        if band["over"] != edge or not 0 < Decimal(band["rate"]) <= 1:
            return False
        edge = band.get("to")
    return True
