"""A stored log, told again: `python -m tests.golden.replaying FILE [DATABASE]` prints two digests as JSON.

`events`: the facts of the log recorded anew, with the times they bring, give this last hash of the chain; it covers every
column of every row. `answers`: the log put in as it is stored, and its tables made anew, answers so.
"""

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from domain.errors import InputRefused
from domain.events.recorded import Advanced
from domain.facts import Fact
from domain.values.calendar import Moment
from ledger.balancing import trial_balance
from ledger.clock import FixedClock
from ledger.handle import Ledger
from ledger.store import Recordable, passing_store
from ledger.store.encoding import decode
from tests.scenarios.histories import questions

NOON = "2026-03-02T12:00:00+08:00"
BY = "golden"
KNOWN = ("2019-12-31", "2024-06-30", "2026-02-28")
"""When the questions are asked."""


class Stored(Struct, frozen=True, array_like=True):
    """One row of a golden log: everything but what follows from the rest."""

    city: str
    topic: str
    recorded_at: int
    state: str

    @property
    def event(self) -> Recordable:
        """What the row says."""
        return decode(self.topic, self.state.encode(), Moment(self.recorded_at))


class Golden(Struct, frozen=True):
    """The first line of a golden log."""

    release: str
    rows: int
    events: str
    answers: str


def read(file: Path) -> tuple[Golden, list[Stored]]:
    """A golden log."""
    first, *rest = gzip.decompress(file.read_bytes()).splitlines()
    rows = msgspec.json.Decoder(Stored)
    golden = msgspec.json.decode(first, type=Golden)
    found = [rows.decode(line) for line in rest]
    assert len(found) == golden.rows, f"{file.name} is not whole"
    return golden, found


def packed(golden: Golden, rows: Sequence[Stored]) -> bytes:
    """A golden log as bytes, the same for the same rows."""
    lines = [msgspec.json.encode(each) + b"\n" for each in (golden, *rows)]
    return gzip.compress(b"".join(lines), mtime=0)


def again(rows: Sequence[Stored], database: str | None) -> tuple[str, list[Stored]]:
    """Record the facts and runs of a log anew: the last hash, and the rows that came of it."""
    clock = FixedClock(NOON)
    with passing_store(database, clock=clock) as store:
        ledger = Ledger(store, clock=clock, recorded_by=BY)
        for row in rows:
            event = row.event
            if isinstance(event, Fact):
                ledger._writer.record(event, keep_recorded=True)
            elif isinstance(event, Advanced):
                ledger.advance(event.to, city=row.city)
        made = list(store.rows())
        came = [Stored(row.city, row.topic, row.recorded_at, bytes(row.state).decode()) for row in made]
        return made[-1].hash.hex(), came


def answers(rows: Sequence[Stored], database: str | None) -> str:
    """Put the rows in as they are, make the tables anew, and ask about everybody."""
    clock = FixedClock(NOON)
    with passing_store(database, clock=clock) as store:
        for (city, moment), some in groupby(rows, key=lambda row: (row.city, row.recorded_at)):
            events = [row.event for row in some]
            store.append(events, city=city, recorded_by=BY, recorded=Moment(moment))
        ledger = Ledger(store, clock=clock, recorded_by=BY, database=database)
        ledger.rebuild()
        assert ledger.verify().ok
        told = json.dumps(list(_said(ledger, rows)), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


def _said(ledger: Ledger, rows: Sequence[Stored]) -> Iterator[Any]:
    """What every city says of those in every story told there, known at one of three moments; its trial balances."""
    for city in sorted({row.city for row in rows}):
        stories: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            event = row.event
            if row.city == city and isinstance(event, Fact):
                told = {**json.loads(row.state), "recorded": str(event.recorded)}
                stories.setdefault(event.id.partition("-")[0], []).append(told)
        for number, story in enumerate(stories.values()):
            for question in questions(number, city, story):
                asked = {**question, "known": KNOWN[number % len(KNOWN)]}
                try:
                    yield asked, ledger.ask(asked, city=city)
                except InputRefused as refusal:
                    yield asked, refusal.code
        for known in KNOWN:
            end = Moment.end_of(date.fromisoformat(known))
            balance = trial_balance(ledger.store, city, end.day, end)
            yield [msgspec.to_builtins(each) for each in balance]


def main(file: str, database: str | None = None) -> None:
    """Print the digests."""
    _, rows = read(Path(file))
    events, _ = again(rows, database)
    sys.stdout.write(json.dumps({"events": events, "answers": answers(rows, database)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
