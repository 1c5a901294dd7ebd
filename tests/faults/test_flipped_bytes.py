"""One flipped byte, anywhere in the table of events: `verify` finds it and names the row.

Every byte of every column of a small ledger, as SQL shows it; then every byte of the pages of the file in which the table
and its indexes are kept (one in seven here; YIBAO_FAULTS_PAGE_STRIDE=1, as in the soak, takes all). In the file a byte
may lie where nothing is kept; then nothing is different, and that is checked instead.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from ledger.clock import FixedClock
from ledger.store import Store, open_store
from ledger.store.errors import DatabaseProblem
from ledger.store.rows import COLUMNS, Row
from tests.faults.jobs import NOON
from tests.store.facts import CITY, CLERK, credited, registered, withdrawn

PAGE_STRIDE = int(os.environ.get("YIBAO_FAULTS_PAGE_STRIDE", "7"))
WRITE = "UPDATE stored_events SET {column} = {value} WHERE notification_id = ?"


def filled(place: str | None) -> Store:
    """Seven rows: facts, a withdrawal, money."""
    store = open_store(place, clock=FixedClock(NOON), migrate=place is not None)
    store.append([registered(f"P{n}") for n in range(2)], city=CITY, recorded_by=CLERK)
    store.append([credited(f"P{n}", n + 1, f"reg-P{n}") for n in range(2)], city=CITY, recorded_by=CLERK)
    store.append([registered("张三"), withdrawn("w1", "reg-张三")], city=CITY, recorded_by=CLERK)
    store.append([credited("张三", 70_000)], city=CITY, recorded_by=CLERK)
    return store


def as_bytes(value: object) -> bytes:
    """What is kept of a value."""
    if isinstance(value, int):
        return value.to_bytes(8, "big", signed=True)
    return value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[call-overload,no-any-return]


def flipped(value: object, at: int, bit: int) -> Any:
    """The value with one bit of one byte turned; text stays text, even if no longer UTF-8."""
    kept = bytearray(as_bytes(value))
    kept[at] ^= 1 << bit
    return int.from_bytes(kept, "big", signed=True) if isinstance(value, int) else bytes(kept)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_byte_of_every_row_is_covered(column: str) -> None:
    number = COLUMNS.index(column)
    tried = 0
    with filled(None) as store:
        for row in list(store.rows()):
            for at in range(len(as_bytes(row[number] or b""))):
                wrong = flipped(row[number], at, (at + row.position) % 8)
                if put(store, column, row, wrong):
                    tried += 1
                    named = {row.position, wrong} if column == "notification_id" else {row.position}
                    findings = list(store.verify())
                    assert findings, f"byte {at} of {column} of row {row.position}: not found"
                    assert findings[0].position in named, f"byte {at} of {column}: {findings[0]}"
                    assert put(store, column, row, row[number])
        assert not list(store.verify())
    assert tried > 6


def put(store: Store, column: str, row: Row, value: object) -> bool:
    """Write a value past the ledger; False where a constraint of the table forbids it."""
    text = isinstance(row[COLUMNS.index(column)], str)
    statement = WRITE.format(column=column, value="CAST(? AS TEXT)" if text else "?")
    told = value.encode() if isinstance(value, str) else value
    moved = column == "notification_id" and value == row.position
    with store.machine.writing() as writing:
        if moved:  # back to where it was, from wherever it is
            there = "SELECT rowid FROM stored_events WHERE hash = ?"
            (place,) = writing.cursor.execute(there, (row.hash,)).fetchone()
        with suppress(sqlite3.IntegrityError):
            writing.cursor.execute(statement, (told, place if moved else row.position))
            return True
    return False


# The file itself.


def pages(place: Path) -> Iterator[tuple[str, int]]:
    """Where the pages of the table and its indexes begin in the file, and whose each is."""
    with closing(sqlite3.connect(place)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        roots = connection.execute(
            "SELECT name, rootpage FROM sqlite_master WHERE tbl_name = 'stored_events' AND rootpage > 0"
        ).fetchall()
    content = place.read_bytes()
    for name, page in roots:
        start = (page - 1) * size
        assert content[start] in (0x0D, 0x0A), "the ledger is small: each tree is one leaf"
        yield from ((name, start + at) for at in range(size))


Seen = tuple[list[Row], list[Any]]


def read(place: Path) -> Seen | None:
    """The rows, and what the indexes give; None where `verify`, or the database itself, says that something is wrong."""
    try:
        with open_store(place, clock=FixedClock(NOON)) as store:
            if list(store.verify()):
                return None
    except DatabaseProblem as refusal:
        if str(place) not in refusal.message:
            raise AssertionError(f"does not name the file: {refusal.message}") from refusal
        return None
    with open_store(place, clock=FixedClock(NOON)) as store:
        people = [store.stream(CITY, f"person:{name}") for name in ("P0", "P1", "张三")]
        known = list(store.facts_known(CITY, ["reg-P0", "reg-P1", "reg-张三", "w1"]).items())
        return list(store.rows()), [*people, known]


def test_every_byte_of_the_file_that_holds_events_is_covered(tmp_path: Path) -> None:
    place = tmp_path / "ledger.db"
    filled(str(place)).close()
    good, content = read(place), place.read_bytes()
    assert good is not None
    found = same = 0
    rng = random.Random(NOON)
    for name, at in list(pages(place))[rng.randrange(PAGE_STRIDE) :: PAGE_STRIDE]:
        with place.open("r+b") as file:
            file.seek(at)
            file.write(bytes([content[at] ^ (1 << rng.randrange(8))]))
        now = read(place)
        assert now is None or now == good, f"byte {at} of {name}: something changed and nothing was found"
        found, same = found + (now is None), same + (now is not None)
        place.write_bytes(content)
    assert found > 100
    assert same > 100


@pytest.mark.parametrize("bit", [0, 1, 2])
def test_a_row_whose_number_goes_back_does_not_keep_verify_reading_for_ever(tmp_path: Path, bit: int) -> None:
    """The last row's number turned into an earlier one: whoever asks what follows gets the same rows again."""
    place = tmp_path / "ledger.db"
    filled(str(place)).close()
    content = bytearray(place.read_bytes())
    start = next(start for start in leaves(place) if content[start] == 0x0D)
    content[number_of_last_row(content, start)] ^= 1 << bit
    place.write_bytes(content)

    with open_store(str(place), clock=FixedClock(NOON)) as store:
        assert list(store.verify())
        assert len(list(store.rows())) < 2 * 7


def leaves(place: Path) -> Iterator[int]:
    """Where each page of the table and its indexes begins."""
    seen: set[str] = set()
    for name, at in pages(place):
        if name not in seen:
            seen.add(name)
            yield at


def number_of_last_row(content: bytearray, start: int) -> int:
    """The byte that holds the number of the last row of a leaf of a table (SQLite's file format, section 1.6)."""
    rows = int.from_bytes(content[start + 3 : start + 5], "big")
    pointer = start + 8 + 2 * (rows - 1)
    at = start + int.from_bytes(content[pointer : pointer + 2], "big")
    while content[at] & 0x80:  # the length of the row, of several bytes
        at += 1
    return at + 1
