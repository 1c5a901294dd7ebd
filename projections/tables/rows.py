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
Row = list[Any]
"""Values in the order of the table's columns."""
Columns = tuple[Any, ...]
"""The effective days of a record and its own columns, in the order of its table."""


class Place(Struct, frozen=True, gc=False):
    """Where an event stands in the log."""

    city: str
    position: int
    recorded: Moment


class Add(Struct, frozen=True, gc=False):
    """A row comes into a table."""

    table: str
    row: Row


class End(Struct, frozen=True, gc=False):
    """The row that holds under a key is known no longer than this."""

    table: str
    city: str
    subject: str
    key: str
    position: int
    known_to: int


Operation = Add | End


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
    city, position, recorded = place.city, place.position, int(place.recorded)
    subject, key = event.subject, event.key
    for number, line in enumerate(event.postings):
        account, fen = line.account, line.fen
        row: Row = [city, account, effective, position, number, subject, key, recorded, fen, line.use]
        yield Add("journal", row)


def _record_row(event: Determined, place: Place, key: str) -> Row:
    record = event.record
    known = (place.position, int(place.recorded), OPEN)
    told = _encoder.encode(record).decode()
    return [place.city, event.subject, key, *known, *_COLUMNS[type(record)](record), event.cause, told]


def _days(record: Any) -> tuple[str, str | None]:
    return record.from_.isoformat(), None if record.to is None else record.to.isoformat()


def _period(record: c.BenefitPeriod) -> Columns:
    return (
        *_days(record),
        record.scheme,
        record.status,
        record.reason,
        record.capacity,
        record.mode,
        record.tier,
    )


def _months(record: c.CountedMonths) -> Columns:
    month = None if record.month is None else str(record.month)
    return (*_days(record), record.scheme, month, record.counted_as, record.count)


def _claim(record: c.Settlement) -> Columns:
    on, answer = record.on.isoformat(), record.answer
    if answer is None:
        code = record.problem.code if record.problem else None
        return (on, None, record.claim, record.person, None, code, None, None, None)
    said = (answer.outcome, answer.reason, answer.total, answer.pooled, answer.member)
    return (on, None, record.claim, record.person, *said)


def _year(record: c.YearTotal) -> Columns:
    answer = record.answer
    said = (answer.pooled, answer.cap_left, answer.burden) if answer else (None, None, None)
    return (None, None, record.person, record.scheme, record.year, *said)


def _standing(record: c.AccountStanding) -> Columns:
    return (*_days(record), record.account, int(record.blocked))


def _layer(record: c.LayerCover) -> Columns:
    return (*_days(record), record.person, record.layer, record.status)


def _allowance(record: c.AllowanceGranted) -> Columns:
    answer = record.answer
    said = (answer.outcome, answer.total) if answer else (None, None)
    return (record.on.isoformat(), None, record.person, *said)


def _decision(record: c.FactDecided) -> Columns:
    answer = record.answer
    said = (answer.outcome, answer.reason) if answer else (None, None)
    return (None, None, record.fact, record.person, *said)


def _waiting(record: c.Entry) -> Columns:
    return (record.on.isoformat(), None, record.waiting_for)


def _stalled(record: c.Stalled) -> Columns:
    return (None, None, record.problem.name)


_COLUMNS: dict[type, Callable[[Any], Columns]] = {
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
