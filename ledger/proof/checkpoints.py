"""Checkpoints: what the log was at a time, small enough to publish, signed if there is a key.

Whoever keeps a published checkpoint can tell later whether the log was cut off or written anew.
"""

import json
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from domain.errors import InputRefused
from domain.values.calendar import Moment
from ledger.proof.canonical import CHECKPOINT, canonical
from ledger.proof.merkle import PART, leaf, part_roots, root
from ledger.store import DatabaseDamaged, Finding, Store, sealing
from ledger.store.chain import link
from ledger.store.sealing import Kept

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Statement(Struct, frozen=True, forbid_unknown_fields=True):
    """What a checkpoint says."""

    position: int
    """Of the last row; positions have no gaps, so it is also the number of rows."""
    head: str
    """The last row's hash, 64 hexadecimal digits: the end of the chain."""
    root: str
    """The root of the tree over the hashes of all rows up to there."""
    recorded: str
    """When the checkpoint was made."""


class Checkpoint(Struct, frozen=True, forbid_unknown_fields=True):
    """A statement about the log and, unless there was no key, who signed it."""

    checkpoint: Statement
    key: str | None = None
    signature: str | None = None

    def text(self) -> bytes:
        """As it is published."""
        return canonical(msgspec.to_builtins(self))

    def genuine(self, key: "Ed25519PublicKey") -> bool:
        """Whether it was signed with this key."""
        from ledger.proof.keys import genuine, key_id

        if self.signature is None or self.key != key_id(key):
            return False
        return genuine(key, bytes.fromhex(self.signature), signed(self.checkpoint))


def signed(statement: Statement) -> bytes:
    """What is signed of a checkpoint."""
    return CHECKPOINT + canonical(msgspec.to_builtins(statement))


def published(text: bytes) -> Checkpoint:
    """A checkpoint as it was published; InputRefused unless it is one, byte for byte."""
    try:
        found = msgspec.convert(json.loads(text), Checkpoint)
        for digits in (found.checkpoint.head, found.checkpoint.root, found.signature or ""):
            bytes.fromhex(digits)
        if found.text() == text and found.checkpoint.position > 0:
            return found
    except (ValueError, msgspec.ValidationError):
        pass
    said = "not a checkpoint as `yibao checkpoint export` writes it; get the file again from where it was published"
    raise InputRefused("checkpoint_malformed", "checkpoint", said)


def checkpoints(store: Store) -> list[Checkpoint]:
    """Every checkpoint of a ledger, in order."""
    return [_told(kept) for kept in sealing.checkpoints(store)]


