"""Figures that a policy leaves open and an authority announces: facts, so they obey known-at."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.errors import AnnouncementMissing, Unanswerable
from domain.facts import ParameterAnnounced
from domain.rulebook.view import View
from domain.values.calendar import Month
from domain.values.money import Ratio, fen_of

_QUALIFIERS = ("scheme", "tier", "year", "group", "disease")


def announcement(view: View, key: str, on: date, **qualifiers: Any) -> ParameterAnnounced | None:
    """The announcement of `key` that governs a day, or None.

    A qualifier (scheme, tier, year, group, disease) that an announcement does not carry does not limit it;
    one that it carries must be equal. The most specific match wins, then the one recorded last. With `year`
    an announcement holds for that year; without, from `from` (default: its `on`) until `to`.
    """
    best: ParameterAnnounced | None = None
    best_rank = (-1, -1)
    for fact in announcements(view, key):
        rank = _specificity(fact, on, qualifiers)
        if rank is not None and (rank, view.order(fact)) > best_rank:
            best, best_rank = fact, (rank, view.order(fact))
    return best


def announcements(view: View, key: str) -> list[ParameterAnnounced]:
    """Every known announcement of a key."""
    found = view.kept(("announcements",), lambda: _by_key(view.facts(ParameterAnnounced)))
    return found.get(key, [])


def announced(
    view: View,
    key: str,
    on: date,
    because: tuple[str, ...] = (),
    needed_for: date | Month | int | None = None,
    **qualifiers: Any,
) -> Any:
    """The announced value as sent; AnnouncementMissing names the key (group or disease in brackets)."""
    found = announcement(view, key, on, **qualifiers)
    if found is None:
        detail = qualifiers.get("group") or qualifiers.get("disease")
        name = f"{key}[{detail}]" if detail else key
        raise AnnouncementMissing(name, needed_for if needed_for is not None else on, because)
    return found.value


def announced_fen(view: View, key: str, on: date, because: tuple[str, ...] = (), **qualifiers: Any) -> int:
    """An announced amount of yuan, in fen."""
    value = announced(view, key, on, because, **qualifiers)
    return fen_of(_number(value, key, on, because))


def announced_ratio(
    view: View, key: str, on: date, because: tuple[str, ...] = (), **qualifiers: Any
) -> Ratio:
    """An announced rate or number."""
    return _number(announced(view, key, on, because, **qualifiers), key, on, because)


def announced_terms(
    view: View, key: str, on: date, because: tuple[str, ...] = (), **qualifiers: Any
) -> Mapping[str, Any]:
    """An announced object of terms (facts v1, section 6); its figures are decimal strings."""
    value = announced(view, key, on, because, **qualifiers)
    return value if isinstance(value, Mapping) else {}


def fen_in(value: object) -> int:
    """A decimal string of yuan inside terms, in fen; more than two decimals are rounded half-up."""
    return fen_of(ratio_in(value))


def ratio_in(value: object) -> Ratio:
    """A decimal string inside terms."""
    return _number(value, "value", None, ())


def _number(value: object, name: str, on: date | None, because: tuple[str, ...]) -> Ratio:
    """A figure as announced; what is no number (the contract leaves `value` open) lies outside what can be announced."""
    try:
        return Ratio.parse(str(value))
    except ValueError:
        raise Unanswerable("announcement_out_of_bounds", name, on, because) from None


def _by_key(facts: list[ParameterAnnounced]) -> dict[str, list[ParameterAnnounced]]:
    found: dict[str, list[ParameterAnnounced]] = {}
    for fact in facts:
        found.setdefault(fact.key, []).append(fact)
    return found


def _specificity(fact: ParameterAnnounced, on: date, qualifiers: Mapping[str, Any]) -> int | None:
    matched = 0
    for name in _QUALIFIERS:
        given = getattr(fact, name)
        if given is None:
            continue
        if name == "year" and "year" not in qualifiers:
            if given != on.year:
                return None
        elif qualifiers.get(name) != given:
            return None
        matched += 1
    if fact.year is None and not (fact.from_ or fact.on) <= on < (fact.to or date.max):
        return None
    if fact.year is not None and not (fact.from_ or date.min) <= on < (fact.to or date.max):
        return None
    return matched
