"""Whoever comes after the store was closed is refused, and leaves nothing open behind him."""

import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from ledger.clock import FixedClock
from ledger.handle import Ledger
from ledger.service.desk import Desk
from ledger.store import DatabaseProblem, DatabaseUnreachable, Store, open_store, postgres
from tests.postgres import PostgresServer


def pools() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("pool-")}


def open_files(place: str) -> int:
    """How often this process has the file of a ledger open."""
    return sum(link.resolve() == Path(place) for link in Path("/proc/self/fd").glob("*"))


@pytest.mark.parametrize("used", [False, True])
def test_a_reader_who_comes_too_late(open_again: Callable[[], Store], used: bool) -> None:
    before = pools()
    store = open_again()
    if used:
        assert store.last_position() == 0
    store.close()
    with pytest.raises(DatabaseProblem) as refusal:
        store.last_position()
    assert refusal.value.code == "database_unreachable"
    assert pools() == before


@pytest.mark.parametrize("start", [Ledger.open, Desk.open])
def test_a_ledger_whose_end_cannot_be_read_leaves_nothing_open(
    place: str, store: Store, start: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    before, files = pools(), open_files(place)

    def lost(opened: Store) -> int:
        assert opened.query("SELECT 1") == [(1,)]
        raise DatabaseUnreachable("the connection was lost on the way")

    monkeypatch.setattr(Store, "last_position", lost)
    with pytest.raises(DatabaseUnreachable) as refusal:
        start(place)
    assert (pools(), open_files(place)) == (before, files)
    assert refusal.value.code == "database_unreachable"  # whoever keeps the refusal keeps nothing else alive


def test_a_database_that_goes_away_while_it_is_opened(
    postgres_server: PostgresServer, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recorder is made, its pool is open, and the server cuts the line: nothing stays behind."""
    made = postgres.PostgresLedgerRecorder.__init__

    def cut(recorder: postgres.PostgresLedgerRecorder, *given: object) -> None:
        made(recorder, *given)  # type: ignore[arg-type]
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    with postgres_server.database() as place:
        open_store(place, clock=clock, migrate=True).close()
        before = pools()
        monkeypatch.setattr(postgres.PostgresLedgerRecorder, "__init__", cut)
        with pytest.raises(DatabaseProblem) as refusal:
            open_store(place, clock=clock)
        assert refusal.value.code == "database_unreachable"
        assert pools() == before
