"""Numbers and dates fixed by a policy: dated, with their article, read from the city's TOML files.

    [arrears.limit_months]
    rule = "LZ-06c"
    article = "第六条"
    values = [{ from = 2018-01-01, value = 6 }]

Text that reads as a decimal becomes `Decimal`; under a name that ends in `_yuan` it becomes integer fen.
"""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from domain.errors import RulesNotInForce
from domain.values.money import Fen, Ratio

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


class Dated(Struct, frozen=True):
    """One parameter over time, with the rule and article that fix it."""

    name: str
    rule: str
    article: str
    values: tuple[tuple[date, Any], ...]

    def on(self, day: date) -> Any:
        """The value in force on a day; RulesNotInForce before the first."""
        found = [value for start, value in self.values if start <= day]
        if not found:
            raise RulesNotInForce(day, (self.rule,), self.name)
        return found[-1]


class Parameters:
    """All parameters of one city by dotted name; `parameters["arrears.limit_months"].on(day)`."""

    def __init__(self, dated: dict[str, Dated]) -> None:
        self._dated = dated

    def __getitem__(self, name: str) -> Dated:
        return self._dated[name]

    def names(self) -> list[str]:
        """Every name, in order."""
        return sorted(self._dated)

    @classmethod
    def load(cls, folder: Path) -> "Parameters":
        """Read every TOML file of a folder."""
        found: dict[str, Dated] = {}
        for file in sorted(folder.glob("*.toml")):
            _collect(found, "", tomllib.loads(file.read_text("utf-8")))
        return cls(found)


def _collect(found: dict[str, Dated], prefix: str, table: dict[str, Any]) -> None:
    for name, content in table.items():
        path = f"{prefix}.{name}" if prefix else name
        if "values" in content:
            values = tuple((item["from"], _typed(item["value"], name)) for item in content["values"])
            found[path] = Dated(path, content["rule"], content["article"], values)
        else:
            _collect(found, path, content)


def _typed(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _typed(each, key if key.endswith("_yuan") else name) for key, each in value.items()}
    if isinstance(value, list):
        return [_typed(each, name) for each in value]
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return int(Fen.parse(value)) if name.endswith("_yuan") else Ratio(value)
    return value
