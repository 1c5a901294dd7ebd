"""What a change of the contract takes from consumers. Adding is free; everything else needs a new contract version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def breaches(old: dict[str, Schema], new: dict[str, Schema]) -> Iterator[str]:
    """Between two contracts, type by type: whatever a consumer of the old one could stumble over."""
    for name, schema in old.items():
        if name not in new:
            yield f"{name}: the type is gone"
        else:
            yield from _of(name, schema, new[name], schema, new[name])


def _of(at: str, old: Schema, new: Schema, old_root: Schema, new_root: Schema) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    for word in ("type", "pattern", "format", "const"):
        if old.get(word) != new.get(word):
            yield f"{at}: {word} was {old.get(word)}, is {new.get(word)}"
    for value in old.get("enum", []):
        if value not in new.get("enum", []):
            yield f"{at}: the value {value} is gone"
    for name in old.get("required", []):
        if name not in new.get("required", []):
            yield f"{at}.{name}: was always there, now it may be missing"
    for name, schema in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{at}.{name}: the field is gone"
        else:
            yield from _of(f"{at}.{name}", schema, new["properties"][name], old_root, new_root)
    for word in ("items", "additionalProperties"):
        if isinstance(old.get(word), dict):
            yield from _of(f"{at}[]", old[word], new.get(word) or {}, old_root, new_root)
    if len(old.get("anyOf", [])) != len(new.get("anyOf", [])):
        yield f"{at}: other alternatives"
    for one, other in zip(old.get("anyOf", []), new.get("anyOf", []), strict=False):
        yield from _of(at, one, other, old_root, new_root)


def _resolved(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref", "")
    found: Schema = root["$defs"][reference.removeprefix("#/$defs/")] if reference else schema
    return found
