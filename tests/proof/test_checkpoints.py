"""A published checkpoint tells whether the log was cut off or written anew, even by one who can do anything to it."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.errors import InputRefused
from ledger.clock import FixedClock
from ledger.proof.checkpoints import checkpoints, published, root_at, write
from ledger.proof.keys import new_pair, private_key, public_key
from ledger.proof.merkle import PART
from ledger.proof.verifying import CODES, verified
from ledger.store import DatabaseDamaged, Store, open_store, sealing
from ledger.store.chain import chained
from tests.store.facts import CITY, CLERK, credited
from tests.store.test_tampering import tamper


def told(store: Store, text: bytes | None = None) -> str | None:
    """The code of what `verify` finds first, with a published checkpoint or without."""
    return verified(store, 0, None, published(text) if text else None).code


def append(store: Store, count: int) -> None:
    """Some more rows."""
    store.append([credited("P1", number + 1) for number in range(count)], city=CITY, recorded_by=CLERK)


def cover_up(store: Store, last: int) -> None:
    """Cut the log off behind a position so that nothing inside the database shows it."""
    head = sealing.hash_at(store, last)
    assert head is not None
    tamper(
        store,
        f"DELETE FROM stored_events WHERE notification_id > {last}",
        f"DELETE FROM fact_reference WHERE position > {last}",
        f"UPDATE log_head SET position = {last}, hash = (SELECT hash FROM stored_events WHERE notification_id = {last})",
        "DELETE FROM checkpoint",
        "DELETE FROM tree_part",
    )


def forge(store: Store, position: int) -> None:
    """Alter a row and chain everything after it anew, the noted end too."""
    rows = list(store.rows())
    altered = rows[position - 1]._replace(recorded_by="somebody else")
    previous = rows[position - 2].hash
    mark = store.machine.sql("?")
    with store.machine.writing() as writing:
        for row in [altered, *rows[position:]]:
            whole = chained(previous, row)
            previous = whole.hash
            writing.cursor.execute(
                f"UPDATE stored_events SET recorded_by = {mark}, hash = {mark} WHERE notification_id = {mark}",
                (whole.recorded_by, whole.hash, whole.position),
            )
        writing.cursor.execute(f"UPDATE log_head SET hash = {mark}", (previous,))


def test_a_checkpoint_names_the_end_of_the_log(full: Store, key: Ed25519PrivateKey) -> None:
    made = write(full, key)
    assert made is not None
    last = list(full.rows())[-1]
    assert (made.checkpoint.position, made.checkpoint.head) == (10, last.hash.hex())
    assert made.checkpoint.root == root_at(full, 10).hex()
    assert made.checkpoint.recorded == "2026-03-02T09:00:00+08:00"
    assert made.genuine(key.public_key())
    assert published(made.text()) == made
    assert checkpoints(full) == [made]


def test_nothing_recorded_nothing_sealed(store: Store) -> None:
    assert write(store, None) is None


def test_writing_it_again_changes_nothing(full: Store, key: Ed25519PrivateKey, clock: FixedClock) -> None:
    first = write(full, key)
    clock.set("2026-03-03T09:00:00+08:00")
    assert write(full, key) == first
    unsigned = write(full, None)
    assert unsigned is not None
    assert unsigned.key is None
    assert len(checkpoints(full)) == 2


def test_each_checkpoint_reads_on_where_the_last_one_stopped(store: Store, key: Ed25519PrivateKey) -> None:
    for more in (PART - 1, 1, 1, 2 * PART, 7):
        append(store, more)
        made = write(store, key)
        assert made is not None
        assert made.checkpoint.root == root_at(store, store.last_position()).hex()
    assert len(sealing.parts(store, 100)) == 3
    assert told(store) is None


def test_a_log_cut_off_without_a_trace_is_told_by_the_published_checkpoint(
    full: Store, key: Ed25519PrivateKey
) -> None:
    made = write(full, key)
    assert made is not None
    cover_up(full, 9)
    assert told(full) is None
    assert told(full, made.text()) == "log_truncated"
    append(full, 5)
    assert told(full) is None
    assert told(full, made.text()) == "log_rewritten"


@pytest.mark.parametrize("position", [2, 7, 10])
def test_a_log_written_anew_is_told_by_the_published_checkpoint(
    full: Store, key: Ed25519PrivateKey, position: int
) -> None:
    made = write(full, key)
    assert made is not None
    append(full, 3)
    forge(full, position)
    assert told(full) == "log_rewritten"
    tamper(full, "DELETE FROM checkpoint", "DELETE FROM tree_part")
    assert told(full) is None
    assert told(full, made.text()) == "log_rewritten"


def test_a_backup_put_back_is_told(full: Store, place: str, tmp_path: Path, key: Ed25519PrivateKey) -> None:
    if place.startswith("postgresql"):
        pytest.skip("the file is copied; PostgreSQL's case is the log cut off without a trace")
    early = tmp_path / "backup.sqlite"
    _copy(full, early)
    append(full, 3)
    made = write(full, key)
    assert made is not None
    with open_store(early, clock=full.clock) as old:
        assert told(old) is None
        assert told(old, made.text()) == "log_truncated"


def _copy(store: Store, to: Path) -> None:
    with store.machine.reading() as cursor, closing(sqlite3.connect(to)) as copy:
        cursor.connection.backup(copy)


def test_no_checkpoint_seals_an_altered_row(full: Store, key: Ed25519PrivateKey) -> None:
    tamper(full, "UPDATE stored_events SET recorded_by = 'somebody else' WHERE notification_id = 4")
    with pytest.raises(DatabaseDamaged):
        write(full, key)
    assert checkpoints(full) == []


def test_no_checkpoint_follows_one_that_the_log_contradicts(full: Store, key: Ed25519PrivateKey) -> None:
    write(full, key)
    append(full, 3)
    forge(full, 7)
    with pytest.raises(DatabaseDamaged):
        write(full, key)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE checkpoint SET position = 9", "log_rewritten"),
        ("UPDATE checkpoint SET position = 11", "log_truncated"),
        ("UPDATE checkpoint SET root = head", "log_rewritten"),
        ("UPDATE checkpoint SET head = root", "log_rewritten"),
    ],
)
def test_verify_looks_at_the_checkpoints_kept_in_the_ledger(
    full: Store, key: Ed25519PrivateKey, statement: str, code: str
) -> None:
    write(full, key)
    assert told(full) is None
    tamper(full, statement)
    assert told(full) == code


def test_verify_looks_at_the_kept_parts_of_the_tree(store: Store, key: Ed25519PrivateKey) -> None:
    append(store, PART + 3)
    made = write(store, key)
    assert made is not None
    tamper(store, "UPDATE tree_part SET root = (SELECT head FROM checkpoint)")
    assert told(store) == "row_altered"
    assert told(store, made.text()) == "row_altered"
    with pytest.raises(DatabaseDamaged):
        write(store, key)


def test_another_key_and_an_altered_statement_are_not_genuine(
    full: Store, key: Ed25519PrivateKey, tmp_path: Path
) -> None:
    made = write(full, key)
    assert made is not None
    new_pair(tmp_path / "other.key")
    assert not made.genuine(public_key(tmp_path / "other.key.pub"))
    text = made.text().replace(b'"position": 10', b'"position": 90')
    assert not published(text).genuine(key.public_key())
    unsigned = write(full, None)
    assert unsigned is not None
    assert not unsigned.genuine(key.public_key())


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text + b" ",
        lambda text: text.replace(b'"root": "', b'"root": "zz'),
        lambda text: text.replace(b'"position": 10', b'"position": "10"'),
        lambda text: text.replace(b'"checkpoint"', b'"check"'),
        lambda text: b"",
        lambda text: b"\xff",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(full: Store, change: Any) -> None:
    made = write(full, None)
    assert made is not None
    with pytest.raises(InputRefused) as refusal:
        published(change(made.text()))
    assert refusal.value.code == "checkpoint_malformed"


def test_a_key_is_for_its_owner_only_and_never_written_over(tmp_path: Path) -> None:
    public, _ = new_pair(tmp_path / "k")
    assert (tmp_path / "k").stat().st_mode & 0o077 == 0
    with pytest.raises(InputRefused) as refusal:
        new_pair(tmp_path / "k")
    assert refusal.value.code == "key_exists"
    with pytest.raises(InputRefused) as unreadable:
        private_key(public)
    assert unreadable.value.code == "key_unreadable"
    with pytest.raises(InputRefused) as wrong:
        public_key(tmp_path / "k")
    assert wrong.value.code == "key_unreadable"


def test_checkpoints_are_right_while_others_write(full: Store, key: Ed25519PrivateKey) -> None:
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            append(full, 7)

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        made = [write(full, key) for _ in range(8)]
    finally:
        stop.set()
        writer.join()
    for each in made:
        assert each is not None
        assert each.checkpoint.root == root_at(full, each.checkpoint.position).hex()
    assert told(full) is None


@pytest.mark.parametrize("code", [*CODES.values(), "proof_differs", "proof_too_large", "checkpoint_missing"])
def test_every_finding_is_in_the_catalogue(code: str) -> None:
    assert f"`{code}`" in (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")
