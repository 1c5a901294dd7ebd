"""The document itself: its figures, replaced ones included, and the days on which it is in force."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from domain.errors import RulesNotInForce, Unanswerable
from domain.events.consequences import Problem
from domain.rulebook.announcements import announcements
from domain.rulebook.citation import rule
from domain.rulebook.parameters import Parameters
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE
from domain.values.money import Fen, Ratio

PARAMETERS = Parameters.load(Path(__file__).parent / "parameters")
CITY = "4213"
"""First four digits of every division inside the pooling area."""
PROVINCE = "42"


def figure(view: View, name: str, day: date) -> Any:
    """A figure of the document on a day, or the one that replaced it under article 70 (P14)."""
    value = PARAMETERS[name].on(day)
    if not announcements(view, "parameter_replaced"):
        return value
    return _replaced(view, name, value, day)


def _replaced(view: View, name: str, value: Any, day: date) -> Any:
    dated = PARAMETERS[name]
    for fact in sorted(announcements(view, "parameter_replaced"), key=view.order):
        told = fact.value
        if not isinstance(told, Mapping) or told.get("rule") != dated.rule:
            continue
        if told.get("name") not in (None, name, name.rsplit(".", 1)[-1]):
            continue
        if (fact.from_ or fact.on) <= day < (fact.to or FAR_FUTURE):
            value = _read(told.get("value"), value)
    return value


def _read(told: Any, model: Any) -> Any:
    """An announced figure in the type of the one it replaces; another shape leaves it as it was."""
    if isinstance(model, dict):
        if not isinstance(told, Mapping):
            return model
        new = {
            name: _read(told.get(name, told.get(name.removesuffix("_yuan"))), old)
            for name, old in model.items()
        }
        return {name: model[name] if new[name] is None else new[name] for name in model}
    if told is None or isinstance(told, Mapping | list) != isinstance(model, list):
        return model
    if isinstance(model, list):
        return told
    text = str(told)
    if isinstance(model, Decimal):
        return Ratio.parse(text)
    if isinstance(model, int) and not isinstance(model, bool):
        return int(Fen.parse(text)) if model >= _LEAST_AMOUNT else int(text)
    return text


_LEAST_AMOUNT = 1000
"""Counts of the document are smaller than this, its amounts in fen larger."""


@rule("SZ-79a", article="第七十九条")
def governs(day: date, start: date, end: date) -> bool:
    """The document governs discharges, payments and formalities from 1 January 2024 for five years."""
    return start <= day < end


@per_view
def force(view: View) -> tuple[date, date]:
    """First day in force, and first day no longer (later when the validity was extended)."""
    start: date = PARAMETERS["document.from"].on(view.today)
    end: date = PARAMETERS["document.until"].on(view.today)
    for fact in sorted(announcements(view, "validity_extended"), key=view.order):
        end = date.fromisoformat(str(fact.value))
    return start, end


def in_force(view: View, day: date) -> bool:
    """Whether the document governs a day."""
    start, end = force(view)
    return governs(day, start, end).value


def require_force(view: View, day: date) -> None:
    """RulesNotInForce when the document does not govern a day (SZ-79a)."""
    if not in_force(view, day):
        raise RulesNotInForce(day, ("SZ-79a",))


def problem_of(error: Unanswerable) -> Problem:
    """What is missing, as a record keeps it."""
    return Problem(code=error.code, name=error.name, date=error.on)


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)
