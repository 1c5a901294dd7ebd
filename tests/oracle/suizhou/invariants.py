"""What must hold of every answer of Suizhou besides: the kinds of expense are the whole bill (SZ-59b)."""

from decimal import Decimal
from typing import Any

PARTS = ("in_scope", "out_of_scope", "uncovered")


def broken(question: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """The city's own invariants that an answer of the ledger breaks."""
    answer = got.get("answer")
    if question["ask"] != "claim" or not answer:
        return []
    total, others = (
        Decimal(answer["total"]),
        {**answer.get("supplement", {}), **answer.get("other_payers", {})},
    )
    kinds = sum(Decimal(str(answer.get(part) or "0")) for part in PARTS)
    found = [] if kinds == total else [f"{question}: the parts of {total} sum to {kinds}"]
    if answer["outcome"] == "refused" and any(Decimal(paid) for paid in others.values()):
        found.append(f"{question}: refused, and yet paid by {others}")
    return found
