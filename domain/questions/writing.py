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


def answer_json(answer: Struct) -> dict[str, Any]:
    """An answer struct as plain JSON values; fields that are None or empty by default are left out."""
    written: dict[str, Any] = _struct_writer(type(answer))(answer)
    return written


@cache
def _struct_writer(kind: type[Struct]) -> Write:
    plan = [(f.name, f.encode_name, _writer(f.type)) for f in fields(kind)]

    def write(value: Struct) -> dict[str, Any]:
        given = ((name, writer, getattr(value, attribute)) for attribute, name, writer in plan)
        return {name: writer(each) for name, writer, each in given if not _left_out(each)}

    return write


def _left_out(value: Any) -> bool:
    """No value, or a list of no months at all: the contract has no empty one."""
    return value is None or (isinstance(value, Months) and not value)


@cache
def _writer(kind: Any) -> Write:
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if hasattr(kind, "__metadata__"):
        return yuan_text if kind == Amount else _writer(arguments[0])
    if origin in (typing.Union, types.UnionType):
        (inner,) = (each for each in arguments if each is not type(None))
        return _writer(inner)
    if origin is tuple:
        item = _writer(arguments[0])
        return lambda values: [item(each) for each in values]
    if origin is dict:
        entry = _writer(arguments[1])
        return lambda values: {str(name): entry(each) for name, each in values.items()}
    return _plain_writer(origin or kind)


def _plain_writer(kind: Any) -> Write:
    if not isinstance(kind, type):
        return lambda value: value
    if issubclass(kind, Struct):
        return _struct_writer(kind)
    if issubclass(kind, Decimal):
        return ratio_text
    if issubclass(kind, Months):
        return lambda months: [str(month) for month in months]
    if issubclass(kind, (Month, Moment)):
        return lambda value: str(kind(value))
    if issubclass(kind, date):
        return lambda day: day.isoformat()
    return lambda value: value
