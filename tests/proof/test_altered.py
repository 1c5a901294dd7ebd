"""One byte altered, one event moved, one line added by the signer himself: none of it is accepted."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.handle import Ledger
from ledger.proof.bundle import prove
from ledger.proof.canonical import PROOF, canonical
from ledger.proof.checkpoints import write
from ledger.proof.keys import new_pair, private_key
from tests.proof.checker import checker, code
from tests.proof.conftest import CLAIM

LUZHOU = "510500"
CHECK = checker()
Alter = Callable[[dict[str, Any]], object]


def resigned(text: bytes, key: Ed25519PrivateKey, alter: Alter) -> bytes:
    """A proof that its signer has altered and signed anew."""
    told = json.loads(text)
    alter(told["proof"])
    told["signature"] = key.sign(PROOF + canonical(told["proof"])).hex()
    return canonical(told)


def test_every_byte_counts(town: Ledger, proof: bytes, pem: bytes) -> None:
    if town.store.dialect == "postgresql":
        pytest.skip("the file is the same")
    chosen = random.Random(20261123)
    for place in range(len(proof)):
        altered = bytearray(proof)
        altered[place] ^= 1 << chosen.randrange(8)
        assert code(CHECK, bytes(altered), pem) != "accepted", place


def test_white_space_and_length_count(proof: bytes, pem: bytes) -> None:
    loose = json.dumps(json.loads(proof), ensure_ascii=False, sort_keys=True).encode()
    escaped = (json.dumps(json.loads(proof), sort_keys=True, indent=1) + "\n").encode()
    other = [loose, proof + b"\n", proof[:-1], b" " + proof, b"", proof.replace(b"\n", b"\r\n")]
    twice = proof.replace(b'{\n "key"', b'{\n "key": "",\n "key"', 1)
    fraction = proof.replace(b'"format": 1', b'"format": 1.0', 1)
    shouted = proof[:-100] + proof[-100:].upper()
    for text in (
        *other,
        twice,
        fraction,
        shouted,
        escaped if escaped != proof else b"",
        proof[: len(proof) // 2],
    ):
        assert code(CHECK, text, pem) in ("not_canonical", "not_json", "malformed")


def test_another_key_is_not_accepted(town: Ledger, proof: bytes, pem: bytes, tmp_path: Path) -> None:
    new_pair(tmp_path / "other.key")
    other = private_key(tmp_path / "other.key")
    assert code(CHECK, proof, (tmp_path / "other.key.pub").read_bytes()) == "wrong_key"
    assert code(CHECK, resigned(proof, other, lambda told: None), pem) == "bad_signature"
    write(town.store, other)
    assert code(CHECK, prove(town, CLAIM, other), pem) == "wrong_key"


def _moved(told: dict[str, Any]) -> None:
    told["events"][0]["position"] += 1


def _swapped(told: dict[str, Any]) -> None:
    told["events"][0], told["events"][1] = told["events"][1], told["events"][0]


def _richer(told: dict[str, Any]) -> None:
    event = next(event for event in told["events"] if '"500.00"' in event["state"])
    event["state"] = event["state"].replace('"500.00"', '"900.00"')


def _beyond(told: dict[str, Any]) -> None:
    told["events"][-1]["position"] = told["checkpoint"]["checkpoint"]["position"] + 1


def _unlinked(told: dict[str, Any]) -> None:
    events = told["events"]
    second = next(two for one, two in pairwise(events) if two["position"] == one["position"] + 1)
    second["previous"] = "00" * 32


def _rooted(told: dict[str, Any]) -> None:
    told["checkpoint"]["checkpoint"]["root"] = "00" * 32


def _shorter(told: dict[str, Any]) -> None:
    told["events"][0]["path"].pop()


@pytest.mark.parametrize(
    ("alter", "code_of"),
    [
        (_richer, "not_in_log"),
        (_moved, "not_in_log"),
        (_swapped, "out_of_order"),
        (_beyond, "out_of_order"),
        (_shorter, "not_in_log"),
        (_unlinked, "not_linked"),
        (_rooted, "bad_checkpoint"),
        (lambda told: told["events"][0].update(previous="00" * 32), "not_in_log"),
        (lambda told: told["events"][0].update({"is": "consequence"}), "malformed"),
        (lambda told: told["events"][0].update(more=1), "malformed"),
        (lambda told: told["question"].update(known="2018-01-05"), "learned_later"),
        (lambda told: told["city"].update(code=LUZHOU), "other_city"),
        (lambda told: told["rules"].pop(), "rule_not_cited"),
        (lambda told: told.update(more=1), "malformed"),
        (lambda told: told["events"].append(None), "malformed"),
    ],
)
def test_not_even_the_signer_can_add_to_the_sealed_log(
    proof: bytes, pem: bytes, key: Ed25519PrivateKey, alter: Alter, code_of: str
) -> None:
    assert code(CHECK, resigned(proof, key, lambda told: None), pem) == "accepted"
    assert code(CHECK, resigned(proof, key, alter), pem) == code_of
