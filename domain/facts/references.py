"""Which subjects a fact speaks of: the keys under which it is found again."""

from typing import Any

from msgspec.structs import fields

from domain.facts.envelope import Fact

_ONE = {
    "person": "person",
    "relative": "person",
    "insured_through": "person",
    "account_holder": "person",
    "payer": "person",
    "beneficiary": "person",
    "employer": "employer",
    "previous_employer": "employer",
    "successor": "employer",
    "household": "household",
    "from_household": "household",
    "to_household": "household",
    "provider": "provider",
    "from_provider": "provider",
    "to_provider": "provider",
    "claim": "claim",
    "stay": "claim",
    "continues": "claim",
}
_MANY = {"persons": "person", "members": "person", "claims": "claim", "bases": "person"}
_TEXT = {"fund_income_received": ("payer",)}
"""Fields that only say who it was, in words: no subject of the ledger."""
_OWNERS = ("person", "employer", "household", "provider")
_plans: dict[type, tuple[tuple[str, str, str], ...]] = {}


def references(fact: Fact) -> tuple[str, ...]:
    """Keys such as `person:P1`, `employer:E1`, `claim:c1`, and `kind:<kind>` for facts about nobody in particular."""
    found: dict[str, None] = {}
    for name, subject, how in _plan(type(fact)):
        _collect(found, getattr(fact, name), subject, how)
    if not any(key.split(":", 1)[0] in _OWNERS for key in found):
        found[f"kind:{fact.fact_kind}"] = None
    return tuple(found)


KIND = "|"
"""What stands between a subject and a kind in a key."""


def of_kind(key: str, kind: type[Fact]) -> str:
    """The key of facts of one kind about a subject: whoever read only these is not concerned by others."""
    return f"{key}{KIND}{kind.__struct_config__.tag}"


def concerning(fact: Fact) -> tuple[str, ...]:
    """Every key under which somebody may have looked and must look again because of this fact."""
    keys = references(fact)
    return (*keys, *(of_kind(key, type(fact)) for key in keys))


def _collect(found: dict[str, None], value: Any, subject: str, how: str) -> None:
    if value is None:
        return
    if how == "one":
        found[f"{subject}:{value}"] = None
    elif how == "many":
        found.update({f"{subject}:{each}": None for each in value})
    else:
        found.update({f"person:{each.person}": None for each in value})


def _plan(kind: type[Fact]) -> tuple[tuple[str, str, str], ...]:
    if kind not in _plans:
        text = _TEXT.get(str(kind.__struct_config__.tag), ())
        plan = [(f.name, _ONE[f.name], "one") for f in fields(kind) if f.name in _ONE and f.name not in text]
        plan += [(f.name, _MANY[f.name], "many") for f in fields(kind) if f.name in _MANY]
        plan += [(f.name, "person", "retirees") for f in fields(kind) if f.name == "retirees"]
        _plans[kind] = tuple(plan)
    return _plans[kind]
