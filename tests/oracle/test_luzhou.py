"""Luzhou twice: whatever history arrives, the ledger and the plain reading of the rulebook agree."""

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given

from ledger.comparing import compared
from tests.oracle.comparing import Fact, disagreements, many_histories, told
from tests.oracle.luzhou import answer
from tests.oracle.luzhou.histories import histories

CASES = files("domain.municipalities") / "luzhou" / "cases" / "worked_examples.json"


def worked_examples() -> list[Any]:
    return [pytest.param(each, id=each["id"]) for each in json.loads(CASES.read_text("utf-8"))["cases"]]


@pytest.mark.parametrize("case", worked_examples())
def test_the_plain_reading_answers_the_worked_examples(case: dict[str, Any]) -> None:
    """What the evaluator says about a worked example is what the rulebook says."""
    facts = told(case["facts"])
    for question in case["questions"]:
        got = answer(facts, question)
        if got is not None:
            expected = {name: value for name, value in question["expect"].items() if name in got}
            assert not list(compared(expected, {"answer": got}))


@many_histories
@given(history=histories())
def test_the_ledger_and_the_plain_reading_agree(history: tuple[list[Fact], list[Fact]]) -> None:
    """Every answer of every history, at every moment asked about."""
    facts, questions = history
    assert not disagreements(facts, questions, "510500", answer)
