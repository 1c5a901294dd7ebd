"""A fresh store on each database, and a few facts to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.clock import FixedClock
from ledger.store import Store, open_store
from tests.postgres import PostgresServer

MONDAY = "2026-03-02T09:00:00+08:00"


@pytest.fixture
def clock() -> FixedClock:
    """Monday morning, until the test says otherwise."""
    return FixedClock(MONDAY)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a ledger can be made: a file, or an empty PostgreSQL database."""
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.sqlite")
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.database() as url:
            yield url


@pytest.fixture
def open_again(place: str, clock: FixedClock) -> Iterator[Callable[[], Store]]:
    """Opens the ledger of `place` once more, as another process would."""
    stores: list[Store] = []

    def again() -> Store:
        stores.append(open_store(place, clock=clock))
        return stores[-1]

    open_store(place, clock=clock, migrate=True).close()
    yield again
    for store in stores:
        store.close()


@pytest.fixture
def store(open_again: Callable[[], Store]) -> Store:
    """An empty ledger."""
    return open_again()