def write(store: Store, key: "Ed25519PrivateKey | None") -> Checkpoint | None:
    """Store a checkpoint of the present end of the log; None when the log is empty.

    Only rows since the last complete part of the tree are read. Each is checked against the chain, so that an
    altered row is never sealed (DatabaseDamaged). Once it is made, making it again changes nothing.
    """
    position = store.last_position()
    if not position:
        return None
    _still_holds(store)
    roots = sealing.parts(store, position // PART)
    made = part_roots(_sound_hashes(store, len(roots) * PART, position))
    statement = Statement(
        position=position,
        head=_hash_at(store, position).hex(),
        root=root([*roots, *(each for each, _ in made)]).hex(),
        recorded=str(store.clock.read()),
    )
    found = _sign(statement, key)
    full = {len(roots) + number: each for number, (each, size) in enumerate(made) if size == PART}
    sealing.keep(store, _kept(found), full)
    return next(each for each in checkpoints(store) if _same(each, found))


def contradicted(store: Store, checkpoint: Checkpoint) -> Iterator[Finding]:
    """How the log contradicts a checkpoint: cut off before it, or written anew; nothing when it agrees."""
    said = checkpoint.checkpoint
    found = sealing.hash_at(store, said.position)
    if found is None:
        last = store.last_position()
        told = f"the checkpoint of {said.recorded} says {said.position} rows, the log ends at {last}"
        yield Finding(last + 1, "truncated", told)
    elif found.hex() != said.head or root_at(store, said.position).hex() != said.root:
        yield _rewritten(said)


def root_at(store: Store, position: int) -> bytes:
    """The root of the tree over the first rows, from the rows' hashes alone."""
    return root([each for each, _ in part_roots(sealing.hashes(store, 0, position))])


def own_contradictions(store: Store) -> Iterator[Finding]:
    """The same for every checkpoint kept beside the log and the kept parts of the tree; one pass over the hashes."""
    kept = checkpoints(store)
    if not kept:
        return
    last = kept[-1].checkpoint.position
    hashes = sealing.hashes(store, 0, last)
    full: list[bytes] = []
    while some := list(islice(hashes, PART)):
        reached = len(full) * PART + len(some)
        while kept and kept[0].checkpoint.position <= reached:
            said = kept.pop(0).checkpoint
            here = some[: said.position - len(full) * PART]
            if here[-1].hex() != said.head or root([*full, _part(here)]).hex() != said.root:
                yield _rewritten(said)
                return
        full.append(_part(some))
    if kept:
        yield from contradicted(store, kept[0])
        return
    full = full[: last // PART]
    if sealing.parts(store, len(full)) != full:
        yield Finding(last, "altered", "the kept parts of the hash tree (tree_part) are not those of the log")


def _part(row_hashes: list[bytes]) -> bytes:
    return root([leaf(each) for each in row_hashes])


def _rewritten(said: Statement) -> Finding:
    told = f"the log up to {said.position} is not the one of the checkpoint of {said.recorded}"
    return Finding(said.position, "rewritten", told)


def _still_holds(store: Store) -> None:
    """A log that is shorter than its last checkpoint, or another one, gets no further checkpoint."""
    kept = sealing.checkpoints(store)
    if not kept:
        return
    last = kept[-1]
    roots = sealing.parts(store, last.position // PART)
    rest = part_roots(sealing.hashes(store, len(roots) * PART, last.position))
    same = root([*roots, *(each for each, _ in rest)]) == last.root
    if not same or sealing.hash_at(store, last.position) != last.head:
        what = f"the log is not the one of its checkpoint at {last.position}"
        raise DatabaseDamaged(what, "no checkpoint was made; `yibao verify` says what is wrong")


def _sound_hashes(store: Store, after: int, until: int) -> Iterator[bytes]:
    previous, reached = _hash_at(store, after), after
    for row in store.rows(after):
        if row.position > until:
            break
        reached += 1
        if row.position != reached or link(previous, row) != row.hash:
            what = f"row {reached} is not as it was written, or is missing"
            raise DatabaseDamaged(what, "no checkpoint was made; run `yibao verify`")
        previous = row.hash
        yield previous


def _hash_at(store: Store, position: int) -> bytes:
    found = sealing.hash_at(store, position)
    if found is None:
        raise DatabaseDamaged(f"row {position} is missing", "no checkpoint was made; run `yibao verify`")
    return found


def _same(one: Checkpoint, other: Checkpoint) -> bool:
    return one.checkpoint.position == other.checkpoint.position and one.key == other.key


def _sign(statement: Statement, key: "Ed25519PrivateKey | None") -> Checkpoint:
    if key is None:
        return Checkpoint(statement)
    from ledger.proof.keys import key_id

    return Checkpoint(statement, key_id(key.public_key()), key.sign(signed(statement)).hex())


def _kept(checkpoint: Checkpoint) -> Kept:
    said = checkpoint.checkpoint
    moment = Moment.parse(said.recorded)
    head, top = bytes.fromhex(said.head), bytes.fromhex(said.root)
    return Kept(
        said.position, checkpoint.key or "", head, top, int(moment), bytes.fromhex(checkpoint.signature or "")
    )


def _told(kept: Kept) -> Checkpoint:
    recorded = str(Moment(kept.recorded_at))
    statement = Statement(kept.position, kept.head.hex(), kept.root.hex(), recorded)
    return Checkpoint(statement, kept.key_id or None, kept.signature.hex() or None)
