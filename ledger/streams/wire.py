"""How events are written for consumers: one plan per struct, from which both the data and its schema are made.

Money is decimal yuan, months and days are text, identifiers are hidden by their role. Empty fields are left out,
defaults are written.
"""

import types
import typing
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from inspect import cleandoc
from typing import Annotated, Any, NamedTuple

from msgspec import NODEFAULT, UNSET, Meta, Struct, UnsetType, defstruct
from msgspec.structs import fields

from domain.events.consequences import Posting
from domain.values.calendar import Moment, Month, Months
from domain.values.money import Amount, Fen, SignedFen, ratio_text, yuan_text
from ledger.streams.pseudonyms import Pseudonyms
from ledger.streams.roles import LEFT_OUT, MONEY, Role, role_of

Write = Callable[[Any, Pseudonyms | None], Any]
"""Writes a value; with pseudonyms, whatever identifies somebody is hidden by them."""
Yuan = Annotated[str, Meta(pattern=r"^-?[0-9]+\.[0-9]{2}$", description="yuan")]
Plain = Annotated[str, Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$", description="decimal")]
MonthText = Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", description="month")]


_SAID: dict[type[Struct], str] = {
    Posting: "One side of an entry. A positive amount adds to the balance of the account, a negative takes."
}
"""What is said otherwise to those who see yuan."""


class Line(NamedTuple):
    """One field of a struct, as consumers see it."""

    attribute: str
    name: str
    type: Any
    write: Write
    default: Any
    """NODEFAULT for a field that is always there, UNSET for one that is left out where it is empty."""


class Form(NamedTuple):
    """A type as consumers see it, and how to write it."""

    type: Any
    write: Write


def written(value: Struct, hide: Pseudonyms | None) -> dict[str, Any]:
    """A struct as plain JSON values."""
    found: dict[str, Any] = {}
    for line in plan(type(value)):
        given = getattr(value, line.attribute)
        if line.default is not NODEFAULT and (given is None or given in ("", (), {})):
            continue
        told = line.write(given, hide)
        if told is not None:
            found[line.name] = told
    return found


@cache
def plan(kind: type[Struct]) -> tuple[Line, ...]:
    """The fields of a struct that are part of the contract."""
    return tuple(
        _line(kind, field)
        for field in fields(kind)
        if (kind, field.name) not in LEFT_OUT and not isinstance(field.type, typing.TypeVar)
    )


@cache
def struct_type(kind: type[Struct]) -> type[Struct]:
    """The struct that consumers see, for its JSON Schema."""
    given: list[Any] = []
    for line in plan(kind):
        if line.default is NODEFAULT:
            given.append((line.attribute, line.type))
        elif line.default is UNSET:
            given.append((line.attribute, line.type | UnsetType, UNSET))
        else:
            given.append((line.attribute, line.type, line.default))
    names = {line.attribute: line.name for line in plan(kind)}
    doc = {"__doc__": _SAID.get(kind) or _for_consumers(cleandoc(kind.__doc__ or ""))}
    return defstruct(
        kind.__name__, given, kw_only=True, rename=names, namespace={**doc, "__module__": __name__}
    )


def _for_consumers(doc: str) -> str:
    """The first paragraph of a docstring. Consumers see yuan: what it says of fen is not for them."""
    first = doc.partition("\n\n")[0].replace("\n", " ")
    return first.replace(" Money in fen.", "").replace(", in fen", "")


def _line(kind: type[Struct], field: Any) -> Line:
    default = field.default if field.default_factory is NODEFAULT else field.default_factory()
    if (kind, field.name) in MONEY:
        form = _money(field.type)
        name = MONEY[kind, field.name]
    else:
        form = _form(field.type, role_of(kind, field.name) or Role.OTHER)
        name = field.encode_name
    if type(None) in typing.get_args(field.type) or default in (None, "", (), {}):
        default = UNSET  # left out where it is empty
    elif default is not NODEFAULT:
        default = form.write(default, None)
    return Line(field.name, name, form.type, form.write, default)


def _money(kind: Any) -> Form:
    if typing.get_origin(kind) is dict:
        return Form(dict[str, Yuan], lambda given, _: {str(n): yuan_text(fen) for n, fen in given.items()})
    return Form(Yuan, lambda fen, _: yuan_text(fen))


def _form(kind: Any, role: Role) -> Form:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind == Amount:
        return Form(Yuan, lambda fen, _: yuan_text(fen))
    if hasattr(kind, "__metadata__"):
        inner = _form(arguments[0], role)
        return Form(kind if inner.type is arguments[0] else inner.type, inner.write)
    if origin in (typing.Union, types.UnionType):
        return _union(arguments, role)
    if origin is tuple:
        item = _form(arguments[0], role)
        return Form(
            list[item.type],  # type: ignore[name-defined]
            lambda values, hide: [item.write(each, hide) for each in values],
        )
    if origin is dict:
        return _mapping(arguments, role)
    return _plain(kind, role) if isinstance(kind, type) else Form(kind, _as_it_is)


def _union(arguments: tuple[Any, ...], role: Role) -> Form:
    inner = [each for each in arguments if each is not type(None)]
    if len(inner) == 1:
        return _form(inner[0], role)
    return Form(typing.Union[arguments], _as_it_is)  # noqa: UP007  # announced values: read by whoever knows the key


def _mapping(arguments: tuple[Any, ...], role: Role) -> Form:
    entry = _form(arguments[1], role)
    key = _text(role)

    def write(given: Any, hide: Pseudonyms | None) -> Any:
        return {key(str(name), hide): entry.write(each, hide) for name, each in given.items()}

    return Form(dict[str, entry.type], write)  # type: ignore[name-defined]


def _plain(kind: type, role: Role) -> Form:
    if kind is str:
        return Form(str, _text(role))
    if issubclass(kind, Struct):
        return Form(struct_type(kind), written)
    if issubclass(kind, Months):
        return Form(list[MonthText], lambda months, _: months.texts())
    if issubclass(kind, (Month, Moment)):
        return Form(MonthText if issubclass(kind, Month) else str, lambda value, _: str(kind(value)))
    if issubclass(kind, (Fen, SignedFen)):
        return Form(Yuan, lambda fen, _: yuan_text(fen))
    if issubclass(kind, Decimal):
        return Form(Plain, lambda value, _: ratio_text(value))
    if issubclass(kind, date):
        return Form(date, lambda day, _: day.isoformat())
    return Form(kind, _as_it_is)


def _as_it_is(value: Any, _: Pseudonyms | None) -> Any:
    return value


def _text(role: Role) -> Write:
    """How a text of a role is written."""
    if role is Role.OPEN:
        return _as_it_is
    hidden: Callable[[Pseudonyms, str], str | None] = _HIDDEN[role]
    return lambda value, hide: value if hide is None else hidden(hide, value)


_HIDDEN: dict[Role, Callable[[Pseudonyms, str], str | None]] = {
    Role.PERSON: lambda hide, value: hide.of("person", value),
    Role.HOUSEHOLD: lambda hide, value: hide.of("household", value),
    Role.CLAIM: lambda hide, value: hide.of("claim", value),
    Role.FACT: lambda hide, value: hide.of("fact", value),
    Role.OTHER: lambda hide, value: hide.of("other", value),
    Role.SUBJECT: lambda hide, value: hide.subject(value),
    Role.KEY: lambda hide, value: hide.key(value),
    Role.TEXT: lambda hide, value: None,
}
