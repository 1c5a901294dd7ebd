"""Facts told in one transaction have the consequences that they have one by one: nobody concerned is missed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InputRefused
from ledger.handle import Ledger
from tests.resolve.stories import CITY, demo_facts
from tests.scenarios.histories import cities, history


def one_by_one(facts: list[dict[str, Any]], code: str) -> list[Any]:
    """The log after recording each fact in a transaction of its own."""
    with Ledger.fresh() as ledger:
        for fact in facts:
            try:
                ledger.record(fact, city=code, keep_recorded=True)
            except InputRefused:
                continue
        return logged(ledger)


def at_once(facts: list[dict[str, Any]], code: str) -> list[Any]:
    """The log after importing all of them together."""
    with Ledger.fresh() as ledger:
        list(ledger.import_facts(enumerate(facts, 1), city=code))
        return logged(ledger)


def logged(ledger: Ledger) -> list[Any]:
    """Every row without what depends on the hour of writing."""
    return [(row.position, row.subject, row.recorded, row.event) for row in ledger.store.since()]


def test_a_household_and_an_employer() -> None:
    assert at_once(demo_facts(), CITY) == one_by_one(demo_facts(), CITY)


@pytest.mark.parametrize(("folder", "code"), cities())
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_random_histories(folder: str, code: str, seed: int) -> None:
    facts = list(history(seed, folder))
    assert at_once(facts, code) == one_by_one(facts, code)
