"""The library's PostgreSQL recorder, with our columns and our chain. psycopg is imported here only."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any

import psycopg
from eventsourcing.persistence import OperationalError, PersistenceError, StoredEvent, Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresProcessRecorder
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row
from psycopg.sql import SQL

from ledger.clock import Clock
from ledger.store.machine import CITY_END, HEAD, Batch, Dialect, Writing, end_of, plain_rows
from ledger.store.rows import COLUMNS, Head, Row

LOCK_SECONDS = 30
PIPELINED_ROWS = 200
PIPELINED_INDEX_ROWS = 10_000
PIPELINED_BYTES = 1_000_000
"""More than this goes by COPY, outside the pipeline: a message of many megabytes can stall a pipeline for ever."""
CHANNEL = "stored_events"
_TYPES = [
    "bigint",
    "text",
    "bigint",
    "text",
    "bytea",
    "bigint",
    "bigint",
    "text",
    "text",
    "date",
    "text",
    "text",
    "bytea",
]
_BEGIN = (
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '{seconds}s'; "
    "SET LOCAL idle_in_transaction_session_timeout = '10min'; "
    f"LOCK TABLE log_head IN EXCLUSIVE MODE; {HEAD}"
)
_INSERT = (
    f"INSERT INTO stored_events ({', '.join(COLUMNS)}) SELECT * FROM unnest("
    + ", ".join(f"%s::{'text[]::date' if kind == 'date' else kind}[]" for kind in _TYPES)
    + ")"
)
_COPY = f"COPY stored_events ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_REFER = (
    "INSERT INTO fact_reference SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])"
    " ON CONFLICT DO NOTHING"
)
_DEPEND = "INSERT INTO subject_dependency SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING"
_VERSIONS = (
    "SELECT s, (SELECT originator_version FROM stored_events WHERE originator_id = s"
    " ORDER BY originator_version DESC LIMIT 1) FROM unnest(%s::text[]) s"
)


class LedgerDatastore(PostgresDatastore):
    """Text ids, one database, a small pool; every setting of the URL is kept."""

    def __init__(self, url: str, lock_seconds: int = LOCK_SECONDS) -> None:
        self._opening, self._let_go = threading.Lock(), False
        given = {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
        super().__init__(
            "", "", "", "", "", originator_id_type="text", lock_timeout=lock_seconds, max_overflow=9
        )
        kwargs = self.pool.kwargs
        assert isinstance(kwargs, dict)
        kept = {
            "row_factory": kwargs["row_factory"],
            "connect_timeout": 5,
            "application_name": "yibao-ledger",
        }
        kwargs.clear()
        kwargs.update(kept | given)
        self.pool.timeout = float(lock_seconds)

    @contextmanager
    def get_connection(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection of the pool. A thread that comes after `close` is refused, and opens nothing for nobody to close."""
        with self._opening:
            if self._let_go:
                raise OperationalError("the ledger has been closed")
            self.pool.open()
        with super().get_connection() as connection:
            yield connection

    def close(self) -> None:
        """Close the pool, for good, whether or not it has been used."""
        with self._opening:
            self._let_go = True
        super().close()


