"""Chinese beside English: labels of fields, of values of enumerations, and of codes."""

import tomllib
import typing
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from domain.questions import answers
from domain.questions.kinds import AnyQuestion
from domain.values.terms.codes import CODE_LABELS
from domain.values.terms.term import Term

CODED = ("reason", "notes", "alerts")


@cache
def _field_labels() -> dict[str, str]:
    return tomllib.loads(files("ledger.cli").joinpath("labels.toml").read_text("utf-8"))


def field_label(name: str) -> str:
    """The Chinese name of a field of an answer, or empty."""
    return _field_labels().get(name, "")


def code_text(code: str) -> str:
    """A code with its label: `suspended 欠费暂停待遇`."""
    label = CODE_LABELS.get(code)
    return f"{code} {label}" if label else code


def value_text(kind: str, name: str, value: Any, inside: str | None = None) -> str:
    """A value as a reader sees it: terms and codes with their labels, lists and maps in one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes 是" if value else "no 否"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {value_text(kind, key, each, name)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(value_text(kind, name, each, inside) for each in value)
    if name in CODED:
        return code_text(str(value))
    terms: tuple[Term, ...] = _terms(kind, inside).get(name, ())
    label = next((term.label for term in terms if term.value == value), "")
    return f"{value} {label}" if label else str(value)


@cache
def _terms(kind: str, inside: str | None) -> dict[str, tuple[Term, ...]]:
    """The terms that each field of an answer can be, or of the objects inside one of its fields."""
    answer = _answer_struct(kind)
    if answer is None:
        return {}
    types_of = {field.encode_name: field.type for field in fields(answer)}
    if inside is None:
        return {name: tuple(terms) for name, hint in types_of.items() if (terms := _found(hint, Term))}
    part = _found(types_of.get(inside), Struct)
    if part is None:
        return {}
    return {each.encode_name: tuple(terms) for each in fields(part) if (terms := _found(each.type, Term))}


@cache
def _answer_struct(kind: str) -> type[Struct] | None:
    for question in AnyQuestion.__args__:
        if question.__struct_config__.tag == kind:
            found: type[Struct] | None = getattr(answers, f"{question.__name__}Answer", None)
            return found
    return None


def _found(hint: Any, wanted: type) -> Any:
    """The class of a wanted kind inside a type hint such as `tuple[Movement, ...]` or `Status | None`."""
    if isinstance(hint, type) and typing.get_origin(hint) is None:
        return hint if issubclass(hint, wanted) else None
    return next((found for each in typing.get_args(hint) if (found := _found(each, wanted))), None)
