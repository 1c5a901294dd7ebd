"""Suizhou: the ledger and the second evaluator agree on every history."""

from hypothesis import HealthCheck, given, settings

from tests.oracle.comparing import HISTORIES, Fact, disagreements
from tests.oracle.suizhou import answer
from tests.oracle.suizhou.histories import histories
from tests.oracle.suizhou.invariants import broken

EVERYTHING = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


@settings(
    max_examples=HISTORIES, deadline=None, derandomize=HISTORIES <= 300, suppress_health_check=EVERYTHING
)
@given(histories())
def test_the_ledger_says_what_the_rulebook_says(history: tuple[list[Fact], list[Fact]]) -> None:
    facts, questions = history
    found = disagreements(facts, questions, "421300", answer, never_overdrawn=True, check=broken)
    assert found == []
