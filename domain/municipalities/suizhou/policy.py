"""The document itself: its figures, replaced ones included, and the days on which it is in force."""

from datetime import date
from pathlib import Path
from typing import Any

from domain.errors import RulesNotInForce, Unanswerable
from domain.events.consequences import Problem
from domain.municipalities.suizhou.replaced import replaced
from domain.rulebook.announcements import announcements
from domain.rulebook.citation import rule
from domain.rulebook.parameters import Parameters
from domain.rulebook.view import View, per_view

PARAMETERS = Parameters.load(Path(__file__).parent / "parameters")
CITY = "4213"
"""First four digits of every division inside the pooling area."""
PROVINCE = "42"


def figure(view: View, name: str, day: date) -> Any:
    """A figure of the document on a day, or the one that replaced it under article 70 (P14)."""
    value = PARAMETERS[name].on(day)
    if not announcements(view, "parameter_replaced"):
        return value
    return replaced(view, PARAMETERS, name, value, day)


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
