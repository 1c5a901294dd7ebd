"""The structs of facts, questions and answers as they are written in JSON, for schemas only.

Inside, money is an integer of fen; outside it is decimal yuan. A mirror of a struct has the outside's types.
"""

import inspect
import types
import typing
from functools import cache
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import fields

from domain.values.calendar import Moment, Month, Months
from domain.values.identity import Id
from domain.values.money import Amount, Fen, Ratio, Share, SignedFen

MONTH = "[0-9]{4}-(0[1-9]|1[0-2])"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
WRITTEN: dict[type, dict[str, Any]] = {
    SignedFen: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,2})?$", "description": "yuan 元"},
    Fen: {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?$", "description": "yuan 元"},
    Ratio: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    Share: {"type": "string", "pattern": r"^(0(\.[0-9]+)?|1(\.0+)?)$"},
    Month: {"type": "string", "pattern": f"^{MONTH}$"},
    Months: {"type": "array", "items": {"type": "string", "pattern": f"^{MONTH}(/{MONTH})?$"}, "minItems": 1},
    Moment: {
        "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
        "description": "a date is the end of that day in China",
    },
    object: {"description": "any JSON value that section 6 of facts v1 allows"},
}
"""JSON Schema of each type of ours."""
City = Annotated[str, Meta(pattern="^([0-9]{6})?$")]
ENVELOPE: dict[str, Any] = {"id": Id, "city": City, "recorded": Moment}
"""Fields whose default inside means that they are left out."""
_NAMES = {"fact": "Fact", "ask": "Question"}


def written(kind: type) -> dict[str, Any]:
    """The schema of a type that msgspec does not know; NotImplementedError when nobody has said."""
    if kind not in WRITTEN:
        raise NotImplementedError
    return dict(WRITTEN[kind])


@cache
def mirrored(kind: type[Struct], told: bool) -> type[Struct]:
    """The mirror of a struct. `told`: it comes from outside, where null may stand for a field left out."""
    config = kind.__struct_config__
    own: list[Any] = []
    for field in fields(kind):
        inside: Any = ENVELOPE.get(field.name, field.type) if config.tag_field else field.type
        outside = _outside(inside, told)
        own.append((field.name, outside) if field.required else (field.name, outside | UnsetType, UNSET))
    return msgspec.defstruct(
        kind.__name__ + _NAMES.get(config.tag_field or "", ""),
        sorted(own, key=len),
        rename={field.name: field.encode_name for field in fields(kind)},
        tag=config.tag,
        tag_field=config.tag_field,
        forbid_unknown_fields=True,
        namespace={"__doc__": inspect.cleandoc(kind.__doc__ or "")},
    )


def _outside(kind: Any, told: bool) -> Any:
    if kind == Amount:
        return SignedFen
    origin: Any = typing.get_origin(kind)
    inner: Any = typing.get_args(kind)
    if hasattr(kind, "__metadata__"):
        return kind
    if origin in (typing.Union, types.UnionType):
        kept = (each for each in inner if told or each is not type(None))
        return typing.Union[tuple(_outside(each, told) for each in kept)]  # noqa: UP007
    if origin is tuple and inner[-1] is ...:
        return types.GenericAlias(tuple, (_outside(inner[0], told), ...))
    if origin is dict:
        return types.GenericAlias(dict, (inner[0], _outside(inner[1], told)))
    if isinstance(kind, type) and issubclass(kind, Struct):
        return mirrored(kind, told)
    return kind


class Withdrawn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """撤回: `void: true` withdraws the fact named in `corrects`; then only the envelope is given."""

    fact: str
    void: Annotated[bool, Meta(extra_json_schema={"const": True})]
    corrects: Id
    on: Annotated[str, Meta(extra_json_schema={"format": "date"})] | UnsetType = UNSET
    recorded: Moment | UnsetType = UNSET
    id: Id | UnsetType = UNSET
    city: City | UnsetType = UNSET
    note: str | UnsetType = UNSET
