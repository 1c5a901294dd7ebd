"""kill -9 at any point of import, advance, resolve and rebuild: nothing acknowledged is lost, nothing is partial.

YIBAO_FAULTS_KILLS sets how many (200 here, 10,000 in the soak), YIBAO_FAULTS_SEED where they begin. On SQLite the process
dies before, in the middle of or after a write, an fsync, a truncation or a deletion of the disk; on PostgreSQL when a
message to the server is about to leave, has left by half, or has left and its answer is on the way.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.faults.disk import Disk, NoFaults
from tests.faults.jobs import JOBS, Job, State, leftovers, prepared, small_portions, state, unsound, whole
from tests.faults.line import CUTS, Line
from tests.faults.warm import Ended, Warm
from tests.postgres import PostgresServer, with_database

KILLS = int(os.environ.get("YIBAO_FAULTS_KILLS", "200"))
FIRST = int(os.environ.get("YIBAO_FAULTS_SEED", "20260302"))
SHARE = -(-KILLS // (5 * len(JOBS)))
"""Of each job: three shares on SQLite, two on PostgreSQL, where a copy of a ledger costs more."""
WAYS = ("kill", "kill half", "kill after")


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """Forks the commands that are killed."""
    with Warm(tmp_path_factory.mktemp("warm")) as found, small_portions():
        yield found


class Story:
    """A job told twice: once in peace, and then again and again with a violent end, at places the seeds choose."""

    def __init__(self, job: Job, folder: Path, warm: Warm) -> None:
        self.job, self.folder, self.warm = job, folder, warm
        self.after = State((), {})
        self.whole: set[int] = set()
        self.audited: set[int] = set()

    def in_peace(self, database: str, untouched: str, place: str = "") -> Ended:
        """The job undisturbed: what everything else is measured by. `place` is how the command is to reach it."""
        ended = self.warm.run(self.job.arguments(self.folder, place or database))
        assert ended.code == 0, ended.said
        self.after = state(database)
        self.whole = whole(state(untouched), self.after)
        assert not unsound(database, self.audited)
        return ended

    def aftermath(self, database: str, ended: Ended) -> None:
        """What must be true after the violent end, and after the command was simply given again."""
        found = state(database)
        assert found.rows == self.after.rows[: found.end], (
            "the log is not the beginning of the undisturbed one"
        )
        assert found.end in self.whole, f"a fact was recorded in part: the log ends at {found.end}"
        self.nothing_lost(found, ended)
        assert not unsound(database, self.audited)
        again = self.warm.run(self.job.arguments(self.folder, database))
        assert again.code == 0, again.said
        assert state(database) == self.after
        assert leftovers(database) == []

    def nothing_lost(self, found: State, ended: Ended) -> None:
        """Whatever was acknowledged is in the log."""
        ids = {row.fact_id: row.position for row in found.rows}
        for told in ended.acknowledged:
            if "imported" in told:
                assert ids[told["imported"]["id"]] == told["imported"]["position"]
            else:
                assert told["ended"] == 0
                assert found.end == self.after.end


@contextmanager
def told_when_wrong(name: str, seed: int, what: str) -> Iterator[None]:
    """Whatever goes wrong within the block is told with its seed."""
    try:
        yield
    except Exception as error:
        raise AssertionError(f"{name}, seed {seed}: {what}: {error}") from error


@pytest.mark.parametrize("name", JOBS)
def test_killed_on_sqlite(name: str, warm: Warm, tmp_path: Path) -> None:
    try:
        Disk()
    except NoFaults as reason:
        pytest.skip(str(reason))
    story, base, peace = Story(JOBS[name], tmp_path, warm), tmp_path / "base.db", tmp_path / "peace.db"
    prepared(story.job, str(base))
    shutil.copy(base, peace)
    operations = story.in_peace(str(peace), str(base)).operations
    for seed in range(FIRST, FIRST + 3 * SHARE):
        rng = random.Random(f"{name} {seed}")
        at, way = rng.randint(1, operations), rng.choice(WAYS)
        place = tmp_path / f"{seed}.db"
        shutil.copy(base, place)
        with told_when_wrong(name, seed, f"`{way}` at operation {at} of {operations}"):
            ended = warm.run(story.job.arguments(tmp_path, str(place)), at, way)
            assert ended.code == -9, ended.said
            story.aftermath(str(place), ended)
        for each in tmp_path.glob(f"{seed}.db*"):
            each.unlink()


@pytest.mark.parametrize("name", JOBS)
def test_killed_on_postgresql(name: str, warm: Warm, tmp_path: Path, postgres_server: PostgresServer) -> None:
    story = Story(JOBS[name], tmp_path, warm)
    with postgres_server.database() as base, Line(postgres_server.url) as line:
        prepared(story.job, base)
        with copied(postgres_server, base) as peace, copied(postgres_server, base) as untouched:
            line.set()
            story.in_peace(peace, untouched, line.url(peace))
            messages = line.count
        for seed in range(FIRST, FIRST + 2 * SHARE):
            rng = random.Random(f"{name} {seed}")
            at, how = rng.randint(1, messages), rng.choice(CUTS)
            with (
                copied(postgres_server, base) as place,
                told_when_wrong(name, seed, f"`{how}` at message {at} of {messages}"),
            ):
                line.set(at, how, kill=True)
                ended = warm.run(story.job.arguments(tmp_path, line.url(place)), started=line.caller)
                assert ended.code == (-9 if line.broken else 0), ended.said
                line.set()
                story.aftermath(place, ended)


@contextmanager
def copied(server: PostgresServer, base: str) -> Iterator[str]:
    """A copy of a database for as long as the block lasts."""
    name, template = f"yibao_test_{secrets.token_hex(6)}", conninfo_to_dict(base)["dbname"]
    how = " strategy wal_log" if server.version >= 15 else ""
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute(f"create database {name} template {template}{how}")
    url = with_database(server.url, name)
    try:
        yield url
    finally:
        server.drop_database(url)
