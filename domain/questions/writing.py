"""Answers as the contract writes them: money as decimal yuan, months and dates as text."""

import types
import typing
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from domain.values.calendar import Moment, Month, Months
from domain.values.money import Amount, ratio_text, yuan_text

Write = Callable[[Any], Any]
"""How a value is written; None where it is written as it is."""


def answer_json(answer: Struct) -> dict[str, Any]:
    """An answer struct as plain JSON values; fields that are None or empty by default are left out."""
    written: dict[str, Any] = _struct_writer(type(answer))(answer)
    return written


@cache
def _struct_writer(kind: type[Struct]) -> Write:
    plan = [(f.name, f.encode_name, _writer(f.type)) for f in fields(kind)]

    def write(value: Struct) -> dict[str, Any]:
        """A plain loop: an account of thirty years has a thousand movements."""
        told: dict[str, Any] = {}
        for attribute, name, writer in plan:
            each = getattr(value, attribute)
            if each is None or (writer is _months and not each):  # the contract has no empty list of months
                continue
            told[name] = each if writer is None else writer(each)
        return told

    return write


def _months(months: Months) -> list[str]:
    return [str(month) for month in months]


@cache
def _writer(kind: Any) -> Write | None:
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if hasattr(kind, "__metadata__"):
        return yuan_text if kind == Amount else _writer(arguments[0])
    if origin in (typing.Union, types.UnionType):
        (inner,) = (each for each in arguments if each is not type(None))
        return _writer(inner)
    if origin is tuple:
        item = _writer(arguments[0])
        return list if item is None else lambda values: [item(each) for each in values]
    if origin is dict:
        entry = _writer(arguments[1]) or _as_it_is
        return lambda values: {str(name): entry(each) for name, each in values.items()}
    return _plain_writer(origin or kind)


def _as_it_is(value: Any) -> Any:
    return value


def _plain_writer(kind: Any) -> Write | None:
    if not isinstance(kind, type):
        return None
    if issubclass(kind, Struct):
        return _struct_writer(kind)
    if issubclass(kind, Decimal):
        return ratio_text
    if issubclass(kind, Months):
        return _months
    if issubclass(kind, (Month, Moment)):
        return kind.__str__
    return date.isoformat if issubclass(kind, date) else None
