"""Every write and fsync of a small ledger fails once, and is once done by half; every message to a server is once lost.

After each failure the call was refused with a stable code, the ledger is as before or a whole number of facts further,
and the same call, given again to the same open ledger, finishes: the end is that of an undisturbed day.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from domain.errors import LedgerError
from ledger.clock import FixedClock
from ledger.handle import Ledger
from tests.faults.disk import Disk, Fault, NoFaults, Way
from tests.faults.jobs import JOBS, NOON, prepared, small_portions, state, unsound, whole
from tests.faults.line import CUTS, Cut, Line
from tests.faults.test_killed import copied, told_when_wrong
from tests.postgres import PostgresServer

STRIDE = int(os.environ.get("YIBAO_FAULTS_STRIDE", "0"))
"""Every so manieth operation is disturbed; 0: all on SQLite, every fifth message to a server."""
FACTS = JOBS["import"].told[:14]
Step = Callable[[Ledger], object]
STEPS: tuple[Step, ...] = (
    lambda ledger: [ledger.record(fact, keep_recorded=True) for fact in FACTS[:2]],
    lambda ledger: list(ledger.import_facts(enumerate(FACTS[2:], 1))),
    lambda ledger: ledger.advance(date(2026, 2, 28)),
    lambda ledger: ledger.rebuild(),
)
"""One small day; no step does anything twice, however often it is given."""


@pytest.fixture(autouse=True)
def _small() -> Iterator[None]:
    with small_portions():
        yield


@pytest.fixture
def disk() -> Iterator[Disk]:
    """A disk that fails when told to; skips where this Python hides its SQLite."""
    try:
        found = Disk()
    except NoFaults as reason:
        pytest.skip(str(reason))
    with found.registered():
        yield found


def day(place: str, examine: Callable[[], None] = lambda: None) -> list[LedgerError]:
    """Work through the day; what fails is examined and given again, to the same ledger, and must then succeed."""
    refused: list[LedgerError] = []
    with opened(place, refused) as ledger:
        for step in STEPS:
            try:
                step(ledger)
            except LedgerError as refusal:
                refused.append(refusal)
                examine()
                step(ledger)
    return refused


@contextmanager
def opened(place: str, refused: list[LedgerError]) -> Iterator[Ledger]:
    """The ledger; opened twice when that is what fails."""
    try:
        ledger = Ledger.open(place, clock=FixedClock(NOON))
    except LedgerError as refusal:
        refused.append(refusal)
        ledger = Ledger.open(place, clock=FixedClock(NOON))
    with ledger:
        yield ledger


class Peace:
    """What an undisturbed day leaves, and whether something else is a whole part of it."""

    def __init__(self, untouched: str, place: str) -> None:
        self.after = state(place)
        self.whole = whole(state(untouched), self.after)
        self.audited: set[int] = set()

    def examine(self, place: str) -> None:
        """After a failure a ledger is as before or a whole number of facts further, and sound."""
        found = state(place)
        assert found.rows == self.after.rows[: found.end]
        assert found.end in self.whole, f"a fact was recorded in part: the log ends at {found.end}"
        assert not unsound(place, self.audited)


@pytest.mark.parametrize(("way", "stride"), [("fail", 1), ("half", 4)])
def test_every_write_and_fsync_fails_once(way: Way, stride: int, disk: Disk, tmp_path: Path) -> None:
    base, place = tmp_path / "base.db", tmp_path / "day.db"
    prepared(JOBS["import"], str(base))
    shutil.copy(base, place)
    with disk.failing(Fault()) as counted:
        assert not day(str(place))
    assert counted.count > 100
    peace, refusals = Peace(str(base), str(place)), 0
    for at in range(1, counted.count + 1, STRIDE or stride):
        for each in tmp_path.glob(f"{place.name}*"):
            each.unlink()
        shutil.copy(base, place)
        with disk.failing(Fault(at=at, way=way)) as fault, told_when_wrong(way, at, "operation"):
            refused = day(str(place), lambda: peace.examine(str(place)))
            assert fault.hit
            assert len(refused) < 2, repr(refused)
            assert all(each.code == "database_failed" for each in refused), repr(refused)
            assert state(str(place)) == peace.after
        refusals += len(refused)
    assert refusals


@pytest.mark.parametrize("cut", CUTS)
def test_every_message_to_the_server_is_lost_once(cut: Cut, postgres_server: PostgresServer) -> None:
    """`unheard` is the commit of which nobody knows: the fact's id tells the second attempt."""
    with postgres_server.database() as base, Line(postgres_server.url) as line:
        prepared(JOBS["import"], base)
        with copied(postgres_server, base) as untouched, copied(postgres_server, base) as place:
            line.set()
            assert not day(line.url(place))
            messages, peace = line.count, Peace(untouched, place)
        refusals = 0
        for at in range(1, messages + 1, STRIDE or 5):
            with copied(postgres_server, base) as place, told_when_wrong(cut, at, f"message of {messages}"):
                line.set(at, cut)
                refused = day(line.url(place), partial(peace.examine, place))
                assert {each.code for each in refused} <= {"database_unreachable"}, repr(refused)
                assert state(place) == peace.after
                refusals += len(refused)
        assert refusals
