"""The figures that the document itself fixes, and whether it is in force (arts. 3, 26)."""

from datetime import date
from typing import Any

from domain.errors import RulesNotInForce
from domain.municipalities.panzhihua.announced import PARAMETERS as PARAMETERS
from domain.municipalities.panzhihua.announced import valid_announcements
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import AnnouncementKey

CODE = "510400"


def fixed(name: str, day: date) -> Any:
    """A figure of the document on a day."""
    return PARAMETERS[name].on(day)


@per_view
def force_ends(view: View) -> date:
    """The first day on which the document is no longer in force, as known (P21)."""
    end: date = fixed("force.to", FAR_FUTURE)
    extended = valid_announcements(view, AnnouncementKey.VALIDITY_EXTENDED)
    return date.fromisoformat(str(extended[-1].value)) if extended else end


@rule("PZ-26a", article="第二十六条")
def in_force(view: View, day: date) -> bool:
    """The document is in force from 2023-01-01 for five years, or until the announced later end."""
    start: date = fixed("force.from", day)
    return start <= day < force_ends(view)


def require_force(view: View, day: date) -> tuple[str, ...]:
    """RulesNotInForce unless the document holds on the day."""
    found = in_force(view, day)
    if not found.value:
        raise RulesNotInForce(day, found.because)
    return found.because
