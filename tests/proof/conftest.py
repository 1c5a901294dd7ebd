"""A log of a few dozen rows on each database, keys, and the proof of a claim in the invented town."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.municipalities import municipality as real
from ledger.clock import FixedClock
from ledger.handle import Ledger
from ledger.proof.bundle import prove
from ledger.proof.checkpoints import write
from ledger.proof.keys import new_pair, private_key
from ledger.receipts import Receipt
from ledger.store import Store
from tests.cli.conftest import FACTS, xincheng
from tests.store.conftest import clock, open_again, place, store
from tests.store.facts import CITY, CLERK, credited, registered
from tests.toytown import CODE, TOWN

__all__ = ["clock", "open_again", "place", "store", "xincheng"]
CLAIM = {"ask": "claim", "claim": "c1", "known": "2018-06-01"}
"""What is asked, and proven."""


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """The private key's file; the public key lies beside it."""
    new_pair(tmp_path / "yibao.key")
    return tmp_path / "yibao.key"


@pytest.fixture
def key(key_file: Path) -> Ed25519PrivateKey:
    """The key with which the ledger signs."""
    return private_key(key_file)


@pytest.fixture
def full(store: Store) -> Store:
    """Ten rows."""
    store.append([registered(f"P{n}") for n in range(5)], city=CITY, recorded_by=CLERK)
    store.append([credited(f"P{n}", n + 1, f"reg-P{n}") for n in range(5)], city=CITY, recorded_by=CLERK)
    return store


@pytest.fixture
def town(xincheng: None, monkeypatch: pytest.MonkeyPatch, place: str, clock: FixedClock) -> Iterator[Ledger]:
    """The invented town: a claim paid late, known and advanced until summer."""
    monkeypatch.setattr("ledger.proof.bundle.municipality", lambda city: TOWN if city == CODE else real(city))
    with Ledger.open(place, migrate=True, clock=clock) as ledger:
        taken = ledger.import_facts(enumerate(({**fact, "city": CODE} for fact in FACTS), 1))
        assert all(isinstance(each, Receipt) for each in taken)
        yield ledger


@pytest.fixture
def pem(key_file: Path) -> bytes:
    """The public key, as it is published."""
    return key_file.with_name("yibao.key.pub").read_bytes()


@pytest.fixture
def proof(town: Ledger, key: Ed25519PrivateKey) -> bytes:
    """Why the claim is paid, proven."""
    write(town.store, key)
    return prove(town, CLAIM, key)
