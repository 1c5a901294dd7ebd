"""The mapping file of a CSV import: which column is which field of facts v1."""

import tomllib
import typing
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from domain.errors import InputRefused
from domain.facts import AnyFact
from domain.values.calendar import Months

YES = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping file. Every column is named in `columns` or in `ignore`: nothing is dropped by accident."""

    columns: dict[str, str]
    """Column heading -> field (`employer`), or a place inside one (`totals.0.total`)."""
    constants: dict[str, Any] = {}
    """Field -> value that every row has, e.g. `fact` and `capacity`."""
    values: dict[str, dict[str, str]] = {}
    """Field -> what the file writes -> what facts v1 writes, e.g. `sex."女" = "female"`."""
    money: list[str] = []
    """Fields with amounts: thousands separators and the yuan sign are taken away."""
    decimal: list[str] = []
    """Fields with other decimals: thousands separators are taken away."""
    ignore: list[str] = []
    """Columns that are not imported."""
    delimiter: str = ","
    encoding: str = "utf-8"
    date_format: str = ""
    """How dates are written, e.g. `%Y/%m/%d`; empty = 2024-03-31."""
    separator: str = ";"
    """Between the items of a list inside one cell."""

    def fact(self, cells: dict[str, str]) -> dict[str, Any]:
        """One row as a fact; InputRefused names the column whose cell cannot be read."""
        told: dict[str, Any] = dict(self.constants)
        given = {self.columns[name]: cell.strip() for name, cell in cells.items() if name in self.columns}
        kind = str(given.get("fact") or told.get("fact") or "")
        for field, cell in given.items():
            if cell:
                place(told, field.split("."), self._value(kind, field, cell))
        return told

    def _value(self, kind: str, field: str, cell: str) -> Any:
        cell = self.values.get(field, {}).get(cell, cell)
        if field in self.money or field in self.decimal:
            return cell.replace(",", "").replace("，", "").strip("¥￥ ")
        expected = type_of(kind, field)
        if bool in expected:
            return _required(YES.get(cell.lower()), field, cell, "yes or no (是/否)")
        if int in expected and cell.lstrip("-").isdigit():
            return int(cell)
        if Months in expected or list in expected:
            return [item.strip() for item in cell.split(self.separator) if item.strip()]
        if datetime in expected and self.date_format:
            return self._date(field, cell)
        return cell

    def _date(self, field: str, cell: str) -> str:
        try:
            return datetime.strptime(cell, self.date_format).date().isoformat()
        except ValueError:
            message = f"`{cell}` is not a date as the mapping writes them ({self.date_format})"
            raise InputRefused("wrong_type", field, message) from None


def read_mapping(path: str) -> Mapping:
    """Read a mapping file; InputRefused (`mapping_invalid`) says what is wrong with it."""
    try:
        told = tomllib.loads(Path(path).read_text("utf-8"))
        mapping = msgspec.convert(told, Mapping)
        "".encode(mapping.encoding)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError, LookupError) as problem:
        message = f"{path}: {problem}; docs/command-line.md shows a mapping file"
        raise InputRefused("mapping_invalid", "mapping", message) from None
    if "fact" not in mapping.constants and "fact" not in mapping.columns.values():
        message = f"{path}: name the kind of fact: `fact` in [constants], or a column that holds it"
        raise InputRefused("mapping_invalid", "fact", message)
    if len(mapping.delimiter) != 1:
        raise InputRefused("mapping_invalid", "delimiter", f"{path}: `delimiter` is one character")
    return mapping


def place(told: dict[str, Any], path: list[str], value: Any) -> None:
    """Put a value where a dotted path says; a number is a place in a list."""
    at: Any = told
    for name, following in zip(path, [*path[1:], None], strict=True):
        fresh: Any = value if following is None else ([] if following.isdigit() else {})
        if isinstance(at, list):
            if int(name) >= len(at):
                at.append(fresh)
            at = at[min(int(name), len(at) - 1)]
        else:
            at = at.setdefault(name, fresh) if following is not None else at.update({name: fresh})


def type_of(kind: str, field: str) -> frozenset[Any]:
    """The simple types behind a field of a kind of fact: bool, int, list, Months, datetime for a date."""
    found: Any = next((k for k in AnyFact.__args__ if k.__struct_config__.tag == kind), None)
    for name in field.split("."):
        found = _inside(found, name)
    return frozenset(_simple(found))


def _inside(hint: Any, name: str) -> Any:
    if isinstance(hint, type) and issubclass(hint, Struct):
        return next((f.type for f in fields(hint) if f.encode_name == name), None)
    if name.isdigit() or typing.get_origin(hint) is dict:
        return next(
            (a for a in reversed(typing.get_args(hint)) if a is not type(None) and a is not ...), None
        )
    for each in typing.get_args(hint):
        if (found := _inside(each, name)) is not None:
            return found
    return None


def _simple(hint: Any) -> list[Any]:
    origin = typing.get_origin(hint)
    if origin in (tuple, list):
        return [list]
    arguments = typing.get_args(hint)
    if arguments and origin is not dict:
        return [found for each in arguments for found in _simple(each)]
    if isinstance(hint, type):
        if hint.__name__ in ("date", "Moment"):
            return [datetime]
        return [hint]
    return []


def _required(value: Any, field: str, cell: str, wanted: str) -> Any:
    if value is None:
        raise InputRefused("wrong_type", field, f"`{cell}` is not {wanted}")
    return value
