"""Announced figures as the rules look them up."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.oracle.telling import Fact, of, since, until


def announced(facts: Sequence[Fact], key: str, year: int, at: date | None = None, **qualifiers: Any) -> Any:
    """The value announced last for a year, or in force on a day; None without one."""
    found: Any = None
    for fact in of(facts, "parameter_announced", key=key, **qualifiers):
        in_force = since(fact) <= (at or date(year, 1, 1)) < until(fact)
        if fact["year"] == year if "year" in fact else in_force:
            found = fact["value"]
    return found
