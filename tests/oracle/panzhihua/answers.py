"""The questions of facts v1, as far as this evaluator speaks; only fields it is sure of."""

from collections.abc import Sequence

from tests.oracle.panzhihua.asked import (
    acceptance,
    benefit_status,
    contribution_due,
    fund_transfer,
    refund_due,
)
from tests.oracle.panzhihua.claim import claim, year_totals
from tests.oracle.panzhihua.pool import fund_account
from tests.oracle.telling import Answer, Fact, Missing, Speaker, spoken

ASKED: dict[str, Speaker] = {
    "acceptance": acceptance,
    "benefit_status": benefit_status,
    "claim": claim,
    "contribution_due": contribution_due,
    "fund_account": fund_account,
    "fund_transfer": fund_transfer,
    "refund_due": refund_due,
    "year_totals": year_totals,
}


def answer(facts: Sequence[Fact], question: Fact) -> Answer | None:
    """The answer as far as the text settles it; None where it does not, or where this evaluator does not speak."""
    return spoken(ASKED, facts, question, _without)


def _without(_: Sequence[Fact], question: Fact, missing: Missing) -> Answer | None:
    if question["ask"] == "refund_due":
        return None  # whether the figure is needed depends on the day
    return missing.as_answer()
