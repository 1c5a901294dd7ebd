"""Opening: nothing is changed unasked, and what is not a ledger is refused with a code and a remedy."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from ledger.clock import FixedClock
from ledger.store import DatabaseProblem, Store, open_store
from ledger.store.schema import VERSION, VERSION_TABLE
from tests.postgres import PostgresServer, with_database
from tests.store.facts import CITY, CLERK, credited, registered


def refused(place: str, clock: FixedClock, *, migrate: bool = False) -> str:
    """The code with which opening is refused."""
    with pytest.raises(DatabaseProblem) as problem:
        open_store(place, clock=clock, migrate=migrate)
    assert len(problem.value.message) > 20
    return problem.value.code


def version_is(place: str, version: str) -> None:
    """Pretend that a ledger was made by another program."""
    statement = f"UPDATE {VERSION_TABLE} SET version_num = '{version}'"
    if place.startswith("postgresql"):
        with psycopg.connect(place) as server:
            server.execute(statement)
    else:
        with sqlite3.connect(place) as file:
            file.execute(statement)


def test_nothing_is_made_unless_asked(place: str, clock: FixedClock) -> None:
    assert refused(place, clock) in ("database_unreachable", "database_version")
    assert place.startswith("postgresql") or not Path(place).exists()


def test_a_ledger_is_made_once_and_made_again_without_effect(place: str, clock: FixedClock) -> None:
    with open_store(place, clock=clock, migrate=True) as store:
        store.append([registered("P1")], city=CITY, recorded_by=CLERK)
    with open_store(place, clock=clock, migrate=True) as store:
        assert store.last_position() == 1


def test_many_start_at_once_and_none_fails(place: str, clock: FixedClock) -> None:
    problems: list[BaseException] = []

    def start() -> None:
        try:
            open_store(place, clock=clock, migrate=True).close()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert open_store(place, clock=clock).last_position() == 0


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_another_version_is_refused(place: str, clock: FixedClock, version: str) -> None:
    open_store(place, clock=clock, migrate=True).close()
    version_is(place, version)
    assert refused(place, clock) == "database_version"
    if version > VERSION:
        assert refused(place, clock, migrate=True) == "database_version"


def test_an_older_ledger_is_brought_up_to_date_with_what_it_holds(place: str, clock: FixedClock) -> None:
    from ledger.store import schema

    present = schema.VERSION
    with open_store(place, clock=clock, migrate=True) as store:
        store.append([credited("P1", 1)], city=CITY, recorded_by=CLERK)
        tables = [f"DROP TABLE {name}" for (name,) in store.query(_made_later(store))]
        tables = ["DROP VIEW account_balance", *tables]
        with store.transaction() as writing:
            for statement in tables:
                writing.connection.execute(statement)
    version_is(place, "0001")
    assert refused(place, clock) == "database_version"
    with open_store(place, clock=clock, migrate=True) as store:
        assert list(store.verify()) == []
        assert store.query(f"SELECT version_num FROM {VERSION_TABLE}") == [(present,)]


def _made_later(store: Store) -> str:
    first = (
        "'stored_events','log_head','fact_reference','subject_dependency','tracking','notification_tracking'"
    )
    if store.dialect == "sqlite":
        return (
            "SELECT name FROM sqlite_master WHERE type='table'"
            f" AND name NOT IN ({first},'{VERSION_TABLE}') AND name NOT LIKE 'sqlite%'"
        )
    return f"SELECT tablename FROM pg_tables WHERE schemaname='public' AND tablename NOT IN ({first},'{VERSION_TABLE}')"


@pytest.mark.parametrize("migrate", [False, True])
def test_a_foreign_database_is_left_as_it_is(place: str, clock: FixedClock, migrate: bool) -> None:
    if place.startswith("postgresql"):
        with psycopg.connect(place) as server:
            server.execute("CREATE TABLE patients (id int)")
        assert refused(place, clock, migrate=migrate) == "database_foreign"
        return
    with sqlite3.connect(place) as file:
        file.execute("CREATE TABLE patients (id int)")
    before = Path(place).read_bytes()
    assert refused(place, clock, migrate=migrate) == "database_foreign"
    assert Path(place).read_bytes() == before
    assert [path.name for path in Path(place).parent.iterdir()] == ["ledger.sqlite"]


@pytest.mark.parametrize(
    "content", [b"id,name\n1,Wang\n" * 100, b"\x00" * 5000, b"SQLite format 3\x00" + b"x" * 900]
)
@pytest.mark.parametrize("migrate", [False, True])
def test_a_file_that_is_no_database_is_left_as_it_is(
    tmp_path: Path, clock: FixedClock, content: bytes, migrate: bool
) -> None:
    path = tmp_path / "facts.csv"
    path.write_bytes(content)
    assert refused(str(path), clock, migrate=migrate) in ("database_foreign", "database_damaged")
    assert path.read_bytes() == content


def test_an_empty_file_is_no_ledger_yet(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "empty.sqlite"
    path.touch()
    assert refused(str(path), clock) == "database_version"
    open_store(path, clock=clock, migrate=True).close()


def test_a_folder_or_a_missing_folder_is_refused(tmp_path: Path, clock: FixedClock) -> None:
    assert refused(str(tmp_path), clock, migrate=True) == "database_unreachable"
    assert refused(str(tmp_path / "nowhere" / "x.sqlite"), clock, migrate=True) == "database_unreachable"


def test_names_with_strange_characters_are_only_names(tmp_path: Path, clock: FixedClock) -> None:
    for name in ["a?mode=memory.sqlite", "100%.sqlite", "账本 2026.sqlite", "a#b.sqlite"]:
        with open_store(tmp_path / name, clock=clock, migrate=True) as store:
            store.append([registered("P1")], city=CITY, recorded_by=CLERK)
        assert (tmp_path / name).stat().st_size > 10_000
        with open_store(f"sqlite:///{tmp_path / name}", clock=clock) as store:
            assert store.last_position() == 1


def test_ledgers_in_memory_are_strangers_to_each_other(clock: FixedClock) -> None:
    with open_store(clock=clock) as one, open_store(":memory:", clock=clock) as other:
        one.append([registered("P1")], city=CITY, recorded_by=CLERK)
        assert (one.last_position(), other.last_position()) == (1, 0)
        with one.transaction() as writing:
            writing.append([registered("P2")], city=CITY, recorded_by=CLERK)
            assert one.last_position() == 2


def test_no_server_and_no_database_are_unreachable(
    postgres_server: PostgresServer, clock: FixedClock
) -> None:
    assert refused("postgresql://nobody@127.0.0.1:1/none", clock) == "database_unreachable"
    assert refused(with_database(postgres_server.url, "no_such"), clock) == "database_unreachable"


def test_importing_the_store_imports_no_driver_of_a_server() -> None:
    program = (
        "import sys, ledger.store\n"
        "heavy = {'psycopg', 'alembic', 'sqlalchemy', 'eventsourcing.postgres'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])


def test_migrations_make_the_tables_that_the_projections_expect(place: str, clock: FixedClock) -> None:
    """A read model that changes needs a migration: those released are frozen."""
    from sqlalchemy import create_engine, inspect

    from projections.tables.schema import METADATA

    open_store(place, clock=clock, migrate=True).close()
    url = place.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url if url != place else f"sqlite:///{place}")
    inspector = inspect(engine)
    for table in METADATA.sorted_tables:
        made = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert made == {column.name: column.nullable for column in table.columns}, table.name
        keys = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert keys == [column.name for column in table.primary_key], table.name
    engine.dispose()
