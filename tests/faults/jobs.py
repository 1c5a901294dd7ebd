"""The jobs that are disturbed: `import`, `advance`, `resolve --record`, `rebuild`, each on a small ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from domain.values.calendar import Moment
from ledger.audit import audit
from ledger.audit.findings import Cause
from ledger.audit.tables import table_differences
from ledger.clock import FixedClock, SystemClock
from ledger.handle import Ledger
from ledger.store import open_store
from projections.rebuild import ALL, BESIDE
from tests.resolve.stories import demo_facts, digests, told_when

NOON = "2026-03-02T12:00:00+08:00"
"""What every clock says, so that two runs write the same bytes."""
FACTS = Path(__file__).parent.parent / "imports" / "five_cities.jsonl"
PAID = date(2019, 9, 16)


class Job(Struct, frozen=True):
    """One command, and what the ledger holds before it."""

    name: str
    words: tuple[str, ...]
    """Arguments of `yibao`; FILE stands for the file with `told`."""
    before: tuple[dict[str, Any], ...]
    told: tuple[dict[str, Any], ...] = ()

    def arguments(self, folder: Path, database: str) -> list[str]:
        """The command line."""
        file = folder / f"{self.name}.jsonl"
        if self.told and not file.exists():
            file.write_text("".join(json.dumps(fact) + "\n" for fact in self.told), "utf-8")
        words = [str(file) if word == "FILE" else word for word in self.words]
        return [*words, "--database", database, "--json"]


def jobs() -> list[Job]:
    """Every job."""
    five = tuple(json.loads(line) for line in FACTS.read_text("utf-8").splitlines())
    demo = demo_facts()
    known = tuple(fact for fact in demo if told_when(fact).day < PAID)
    late = tuple(fact for fact in demo if told_when(fact).day == PAID)
    return [
        Job("import", ("import", "FILE"), (), five[:36]),
        Job("advance", ("advance", "--to", "2026-02-28"), five),
        Job("resolve", ("resolve", "FILE", "--record", "--keep-recorded"), known, late),
        Job("rebuild", ("rebuild",), known),
    ]


JOBS = {job.name: job for job in jobs()}


@contextmanager
def small_portions() -> Iterator[None]:
    """Within the block an import and a rebuild take many transactions for little, and all clocks say NOON."""
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch.setattr)
        yield


def make_small(put: Callable[..., None]) -> None:
    """Six facts to a transaction, sixty rows to a portion of a rebuild, and every clock stands still."""
    put("ledger.handle.CHUNK", 6)
    put("ledger.rebuilding.CHUNK", 60)
    put(SystemClock, "read", lambda self: Moment.parse(NOON))


def prepared(job: Job, database: str) -> None:
    """A ledger as the job finds it; even an import finds an empty one."""
    with Ledger.open(database, migrate=True, clock=FixedClock(NOON)) as ledger:
        for fact in job.before:
            ledger.record(fact, keep_recorded=True)


class State(Struct, frozen=True):
    """What a ledger is: the rows of its log, and hashes of everything that is stored."""

    rows: tuple[Any, ...]
    digests: dict[str, str]

    @property
    def end(self) -> int:
        """Position of the last row."""
        return len(self.rows)


def state(database: str) -> State:
    """The state of a ledger that nobody has open."""
    with Ledger.open(database, clock=FixedClock(NOON)) as ledger:
        return state_of(ledger)


def state_of(ledger: Ledger) -> State:
    """The state of an open ledger."""
    return State(tuple(ledger.store.rows()), digests(ledger))


def whole(before: State, after: State) -> set[int]:
    """Where an undisturbed log may end: before the job, and after each fact or run with all its consequences."""
    new = after.rows[before.end :]
    runs = {row.position for row in new if row.topic == "advanced"}
    last: dict[str | None, int] = {}
    for (
        row
    ) in new:  # a fact and what follows from it; what time has brought stands before the fact it came with
        last[row.fact_id or row.cause] = row.position
    facts = {last[row.fact_id] for row in new if row.fact_id is not None}
    return {before.end, after.end} | runs | facts


def unsound(database: str, audited: set[int]) -> list[str]:
    """Everything that is wrong with a ledger: rows, checkpoints, tables, consequences.

    The audit is spared where a log that ended at the same position, and was the same, has been `audited`.
    """
    with Ledger.open(database, clock=FixedClock(NOON)) as ledger:
        checked = ledger.verify()
        found = [] if checked.ok else [str(checked.problem)]
        end = Moment.end_of(date.max)
        for city in ledger.cities():
            names = ledger.store.subjects(city)
            found += map(str, table_differences(ledger.store, city, names, end))
        if checked.rows not in audited:
            audited.add(checked.rows)
            found += [
                str(each)
                for each in audit(ledger.store, ledger.cities()).differences
                if each.why != Cause.MISSING_ADVANCE
            ]
        return found


def leftovers(database: str) -> list[str]:
    """Tables of a rebuild that were left beside the live ones."""
    with open_store(database, clock=FixedClock(NOON)) as store:
        listed = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if store.dialect == "sqlite"
            else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        )
        names = {name for (name,) in store.select(listed, {})}
        return sorted(names & {f"{table.name}{BESIDE}" for table in ALL})
