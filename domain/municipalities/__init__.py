"""The cities, found by name: every folder here with a `municipality.toml`, loaded when it is asked for.

Rules that a release replaced may stay in the house: a folder whose card says `superseded = true` is an older version of
the city with the same code. It is never edited, nothing is recorded under it, and an audit can compute with it.
"""

import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from domain.errors import InputRefused
from domain.rulebook.contract import Municipality


@cache
def folders() -> dict[str, str]:
    """The folder of every division code, without loading any rules; older versions are left out."""
    found: dict[str, str] = {}
    for folder, card in _cards():
        if not card.get("superseded", False):
            found.update(dict.fromkeys((card["code"], *card.get("aliases", ())), folder))
    return found


@cache
def municipality(code: str, version: str = "") -> Municipality:
    """The municipality of a division code, or an older version of it; InputRefused names what is in the house."""
    folder = folders().get(code)
    if folder is None:
        known = ", ".join(f"{each} ({name})" for each, name in sorted(folders().items()))
        raise InputRefused("value_not_allowed", "city", f"no municipality {code}; known: {known}")
    town = _loaded(folder)
    if version in ("", town.version):
        return town
    found = versions(town.code)
    if version not in found:
        here = ", ".join(sorted(found))
        said = (
            f"version {version} of the rules of {town.name} ({town.code}) is not in this house; here: {here}"
        )
        raise InputRefused("rules_not_in_house", "rules", said)
    return _loaded(found[version])


def versions(code: str) -> dict[str, str]:
    """The folder of every version of a city's rules in the house, the present one too."""
    return {_loaded(folder).version: folder for folder, card in _cards() if card["code"] == code}


def municipalities() -> list[Municipality]:
    """Every municipality in the house."""
    return list(dict.fromkeys(municipality(code) for code in folders()))


def _loaded(folder: str) -> Municipality:
    town: Municipality = import_module(f"{__name__}.{folder}").MUNICIPALITY
    return town


def _cards() -> list[tuple[str, dict[str, Any]]]:
    cards = sorted(card for place in __path__ for card in Path(place).glob("*/municipality.toml"))
    return [(card.parent.name, tomllib.loads(card.read_text("utf-8"))) for card in cards]
