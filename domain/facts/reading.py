"""The door for facts and questions: JSON objects in, structs or a refusal that names the field."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from domain.errors import InputRefused
from domain.facts import AnyFact, Fact, Withdrawal
from domain.facts.requirements import ENVELOPE, REQUIREMENTS
from domain.values.calendar import Moment, Month, Months
from domain.values.money import SignedFen

T = TypeVar("T")
_UNKNOWN = re.compile(r"Object contains unknown field `(\w+)`(?: - at `\$?(.*)`)?")
_MISSING = re.compile(r"Object missing required field `(\w+)`(?: - at `\$?(.*)`)?")
_AT = re.compile(r"(.*) - at `\$\.?(.*)`")
_KINDS: dict[object, type[Fact]] = {kind.__struct_config__.tag: kind for kind in AnyFact.__args__}
_CITY = re.compile(r"[0-9]{6}")


def read_fact(told: object, city: str = "") -> Fact:
    """A fact from a decoded JSON object; InputRefused with an `input` code of facts v1 otherwise.

    `city` is the default of the file or request. `recorded` defaults to 0 (stamped at the door).
    """
    if not isinstance(told, Mapping):
        raise InputRefused("wrong_type", "fact", "a fact is a JSON object")
    kind = told.get("fact")
    if kind is None:
        raise InputRefused("field_missing", "fact", "name the kind of fact in the field `fact`")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InputRefused("unknown_fact", str(kind), f"`{kind}` is not a kind of facts v1")
    if told.get("void") is True:
        return _withdrawal(told, str(kind), city)
    if "void" in told:
        raise InputRefused("value_not_allowed", "void", "`void` is true or left out")
    fact: Fact = converted(told, _KINDS[kind], str(kind))
    _check_requirements(told, str(kind))
    return _at(fact, told, city)


def converted(told: Mapping[str, Any], kind: Any, subject: str) -> Any:
    """A struct from plain JSON values; InputRefused names the field and what was expected."""
    try:
        return msgspec.convert(told, kind, dec_hook=decode_hook)
    except msgspec.ValidationError as error:
        raise refusal(str(error), subject) from None


def decode_hook(kind: type, value: object) -> object:
    """Our own value types, each read from JSON text only (a JSON number is never money)."""
    if kind is object:
        return value  # the inside of announced terms: read by the rules that use it
    if kind is Months and isinstance(value, (list, tuple)):
        return Months.parse([_text(each) for each in value])
    text = _text(value)
    return _month(text) if kind is Month else kind.parse(text)  # type: ignore[attr-defined]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected text, got {type(value).__name__}")
    return value


@lru_cache(maxsize=4096)
def _month(text: str) -> Month:
    return Month.parse(text)


def encode_hook(value: object) -> object:
    """The same value types written back as the contract writes them."""
    if isinstance(value, SignedFen):
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"
    if isinstance(value, Months):
        return value.texts()
    if isinstance(value, (Month, Moment)):
        return str(value)
    return format(value, "f")


def refusal(error: str, subject: str) -> InputRefused:
    """A validation error of the decoder as a refusal with the contract's code."""
    if found := _UNKNOWN.match(error):
        name = _path(found[2], found[1])
        return InputRefused("unknown_field", name, f"{subject} has no field `{name}`; remove it")
    if found := _MISSING.match(error):
        name = _path(found[2], found[1])
        return InputRefused("field_missing", name, f"{subject} needs the field `{name}`")
    found = _AT.match(error)
    what, name = (found[1], found[2]) if found else (error, subject)
    outside = (
        "Invalid enum value",
        "Expected `int` >=",
        "Expected `int` <=",
        "expected a decimal from 0 to 1",
    )
    code = "value_not_allowed" if what.startswith(outside) else "wrong_type"
    return InputRefused(code, name or subject, f"{subject}, field `{name}`: {what}")


def _path(where: str | None, name: str) -> str:
    return f"{where.strip('.')}.{name}" if where and where.strip(".") else name


def _withdrawal(told: Mapping[str, Any], kind: str, city: str) -> Fact:
    unknown = [name for name in told if name not in ENVELOPE]
    if unknown:
        raise InputRefused("unknown_field", unknown[0], "with `void` only the envelope is given")
    if "corrects" not in told:
        raise InputRefused(
            "field_missing", "corrects", "`void` needs `corrects`, the id of the fact withdrawn"
        )
    envelope = {name: value for name, value in told.items() if name not in ("fact", "void")}
    envelope.setdefault("on", str(told.get("recorded", ""))[:10] or None)
    if envelope["on"] is None:
        raise InputRefused("field_missing", "on", "give the day of the withdrawal in `on`")
    fact: Fact = converted({**envelope, "withdraws": kind}, Withdrawal, kind)
    return _at(fact, told, city)


def _check_requirements(told: Mapping[str, Any], kind: str) -> None:
    for requirement in REQUIREMENTS.get(kind, ()):
        if name := requirement.missing_in(told):
            raise InputRefused("field_missing", name, f"{kind}: {requirement.says}")
        if name := requirement.excess_in(told):
            raise InputRefused("value_not_allowed", name, f"{kind}: {requirement.says}")


def _at(fact: Fact, told: Mapping[str, Any], city: str) -> Fact:
    place = fact.city or city
    if not _CITY.fullmatch(place):
        name = "city"
        code = "wrong_type" if place else "field_missing"
        raise InputRefused(code, name, "give the six-digit code of the pooling area in `city`")
    if fact.recorded and fact.recorded.day < fact.on and fact.recorded.day.year < 1949:
        raise InputRefused("value_not_allowed", "recorded", "`recorded` lies before the ledger's time")
    if "id" in told and not 1 <= len(fact.id) <= 128:
        raise InputRefused("wrong_type", "id", "an id has 1 to 128 characters")
    return fact if fact.city else msgspec.structs.replace(fact, city=place)
