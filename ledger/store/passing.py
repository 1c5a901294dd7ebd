"""Schemas of PostgreSQL for ledgers that pass: made once in a process, emptied between uses, dropped at its end."""

import atexit
import itertools
import os
from contextlib import suppress

import psycopg

_numbers = itertools.count(1)
_spare: dict[str, list[str]] = {}
_made: list[tuple[str, str]] = []
_EMPTY = "DELETE FROM {schema}.{table}"
_HEAD = "UPDATE {schema}.log_head SET position = 0, recorded_at = 0, hash = decode(repeat('00', 32), 'hex')"


def spare_schema(place: str) -> str:
    """An empty schema of this process in a database."""
    spare = _spare.setdefault(place, [])
    if spare:
        return spare.pop()
    name = f"yibao_passing_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    if not _made:
        atexit.register(_drop)
    _made.append((place, name))
    return name


def emptied(place: str, schema: str) -> None:
    """Take everything out of a passing ledger, so that the next one can have its schema."""
    with psycopg.connect(place) as connection:
        found = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)
        ).fetchall()
        for (table,) in found:
            if table not in ("log_head", "yibao_schema"):
                connection.execute(_EMPTY.format(schema=schema, table=table))
        if found:
            connection.execute(_HEAD.format(schema=schema))
    _spare[place].append(schema)


def _drop() -> None:
    for place, schema in _made:
        # The server may be gone before us; then the schema is gone with it or swept by its owner.
        with (
            suppress(psycopg.Error),
            psycopg.connect(place, autocommit=True, connect_timeout=2) as connection,
        ):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
