"""The library's SQLite recorder, with our columns, our chain, and the write lock taken before reading."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from eventsourcing.persistence import InterfaceError, Notification, StoredEvent, Tracking
from eventsourcing.sqlite import (
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteProcessRecorder,
    SQLiteTransaction,
)

from ledger.clock import Clock
from ledger.store.machine import CITY_END, HEAD, Batch, Dialect, Writing, end_of, plain_rows
from ledger.store.rows import COLUMNS, Head

LOCK_SECONDS = 30
_PRAGMAS = (
    "synchronous = FULL",
    "cache_size = -65536",
    "temp_store = MEMORY",
    "journal_size_limit = 67108864",
    "wal_autocheckpoint = 8192",  # pages: a bulk of rows is copied into the file once, not every few commits
)


class LedgerPool(SQLiteConnectionPool):
    """Connections to a ledger's file, or to one in memory. Never makes a file."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        try:
            for pragma in _PRAGMAS:
                connection._sqlite_conn.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            raise InterfaceError(error) from error
        return connection

    def close(self) -> None:
        """Wait for the threads that still read or write: closing under them would end the process."""
        with self._put_condition:
            if (
                self._closed
            ):  # a thread that came too late keeps its connection; nobody is to wait for it again
                return
            self._put_condition.wait_for(lambda: not self._in_use, timeout=self.pool_timeout)
            super().close()


class LedgerDatastore(SQLiteDatastore):
    """Text ids, one writer at a time, patient with other processes."""

    def __init__(self, uri: str, lock_seconds: int = LOCK_SECONDS) -> None:
        super().__init__(uri, originator_id_type="text")
        self.pool = LedgerPool(db_name=uri, lock_timeout=lock_seconds, pool_timeout=float(lock_seconds))


class SQLiteLedgerRecorder(SQLiteProcessRecorder):
    """`stored_events` with typed columns and a chain; positions without gaps, never used twice."""

    dialect: Dialect = "sqlite"
    select_columns = ", ".join(COLUMNS)

    def __init__(
        self, datastore: LedgerDatastore, clock: Clock, keeper: sqlite3.Connection | None = None
    ) -> None:
        super().__init__(datastore)
        self.clock = clock
        self._keeper = keeper
        # Writers wait here and not in the library's pool, where they would keep readers waiting behind them.
        self._turn = threading.Lock()
        self.insert_events_statement = (
            f"INSERT INTO stored_events ({self.select_columns}) VALUES ({','.join('?' * len(COLUMNS))})"
        )
        self.select_events_statement = (
            "SELECT originator_id, originator_version, topic, state FROM stored_events WHERE originator_id=? "
        )

    def create_table(self) -> None:
        """Tables are made by migrations, never by opening a recorder."""

    # The library's doors

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The library's door: same lock, same chain, no typed columns."""
        with self._turn, self.datastore.get_connection(commit=True) as connection:  # noqa: SIM117
            with _Immediate(connection, commit=True) as cursor:
                return self._insert_events(cursor, stored_events, **kwargs)

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        raw = c.sqlite_cursor
        head = self._head(raw)
        rows = list(plain_rows(stored_events, head, self.clock.read()))
        self.write(Writing(raw.connection, raw, head), Batch(rows, [], [], {}), end_of(rows, head))
        if tracking := kwargs.get("tracking"):
            self._insert_tracking(c, tracking)
        return [row.position for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """As the library's, which cannot read a table whose rowid has a name."""
        where, params = ["notification_id >= ?"], [start or 0 if inclusive_of_start else (start or 0) + 1]
        if stop is not None:
            where, params = [*where, "notification_id <= ?"], [*params, stop]
        if topics:
            where.append(f"topic IN ({','.join('?' * len(topics))})")
        statement = (
            "SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events"
            f" WHERE {' AND '.join(where)} ORDER BY notification_id LIMIT ?"
        )
        with self.reading() as cursor:
            cursor.execute(statement, (*params, *topics, limit))
            return [
                Notification(id=i, originator_id=o, originator_version=v, topic=t, state=s)
                for i, o, v, t, s in cursor.fetchall()
            ]

    # The store's doors (Machine)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Holds the write lock from the start, so that what is read inside is still true at the end."""
        with self._turn, self.datastore.get_connection(commit=True) as connection:
            raw = connection._sqlite_conn
            cursor = self.cursor(raw)
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield Writing(raw, cursor, self._head(cursor))
                cursor.execute("COMMIT")
            except BaseException:
                if raw.in_transaction:
                    raw.rollback()
                raise
            finally:
                cursor.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Cursor]:
        """A cursor with plain tuples."""
        with self.datastore.get_connection(commit=False) as connection:
            cursor = self.cursor(connection._sqlite_conn)
            try:
                yield cursor
            finally:
                cursor.close()

    def cursor(self, connection: sqlite3.Connection) -> sqlite3.Cursor:
        """A cursor with plain tuples."""
        cursor = connection.cursor()
        cursor.row_factory = None
        return cursor

    def write(self, writing: Writing, batch: Batch, head: Head) -> None:
        """Insert a batch and note the new end of the log."""
        cursor = writing.cursor
        if batch.rows:
            cursor.executemany(self.insert_events_statement, batch.rows)
            cursor.execute("UPDATE log_head SET position = ?, recorded_at = ?, hash = ?", head)
        if batch.ends:
            cursor.executemany(CITY_END, batch.ends.items())
        if batch.references:
            cursor.executemany("INSERT OR IGNORE INTO fact_reference VALUES (?, ?, ?, ?)", batch.references)
        if batch.dependencies:
            cursor.executemany(
                "INSERT OR IGNORE INTO subject_dependency VALUES (?, ?, ?)", batch.dependencies
            )

    def track(self, writing: Writing, tracking: Tracking) -> None:
        """Note the position of a projection; IntegrityError when it would not grow."""
        self._insert_tracking(SQLiteCursor(writing.cursor), tracking)

    def versions(self, cursor: sqlite3.Cursor, streams: list[str]) -> dict[str, int]:
        """The last version of each of these streams that has one."""
        found = {}
        for stream in streams:
            cursor.execute(
                "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?", (stream,)
            )
            (version,) = cursor.fetchone()
            if version is not None:
                found[stream] = version
        return found

    def sql(self, text: str) -> str:
        """Already in SQLite's style."""
        return text

    def await_word(self, seconds: float, position: int) -> None:
        """SQLite sends no word to other processes: look again soon."""
        time.sleep(min(seconds, 0.02))

    def refresh(self) -> None:
        """Files do not drop connections."""

    def close(self) -> None:
        """Let go of every connection; a ledger in memory is gone with them."""
        self.datastore.close()
        if self._keeper is not None:
            self._keeper.close()

    def _head(self, cursor: sqlite3.Cursor) -> Head:
        cursor.execute(HEAD)
        return Head(*cursor.fetchone())


class _Immediate(SQLiteTransaction):
    """The library's transaction, with the write lock from the start."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.sqlite_cursor.row_factory = None
        cursor.execute("BEGIN IMMEDIATE")
        return cursor
