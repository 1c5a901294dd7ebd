"""Suizhou: the ledger and the second evaluator agree on every history."""

from hypothesis import given

from tests.oracle.comparing import Fact, disagreements, many_histories
from tests.oracle.suizhou import answer
from tests.oracle.suizhou.histories import histories
from tests.oracle.suizhou.invariants import broken


@many_histories
@given(histories())
def test_the_ledger_says_what_the_rulebook_says(history: tuple[list[Fact], list[Fact]]) -> None:
    facts, questions = history
    found = disagreements(facts, questions, "421300", answer, broken)
    assert found == []
