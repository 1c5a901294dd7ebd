"""Two to eight writers at once: every writer was told the truth, and the ledger is as if one had written after the other.

YIBAO_FAULTS_CROWDS sets how many seeds of each size and database (1 here, 50 in the soak).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from domain.events.recorded import Advanced
from domain.facts import Fact
from ledger.clock import SystemClock
from ledger.handle import Ledger
from ledger.store import open_store
from tests.faults.jobs import unsound
from tests.faults.warm import ROOT

CROWDS = int(os.environ.get("YIBAO_FAULTS_CROWDS", "1"))
FIRST = int(os.environ.get("YIBAO_FAULTS_SEED", "20260302"))


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty ledger in each kind of database."""
    file = str(tmp_path / "ledger.db")
    url = file if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    open_store(url, clock=SystemClock(), migrate=True).close()
    return url


@pytest.mark.parametrize("seed", range(FIRST, FIRST + CROWDS))
@pytest.mark.parametrize("writers", [2, 5, 8])
def test_writers_at_once_are_as_one_after_the_other(place: str, writers: int, seed: int) -> None:
    words = [sys.executable, "-m", "tests.faults.crowd", place, str(writers), str(seed)]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    heard = [json.loads(line) for line in ended.stdout.splitlines()]

    with Ledger.open(place) as ledger, Ledger.fresh() as alone:
        rows = list(ledger.store.since())
        one_after_the_other(rows, alone)
        assert [_told(row) for row in alone.store.since()] == [_told(row) for row in rows]

    positions = {row.event.id: row.position for row in rows if isinstance(row.event, Fact)}
    assert len(positions) == sum(isinstance(row.event, Fact) for row in rows)
    assert all(positions[each["id"]] == each["position"] for each in heard if "position" in each)
    assert set(Counter(each.get("code") for each in heard)) <= {None, "duplicate_id", "overlap"}
    assert len(positions) > 20
    assert not unsound(place, set())


def one_after_the_other(rows: list[Any], alone: Ledger) -> None:
    """Tell another ledger the same facts and runs of time, in the order in which they came to stand."""
    for row in rows:
        if isinstance(row.event, Fact):
            alone._writer.record(row.event, keep_recorded=True)
        elif isinstance(row.event, Advanced):
            alone.advance(row.event.to, city=row.city)


def _told(row: Any) -> Any:
    return row.position, row.city, row.subject, row.version, row.recorded, row.cause, row.event
