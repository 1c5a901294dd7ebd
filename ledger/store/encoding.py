"""Events to JSON that an auditor can read, and back.

A fact is stored in the form of facts v1, without `recorded`: that is the column `recorded_at`, stamped
under the write lock, and there must not be two of it. Consequences: integer fen, ISO dates.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import force_setattr, replace

from domain.events.recorded import AnyConsequenceEvent, Determined, Posted
from domain.facts import AnyFact, Fact, ParameterAnnounced, Withdrawal
from domain.facts.reading import decode_hook, encode_hook
from domain.facts.references import references
from domain.values.calendar import Moment, Months
from ledger.store.errors import DatabaseDamaged, DatabaseVersion
from ledger.store.rows import Recordable

_OWNERS = ("person", "employer", "household", "provider")
_UNSTAMPED: Moment = next(f.default for f in msgspec.structs.fields(Fact) if f.name == "recorded")
_encode = msgspec.json.Encoder(enc_hook=encode_hook).encode
_DAMAGE = (
    msgspec.DecodeError,
    UnicodeDecodeError,
    AssertionError,
)  # postings that do not balance are damage too
_parse = lru_cache(maxsize=1 << 17)(decode_hook)


class Encoded(NamedTuple):
    """An event as columns."""

    subject: str
    topic: str
    state: bytes
    effective_on: str | None
    fact_id: str | None
    cause: str | None


def encode(event: Recordable) -> Encoded:
    """The columns of an event."""
    name = str(event.__struct_config__.tag)
    if isinstance(event, Fact):
        return Encoded(home(event), name, _fact_state(event), event.on.isoformat(), event.id, None)
    return Encoded(event.subject, name, _encode(event), _effective_on(event), None, event.cause)


def decode(topic: str, state: bytes, recorded: Moment) -> Recordable:
    """The event of a row; a fact gets the time at which it was recorded."""
    try:
        event: Recordable = _DECODERS[topic](state)
    except KeyError:
        said = f"no event is called `{topic}`"
        raise DatabaseVersion(said, "use the newer yibao-ledger that wrote it") from None
    except _DAMAGE as error:
        raise DatabaseDamaged(f"an event `{topic}` cannot be read ({error})") from error
    if topic not in _CONSEQUENCES:
        force_setattr(event, "recorded", recorded)
    return event


Told = tuple[int, str, int, Recordable]
"""Position, city, recorded (`Moment` as a number), event."""


def told(rows: Iterable[tuple[int, str, int, str, bytes]]) -> Iterator[Told]:
    """Events of many rows (position, city, recorded, topic, state): the shortest way from bytes to structs."""
    decoders, consequences = _DECODERS, _CONSEQUENCES  # names of the function: looked up for every event
    for position, city, recorded, topic, state in rows:
        try:
            event = decoders[topic](state)
        except (KeyError, *_DAMAGE):
            event = decode(topic, state, Moment(recorded))  # says what is wrong
        if topic not in consequences:
            force_setattr(event, "recorded", Moment(recorded))
        yield position, city, recorded, event


def bare(rows: Iterable[tuple[str, bytes, int]]) -> Iterator[Recordable]:
    """Events of many rows (topic, state, recorded), and nothing of what stands around them."""
    decoders, consequences = _DECODERS, _CONSEQUENCES
    for topic, state, recorded in rows:
        try:
            event = decoders[topic](state)
        except (KeyError, *_DAMAGE):
            event = decode(topic, state, Moment(recorded))  # says what is wrong
        if topic not in consequences:
            force_setattr(event, "recorded", Moment(recorded))
        yield event


def home(fact: Fact) -> str:
    """The subject in whose stream a fact is stored: the first it speaks of."""
    for key in references(fact):
        if key.split(":", 1)[0] in _OWNERS:
            return key
    return "announcements" if isinstance(fact, ParameterAnnounced) else "fund:city"


def _fact_state(fact: Fact) -> bytes:
    bare = replace(fact, recorded=_UNSTAMPED)
    if isinstance(fact, Withdrawal):
        told = msgspec.to_builtins(bare, enc_hook=encode_hook)
        kind = told.pop("withdraws")
        return _encode({**told, "fact": kind, "void": True})
    return _encode(bare)


def _effective_on(event: AnyConsequenceEvent) -> str | None:
    of = event if isinstance(event, Posted) else event.record if isinstance(event, Determined) else None
    on = getattr(of, "on", None) or getattr(of, "from_", None) or getattr(event, "to", None)
    return on.isoformat() if on is not None else None


def _hook(kind: type, value: Any) -> object:
    return decode_hook(kind, value) if kind is Months else _parse(kind, value)


def _withdrawal(state: bytes) -> Recordable:
    told = msgspec.json.decode(state)
    told.pop("void")
    told["withdraws"] = told["fact"]
    told["fact"] = "withdrawal"
    return msgspec.convert(told, Withdrawal, dec_hook=_hook)


def _decoders() -> dict[str, Callable[[bytes], Recordable]]:
    # Consequences hold no lists of months: their values are looked up without a function of ours in between.
    hooks: dict[Any, Callable[[type, Any], Any]] = {
        **dict.fromkeys(AnyFact.__args__, _hook),
        **dict.fromkeys(AnyConsequenceEvent.__args__, _parse),
    }
    found: dict[str, Callable[[bytes], Recordable]] = {
        str(kind.__struct_config__.tag): msgspec.json.Decoder(kind, dec_hook=hook).decode
        for kind, hook in hooks.items()
    }
    return found | {"withdrawal": _withdrawal}


_CONSEQUENCES = frozenset(str(kind.__struct_config__.tag) for kind in AnyConsequenceEvent.__args__)
_DECODERS = _decoders()
