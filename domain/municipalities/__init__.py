"""The cities, found by name: every folder here that carries a MUNICIPALITY."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from domain.errors import InputRefused
from domain.rulebook.contract import Municipality


@cache
def municipalities() -> dict[str, Municipality]:
    """Every municipality in the house, by division code and by its other codes."""
    found: dict[str, Municipality] = {}
    for module in iter_modules(__path__):
        if module.ispkg:
            town: Municipality = import_module(f"{__name__}.{module.name}").MUNICIPALITY
            found.update(dict.fromkeys((town.code, *town.aliases), town))
    return found


def municipality(code: str) -> Municipality:
    """The municipality of a division code; InputRefused names the codes that exist."""
    found = municipalities().get(code)
    if found is None:
        known = ", ".join(f"{town.code} {town.name}" for town in set(municipalities().values()))
        raise InputRefused("value_not_allowed", "city", f"no municipality {code}; known: {known}")
    return found
