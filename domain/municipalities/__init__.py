"""The cities, found by name: every folder here with a `municipality.toml`, loaded when it is asked for."""

import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path

from domain.errors import InputRefused
from domain.rulebook.contract import Municipality


@cache
def folders() -> dict[str, str]:
    """The folder of every division code, without loading any rules."""
    found: dict[str, str] = {}
    cards = sorted(card for place in __path__ for card in Path(place).glob("*/municipality.toml"))
    for card in cards:
        content = tomllib.loads(card.read_text("utf-8"))
        found.update(dict.fromkeys((content["code"], *content.get("aliases", ())), card.parent.name))
    return found


@cache
def municipality(code: str) -> Municipality:
    """The municipality of a division code; InputRefused names the codes that exist."""
    folder = folders().get(code)
    if folder is None:
        known = ", ".join(f"{each} ({name})" for each, name in sorted(folders().items()))
        raise InputRefused("value_not_allowed", "city", f"no municipality {code}; known: {known}")
    town: Municipality = import_module(f"{__name__}.{folder}").MUNICIPALITY
    return town


def municipalities() -> list[Municipality]:
    """Every municipality in the house."""
    return list(dict.fromkeys(municipality(code) for code in folders()))
