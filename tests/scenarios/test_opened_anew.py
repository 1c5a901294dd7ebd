"""A ledger that remembers nothing and reads everything again says and does what one does that has been open all along."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InputRefused
from ledger.handle import Ledger
from tests.scenarios.histories import cities, history, questions

PAID = {
    "fact": "resident_contribution_paid",
    "id": "paid",
    "on": "2017-12-12",
    "recorded": "2017-12-12",
    "household": "H",
    "persons": ["P"],
    "year": 2018,
    "tier": 2,
}
GONE = {
    "fact": "resident_contribution_paid",
    "on": "2018-01-05",
    "recorded": "2018-01-05",
    "corrects": "paid",
    "void": True,
}


def outcome(ledger: Ledger, code: str, fact: dict[str, Any]) -> Any:
    """The receipt of a fact, or the code of its refusal."""
    try:
        return ledger.record(fact, city=code, keep_recorded=True)
    except InputRefused as refusal:
        return refusal.code


def test_what_became_of_a_withdrawn_fact_is_known_by_its_id_alone() -> None:
    """Nobody has asked about the person yet: the withdrawal stands beside the fact, not in it."""
    with Ledger.fresh() as ledger:
        ledger.record(PAID, city="510500", keep_recorded=True)
        ledger.record(GONE | {"id": "gone"}, city="510500", keep_recorded=True)

        ledger.forget()
        said = ledger.ask({"ask": "acceptance", "id": "paid", "known": "2018-01-05"}, city="510500")
        assert said["answer"] == {"outcome": "void"}

        ledger.forget()
        assert outcome(ledger, "510500", GONE | {"id": "again"}) == "wrong_correction"


@pytest.mark.parametrize(("folder", "code"), cities())
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_it_makes_no_difference_how_long_a_ledger_has_been_open(folder: str, code: str, seed: int) -> None:
    facts = list(history(seed, folder))
    with Ledger.fresh() as long, Ledger.fresh() as anew:
        for fact in facts:
            anew.forget()
            assert outcome(anew, code, fact) == outcome(long, code, fact)

        known = sorted({fact["recorded"] for fact in facts})[-1]
        became = [{"ask": "acceptance", "id": fact["id"], "known": known} for fact in facts if "id" in fact]
        for question in (*became, *questions(seed, folder, facts)):
            anew.forget()
            assert answered(anew, code, question) == answered(long, code, question)
        assert [row.event for row in anew.store.since(0)] == [row.event for row in long.store.since(0)]


def answered(ledger: Ledger, code: str, question: dict[str, Any]) -> Any:
    """The answer, or the code and the name of its refusal."""
    try:
        return ledger.ask(question, city=code)
    except InputRefused as refusal:
        return refusal.code, refusal.name
