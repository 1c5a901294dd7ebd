"""Damage to an SQLite file: text that is no longer text, indexes that do not lead to their rows."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from ledger.store.rows import COLUMNS, Finding, Row

_NUMBERS = ("notification_id", "originator_version", "recorded_at", "ingested_at")
_BYTES = ("state", "hash")
AS_BYTES = ", ".join(
    name if name in (*_NUMBERS, *_BYTES) else f"CAST({name} AS BLOB) AS {name}" for name in COLUMNS
)
"""The columns of the log with every text as its bytes."""
NO_STATE = "illegible"
"""Stands for the state of a row that has illegible text, so that no hash fits it, whatever the text is shown as."""


def legible(columns: tuple[Any, ...]) -> Row:
    """A row read by AS_BYTES; text that is not UTF-8 is shown with escapes, and the row cannot pass as unaltered."""
    whole = True
    told: list[Any] = []
    for name, value in zip(COLUMNS, columns, strict=True):
        if name in (*_NUMBERS, *_BYTES) or not isinstance(value, bytes):
            told.append(value)
            continue
        text = value.decode("utf-8", "backslashreplace")
        whole = whole and text.encode() == value
        told.append(text)
    row = Row._make(told)
    return row if whole else row._replace(state=cast(bytes, NO_STATE))


def misindexed(said: Iterable[tuple[str]]) -> Iterator[Finding]:
    """What `PRAGMA integrity_check` says of the log's table: a row that an index hides is not found by those who ask."""
    for (message,) in said:
        if message != "ok":
            named = re.search(r"\brow (\d+)\b", message)
            position = int(named[1]) if named else 0
            yield Finding(position, "unindexed", f"an index of the log is damaged: {message.splitlines()[0]}")
