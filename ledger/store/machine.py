"""What the store needs of a database. SQLite and PostgreSQL each provide it with the library's recorder."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, Protocol

from eventsourcing.persistence import StoredEvent, Tracking

from domain.values.calendar import Moment
from ledger.store.chain import GENESIS, chained
from ledger.store.rows import Head, Row

Dialect = Literal["sqlite", "postgresql"]
CITY_END = (
    "INSERT INTO city_head (city, recorded_at) VALUES (?, ?)"
    " ON CONFLICT (city) DO UPDATE SET recorded_at = excluded.recorded_at"
)
HEAD = "SELECT position, recorded_at, hash FROM log_head"
LIBRARY = "library"


class Cursor(Protocol):
    """What the cursors of sqlite3 and psycopg have in common; rows come as plain tuples."""

    def execute(self, query: str, params: Sequence[Any] = (), /) -> Any:
        """Run one statement."""

    def executemany(self, query: str, params: Any, /) -> Any:
        """Run one statement for each set of parameters."""

    def fetchall(self) -> list[Any]:
        """Every row of the result."""

    def fetchone(self) -> Any:
        """The next row of the result."""


class Writing(NamedTuple):
    """An open transaction that holds the write lock."""

    connection: Any
    cursor: Any
    head: Head


class Batch(NamedTuple):
    """What one flush writes: rows, the indexes that lead to them, and where each city's history ends."""

    rows: list[Row]
    references: list[tuple[str, str, str, int]]
    dependencies: list[tuple[str, str, str]]
    ends: dict[str, int]


class Machine(Protocol):
    """One database, through the library's recorder for it."""

    dialect: Dialect
    select_columns: str

    def writing(self) -> AbstractContextManager[Writing]:
        """A transaction that holds the write lock from its start; commits at the end of the block."""

    def reading(self) -> AbstractContextManager[Any]:
        """A cursor for reading."""

    def cursor(self, connection: Any) -> Any:
        """Another cursor with plain tuples on a connection."""

    def write(self, writing: Writing, batch: Batch, head: Head) -> None:
        """Insert a batch and note the new end of the log."""

    def track(self, writing: Writing, tracking: Tracking) -> None:
        """Note the position of a projection."""

    def max_tracking_id(self, application_name: str) -> int | None:
        """The noted position of a projection."""

    def versions(self, cursor: Any, streams: list[str]) -> dict[str, int]:
        """The last version of each of these streams that has one."""

    def sql(self, text: str) -> str:
        """A statement with `?` in the database's own style."""

    def await_word(self, seconds: float, position: int) -> None:
        """Sleep until somebody may have written up to a position, at most so long."""

    def refresh(self) -> None:
        """Replace connections that the server has dropped."""

    def close(self) -> None:
        """Let go of every connection."""


def plain_rows(events: Sequence[StoredEvent], head: Head, now: Moment) -> Iterator[Row]:
    """Rows for events that come through the library's own door, `insert_events`."""
    previous = head.hash or GENESIS
    ingested = int(now)
    moment = max(ingested, head.recorded_at)
    for position, event in enumerate(events, head.position + 1):
        stream = str(event.originator_id)
        bare = Row(
            position,
            stream,
            event.originator_version,
            event.topic,
            event.state,
            moment,
            ingested,
            LIBRARY,
            stream.partition("/")[0] if "/" in stream else "",
            None,
            None,
            None,
            b"",
        )
        row = chained(previous, bare)
        previous = row.hash
        yield row


def end_of(rows: Sequence[Row], head: Head) -> Head:
    """The end of the log after these rows."""
    return Head(rows[-1].position, rows[-1].recorded_at, rows[-1].hash) if rows else head
