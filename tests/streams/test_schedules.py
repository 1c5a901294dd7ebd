"""No subscriber misses an event or has one twice, whatever happens: seeded bad days on both databases.

YIBAO_STREAM_SCHEDULES sets how many (200 here, 10,000 in the soak), YIBAO_STREAM_SEED where they begin.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from ledger.clock import SystemClock
from ledger.store import open_store
from tests.postgres import PostgresServer, with_database
from tests.streams.town import bad_day, deadly

SCHEDULES = int(os.environ.get("YIBAO_STREAM_SCHEDULES", "200"))
FIRST = int(os.environ.get("YIBAO_STREAM_SEED", "20260302"))
PORTIONS = 10
TAKEN = "CREATE TABLE taken (number {}, subscriber TEXT, position BIGINT)"


def portion(number: int, *, postgres: bool) -> list[int]:
    """Seeds of one portion, so that the work spreads over the cores; every third day is one on PostgreSQL."""
    seeds = [FIRST + day for day in range(SCHEDULES) if (day % 3 == 2) == postgres]
    return seeds[number::PORTIONS]


@pytest.fixture(autouse=True)
def _deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Subscribers may die between transactions too."""
    monkeypatch.setattr("ledger.streams.consuming.beside", deadly)


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger with the subscribers' table, to be copied."""
    path = tmp_path_factory.mktemp("streams") / "empty.db"
    with (
        open_store(path, clock=SystemClock(), migrate=True) as store,
        store.transaction() as writing,
    ):
        writing.cursor().execute(TAKEN.format("INTEGER PRIMARY KEY"))
    return path


@pytest.fixture(scope="module")
def template(postgres_server: PostgresServer) -> str:
    """The same as a database that others are made from."""
    url = postgres_server.fresh_database()
    open_store(url, clock=SystemClock(), migrate=True).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TAKEN.format("BIGINT GENERATED ALWAYS AS IDENTITY"))
        return connection.info.dbname


@pytest.mark.parametrize("number", range(PORTIONS))
def test_bad_days_on_sqlite(number: int, empty_file: Path, tmp_path: Path) -> None:
    for seed in portion(number, postgres=False):
        place = tmp_path / f"{seed}.db"
        shutil.copy(empty_file, place)
        found = bad_day(str(place), seed, lambda rng: None)
        assert not found, f"seed {seed}: {found}"


@pytest.mark.parametrize("number", range(PORTIONS))
def test_bad_days_on_postgresql(number: int, template: str, postgres_server: PostgresServer) -> None:
    for seed in portion(number, postgres=True):
        url = with_database(postgres_server.url, f"yibao_day_{seed}")
        with psycopg.connect(postgres_server.url, autocommit=True) as admin:
            admin.execute(f"create database yibao_day_{seed} template {template} strategy wal_log")
            try:
                found = bad_day(url, seed, cutting(admin, f"yibao_day_{seed}"))
            finally:
                postgres_server.drop_database(url)
        assert not found, f"seed {seed}: {found}"


def cutting(admin: psycopg.Connection, database: str) -> Callable[[random.Random], None]:
    """Cuts off some of those who are connected to a database."""

    def cut(rng: random.Random) -> None:
        found = admin.execute("select pid from pg_stat_activity where datname = %s order by pid", (database,))
        for (pid,) in found.fetchall():
            if rng.random() < 0.5:
                admin.execute("select pg_terminate_backend(%s)", (pid,))

    return cut
