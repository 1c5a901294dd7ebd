"""Whoever changes the past is found out: which row, and how."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.clock import FixedClock
from ledger.store import Store, open_store
from ledger.store.chain import GENESIS, chained
from ledger.store.rows import COLUMNS, Row
from tests.store.conftest import MONDAY
from tests.store.facts import CITY, CLERK, credited, registered


@pytest.fixture
def full(store: Store) -> Store:
    """Ten rows."""
    store.append([registered(f"P{n}") for n in range(5)], city=CITY, recorded_by=CLERK)
    store.append([credited(f"P{n}", n + 1, f"reg-P{n}") for n in range(5)], city=CITY, recorded_by=CLERK)
    return store


def tamper(store: Store, *statements: str) -> None:
    """Change the database as somebody with its password could."""
    with store.machine.writing() as writing:
        for statement in statements:
            writing.connection.execute(statement)


def found(store: Store) -> list[tuple[int, str]]:
    """Position and kind of everything that is wrong."""
    return [(finding.position, finding.what) for finding in store.verify()]


def test_an_untouched_log_is_intact_and_progress_is_told(full: Store) -> None:
    told: list[int] = []
    assert list(full.verify(told.append, every=4)) == []
    assert told == [4, 8, 10]


def test_an_empty_log_is_intact(store: Store) -> None:
    assert list(store.verify()) == []


@pytest.mark.parametrize(
    "change",
    [
        "recorded_at = recorded_at - 1",
        "ingested_at = ingested_at + 1",
        "recorded_by = 'somebody else'",
        "city = '421300'",
        "effective_on = '2024-01-16'",
        "effective_on = NULL",
        "fact_id = 'another'",
        "cause = 'another'",
        "topic = 'withdrawn'",
        "originator_id = '510500/person:P9'",
        "originator_version = 9",
        "hash = state",
    ],
)
@pytest.mark.parametrize("position", [1, 6, 10])
def test_every_column_of_every_row_is_covered(full: Store, change: str, position: int) -> None:
    tamper(full, f"UPDATE stored_events SET {change} WHERE notification_id = {position}")
    first, *_ = found(full)
    assert first == (position, "altered")


def test_an_altered_amount_is_found(full: Store) -> None:
    row = next(row for row in full.rows(7))
    forged = row.state.replace(b":3}", b":300}").replace(b"-3}", b"-300}")
    assert forged != row.state
    mark = full.machine.sql("?")
    with full.machine.writing() as writing:
        writing.cursor.execute(
            f"UPDATE stored_events SET state = {mark} WHERE notification_id = 8", (forged,)
        )
    assert found(full) == [(8, "altered")]


def test_a_removed_row_is_found(full: Store) -> None:
    tamper(full, "DELETE FROM stored_events WHERE notification_id = 4")
    assert found(full)[0] == (4, "removed")


def test_rows_removed_at_the_end_are_found(full: Store) -> None:
    tamper(full, "DELETE FROM stored_events WHERE notification_id > 8")
    (finding,) = full.verify()
    assert (finding.position, finding.what) == (9, "removed")
    assert finding.says == "positions 9 to 10 are missing at the end"


def test_a_removed_row_is_found_though_the_rest_is_renumbered(full: Store) -> None:
    moves = [
        f"UPDATE stored_events SET notification_id = {n - 1} WHERE notification_id = {n}"
        for n in range(5, 11)
    ]
    tamper(full, "DELETE FROM stored_events WHERE notification_id = 4", *moves)
    assert found(full)[0] == (4, "removed")


COPY = (
    "INSERT INTO stored_events SELECT {position}, originator_id, 77, topic, state, recorded_at, ingested_at,"
    " recorded_by, city, effective_on, NULL, cause, hash FROM stored_events WHERE notification_id = 3"
)


@pytest.mark.parametrize("position", [11, 0])
def test_an_inserted_row_is_found(full: Store, position: int) -> None:
    tamper(full, COPY.format(position=position))
    assert position in {place for place, what in found(full) if what in ("inserted", "altered")}
    assert "inserted" in {what for _, what in found(full)}


def test_an_inserted_row_is_found_though_the_rest_is_renumbered(full: Store) -> None:
    moves = [
        f"UPDATE stored_events SET notification_id = {n + 1} WHERE notification_id = {n}"
        for n in range(10, 4, -1)
    ]
    tamper(full, *moves, COPY.format(position=5))
    assert found(full)[0] == (5, "inserted")


@pytest.mark.parametrize(("one", "other"), [(3, 4), (3, 8)])
def test_reordered_rows_are_found(full: Store, one: int, other: int) -> None:
    tamper(
        full,
        f"UPDATE stored_events SET notification_id = -1 WHERE notification_id = {one}",
        f"UPDATE stored_events SET notification_id = {one} WHERE notification_id = {other}",
        f"UPDATE stored_events SET notification_id = {other} WHERE notification_id = -1",
    )
    assert found(full)[0] == (3, "reordered")


def test_a_fact_taken_from_the_index_is_found(full: Store) -> None:
    tamper(full, "DELETE FROM fact_reference WHERE key = 'person:P2'")
    (finding,) = full.verify()
    assert finding == (3, "unindexed", "the fact of position 3 is not found under person:P2")


def test_text_in_the_place_of_bytes_is_an_alteration(full: Store) -> None:
    if full.dialect != "sqlite":
        pytest.skip("PostgreSQL does not take text into a column of bytes")
    tamper(full, "UPDATE stored_events SET state = CAST(state AS TEXT) WHERE notification_id = 2")
    assert (2, "altered") in found(full)


def test_a_log_that_is_being_written_is_intact(full: Store) -> None:
    def write(position: int) -> None:
        if position < 15:
            full.append([credited("P1", 1)], city=CITY, recorded_by=CLERK)

    assert list(full.verify(write, every=1)) == []
    assert full.last_position() > 20


def test_a_forged_end_is_found(full: Store) -> None:
    tamper(full, "DELETE FROM log_head")
    assert [finding.what for finding in full.verify()] == ["removed"]


def test_an_auditor_can_read_the_log_with_plain_sql(full: Store) -> None:
    (row,) = full.query("SELECT stream, topic, state, recorded_by FROM event_readable WHERE position = 6")
    assert row[:2] == (f"{CITY}/person:P0", "posted")
    assert row[2].startswith('{"event":"posted","subject":"person:P0","cause":"reg-P0"')


# The same for any change to any log, by property.

TEXT = st.text("ab/P:1", max_size=4)
ROWS = st.lists(st.tuples(TEXT, TEXT, st.binary(max_size=4), st.integers(0, 9), TEXT), min_size=1, max_size=8)


def in_memory(told: list[Any]) -> Store:
    """A store with these rows."""
    store = open_store(clock=FixedClock(MONDAY))
    previous = GENESIS
    rows = []
    for position, (stream, topic, state, recorded, by) in enumerate(told, 1):
        bare = Row(position, stream, position, topic, state, recorded, 0, by, "", None, None, None, b"")
        rows.append(chained(previous, bare))
        previous = rows[-1].hash
    with store.transaction() as writing:
        marks = ",".join("?" * len(COLUMNS))
        writing.connection.executemany(f"INSERT INTO stored_events VALUES ({marks})", rows)
        writing.connection.execute("UPDATE log_head SET position=?, hash=?", (len(rows), previous))
    store._seen = -1
    return store


@given(ROWS, st.data())
def test_any_change_of_any_row_is_found_where_it_is(told: list[Any], data: st.DataObject) -> None:
    store = in_memory(told)
    position = data.draw(st.integers(1, len(told)))
    name = data.draw(st.sampled_from(COLUMNS[1:-1]))
    with store.machine.writing() as writing:
        before = writing.connection.execute(
            f"SELECT {name} FROM stored_events WHERE notification_id = ?", (position,)
        ).fetchone()[0]
        kind = st.integers(0, 99) if isinstance(before, int) else st.binary(max_size=3)
        kind = kind if isinstance(before, (int, bytes)) else TEXT
        after = data.draw(kind.filter(lambda value: value != before))
        writing.connection.execute(
            f"UPDATE OR REPLACE stored_events SET {name} = ? WHERE notification_id = ?", (after, position)
        )
    findings = list(store.verify())
    assert findings
    assert findings[0].position == position or findings[0].what == "removed"
    store.close()


@given(ROWS, st.data())
def test_any_removal_is_found(told: list[Any], data: st.DataObject) -> None:
    store = in_memory(told)
    gone = data.draw(st.integers(1, len(told)))
    renumber = data.draw(st.booleans())
    with store.machine.writing() as writing:
        writing.connection.execute("DELETE FROM stored_events WHERE notification_id = ?", (gone,))
        for position in range(gone + 1, len(told) + 1) if renumber else ():
            writing.connection.execute(
                "UPDATE stored_events SET notification_id = ? WHERE notification_id = ?",
                (position - 1, position),
            )
    findings = list(store.verify())
    assert (findings[0].position, findings[0].what) == (gone, "removed")
    store.close()
