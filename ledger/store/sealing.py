"""What a checkpoint needs of the log: hashes by position, whole rows, checkpoints kept beside the log."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from ledger.store.chain import GENESIS
from ledger.store.looking import marks, portions
from ledger.store.rows import Row

if TYPE_CHECKING:
    from ledger.store.log import Store

_BATCH = 20_000
_columns = msgspec.json.Encoder().encode
_KEEP = (
    "INSERT INTO checkpoint (position, key_id, head, root, recorded_at, signature) VALUES (?, ?, ?, ?, ?, ?)"
)
_KEEP_PART = "INSERT INTO tree_part (number, root) VALUES (?, ?)"
_ONCE = " ON CONFLICT DO NOTHING"


class Kept(NamedTuple):
    """A checkpoint as it is stored: the end of the log at a time, and the root of the tree over all rows up to it."""

    position: int
    key_id: str
    """Empty when it is not signed; then `signature` is empty too."""
    head: bytes
    root: bytes
    recorded_at: int
    signature: bytes


def keep(store: "Store", kept: Kept, parts: Mapping[int, bytes]) -> None:
    """Store a checkpoint and new parts of the tree; those that are there stay as they are."""
    with store.transaction() as transaction:
        cursor = transaction.cursor()
        if parts:
            cursor.executemany(store.machine.sql(_KEEP_PART + _ONCE), list(parts.items()))
        cursor.execute(store.machine.sql(_KEEP + _ONCE), tuple(kept))


def checkpoints(store: "Store") -> list[Kept]:
    """Every checkpoint, in order."""
    text = "SELECT position, key_id, head, root, recorded_at, signature FROM checkpoint ORDER BY 1, 2"
    return [Kept(*row) for row in store.query(text)]


def parts(store: "Store", count: int) -> list[bytes]:
    """The roots of the first complete parts of the tree; fewer when some are missing."""
    found = store.query("SELECT number, root FROM tree_part WHERE number < ? ORDER BY number", (count,))
    return [root for place, (number, root) in enumerate(found) if number == place]


def hashes(store: "Store", after: int, until: int) -> Iterator[bytes]:
    """The hash of each row after a position up to another, in order."""
    text = (
        "SELECT notification_id, hash FROM stored_events WHERE notification_id > ? AND notification_id <= ?"
        " ORDER BY notification_id LIMIT ?"
    )
    while rows := store.query(text, (after, until, _BATCH)):
        yield from (hash_ for _, hash_ in rows)
        if rows[-1][0] <= after:
            return  # a damaged tree out of order: it would give the same rows for ever
        after = rows[-1][0]


def hash_at(store: "Store", position: int) -> bytes | None:
    """The hash of a row; of position 0 what the first row follows; None when there is no such row."""
    if position == 0:
        return GENESIS
    found = store.query("SELECT hash FROM stored_events WHERE notification_id = ?", (position,))
    return found[0][0] if found else None


def rows_at(store: "Store", positions: Iterable[int]) -> dict[int, Row]:
    """Rows as they are stored, by position."""
    found: dict[int, Row] = {}
    for some in portions(map(str, positions)):
        text = f"SELECT {store.machine.select_columns} FROM stored_events WHERE notification_id IN ({marks(some)})"
        rows = (Row._make(row) for row in store.query(text, [int(each) for each in some]))
        found.update((row.position, row) for row in rows)
    return found


def hashes_at(store: "Store", positions: Iterable[int]) -> dict[int, bytes]:
    """Hashes of rows, by position; of position 0 what the first row follows."""
    wanted = list(positions)
    found = {0: GENESIS} if 0 in wanted else {}
    for some in portions(map(str, wanted)):
        text = f"SELECT notification_id, hash FROM stored_events WHERE notification_id IN ({marks(some)})"
        found.update(store.query(text, [int(each) for each in some]))
    return found


def covered(row: Row) -> bytes:
    """The columns of a row as its hash covers them: a JSON array without `state` and `hash`."""
    return _columns((*row[:4], *row[5:12]))
