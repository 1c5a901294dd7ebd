"""A log of a few dozen rows on each database, and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.proof.keys import new_pair, private_key
from ledger.store import Store
from tests.store.conftest import clock, open_again, place, store
from tests.store.facts import CITY, CLERK, credited, registered

__all__ = ["clock", "open_again", "place", "store"]


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
