"""A small ledger on each database, and facts whose story every test of the stream knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ledger
from ledger.clock import FixedClock
from ledger.handle import Ledger
from tests.postgres import PostgresServer

CITY = "510500"
MORNING = "2026-03-02T09:00:00+08:00"
DEMO = Path(ledger.__file__).parent / "demo" / "facts.jsonl"


def demo_facts() -> list[dict[str, Any]]:
    """An invented family: late payments, a hospital stay, corrections."""
    return [json.loads(line) for line in DEMO.read_text("utf-8").splitlines()]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new ledger in each kind of database."""
    if request.param == "sqlite":
        Ledger.open(str(tmp_path / "ledger.db"), migrate=True).close()
        yield str(tmp_path / "ledger.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url:
        Ledger.open(url, migrate=True).close()
        yield url


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
    for receipt in book.import_facts(enumerate(demo_facts(), 1), city=CITY):
        assert not hasattr(receipt, "code"), receipt
    return book
