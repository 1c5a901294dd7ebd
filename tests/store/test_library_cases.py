"""The library's own recorder test cases, run against our recorders on both databases."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock
from uuid import uuid4

import pytest
from eventsourcing.persistence import Tracking

from ledger.clock import SystemClock
from ledger.store import open_store
from tests.postgres import PostgresServer

# Their module imports a cipher whose package we do not have and whose cases we do not run.
sys.modules.setdefault("eventsourcing.cipher", Mock(AESCipher=None))
from eventsourcing.tests.persistence import (  # noqa: E402
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)

if TYPE_CHECKING:
    from unittest import TestCase

    Base = TestCase
else:
    Base = object


class OurRecorders(Base):
    """Gives each case of the library a recorder on a database that was migrated, never made by the recorder."""

    INITIAL_VERSION = 1
    place: str

    def new_originator_id(self) -> str:
        """Text ids: uuids cannot name a person."""
        return f"510500/person:{uuid4()}"

    def create_recorder(self) -> Any:
        """Another recorder on the same database."""
        store = open_store(self.place, clock=SystemClock(), migrate=True)
        self.addCleanup(store.close)
        return store.machine


class OnSQLite(OurRecorders):
    """In a file."""

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.place = str(tmp_path / "ledger.sqlite")


class OnPostgres(OurRecorders):
    """On a real server."""

    @pytest.fixture(autouse=True)
    def _place(self, postgres_server: PostgresServer) -> Iterator[None]:
        with postgres_server.database() as url:
            self.place = url
            yield


class TestApplicationOnSQLite(OnSQLite, ApplicationRecorderTestCase[Any]):
    """ApplicationRecorder on SQLite."""


class TestApplicationOnPostgres(OnPostgres, ApplicationRecorderTestCase[Any]):
    """ApplicationRecorder on PostgreSQL; also the library's subscription, which it does not have for SQLite."""

    def test_subscription(self) -> None:
        """The library runs this one where there are subscriptions."""
        self.optional_test_insert_subscribe()


class TestProcessOnSQLite(OnSQLite, ProcessRecorderTestCase):
    """ProcessRecorder on SQLite."""


class TestProcessOnPostgres(OnPostgres, ProcessRecorderTestCase):
    """ProcessRecorder on PostgreSQL."""


class TestTrackingOnSQLite(OnSQLite, TrackingRecorderTestCase):
    """TrackingRecorder on SQLite."""


class TestTrackingOnPostgres(OnPostgres, TrackingRecorderTestCase):
    """TrackingRecorder on PostgreSQL."""


class TestNonInterleavingOnSQLite(OnSQLite, NonInterleavingNotificationIDsBaseCase):
    """Positions of one append lie together, on SQLite."""


class TestNonInterleavingOnPostgres(OnPostgres, NonInterleavingNotificationIDsBaseCase):
    """Positions of one append lie together, on PostgreSQL."""


@pytest.mark.parametrize(("size", "width"), [(20_000, 600), (150, 200_000), (5, 6_000_000)])
def test_one_save_that_stalls_the_plain_library_passes(size: int, width: int, place: str) -> None:
    from eventsourcing.persistence import StoredEvent

    with open_store(place, clock=SystemClock(), migrate=True) as store:
        events = [StoredEvent("510500/person:P1", n, "t", b"x" * width) for n in range(1, size + 1)]
        recorder: Any = store.machine
        assert recorder.insert_events(events, tracking=Tracking("up", 1)) == list(range(1, size + 1))
        assert (store.last_position(), store.tracked("up")) == (size, 1)
