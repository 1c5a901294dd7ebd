"""The questions of facts v1, as far as this evaluator speaks; only fields it is sure of."""

from collections.abc import Sequence

from tests.oracle.jinjiang.asked import (
    acceptance,
    benefit_status,
    contribution_due,
    fund_transfer,
    personal_account,
    refund_due,
    supplement_status,
)
from tests.oracle.jinjiang.claim import claim, year_totals
from tests.oracle.jinjiang.pool import fund_account
from tests.oracle.telling import Answer, Fact, Missing, Speaker, spoken

ASKED: dict[str, Speaker] = {
    "acceptance": acceptance,
    "benefit_status": benefit_status,
    "claim": claim,
    "contribution_due": contribution_due,
    "fund_account": fund_account,
    "fund_transfer": fund_transfer,
    "personal_account": personal_account,
    "refund_due": refund_due,
    "supplement_status": supplement_status,
    "year_totals": year_totals,
}


def answer(facts: Sequence[Fact], question: Fact) -> Answer | None:
    """The answer as far as the text settles it; None where it does not, or where this evaluator does not speak."""
    return spoken(ASKED, facts, question, _without)


def _without(facts: Sequence[Fact], question: Fact, missing: Missing) -> Answer | None:
    if question["ask"] in ("fund_account", "personal_account", "refund_due"):
        return None  # what can be posted without the figure, and what cannot, the text leaves open
    if question["ask"] == "contribution_due":
        return None if _told_once(facts, missing.name) else {"error": {"code": missing.code}}
    return missing.as_answer()


def _told_once(facts: Sequence[Fact], name: str) -> bool:
    """A figure withdrawn since, or one the price itself does not need: which knowledge governs is not said."""
    return name == "student_window" or any(
        fact.get("void") and str(fact.get("corrects")) in _announcements(facts) for fact in facts
    )


def _announcements(facts: Sequence[Fact]) -> set[str]:
    return {str(fact.get("id")) for fact in facts if fact["fact"] == "parameter_announced"}
