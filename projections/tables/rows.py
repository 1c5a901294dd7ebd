"""One definition of every read model: from a recorded event to the rows it adds and the rows it ends.

The live tables apply this event by event inside the transaction that records it; the rebuild applies it to
the whole log; nothing else writes a table.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from domain.events import consequences as c
from domain.events.recorded import Advanced, AnyConsequenceEvent, Determined, Posted
from domain.facts.reading import encode_hook
from domain.values.calendar import Moment
from projections.tables.schema import OPEN

_encoder = msgspec.json.Encoder(enc_hook=encode_hook)
Row = dict[str, Any]


class Place(Struct, frozen=True):
    """Where an event stands in the log."""

    city: str
    position: int
    recorded: Moment


class Add(Struct, frozen=True):
    """A row comes into a table."""

    table: str
    row: Row


class End(Struct, frozen=True):
    """The row that holds under a key is known no longer than this."""

    table: str
    city: str
    subject: str
    key: str
    position: int
    known_to: int


class Pay(Struct, frozen=True):
    """An account changes by an amount."""

    city: str
    account: str
    fen: int


Operation = Add | End | Pay


def operations(event: AnyConsequenceEvent, place: Place) -> Iterator[Operation]:
    """What an event does to the tables, in order."""
    if isinstance(event, Advanced):
        return
    if isinstance(event, Posted):
        yield from _journal(event, place)
        return
    key = event.record.key if isinstance(event, Determined) else event.key
    kind = key.partition("/")[0]
    if not isinstance(event, Determined) or event.replaces:
        yield End(kind, place.city, event.subject, key, place.position, int(place.recorded))
    if isinstance(event, Determined):
        yield Add(kind, _record_row(event, place, key))


def _journal(event: Posted, place: Place) -> Iterator[Operation]:
    effective = event.on.isoformat()
    yield Add(
        "posting",
        {
            "city": place.city,
            "subject": event.subject,
            "position": place.position,
            "recorded": int(place.recorded),
            "effective": effective,
            "event": _encoder.encode(event).decode(),
        },
    )
    for number, line in enumerate(event.postings):
        row = {
            "city": place.city,
            "account": line.account,
            "effective": effective,
            "position": place.position,
            "line": number,
            "subject": event.subject,
            "key": event.key,
            "recorded": int(place.recorded),
            "fen": line.fen,
            "use": line.use,
        }
        yield Add("journal", row)
        yield Pay(place.city, line.account, line.fen)


def _record_row(event: Determined, place: Place, key: str) -> Row:
    record = event.record
    row: Row = {
        "city": place.city,
        "subject": event.subject,
        "key": key,
        "known_position": place.position,
        "known_from": int(place.recorded),
        "known_to": OPEN,
        "effective_from": None,
        "effective_to": None,
        "cause": event.cause,
        "record": _encoder.encode(record).decode(),
    }
    row.update(_COLUMNS[type(record)](record))
    return row


def _days(record: Any) -> Row:
    return {
        "effective_from": record.from_.isoformat(),
        "effective_to": None if record.to is None else record.to.isoformat(),
    }


def _named(record: Any, *names: str) -> Row:
    return {name: getattr(record, name) for name in names}


def _period(record: c.BenefitPeriod) -> Row:
    return {**_days(record), **_named(record, "scheme", "status", "reason", "capacity", "mode", "tier")}


def _months(record: c.CountedMonths) -> Row:
    month = None if record.month is None else str(record.month)
    return {**_days(record), **_named(record, "scheme", "counted_as", "count"), "month": month}


def _claim(record: c.Settlement) -> Row:
    answer = record.answer
    return {
        **_named(record, "claim", "person"),
        "effective_from": record.on.isoformat(),
        "outcome": answer.outcome if answer else None,
        "reason": answer.reason if answer else record.problem and record.problem.code,
        "total": answer.total if answer else None,
        "pooled": answer.pooled if answer else None,
        "member": answer.member if answer else None,
    }


def _year(record: c.YearTotal) -> Row:
    answer = record.answer
    return {
        **_named(record, "person", "scheme", "year"),
        "pooled": answer.pooled if answer else None,
        "cap_left": answer.cap_left if answer else None,
        "burden": answer.burden if answer else None,
    }


def _standing(record: c.AccountStanding) -> Row:
    return {**_days(record), "account": record.account, "blocked": int(record.blocked)}


def _layer(record: c.LayerCover) -> Row:
    return {**_days(record), **_named(record, "person", "layer", "status")}


def _allowance(record: c.AllowanceGranted) -> Row:
    answer = record.answer
    return {
        "person": record.person,
        "effective_from": record.on.isoformat(),
        "outcome": answer.outcome if answer else None,
        "total": answer.total if answer else None,
    }


def _decision(record: c.FactDecided) -> Row:
    answer = record.answer
    return {
        **_named(record, "fact", "person"),
        "outcome": answer.outcome if answer else None,
        "reason": answer.reason if answer else None,
    }


def _waiting(record: c.Entry) -> Row:
    return {"effective_from": record.on.isoformat(), "waiting_for": record.waiting_for}


def _stalled(record: c.Stalled) -> Row:
    return {"waiting_for": record.problem.name}


_COLUMNS: dict[type, Callable[[Any], Row]] = {
    c.BenefitPeriod: _period,
    c.CountedMonths: _months,
    c.Settlement: _claim,
    c.YearTotal: _year,
    c.AccountStanding: _standing,
    c.LayerCover: _layer,
    c.AllowanceGranted: _allowance,
    c.FactDecided: _decision,
    c.Entry: _waiting,
    c.Stalled: _stalled,
}
