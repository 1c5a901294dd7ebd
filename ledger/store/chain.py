"""Each row's hash covers the row before it, so that nobody rewrites the past unnoticed.

hash = SHA-256(hash of the row before ‖ JSON array of the other columns in order, without spaces ‖ state).
The first row follows 32 zero bytes.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

import msgspec

from ledger.store.rows import Finding, Head, Row

GENESIS = bytes(32)
_encode = msgspec.json.Encoder().encode


def link(previous: bytes, row: Row) -> bytes:
    """The hash that a row must carry after a row with the hash `previous`."""
    return sha256(_kept(previous) + _encode((*row[:4], *row[5:12])) + _kept(row.state)).digest()


def _kept(value: object) -> bytes:
    # SQLite keeps text where bytes were, if somebody puts it there: then the row is not as it was written.
    return value if isinstance(value, bytes) else b"text:" + str(value).encode()


def chained(previous: bytes, row: Row) -> Row:
    """The row with its hash."""
    return Row(*row[:12], link(previous, row))


class Examiner:
    """Recomputes the chain row by row and says what is wrong with each row that does not fit."""

    def __init__(self, head: Head | None) -> None:
        self.head = head
        self.position = 0
        self.hash = GENESIS

    def examine(self, row: Row, rest: Iterable[Row]) -> Iterator[Finding]:
        """Nothing when the row fits. `rest` is what follows it, read only when it does not."""
        if row.position > self.position + 1:
            gap = f"{self.position + 1}" if row.position == self.position + 2 else self._gap(row)
            yield Finding(self.position + 1, "removed", f"position {gap} is missing")
        elif row.position <= self.position:
            yield Finding(row.position, "inserted", f"position {row.position} is not one the ledger gave")
            return
        elif link(self.hash, row) != row.hash:
            yield self._misfit(row, rest)
        self.position, self.hash = row.position, row.hash

    def close(self) -> Iterator[Finding]:
        """Compare the end of the rows with the end that the ledger noted."""
        head = self.head
        if head is None:
            yield Finding(self.position, "removed", "the note of the log's end (log_head) is missing")
        elif self.position < head.position:
            gap = f"positions {self.position + 1} to {head.position} are missing at the end"
            yield Finding(self.position + 1, "removed", gap)
        elif self.position > head.position:
            says = f"rows after position {head.position} were not written by the ledger"
            yield Finding(head.position + 1, "inserted", says)
        elif self.hash != head.hash:
            yield Finding(self.position, "altered", "the last row's hash differs from the noted end")

    def _gap(self, row: Row) -> str:
        return f"{self.position + 1} to {row.position - 1}"

    def _misfit(self, row: Row, rest: Iterable[Row]) -> Finding:
        """Altered in place, displaced, inserted before its followers, or robbed of its predecessor?"""
        follower: Row | None = None
        for later in rest:
            if follower is None:
                follower = later
                if link(row.hash, later) == later.hash:
                    return Finding(row.position, "altered", f"row {row.position} is not as it was written")
                if link(row.hash, _moved(later, later.position + 1)) == later.hash:
                    return self._robbed(row)
            if link(self.hash, _moved(later, row.position)) == later.hash:
                return self._displaced(row, later, follower)
        ends = self.head is not None and row.hash == self.head.hash and row.position < self.head.position
        if follower is None and ends:
            return self._robbed(row)
        says = f"row {row.position} is not as it was written, or row {self.position} is not"
        return Finding(row.position, "altered", says)

    def _robbed(self, row: Row) -> Finding:
        says = f"the row of position {row.position} was taken out, the rest renumbered"
        return Finding(row.position, "removed", says)

    def _displaced(self, row: Row, later: Row, follower: Row) -> Finding:
        own = later.position
        if later is follower and link(later.hash, _moved(row, own)) != row.hash:
            return Finding(row.position, "inserted", f"row {row.position} was put in, the rest renumbered")
        return Finding(row.position, "reordered", f"the row of position {row.position} stands at {own}")


def _moved(row: Row, position: int) -> Row:
    return row._replace(position=position)
