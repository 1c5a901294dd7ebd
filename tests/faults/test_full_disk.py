"""A full disk: refused with a stable code, nothing partial, and once there is room the same call goes through."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from ledger.clock import FixedClock
from ledger.handle import Ledger
from ledger.store import DatabaseProblem
from tests.faults.disk import Disk, Fault, NoFaults
from tests.faults.jobs import JOBS, NOON, prepared, small_portions, state, unsound
from tests.faults.test_failing_writes import Peace, day
from tests.faults.test_killed import copied
from tests.postgres import PostgresServer, with_database

FACTS = JOBS["import"].told
STRIDE = int(os.environ.get("YIBAO_FAULTS_STRIDE", "0")) or 11


@pytest.fixture(autouse=True)
def _small() -> Iterator[None]:
    with small_portions():
        yield


def test_the_disk_is_full_from_any_write_on(tmp_path: Path) -> None:
    try:
        disk = Disk()
    except NoFaults as reason:
        pytest.skip(str(reason))
    base, place = tmp_path / "base.db", tmp_path / "day.db"
    prepared(JOBS["import"], str(base))
    shutil.copy(base, place)
    with disk.registered(), disk.failing(Fault()) as counted:
        day(str(place))
    peace, refusals = Peace(str(base), str(place)), 0
    for at in range(1, counted.count + 1, STRIDE):
        for each in tmp_path.glob(f"{place.name}*"):
            each.unlink()
        shutil.copy(base, place)
        with disk.registered(), disk.failing(Fault(at=at, way="full", lasting=True)) as fault:

            def examine(fault: Fault = fault) -> None:
                fault.at = 0  # somebody has made room
                peace.examine(str(place))

            refused = day(str(place), examine)
        assert {each.code for each in refused} <= {"database_full"}, f"write {at}: {refused!r}"
        assert state(str(place)) == peace.after
        refusals += len(refused)
    assert refusals


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A real file system of a few megabytes; skips where none may be mounted."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system may be mounted by root only; the failing disk above stands for it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def fill(folder: Path, but: int) -> Path:
    """Take all the room of a file system, but for so many bytes."""
    filler = folder / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    os.truncate(filler, filler.stat().st_size - but)
    return filler


def refused_until_there_is_room(place: str, filler: Path) -> list[DatabaseProblem]:
    """Import everything; when it is refused, make room and import everything again, into the same ledger."""
    refused: list[DatabaseProblem] = []
    with Ledger.open(place, clock=FixedClock(NOON)) as ledger:
        try:
            list(ledger.import_facts(enumerate(FACTS, 1)))
        except DatabaseProblem as refusal:
            refused.append(refusal)
            filler.unlink()
            list(ledger.import_facts(enumerate(FACTS, 1)))
    return refused


@pytest.mark.parametrize("room", [40_960, 98_304, 196_608])
def test_a_small_file_system_is_full(tmp_path: Path, room: int) -> None:
    peace = tmp_path / "peace.db"
    prepared(JOBS["import"], str(peace))
    with small_disk(tmp_path / "small", "2m") as small:
        place = small / "ledger.db"
        shutil.copy(peace, place)
        assert not refused_until_there_is_room(str(peace), tmp_path)
        refused = refused_until_there_is_room(str(place), fill(small, room))
        assert [each.code for each in refused] == ["database_full"], repr(refused)
        assert state(str(place)) == state(str(peace))
        assert not unsound(str(place), set())


def test_a_tablespace_is_full(postgres_server: PostgresServer) -> None:
    """The log of the server itself (WAL) lies elsewhere and is not filled here: a server that cannot write it stops."""
    if os.environ.get("YIBAO_TEST_PG_URL") or os.geteuid():
        pytest.skip("needs a server of our own and root, to give it a small file system")
    with (
        small_disk(Path(tempfile.gettempdir()) / f"yibao-full-{os.getpid()}", "24m") as small,
        psycopg.connect(postgres_server.url, autocommit=True) as admin,
        postgres_server.database() as base,
    ):
        prepared(JOBS["import"], base)
        (data,) = admin.execute("show data_directory").fetchone() or ("",)
        owner = Path(data).stat()
        home = small / "space"
        home.mkdir()
        for each in (small, home):
            os.chown(each, owner.st_uid, owner.st_gid)
        admin.execute(f"create tablespace small location '{home}'")
        template = base.rpartition("/")[2].partition("?")[0]
        admin.execute(f"create database yibao_small template {template} tablespace small strategy file_copy")
        place = with_database(postgres_server.url, "yibao_small")
        try:
            filler = fill(small, 16_384)
            refused = refused_until_there_is_room(place, filler)
            assert [each.code for each in refused] == ["database_full"], repr(refused)
            with copied(postgres_server, base) as peace:
                assert not refused_until_there_is_room(peace, small)
                assert state(place) == state(peace)
            assert not unsound(place, set())
        finally:
            postgres_server.drop_database(place)
            admin.execute("drop tablespace small")
