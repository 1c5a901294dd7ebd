"""What every story starts with."""

from collections.abc import Iterator

import pytest

from ledger.handle import Ledger


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """An empty ledger in memory."""
    with Ledger.fresh() as fresh:
        yield fresh
