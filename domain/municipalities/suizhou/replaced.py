"""Figures of the document that a later announcement replaces (article 70, P14)."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from domain.errors import RulesNotInForce
from domain.rulebook.announcements import announcements
from domain.rulebook.parameters import Parameters
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.money import Fen, Ratio

_LEAST_AMOUNT = 1000
"""Counts of the document are smaller than this, its amounts in fen larger."""
_BANDS = ("bands", "values", "value")


def replaced(view: View, parameters: Parameters, name: str, value: Any, day: date) -> Any:
    """The figure as replaced on a day; the announcement recorded last wins."""
    dated = parameters[name]
    for fact in sorted(announcements(view, "parameter_replaced"), key=view.order):
        told = fact.value
        if not isinstance(told, Mapping) or told.get("rule") != dated.rule:
            continue
        if not (fact.from_ or fact.on) <= day < (fact.to or FAR_FUTURE):
            continue
        named, new = told.get("name"), told.get("value")
        if named not in (None, name, name.rsplit(".", 1)[-1]):
            continue
        if named is None and not _meant(parameters, name, new, day):
            continue
        value = _read(new, value)
    return value


def _number(told: Any) -> Decimal | None:
    if isinstance(told, bool | Mapping | list) or told is None:
        return None
    try:
        return Decimal(str(told))
    except InvalidOperation:
        return None


def _leaves(model: Any) -> Iterator[Decimal]:
    """The numbers of a figure as an announcement would write them (amounts in yuan)."""
    if isinstance(model, dict):
        for each in model.values():
            yield from _leaves(each)
    elif isinstance(model, Decimal):
        yield model
    elif isinstance(model, int) and not isinstance(model, bool):
        yield Decimal(model) / 100 if model >= _LEAST_AMOUNT else Decimal(model)


def _distance(one: Decimal, other: Decimal) -> Decimal:
    if not one or not other:
        return Decimal(0) if one == other else Decimal(10**9)
    return max(one / other, other / one)


def _meant(parameters: Parameters, name: str, told: Any, day: date) -> bool:
    """Of several figures of one rule a single number replaces the one that is nearest to it."""
    number = _number(told)
    if number is None:
        return True
    nearest: dict[str, Decimal] = {}
    for other in parameters.names():
        if parameters[other].rule == parameters[name].rule:
            try:
                far = [_distance(number, leaf) for leaf in _leaves(parameters[other].on(day))]
            except RulesNotInForce:
                continue
            if far:
                nearest[other] = min(far)
    return not nearest or nearest.get(name) == min(nearest.values())


def _read(told: Any, model: Any) -> Any:
    """An announced figure in the type of the one it replaces; another shape leaves it as it was."""
    if isinstance(model, dict):
        return _read_table(told, model)
    if isinstance(model, list):
        return _read_list(told, model)
    if told is None or isinstance(told, Mapping | list):
        return model
    text = str(told)
    number = _number(told)
    if isinstance(model, Decimal):
        return model if number is None else Ratio.parse(text)
    if isinstance(model, int) and not isinstance(model, bool):
        if number is None:
            return model
        return int(Fen.parse(text)) if model >= _LEAST_AMOUNT else int(number)
    return text if number is None else model


def _read_table(told: Any, model: dict[str, Any]) -> dict[str, Any]:
    """Entries by name; a single number replaces the entry (or equal entries) nearest to it."""
    number = _number(told)
    if number is not None:
        far = {name: min(_distance(number, leaf) for leaf in _leaves(old)) for name, old in model.items()}
        return {
            name: _read(told, old) if far[name] == min(far.values()) else old for name, old in model.items()
        }
    if not isinstance(told, Mapping):
        return model
    found = {}
    for name, old in model.items():
        new = told.get(name, told.get(name.removesuffix("_yuan")))
        found[name] = old if new is None else _read(new, old)
    return found


def _read_list(told: Any, model: list[Any]) -> list[Any]:
    if isinstance(told, Mapping):
        told = next((told[name] for name in _BANDS if isinstance(told.get(name), list)), None)
    if not isinstance(told, list) or not told:
        return told if isinstance(told, list) and not (model and isinstance(model[0], dict)) else model
    if not isinstance(told[0], Mapping):
        return model if model and isinstance(model[0], dict) else told
    bands = []
    for band in told:
        over = band.get("over_yuan", band.get("over"))
        if over is None or "rate" not in band:
            return model
        bands.append({"over_yuan": int(Fen.parse(str(over))), "rate": Ratio.parse(str(band["rate"]))})
    return sorted(bands, key=lambda band: band["over_yuan"])
