"""A small ledger on each database, and facts whose story every test of the stream knows."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

import ledger
from ledger.clock import FixedClock
from ledger.handle import Ledger
from tests.postgres import PostgresServer, with_database

CITY = "510500"
MORNING = "2026-03-02T09:00:00+08:00"
DEMO = Path(ledger.__file__).parent / "demo" / "facts.jsonl"


def demo_facts() -> list[dict[str, Any]]:
    """An invented family: late payments, a hospital stay, corrections."""
    return [json.loads(line) for line in DEMO.read_text("utf-8").splitlines()]


def fill(place: str) -> None:
    """The family's facts, into a ledger."""
    with Ledger.open(place, clock=FixedClock(MORNING)) as opened:
        for receipt in opened.import_facts(enumerate(demo_facts(), 1), city=CITY):
            assert not hasattr(receipt, "code"), receipt


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """An empty ledger and one with the family's facts, to be copied."""
    folder = tmp_path_factory.mktemp("streams")
    found = {filled: folder / f"{filled}.db" for filled in (False, True)}
    for path in found.values():
        Ledger.open(str(path), migrate=True).close()
    fill(str(found[True]))
    return found


@pytest.fixture(scope="session")
def databases(postgres_server: PostgresServer) -> dict[bool, str]:
    """The same two on PostgreSQL."""
    found = {filled: postgres_server.fresh_database() for filled in (False, True)}
    for url in found.values():
        Ledger.open(url, migrate=True).close()
    fill(found[True])
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new ledger in each kind of database; with the family's facts for tests that ask for `told`."""
    filled = "told" in request.fixturenames
    if request.param == "sqlite":
        yield shutil.copy(request.getfixturevalue("files")[filled], tmp_path / "ledger.db").as_posix()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    template = str(conninfo_to_dict(request.getfixturevalue("databases")[filled])["dbname"])
    name = f"yibao_stream_{secrets.token_hex(6)}"
    url = with_database(server.url, name)
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(f"create database {name} template {template}")
    try:
        yield url
    finally:
        server.drop_database(url)


@pytest.fixture
def clock() -> FixedClock:
    """Monday morning, until the test says otherwise."""
    return FixedClock(MORNING)


@pytest.fixture
def book(place: str, clock: FixedClock) -> Iterator[Ledger]:
    """The new ledger, open."""
    with Ledger.open(place, clock=clock) as opened:
        yield opened


@pytest.fixture
def told(book: Ledger) -> Ledger:
    """The ledger after the family's facts."""
    return book
