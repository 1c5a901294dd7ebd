"""Opening a store: what kind of place it is, whether it is ours, and of this version."""

import itertools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from ledger.clock import Clock
from ledger.store import schema
from ledger.store.errors import DatabaseUnreachable
from ledger.store.log import Store
from ledger.store.problems import understood

MEMORY = ":memory:"
_numbers = itertools.count(1)


def open_store(place: str | Path | None = None, *, clock: Clock, migrate: bool = False) -> Store:
    """Open a ledger: None or `:memory:`, a path, `sqlite:///path`, or `postgresql://...`.

    Opening changes nothing in the schema. With `migrate` a ledger is made where there is none, or brought
    to this version; without, anything else than a ledger of this version is refused (DatabaseProblem).
    """
    text = str(place) if place is not None else MEMORY
    if text in (MEMORY, "sqlite://", "sqlite:///:memory:"):
        return _in_memory(clock)
    if text.startswith(("postgresql://", "postgres://")):
        return _postgres(text, clock, migrate)
    return _file(Path(text.removeprefix("sqlite:///")), clock, migrate)


@contextmanager
def passing_store(place: str | None = None, *, clock: Clock) -> Iterator[Store]:
    """An empty ledger that is gone afterwards: in memory, or on PostgreSQL in a schema of its own."""
    if place is None or not place.startswith(("postgresql://", "postgres://")):
        with open_store(None, clock=clock) as store:
            yield store
        return
    from ledger.store.passing import emptied, spare_schema

    name = spare_schema(place)
    separator = "&" if "?" in place else "?"
    try:
        with open_store(
            f"{place}{separator}options=-csearch_path%3D{name}", clock=clock, migrate=True
        ) as store:
            yield store
    finally:
        emptied(place, name)


def _in_memory(clock: Clock) -> Store:
    from ledger.store.sqlite import LedgerDatastore, SQLiteLedgerRecorder

    uri = f"file:yibao-{os.getpid()}-{next(_numbers)}?mode=memory&cache=shared"
    keeper = sqlite3.connect(uri, uri=True, check_same_thread=False)
    schema.template().backup(keeper)
    return Store(SQLiteLedgerRecorder(LedgerDatastore(uri), clock, keeper), clock, MEMORY)


def _file(path: Path, clock: Clock, migrate: bool) -> Store:
    from ledger.store.sqlite import LedgerDatastore, SQLiteLedgerRecorder

    place, uri = str(path), f"file:{quote(str(path.absolute()))}?mode=rw"
    existed = path.exists()
    if path.is_dir() or not (existed or migrate):
        raise DatabaseUnreachable(f"{place}: there is no such file")
    with understood(place):
        if migrate:
            try:
                _migrate_file(uri, existed, place)
            except BaseException:
                if not existed and path.exists() and path.stat().st_size == 0:
                    path.unlink()
                raise
        else:
            with closing(sqlite3.connect(uri, uri=True, timeout=5)) as connection:
                schema.check_version(schema.sqlite_version(connection, place), place)
        return Store(SQLiteLedgerRecorder(LedgerDatastore(uri), clock), clock, place)


def _migrate_file(uri: str, existed: bool, place: str) -> None:
    connect = partial(
        sqlite3.connect, uri if existed else f"{uri}c", uri=True, isolation_level=None, timeout=30
    )
    with closing(connect()) as connection:
        found = schema.sqlite_version(connection, place)
    if found != schema.VERSION:
        schema.migrate_sqlite(connect, place)


def _postgres(url: str, clock: Clock, migrate: bool) -> Store:
    import psycopg

    from ledger.store.postgres import LedgerDatastore, PostgresLedgerRecorder

    connect = partial(psycopg.connect, url, connect_timeout=10)
    with understood("the database"), connect() as connection:
        info = connection.info
        place = f"{info.dbname} on {info.host}"
        found = schema.postgres_version(connection, place)
    with understood(place):
        if not migrate:
            schema.check_version(found, place)
        elif found != schema.VERSION:
            schema.migrate_postgres(connect, place)
        datastore = LedgerDatastore(url)
        try:
            return Store(PostgresLedgerRecorder(datastore, clock), clock, place)
        except BaseException:  # the recorder asks the database about types, and may find it gone
            datastore.close()  # left to the collector, the pool would be joined by one of its own threads
            raise
