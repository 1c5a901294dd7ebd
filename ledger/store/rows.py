"""What the store takes in and gives back: rows of the log, decoded events, receipts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from domain.events.recorded import AnyConsequenceEvent
from domain.facts import Fact
from domain.values.calendar import Moment

Recordable = Fact | AnyConsequenceEvent
"""What can be appended."""

COLUMNS = (
    "notification_id",
    "originator_id",
    "originator_version",
    "topic",
    "state",
    "recorded_at",
    "ingested_at",
    "recorded_by",
    "city",
    "effective_on",
    "fact_id",
    "cause",
    "hash",
)
"""Of the table `stored_events`: the library's own names first, then ours."""


class Row(NamedTuple):
    """One row of the log as it is stored, in the order of COLUMNS."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    recorded_at: int
    ingested_at: int
    recorded_by: str
    city: str
    effective_on: str | None
    fact_id: str | None
    cause: str | None
    hash: bytes


class Head(NamedTuple):
    """The end of the log: what the next row is chained to."""

    position: int
    recorded_at: int
    hash: bytes


class Recorded(Struct, frozen=True, gc=False):
    """One row of the log, decoded. `name` is the kind of a fact, or determined, withdrawn, posted."""

    position: int
    city: str
    subject: str
    version: int
    name: str
    recorded: Moment
    by: str
    cause: str | None
    event: Recordable


class Receipt(NamedTuple):
    """Where an append lies in the log (both ends included, no gaps between), and when it was recorded."""

    first: int
    last: int
    recorded: Moment


class Group(NamedTuple):
    """Events that are recorded together or not at all."""

    events: Sequence[Recordable]
    city: str
    expected: Mapping[str, int] = {}
    recorded: Moment | None = None


class Finding(NamedTuple):
    """What `verify` found wrong: altered, removed, inserted, reordered, or unindexed."""

    position: int
    what: str
    says: str
