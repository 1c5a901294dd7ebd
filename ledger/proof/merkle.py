"""The tree of hashes over the log (RFC 6962, section 2.1): a few rows are proven without shipping the others.

The leaf of a row is SHA-256(0x00 ‖ the row's hash of the chain), a node SHA-256(0x01 ‖ left ‖ right). The tree is
kept in parts of 1,024 leaves: the roots of complete parts never change and form a tree of the same kind.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice

PART = 1_024
"""Leaves of a part; a power of two, so that the tree over the parts' roots is the tree over all leaves."""
EMPTY = sha256(b"").digest()


def leaf(row_hash: bytes) -> bytes:
    """The leaf of a row."""
    return sha256(b"\x00" + row_hash).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The node over two others."""
    return sha256(b"\x01" + left + right).digest()


def levels(bottom: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Every level of a tree from its bottom to its root; what has no neighbour moves up as it is."""
    found = [bottom]
    while len(below := found[-1]) > 1:
        above = [node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
        found.append([*above, below[-1]] if len(below) % 2 else above)
    return found


def root(bottom: Sequence[bytes]) -> bytes:
    """The root over nodes or leaves."""
    return levels(bottom)[-1][0] if bottom else EMPTY


def path(tree: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """The neighbours on the way from a node of the bottom (counted from 0) to the root, lowest first."""
    found = []
    for level in tree[:-1]:
        if (index ^ 1) < len(level):
            found.append(level[index ^ 1])
        index >>= 1
    return found


def climbed(bottom: bytes, index: int, size: int, way: Iterable[bytes]) -> bytes | None:
    """The root to which a way leads from one of `size` leaves; None when the way is too long or too short."""
    last = size - 1
    for neighbour in way:
        if last == 0:
            return None
        while not index & 1 and index == last and last:  # moved up as it is
            index, last = index >> 1, last >> 1
        bottom = node(neighbour, bottom) if index & 1 else node(bottom, neighbour)
        index, last = index >> 1, last >> 1
    return bottom if last == 0 else None


def part_roots(row_hashes: Iterable[bytes]) -> list[tuple[bytes, int]]:
    """The roots of the parts over some rows' hashes, with the number of leaves of each; all but the last are full."""
    found = []
    hashes = iter(row_hashes)
    while some := list(islice(hashes, PART)):
        found.append((root([leaf(each) for each in some]), len(some)))
    return found
