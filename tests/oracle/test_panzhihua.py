"""Panzhihua, read twice: the ledger and a second evaluator answer alike on invented people."""

from typing import Any

from hypothesis import given

from tests.oracle.comparing import disagreements, many_histories
from tests.oracle.panzhihua import answer
from tests.oracle.panzhihua.histories import histories

PANZHIHUA = "510400"


@many_histories
@given(histories())
def test_two_readings_agree(history: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    facts, questions = history
    assert not disagreements(facts, questions, PANZHIHUA, answer)
