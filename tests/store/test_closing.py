"""Whoever comes after the store was closed is refused, and leaves nothing open behind him."""

import threading
from collections.abc import Callable

import pytest

from ledger.store import DatabaseProblem, Store


def pools() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("pool-")}


@pytest.mark.parametrize("used", [False, True])
def test_a_reader_who_comes_too_late(open_again: Callable[[], Store], used: bool) -> None:
    before = pools()
    store = open_again()
    if used:
        assert store.last_position() == 0
    store.close()
    with pytest.raises(DatabaseProblem) as refusal:
        store.last_position()
    assert refusal.value.code == "database_unreachable"
    assert pools() == before
