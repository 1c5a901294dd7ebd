"""JSON Lines: one fact a line."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from ledger.imports.sources import Line, Refused, shown


class Told(Struct, frozen=True):
    """One decoded line, as a fact with an id in any case, and what the file said."""

    line: int
    fact: Mapping[str, Any]
    raw: str


def facts(lines: Iterable[Line | Refused]) -> Iterator[Told | Refused]:
    """Every line decoded, with an id, or refused with a code that says how it is broken."""
    for line in lines:
        told = line if isinstance(line, Refused) else decoded(line)
        yield told if isinstance(told, Refused) else Told(told.line, with_id(dict(told.fact)), told.raw)


def decoded(line: Line) -> Told | Refused:
    """The object that a line holds as it is, or a refusal."""
    raw = shown(line.content)
    try:
        found = msgspec.json.decode(line.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        code, message = _what_is_broken(line, problem)
        return Refused(line=line.number, code=code, message=message, raw=raw)
    if not isinstance(found, dict):
        message = "a fact is a JSON object: one line begins with { and ends with }"
        return Refused(line=line.number, code="wrong_type", field="fact", message=message, raw=raw)
    return Told(line.number, found, raw)


def with_id(fact: dict[str, Any]) -> dict[str, Any]:
    """The fact with an id: its own, or one made from its content, so that the same line is the same fact."""
    if "id" in fact:
        return fact
    canonical = msgspec.json.encode(fact, order="deterministic")
    return {**fact, "id": f"line-{blake2b(canonical, digest_size=16).hexdigest()}"}


def _what_is_broken(line: Line, problem: Exception) -> tuple[str, str]:
    try:
        line.content.decode("utf-8")
    except UnicodeDecodeError as error:
        return "not_utf8", f"byte {error.start + 1} of the line is not UTF-8; convert the file to UTF-8"
    if not line.whole:
        return "truncated_line", "the file ends inside this line; get the whole file and import it again"
    if any(word in line.content for word in (b"NaN", b"Infinity")):
        return "wrong_type", 'NaN and Infinity are not JSON; write amounts as decimal text such as "12.50"'
    return "not_json", f"{problem}; write one JSON object a line"
