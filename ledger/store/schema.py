"""Which database is ours, of which version, and how it is brought to the present one (Alembic, under a lock)."""

import sqlite3
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.store.errors import DatabaseForeign, DatabaseVersion

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

VERSION = "0005"
"""The version that this program reads and writes: the last migration."""
VERSION_TABLE = "yibao_schema"
_MIGRATION_LOCK = 0x7962616F
"""`ybao`: the advisory lock that migrations of one PostgreSQL database take turns on."""


def check_version(found: str | None, place: str) -> None:
    """Refuse anything but a ledger of the present version."""
    if found is None:
        raise DatabaseVersion(f"{place} holds no ledger yet", "run `yibao init` to make one")
    if found != VERSION:
        _refuse_newer(found, place)
        raise DatabaseVersion(f"{place} has version {found}, this program needs {VERSION}")


def sqlite_version(connection: sqlite3.Connection, place: str) -> str | None:
    """The version of a ledger, None for an empty database; DatabaseForeign for anything else."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    if VERSION_TABLE in tables:
        return _single(connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall(), place)
    if tables:
        raise DatabaseForeign(f"{place} holds other tables ({tables[0]})")
    return None


def postgres_version(connection: Any, place: str) -> str | None:
    """The same for PostgreSQL, in the schema where the connection would make tables."""
    found = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm')"
    ).fetchall()
    tables = [name for (name,) in found]
    if VERSION_TABLE in tables:
        return _single(connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall(), place)
    if tables:
        raise DatabaseForeign(f"{place} holds other tables ({tables[0]})")
    return None


def migrate_sqlite(connect: Callable[[], sqlite3.Connection], place: str) -> None:
    """Bring a file to the present version, all or nothing; two at once take turns."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    _upgrade(engine, lambda c: sqlite_version(c.connection.driver_connection, place), place)  # type: ignore[arg-type]


def migrate_postgres(connect: Callable[[], Any], place: str) -> None:
    """Bring a database to the present version, all or nothing; two at once take turns."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)

    def version(connection: "Connection") -> str | None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        return postgres_version(connection.connection.driver_connection, place)

    _upgrade(engine, version, place)


@lru_cache(maxsize=1)
def template() -> sqlite3.Connection:
    """An empty ledger in memory, made once: ledgers in memory are copies of it."""
    made = sqlite3.connect("file:yibao-template?mode=memory&cache=shared", uri=True, check_same_thread=False)
    migrate_sqlite(
        lambda: sqlite3.connect(
            "file:yibao-template?mode=memory&cache=shared", uri=True, isolation_level=None
        ),
        "memory",
    )
    return made


def _upgrade(engine: "Engine", version: Callable[["Connection"], str | None], place: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    with engine.connect() as connection, connection.begin():
        found = version(connection)
        if found == VERSION:
            return
        if found is not None:
            _refuse_newer(found, place)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _refuse_newer(found: str, place: str) -> None:
    if found > VERSION:
        what = f"{place} has version {found}, this program knows {VERSION}"
        raise DatabaseVersion(what, "use the newer yibao-ledger that made it")


def _single(rows: list[tuple[str]], place: str) -> str | None:
    if len(rows) != 1:
        raise DatabaseForeign(f"{place} does not name its version in {VERSION_TABLE}")
    return rows[0][0]
