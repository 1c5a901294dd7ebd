"""Make the tables anew from the log, beside the live ones, and switch to them in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from domain.facts import Fact
from domain.values.calendar import Moment
from projections.tables.rows import Place, operations
from projections.tables.schema import RECORD_TABLES, account_balance, journal, projection_position
from projections.tables.statements import named
from projections.tables.writing import Batch, Cursor

TABLES = "tables"
"""Name under which the tables keep the position they have reached."""
BESIDE = "_next"
CHUNK = 10_000
ALL: tuple[Table, ...] = (*RECORD_TABLES, journal, projection_position)


class Log(Protocol):
    """The part of the store that a rebuild needs."""

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""

    def bulk(self, position: int = 0, limit: int | None = None) -> Iterator[Any]:
        """Position, city, recorded and event of rows after a position, in order."""

    def last_position(self) -> int:
        """Position of the last row."""

    def transaction(self) -> AbstractContextManager[Any]:
        """A transaction that holds the write lock."""


Batches = Callable[[int], Iterator[tuple[Batch, int]]]
"""Reads the log up to a position: batches in order, each with the position it reaches."""


def rebuilt(log: Log, batches: Batches, progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Fill new tables from the whole log and put them in the place of the old ones: rows by table.

    The log is read without the lock; what is recorded meanwhile is taken in under the lock at the end.
    """
    with log.transaction() as transaction:
        cursor = transaction.cursor()
        for statement in [*_drop(), *_create(log.dialect)]:
            cursor.execute(statement)
    reached = 0
    total = log.last_position()
    for batch, reached in batches(total):
        with log.transaction() as transaction:
            batch.flush(transaction.cursor(), TABLES, reached)
        if progress is not None:
            progress(reached, total)
    with log.transaction() as transaction:
        cursor = transaction.cursor()
        batch, reached = collected(log, reached, None)
        batch.flush(cursor, TABLES, reached)
        for statement in _switch(log.dialect):
            cursor.execute(statement)
        return {table.name: _count(cursor, table.name) for table in ALL}


def collected(log: Log, reached: int, limit: int | None) -> tuple[Batch, int]:
    """What rows of the log after a position bring to the tables, and the position reached."""
    batch = Batch(log.dialect, BESIDE)
    for position, city, recorded, event in log.bulk(reached, limit):
        reached = position
        if not isinstance(event, Fact):
            batch.take(operations(event, Place(city, position, Moment(recorded))))
    return batch, reached


def _drop() -> list[str]:
    return [f"DROP TABLE IF EXISTS {table.name}{BESIDE}" for table in ALL]


def _create(dialect: str) -> list[str]:
    spoken = _spoken(dialect)
    beside = [named(table, BESIDE) for table in ALL]
    return [str(CreateTable(table).compile(dialect=spoken)) for table in beside]


def _switch(dialect: str) -> list[str]:
    statements = ["DROP VIEW IF EXISTS account_balance"]
    for table in ALL:
        statements.append(f"DROP TABLE {table.name}")
        statements.append(f"ALTER TABLE {table.name}{BESIDE} RENAME TO {table.name}")
        if dialect == "postgresql":
            # The name of the key would stand in the way of the next rebuild.
            old, new = f"{table.name}{BESIDE}_pkey", f"{table.name}_pkey"
            statements.append(f"ALTER TABLE {table.name} RENAME CONSTRAINT {old} TO {new}")
    return [*statements, account_balance(dialect)]


def _spoken(dialect: str) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).dialect()


def _count(cursor: Cursor, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")
    return int(cursor.fetchall()[0][0])
