"""Held, full, read-only, cut off, killed: refused with a code, mended where it can be, and never half written."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from ledger.clock import FixedClock
from ledger.store import DatabaseProblem, Store, open_store
from ledger.store.sqlite import LedgerDatastore, SQLiteLedgerRecorder
from tests.store.facts import CITY, CLERK, credited, registered


def test_a_database_held_by_another_writer_is_locked(place: str, clock: FixedClock) -> None:
    open_store(place, clock=clock, migrate=True).close()
    if place.startswith("postgresql"):
        from ledger.store import postgres

        recorder = postgres.PostgresLedgerRecorder(postgres.LedgerDatastore(place, lock_seconds=1), clock)
        impatient = Store(recorder, clock, place)
    else:
        uri = f"file:{place}?mode=rw"
        impatient = Store(SQLiteLedgerRecorder(LedgerDatastore(uri, lock_seconds=1), clock), clock, place)
    with open_store(place, clock=clock) as holder, impatient:
        with holder.transaction() as writing:
            writing.append([registered("P1")], city=CITY, recorded_by=CLERK)
            assert impatient.last_position() == 0, "readers are not kept waiting"
            with pytest.raises(DatabaseProblem) as problem:
                impatient.append([registered("P2")], city=CITY, recorded_by=CLERK)
            assert problem.value.code == "database_locked"
        assert impatient.append([registered("P2")], city=CITY, recorded_by=CLERK).first == 2


def test_a_full_disk_leaves_a_whole_number_of_appends(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_store(path, clock=clock, migrate=True) as store:
        store.append([registered("P1")], city=CITY, recorded_by=CLERK)
        with store.machine.writing() as writing:
            pages = writing.connection.execute("PRAGMA page_count").fetchone()[0]
            writing.connection.execute(f"PRAGMA max_page_count = {pages + 4}")
        with pytest.raises(DatabaseProblem) as problem:
            store.append([credited("P1", 1)] * 2_000, city=CITY, recorded_by=CLERK)
        assert problem.value.code == "database_full"
        assert store.last_position() == 1
        assert list(store.verify()) == []
    with open_store(path, clock=clock) as store:
        assert store.append([credited("P1", 1)], city=CITY, recorded_by=CLERK).first == 2


def test_a_read_only_server_is_named(postgres_url: str, clock: FixedClock) -> None:
    open_store(postgres_url, clock=clock, migrate=True).close()
    separator = "&" if "?" in postgres_url else "?"
    read_only = f"{postgres_url}{separator}options=-cdefault_transaction_read_only%3Don"
    with open_store(read_only, clock=clock) as store, pytest.raises(DatabaseProblem) as problem:
        store.append([registered("P1")], city=CITY, recorded_by=CLERK)
    assert problem.value.code == "database_read_only"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
def test_a_read_only_file_can_be_read_and_says_so_when_written(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "ledger.sqlite"
    open_store(path, clock=clock, migrate=True).close()
    path.chmod(0o444)
    with open_store(path, clock=clock) as store, pytest.raises(DatabaseProblem) as problem:
        store.append([registered("P1")], city=CITY, recorded_by=CLERK)
    assert problem.value.code == "database_read_only"


def test_dropped_connections_are_replaced(postgres_url: str, clock: FixedClock) -> None:
    with open_store(postgres_url, clock=clock, migrate=True) as store:
        store.append([registered("P1")], city=CITY, recorded_by=CLERK)
        drop_all(postgres_url)
        assert store.last_position() == 1
        drop_all(postgres_url)
        assert store.append([registered("P2")], city=CITY, recorded_by=CLERK).first == 2


def test_a_killed_listener_loses_no_word(postgres_url: str, clock: FixedClock) -> None:
    with (
        open_store(postgres_url, clock=clock, migrate=True) as reader,
        open_store(postgres_url, clock=clock) as writer,
    ):
        waiting: list[int] = []
        thread = threading.Thread(target=lambda: waiting.append(reader.wait_for(1, timeout=20)))
        thread.start()
        for _ in range(3):
            drop_all(postgres_url, "LISTEN%")
            threading.Event().wait(0.1)
        writer.append([registered("P1")], city=CITY, recorded_by=CLERK)
        thread.join()
        assert waiting == [1]


def drop_all(url: str, like: str = "%") -> None:
    """The server ends connections of the ledger, as at a restart."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND query LIKE %s",
            (like,),
        )


def test_a_killed_process_leaves_a_whole_number_of_appends(
    place: str, store: Store, open_again: Callable[[], Store]
) -> None:
    program = (
        "import sys; from ledger.clock import SystemClock; from ledger.store import open_store\n"
        "from tests.store.facts import credited\n"
        "store = open_store(sys.argv[1], clock=SystemClock())\n"
        "while True: print(store.append([credited('P1', 1)] * 7, city='510500', recorded_by='x').last, flush=True)"
    )
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", program, place], stdout=subprocess.PIPE, cwd=root, text=True
    )
    assert child.stdout is not None
    confirmed = [int(child.stdout.readline()) for _ in range(20)][-1]
    child.kill()
    child.wait()
    child.stdout.close()
    last = open_again().last_position()
    assert last >= confirmed
    assert last % 7 == 0
    assert list(store.verify()) == []
