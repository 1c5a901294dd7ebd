"""The questions of facts v1, as far as this evaluator speaks; only fields it is sure of."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.oracle.panzhihua.asked import (
    acceptance,
    benefit_status,
    contribution_due,
    fund_transfer,
    refund_due,
)
from tests.oracle.panzhihua.claim import claim, year_totals
from tests.oracle.panzhihua.known import Fact, Missing, Unsure, World, day
from tests.oracle.panzhihua.pool import fund_account

Answer = dict[str, Any]
ASKED: dict[str, Callable[[World, Fact], Answer]] = {
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
    speaks = ASKED.get(question["ask"])
    if speaks is None or len(str(question["known"])) != 10:
        return None
    try:
        return speaks(World(facts, day(question["known"])), question)
    except Unsure:
        return None
    except Missing as missing:
        if question["ask"] == "refund_due":
            return None  # whether the figure is needed depends on the day
        error = {"code": missing.code, **({"name": missing.name} if missing.name else {})}
        return {"error": error}
