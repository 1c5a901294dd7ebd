"""The figures that the document fixes, read from `parameters/`, and when an announced wage became known."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from domain.rulebook.parameters import Parameters

PARAMETERS = Parameters.load(Path(__file__).parent / "parameters")
START = date(2018, 1, 1)
"""LZ-54a: the document is in force from this day."""


def figure(name: str, day: date) -> Any:
    """A fixed figure in force on a day; days before the document fall under its first figures (LZ-54b)."""
    return PARAMETERS[name].on(max(day, START))


WITHOUT_EFFECT: dict[str, str] = dict(
    tomllib.loads((Path(__file__).parent / "without_effect.toml").read_text("utf-8"))["rules"]
)
"""Rule IDs that move nothing in the ledger, and why."""
