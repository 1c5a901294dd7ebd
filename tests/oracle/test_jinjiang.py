"""Jinjiang, read twice: the ledger and a second evaluator answer alike on invented people."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.comparing import disagreements, many_histories
from tests.oracle.jinjiang import answer
from tests.oracle.jinjiang.enrolling import households
from tests.oracle.jinjiang.histories import histories

JINJIANG = "350582"


@many_histories
@given(st.one_of(histories(), histories(), households()))
def test_two_readings_agree(history: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    facts, questions = history
    assert not disagreements(facts, questions, JINJIANG, answer)
