"""The names of the event types, and which rows of the log they are."""

from domain.errors import InputRefused
from domain.events.consequences import AnyConsequence
from domain.events.recorded import Advanced, Determined, Posted, Withdrawn
from domain.facts import AnyFact, Fact
from ledger.store import Recordable

PREFIX = "yibao."
SCHEMA = "urn:yibao:contract:1:"
"""`dataschema` of a type is this and the type's name without prefix."""
_KINDS: dict[str, str] = {
    "period": "benefit_period",
    "months": "counted_months",
    "entry": "entry",
    "standing": "account_standing",
    "claim": "settlement",
    "year": "year_total",
    "layer": "layer_cover",
    "allowance": "allowance",
    "decided": "fact_decided",
    "stalled": "stalled",
}
"""The first part of a record's key -> the stored name of its kind."""
FACTS: dict[str, type[Fact]] = {f"fact.{kind.__struct_config__.tag}": kind for kind in AnyFact.__args__}
RECORDS: dict[str, type] = {str(kind.__struct_config__.tag): kind for kind in AnyConsequence.__args__}
NAMES: tuple[str, ...] = (
    *FACTS,
    "fact.withdrawal",
    *(f"determined.{kind}" for kind in RECORDS),
    *(f"withdrawn.{kind}" for kind in RECORDS),
    "posted",
    "advanced",
)
"""Every type without its prefix."""


def type_of(event: Recordable) -> str:
    """The type of an event, without its prefix."""
    if isinstance(event, Fact):
        return f"fact.{event.__struct_config__.tag}"
    if isinstance(event, Determined):
        return f"determined.{event.record.__struct_config__.tag}"
    if isinstance(event, Withdrawn):
        return f"withdrawn.{_KINDS.get(event.key.partition('/')[0], 'entry')}"
    assert isinstance(event, (Posted, Advanced))
    return str(event.__struct_config__.tag)


def wanted_types(given: tuple[str, ...]) -> frozenset[str]:
    """Every type that is named or lies under a name; InputRefused for a name that has none."""
    found: set[str] = set()
    for name in given:
        bare = name.removeprefix(PREFIX).removesuffix(".*")
        mine = [each for each in NAMES if each == bare or each.startswith(f"{bare}.")]
        if not mine:
            raise InputRefused("value_not_allowed", "types", f"no event type `{name}`; see `yibao contract`")
        found.update(mine)
    return frozenset(found)


def topics_of(types: frozenset[str]) -> list[str]:
    """The stored names under which events of these types are found."""
    return sorted({name.removeprefix("fact.").partition(".")[0] for name in types})
