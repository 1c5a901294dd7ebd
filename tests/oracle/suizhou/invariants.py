"""What must hold of every answer whatever the history: shares add up, caps hold, months count once."""

from decimal import Decimal
from typing import Any

CAPS = {"employee": Decimal(200000), "resident": Decimal(150000)}
ZERO = Decimal(0)


def broken(question: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """The invariants that an answer of the ledger breaks."""
    answer = got.get("answer")
    checks = {"claim": _claim, "year_totals": _totals, "contribution_months": _months, "refund_due": _refund}
    check = checks.get(question["ask"])
    return [f"{question}: {each}" for each in check(question, answer)] if check and answer else []


def _money(answer: dict[str, Any], name: str) -> Decimal:
    return Decimal(str(answer.get(name) or "0"))


def _claim(_: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    funds = _money(answer, "pooled") + _money(answer, "maternity")
    funds += sum((Decimal(v) for v in answer.get("supplement", {}).values()), ZERO)
    funds += sum((Decimal(v) for v in answer.get("other_payers", {}).values()), ZERO)
    total = _money(answer, "total")
    kinds = _money(answer, "in_scope") + _money(answer, "out_of_scope") + _money(answer, "uncovered")
    own = _money(answer, "personal_account") + _money(answer, "family_account") + _money(answer, "cash")
    found = []
    if total - funds != _money(answer, "member") or _money(answer, "member") < 0:
        found.append(f"the member bears {answer['member']} of {total} after {funds}")
    if own != _money(answer, "member"):
        found.append(f"{own} was paid of {answer['member']}")
    if kinds != total:
        found.append(f"the parts of {total} sum to {kinds}")
    if answer.get("outcome") == "refused" and funds:
        found.append(f"refused, and yet paid {funds}")
    return found


def _totals(question: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    cap = CAPS[question["scheme"]]
    left = _money(answer, "cap_left")
    # Totals taken over may lie above the cap; what the ledger adds may not.
    over = _money(answer, "pooled") > cap and left != 0
    return [f"the cap is exceeded: {answer['pooled']}"] if over or left < 0 else []


def _months(_: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    crowded = {year: count for year, count in answer.get("in_year", {}).items() if count > 12}
    return [f"a month counted twice: {crowded}"] if crowded else []


def _refund(_: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    parts = _money(answer, "member") + _money(answer, "subsidiser") + _money(answer, "employer")
    if answer.get("outcome") != "due":
        return ["a refund that is refused has an amount"] if _money(answer, "amount") else []
    return [] if parts == _money(answer, "amount") else [f"{answer['amount']} goes back as {parts}"]