class PostgresLedgerRecorder(PostgresProcessRecorder):
    """`stored_events` with typed columns and a chain; positions without gaps, in commit order."""

    dialect: Dialect = "postgresql"
    select_columns = ", ".join("effective_on::text" if name == "effective_on" else name for name in COLUMNS)

    def __init__(self, datastore: LedgerDatastore, clock: Clock) -> None:
        super().__init__(datastore)
        self.clock = clock
        self.select_events_statement = SQL(
            "SELECT originator_id, originator_version, topic, state FROM stored_events WHERE originator_id = %s"
        ).format()
        self._begin = _BEGIN.format(seconds=datastore.lock_timeout)

    def create_table(self) -> None:
        """Tables are made by migrations, never by opening a recorder."""

    # The library's door

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The library's door: same lock, same chain, no typed columns, any size."""
        with self.writing() as writing:
            rows = list(plain_rows(stored_events, writing.head, self.clock.read()))
            if tracking := kwargs.get("tracking"):
                self.track(writing, tracking)
            self.write(writing, Batch(rows, [], [], {}), end_of(rows, writing.head))
        return [row.position for row in rows]

    # The store's doors (Machine)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Locks the table before anything is read: one round trip for begin, lock and end of the log."""
        with self._locked() as (connection, cursor):
            try:
                found = cursor.fetchone()
                assert found is not None
                position, recorded_at, hash_ = found
                yield Writing(connection, cursor, Head(position, recorded_at, bytes(hash_)))
                connection.execute("COMMIT")
            except BaseException:
                if not connection.closed:
                    connection.rollback()
                raise

    @contextmanager
    def _locked(self) -> Iterator[tuple[psycopg.Connection[Any], psycopg.Cursor[Any]]]:
        """A connection with the lock; another one when the server has dropped the first."""
        with ExitStack() as stack:
            for last in (False, True):
                connection = stack.enter_context(self.datastore.get_connection())
                cursor = connection.cursor(row_factory=tuple_row)
                try:
                    cursor.execute(self._begin)
                    break
                except psycopg.OperationalError:
                    if not connection.closed:
                        connection.rollback()
                    if last or not connection.broken:
                        raise
                    self.refresh()
            while cursor.nextset():
                pass
            yield connection, cursor

    @contextmanager
    def reading(self) -> Iterator[psycopg.Cursor[Any]]:
        """A cursor with plain tuples; asks twice when the server has dropped an idle connection."""
        with self.datastore.get_connection() as connection:
            yield self.cursor(connection)

    def cursor(self, connection: psycopg.Connection[Any]) -> psycopg.Cursor[Any]:
        """A cursor with plain tuples."""
        return connection.cursor(row_factory=tuple_row, binary=True)

    def write(self, writing: Writing, batch: Batch, head: Head) -> None:
        """Insert a batch and note the new end of the log; small ones in one round trip."""
        connection = writing.connection
        if _bulky(batch):
            self._copy(writing.cursor, batch.rows)
            self._follow(writing.cursor, batch, head)
        else:
            with connection.pipeline():
                if batch.rows:
                    writing.cursor.execute(
                        _INSERT, [list(column) for column in zip(*batch.rows, strict=True)]
                    )
                self._follow(writing.cursor, batch, head)

    def _follow(self, cursor: Any, batch: Batch, head: Head) -> None:
        """What follows the rows in the same transaction: the end of the log, word to listeners, indexes."""
        if batch.rows:
            cursor.execute("UPDATE log_head SET position = %s, recorded_at = %s, hash = %s", head)
            cursor.execute(f"NOTIFY {CHANNEL}")
        for end in batch.ends.items():
            cursor.execute(self.sql(CITY_END), end)
        if batch.references:
            cursor.execute(_REFER, [list(column) for column in zip(*batch.references, strict=True)])
        if batch.dependencies:
            cursor.execute(_DEPEND, [list(column) for column in zip(*batch.dependencies, strict=True)])

    def _copy(self, cursor: Any, rows: list[Row]) -> None:
        with cursor.copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for row in rows:
                copy.write_row((*row[:9], _day(row.effective_on), *row[10:]))

    def track(self, writing: Writing, tracking: Tracking) -> None:
        """Note the position of a projection; IntegrityError when it would not grow."""
        self._insert_tracking(writing.connection.cursor(), tracking)

    def versions(self, cursor: Any, streams: list[str]) -> dict[str, int]:
        """The last version of each of these streams that has one."""
        cursor.execute(_VERSIONS, (streams,))
        return {stream: version for stream, version in cursor.fetchall() if version is not None}

    def sql(self, text: str) -> str:
        """`?` in psycopg's style."""
        return text.replace("?", "%s")

    def await_word(self, seconds: float, position: int) -> None:
        """Listen for a while. A lost connection or word costs nothing: the caller looks again in any case."""
        try:
            with self.datastore.get_connection() as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                try:
                    if self._position(connection) >= position:
                        return
                    for _ in connection.notifies(timeout=min(seconds, 0.5), stop_after=1):
                        pass
                finally:
                    if not connection.closed:
                        connection.execute(f"UNLISTEN {CHANNEL}")
        except (psycopg.Error, PersistenceError):
            time.sleep(min(seconds, 0.1))

    def refresh(self) -> None:
        """Replace connections that the server has dropped, as after its restart."""
        self.datastore.pool.check()

    def close(self) -> None:
        """Let go of every connection."""
        self.datastore.close()

    def _position(self, connection: psycopg.Connection[Any]) -> int:
        found = self.cursor(connection).execute("SELECT position FROM log_head").fetchone()
        return found[0] if found else 0


def _bulky(batch: Batch) -> bool:
    return (
        len(batch.rows) > PIPELINED_ROWS
        or len(batch.references) + len(batch.dependencies) > PIPELINED_INDEX_ROWS
        or sum(len(row.state) for row in batch.rows) > PIPELINED_BYTES
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None
