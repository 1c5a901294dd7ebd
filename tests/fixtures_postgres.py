"""Fixtures for tests that need a real PostgreSQL; loaded by conftest.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.PostgresServer]:
    """A running server; each xdist worker has its own."""
    with postgres.postgres_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.PostgresServer) -> Iterator[str]:
    """The URL of an empty database that only this test uses."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(scope="session")
def passing_postgres(postgres_server: postgres.PostgresServer) -> Iterator[str]:
    """The URL of a database in which tests make ledgers that pass, one after the other."""
    with postgres_server.database() as url:
        yield url
