"""Jinjiang, read twice: the ledger and a second evaluator answer alike on invented people."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.comparing import HISTORIES, disagreements
from tests.oracle.jinjiang import answer
from tests.oracle.jinjiang.enrolling import households
from tests.oracle.jinjiang.histories import histories

JINJIANG = "350582"


@settings(
    max_examples=HISTORIES,
    deadline=None,
    derandomize=HISTORIES <= 300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.one_of(histories(), histories(), households()))
def test_two_readings_agree(history: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    facts, questions = history
    if HISTORIES <= 300:  # open (docs/reliability.md): the soak asks for the fund as well
        questions = [question for question in questions if question["ask"] != "fund_account"]
    assert not disagreements(facts, questions, JINJIANG, answer)
