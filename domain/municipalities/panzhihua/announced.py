"""Announced figures of this city: only valid ones count, the one recorded last governs, none falls back a year."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from domain.errors import AnnouncementMissing
from domain.facts import ParameterAnnounced
from domain.municipalities.panzhihua.bounds import is_city_wide, is_within_bounds
from domain.rulebook.announcements import announcements, ratio_in
from domain.rulebook.citation import joined, rule
from domain.rulebook.parameters import Parameters
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import AnnouncementKey as Key
from domain.values.terms import Scheme

PARAMETERS = Parameters.load(Path(__file__).parent / "parameters")
REPLACED_BY_RULE = {
    Key.WAITING_MONTHS: "PZ-11d",
    Key.ORDINARY_OUTPATIENT_TERMS: "PZ-12a",
    Key.SPECIAL_DISEASE_TERMS: "PZ-12b",
    Key.INPATIENT_TERMS: "PZ-12c",
    Key.MATERNITY_TERMS: "PZ-12e",
    Key.NEGOTIATED_DRUG_TERMS: "PZ-12g",
    Key.UPFRONT_SHARE: "PZ-13a",
    Key.OUT_OF_AREA_TERMS: "PZ-19a",
    Key.CRITICAL_ILLNESS_TERMS: "PZ-24b",
}


@per_view
def valid_announcements(view: View, key: Key) -> list[ParameterAnnounced]:
    """Announcements of a key inside the bounds of the document, in the order of recording."""
    found = sorted(announcements(view, key), key=view.order)
    return [fact for fact in found if not rejected(view, fact)]


def rejected(view: View, fact: ParameterAnnounced) -> tuple[str, ...]:
    """The rules that an announcement breaks, none if it may be used."""
    fixed = lambda name: PARAMETERS[name].on(FAR_FUTURE)  # noqa: E731
    city_wide, bounded = is_city_wide(fact), is_within_bounds(fact, fixed)
    if not city_wide.value:
        return city_wide.because
    if not bounded.value:
        return bounded.because
    if fact.key == Key.RESIDENT_CONTRIBUTION and fact.year is not None:
        minimum = national_minimum(view, fact.year)
        if minimum is not None:
            reached = reaches_minimum(ratio_in(fact.value), minimum)
            return () if reached.value else joined(reached.because, bounded.because)
    return ()


@rule("PZ-8a", article="第八条")
def reaches_minimum(standard: Any, minimum: Any) -> bool:
    """The contribution standard is one amount, not below the national minimum of the year."""
    return bool(standard >= minimum)


def national_minimum(view: View, year: int) -> Any:
    """The national minimum of a year in yuan (P1), or None while it is not announced."""
    found = governing(view, Key.NATIONAL_MINIMUM_CONTRIBUTION, date(year, 1, 1))
    return None if found is None else ratio_in(found.value)


def governing(
    view: View, key: Key, day: date, group: str | None = None, disease: str | None = None
) -> ParameterAnnounced | None:
    """The valid announcement that governs a day (for a yearly figure: 1 January of the year), or None."""
    found = [fact for fact in valid_announcements(view, key) if _holds(fact, day, group, disease)]
    return found[-1] if found else None


def _holds(fact: ParameterAnnounced, day: date, group: str | None, disease: str | None) -> bool:
    if fact.scheme not in (None, Scheme.RESIDENT) or fact.group not in (None, group):
        return False
    if fact.disease not in (None, disease):
        return False
    return in_time(fact, day)


def in_time(fact: ParameterAnnounced, day: date) -> bool:
    """An announcement with a year holds for that year, one without from its first day to its last."""
    if fact.year is not None:
        return fact.year == day.year
    return (fact.from_ or fact.on) <= day < (fact.to or date.max)


@rule("PZ-15a", article="第十五条")
def replacement(view: View, rule_id: str, day: date) -> Any:
    """In a public-health emergency state, province or city replace a named figure for a time (P20)."""
    for fact in reversed(valid_announcements(view, Key.PARAMETER_REPLACED)):
        value = fact.value
        if isinstance(value, Mapping) and value.get("rule") == rule_id and _in_time(fact, value, day):
            return value["value"]
    return None


def _in_time(fact: ParameterAnnounced, value: Mapping[str, Any], day: date) -> bool:
    start = date.fromisoformat(str(value["from"])) if value.get("from") else (fact.from_ or fact.on)
    end = date.fromisoformat(str(value["to"])) if value.get("to") else (fact.to or date.max)
    return start <= day < end


def replaced_value(view: View, rule_id: str, day: date) -> Any:
    """The value that replaces a figure of a rule on a day, or None; cheap when nothing was replaced."""
    if not valid_announcements(view, Key.PARAMETER_REPLACED):
        return None
    return replacement(view, rule_id, day).value


def terms(
    view: View,
    key: Key,
    day: date,
    because: tuple[str, ...] = (),
    group: str | None = None,
    disease: str | None = None,
) -> Any:
    """The announced value for a day; AnnouncementMissing names the key and the day."""
    found = governing(view, key, day, group, disease)
    value = None if found is None else found.value
    if key in REPLACED_BY_RULE:
        value = _merged(value, replaced_value(view, REPLACED_BY_RULE[key], day))
    if value is None:
        raise AnnouncementMissing(f"{key}[{group}]" if group else key, day, because)
    return value


def _merged(announced: Any, replaced: Any) -> Any:
    """Terms with the parts that were replaced for a time; the other parts stay as announced."""
    if isinstance(announced, Mapping) and isinstance(replaced, Mapping):
        return {**announced, **replaced}
    if replaced is None or (isinstance(announced, Mapping) and not isinstance(replaced, Mapping)):
        return announced
    return replaced


def of_year(view: View, key: Key, year: int, because: tuple[str, ...] = (), group: str | None = None) -> Any:
    """The value announced for a year; AnnouncementMissing names the key and the year."""
    found = governing(view, key, date(year, 1, 1), group)
    if found is None:
        raise AnnouncementMissing(f"{key}[{group}]" if group else key, year, because)
    return found.value
