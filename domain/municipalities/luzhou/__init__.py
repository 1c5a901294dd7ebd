"""Luzhou (泸州市, 510500): both schemes, under 泸市人社发〔2018〕2号, in force from 2018-01-01."""

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from typing import Any

from domain.events.consequences import Consequence
from domain.municipalities.luzhou import standing
from domain.municipalities.luzhou.policy import PARAMETERS
from domain.rulebook.contract import Municipality
from domain.rulebook.view import View


def consequences(view: View, subject: str) -> Iterator[Consequence]:
    """Everything that holds about a person or household on the facts of the view."""
    kind, _, identifier = subject.partition(":")
    if kind == "person":
        yield from standing.employee_periods(view, identifier)
        yield from standing.resident_periods(view, identifier)
        yield from _of("claims", "claim_consequences")(view, identifier)
    elif kind == "household":
        yield from _of("family_account", "household_consequences")(view, identifier)


def _of(module: str, name: str) -> Any:
    try:
        return getattr(import_module(f"{__name__}.{module}"), name)
    except ImportError:
        return lambda view, identifier: ()


MUNICIPALITY = Municipality(
    code="510500",
    name="Luzhou",
    label="泸州市",
    prefix="LZ",
    version="1",
    in_force_from=date(2018, 1, 1),
    parameters=PARAMETERS,
    consequences=consequences,
    assess={},
)
