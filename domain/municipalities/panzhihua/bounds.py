"""Bounds that the document sets for announced figures (PZ-25a, PZ-3a): an announcement outside them is never used."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from domain.facts import ParameterAnnounced
from domain.rulebook.announcements import ratio_in
from domain.rulebook.citation import rule
from domain.values.terms import AnnouncementKey as Key

LONGEST_WAIT = "arrears.longest_wait_months"
CITY_WIDE = (Key.PROVIDER_BUDGET, Key.PARAMETER_REPLACED, Key.VALIDITY_EXTENDED, Key.ITEM_CATALOGUE)
PLACES = ("area", "county", "place", "division")


@rule("PZ-3a", article="第三条")
def is_city_wide(fact: ParameterAnnounced) -> bool:
    """One set of rules in the whole city: no figure may differ by county."""
    if fact.key in CITY_WIDE or not isinstance(fact.value, Mapping):
        return True
    return not any(name in PLACES or (len(name) == 6 and name.isdigit()) for name in fact.value)


@rule("PZ-25a", article="第二十五条")
def is_within_bounds(fact: ParameterAnnounced, fixed: Callable[[str], Any]) -> bool:
    """An announced figure keeps the bounds that the document gives for it."""
    check = _CHECKS.get(fact.key)
    try:
        return check is None or bool(check(fact, fixed))
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, IndexError):
        return False  # a shape other than the announced one says nothing that may be used


Fixed = Callable[[str], Any]


def _number(value: Any) -> Decimal:
    return ratio_in(value)


def _positive(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    return _number(fact.value) > 0


def _not_negative(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    return _number(fact.value) >= 0


def _single_standard(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    return (
        fact.tier is None
        and fact.group is None
        and not isinstance(fact.value, Mapping)
        and _positive(fact, fixed)
    )


def _window(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    last = date.fromisoformat(value["last_day"])
    return date.fromisoformat(value.get("first_day", value["last_day"])) <= last


def _waits(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    months = [_number(value[name]) for name in ("late", "interruption")]
    return all(0 <= each <= fixed(LONGEST_WAIT) and each == int(each) for each in months)


def _newborn(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    return _number(value["within_days"]) >= 0 and value["covered_from"] in ("birth", "payment")


def _groups(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    return isinstance(value["groups"], list)


def _aid(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    if not isinstance(value, Mapping):
        return _number(value) >= 0
    if value.get("full") is True:
        return True
    return _number(value["rate"] if "rate" in value else value["own_share"]) >= 0  # cut to the standard


def _subsidy(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    if not isinstance(value, Mapping):
        return _number(value) >= 0
    shares = [_number(each) for each in value["shares"].values()]
    return _number(value["per_person"]) >= 0 and sum(shares) == 1 and min(shares) >= 0


def _outpatient(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    rates = value["rates"].values() if "rates" in value else [value["rate"]]
    return all(0 < _number(each) <= 1 for each in rates) and _number(value["annual_cap"]) > 0


def _special_disease(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    medication = fixed("care.medication_diseases")
    each_disease = [value] if fact.disease is not None else list(value.values())
    if not all(
        _number(each["annual_cap"]) >= 0 and ("rate" in each or "rates" in each) for each in each_disease
    ):
        return False
    if fact.disease is not None:
        listed = {str(fact.disease): value}
        return fact.disease not in medication or _is_for_drugs(listed, str(fact.disease))
    return all(_is_for_drugs(value, disease) for disease in medication)


def _is_for_drugs(listed: Any, disease: str) -> bool:
    return listed[disease]["drugs_only"] is True


def _inpatient(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    levels = [(_number(each["deductible"]), _number(each["rate"])) for each in value["levels"]]
    steps = all(low[0] <= high[0] and low[1] >= high[1] for low, high in pairwise(levels))
    first, last = levels[0], levels[-1]
    favours_primary = first[0] < last[0] and first[1] > last[1]
    return steps and favours_primary and ("annual_cap" not in value or _number(value["annual_cap"]) > 0)


def _upfront(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    shares = [value["inpatient"], value["outpatient"]] if isinstance(value, Mapping) else [value]
    return all(0 < _number(each) < 1 for each in shares)


def _negotiated(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    parts = [value[name] for name in ("inpatient", "outpatient") if name in value]
    fractions = [part[name] for part in parts for name in ("upfront_share", "rate") if name in part]
    return bool(parts) and all(0 <= _number(each) <= 1 for each in fractions)


def _maternity(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    return bool(value) and all(_number(each) > 0 for each in value.values())


def _out_of_area(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    return all(
        _is_graded(value["unreferred"][name], value["referred"][name])
        for name in ("deductible_add", "rate_cut")
    )


def _is_graded(unreferred: Any, referred: Any) -> bool:
    levels = {level for each in (unreferred, referred) if isinstance(each, Mapping) for level in each} or {""}
    pairs = [(_number(_at(unreferred, level)), _number(_at(referred, level))) for level in levels]
    return all(high > 0 and 0 <= low <= high for high, low in pairs)


def _at(value: Any, level: str) -> Any:
    return value[level] if isinstance(value, Mapping) else value


def _critical_illness(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    preferred = value.get("preferred")
    if not isinstance(value["counted_kinds"], list):
        return False
    return _adjoining(value["bands"]) and (preferred is None or _adjoining(preferred["bands"]))


def _adjoining(bands: list[Any]) -> bool:
    rates = all(0 < _number(band["rate"]) <= 1 for band in bands)
    ends = [band.get("to") for band in bands]
    rising = all(
        end is None or _number(band["over"]) < _number(end) for band, end in zip(bands, ends, strict=True)
    )
    joined = all(
        end is not None and _number(end) == _number(after["over"])
        for end, after in zip(ends, bands[1:], strict=False)
    )
    return bool(bands) and rates and rising and joined


def _budget(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    value: Any = fact.value
    amounts = budget_amounts(value)
    return bool(amounts) and all(amount > 0 for amount in amounts.values())


def budget_amounts(value: Any) -> dict[str, Decimal]:
    """The announced budget in yuan by area; without an area it is that of the whole city (empty name)."""
    if not isinstance(value, Mapping):
        return {"": _number(value)}
    named = next((str(value[name]) for name in PLACES if name in value), None)
    if named is None:
        return {str(area): _number(each) for area, each in value.items()}
    amounts = [each for name, each in value.items() if name not in PLACES and name != "year"]
    return {named: _number(amounts[0])}


def _extension(fact: ParameterAnnounced, fixed: Fixed) -> bool:
    end: date = fixed("force.to")
    return date.fromisoformat(str(fact.value)) > end


_CHECKS: dict[str, Callable[[ParameterAnnounced, Fixed], bool]] = {
    Key.NATIONAL_MINIMUM_CONTRIBUTION: _positive,
    Key.RESIDENT_CONTRIBUTION: _single_standard,
    Key.ENROLMENT_WINDOW: _window,
    Key.WAITING_MONTHS: _waits,
    Key.WAITING_EXEMPT_GROUPS: _groups,
    Key.NEWBORN_TERMS: _newborn,
    Key.CONTRIBUTION_SUBSIDY: _aid,
    Key.FISCAL_SUBSIDY: _subsidy,
    Key.ORDINARY_OUTPATIENT_TERMS: _outpatient,
    Key.SPECIAL_DISEASE_TERMS: _special_disease,
    Key.INPATIENT_TERMS: _inpatient,
    Key.ANNUAL_CAP: _positive,
    Key.UPFRONT_SHARE: _upfront,
    Key.NEGOTIATED_DRUG_TERMS: _negotiated,
    Key.MATERNITY_TERMS: _maternity,
    Key.OUT_OF_AREA_TERMS: _out_of_area,
    Key.CRITICAL_ILLNESS_PREMIUM: _not_negative,
    Key.CRITICAL_ILLNESS_TERMS: _critical_illness,
    Key.PROVIDER_BUDGET: _budget,
    Key.VALIDITY_EXTENDED: _extension,
}
