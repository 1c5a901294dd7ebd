"""A proof in one file: question, answer, rules, the events it rests on and their place in a signed log."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from domain.errors import InputRefused, LedgerError
from domain.municipalities import municipality
from domain.questions.kinds import Question
from domain.questions.reading import read_question
from ledger.ask import answer
from ledger.collecting import collector_paused
from ledger.proof.canonical import PROOF, canonical
from ledger.proof.checkpoints import Checkpoint, checkpoints
from ledger.proof.evidence import Looked, consequences, facts
from ledger.proof.merkle import PART, climbed, leaf, levels, part_roots, path
from ledger.reasons import articles, load_articles
from ledger.store import DatabaseDamaged, Recorded, Store, sealing
from ledger.store.chain import link

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from ledger.handle import Ledger

FORMAT = 1
MOST = 20_000
"""Events that one proof carries at most."""


class ProofRefused(LedgerError):
    """No proof can be given; `proof_differs` also when the ledger contradicts itself."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def prove(
    ledger: "Ledger",
    asked: Mapping[str, Any],
    key: "Ed25519PrivateKey",
    *,
    city: str = "",
    position: int | None = None,
) -> bytes:
    """The proof of an answer, as the bytes of its file.

    `position` chooses the checkpoint; otherwise the latest that was signed with the key. ProofRefused
    (`checkpoint_missing`) when none covers the events, (`proof_too_large`), (`proof_differs`).
    """
    question = read_question(asked)
    place = question.city or city or _only(ledger)
    got = ledger.ask(asked, city=place)
    with collector_paused():
        load_articles(place)
        made, used = _evidence(ledger, question, got, place)
    rows = {row.position: row for row in (*used, *made)}
    sealed = _checkpoint(ledger.store, key, max(rows, default=1), position)
    town = municipality(place)
    content = {
        "format": FORMAT,
        "city": {"code": town.code, "name": town.name, "label": town.label},
        "question": dict(asked),
        "answer": got,
        "rulebook": town.version,
        "rules": articles(got.get("because", ())),
        "events": _events(ledger.store, rows, {row.position for row in used}, sealed.checkpoint.position),
        "checkpoint": msgspec.to_builtins(sealed),
        "derived": {"recorded": str(ledger.store.clock.read()), "position": ledger.store.last_position()},
    }
    signature = key.sign(PROOF + canonical(content)).hex()
    return canonical({"proof": content, "key": sealed.key, "signature": signature})


def _only(ledger: "Ledger") -> str:
    held = ledger.cities()
    if len(held) != 1:
        raise InputRefused("field_missing", "city", "say which city is meant: `city` or --city")
    return held[0]


def _evidence(
    ledger: "Ledger", question: Question, got: Mapping[str, Any], city: str
) -> tuple[list[Recorded], list[Recorded]]:
    """The consequences and the facts; the answer is derived once more from the log, without the tables."""
    replayed = ledger.as_known(city, question.known, source="replay")  # type: ignore[attr-defined]
    known = Looked(replayed.book, replayed.moment).note()
    if answer(known, question) != got:
        said = "the tables answer otherwise than the log; `yibao audit` says where, `yibao rebuild` makes them anew"
        raise ProofRefused("proof_differs", said)
    made = consequences(known, question)
    used = facts(known, question, made)
    if len(made) + len(used) > MOST:
        said = f"the answer rests on {len(made) + len(used)} events, a proof carries {MOST} at most"
        raise ProofRefused("proof_too_large", f"{said}: ask about one person, household or claim")
    return made, used


def _checkpoint(store: Store, key: "Ed25519PrivateKey", last: int, position: int | None) -> Checkpoint:
    public = key.public_key()
    for each in reversed(checkpoints(store)):
        at = each.checkpoint.position
        if at >= last and position in (None, at) and each.genuine(public):
            return each
    said = f"no checkpoint that this key signed covers position {last}; `yibao checkpoint write --key FILE` makes one"
    raise ProofRefused("checkpoint_missing", said)


def _events(
    store: Store, rows: Mapping[int, Recorded], told: Iterable[int], size: int
) -> list[dict[str, Any]]:
    """Each row exactly as it is hashed, with the way from its leaf to the root of the tree over `size` rows."""
    positions, facts_at = sorted(rows), set(told)
    stored = sealing.rows_at(store, positions)
    before = sealing.hashes_at(store, [position - 1 for position in positions])
    ways = _ways(store, positions, size)
    found = []
    for position in positions:
        row = stored[position]
        previous = before.get(position - 1, b"")
        if link(previous, row) != row.hash:
            raise DatabaseDamaged(f"row {position} is not as it was written", "run `yibao verify`")
        found.append(
            {
                "position": position,
                "is": "fact" if position in facts_at else "consequence",
                "previous": previous.hex(),
                "columns": sealing.covered(row).decode(),
                "state": row.state.decode(),
                "path": [each.hex() for each in ways[position]],
            }
        )
    return found


def _ways(store: Store, positions: Sequence[int], size: int) -> dict[int, list[bytes]]:
    """The way of each row: through its part of the tree, then through the tree over the parts."""
    full = size // PART
    roots = sealing.parts(store, full)
    rest = sealing.hashes(store, len(roots) * PART, size)
    top = levels([*roots, *(each for each, _ in part_roots(rest))])
    found: dict[int, list[bytes]] = {}
    part, number = levels([]), -1
    for position in positions:
        index = position - 1
        if index // PART != number:
            number = index // PART
            end = min((number + 1) * PART, size)
            part = levels([leaf(each) for each in sealing.hashes(store, number * PART, end)])
        way = [*path(part, index % PART), *path(top, number)]
        if climbed(part[0][index % PART], index, size, way) != top[-1][0]:
            raise DatabaseDamaged(
                "the kept parts of the hash tree are not those of the log", "run `yibao verify`"
            )
        found[position] = way
    return found
