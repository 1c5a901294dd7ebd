"""What must hold whatever the history and whatever the city: of the books after every fact, and of every answer."""

from decimal import Decimal
from typing import Any

from domain.values.calendar import FAR_FUTURE, Moment
from ledger.balancing import trial_balance
from ledger.handle import Ledger

NEVER_BELOW_ZERO = ("personal_account", "family_account", "refundable")
ZERO = Decimal(0)


def unsound(ledger: Ledger, city: str) -> list[str]:
    """What is wrong with the books of a city as they stand: they do not sum to zero, or an account is overdrawn."""
    lines = trial_balance(ledger.store, city, FAR_FUTURE, Moment.end_of(FAR_FUTURE), every_account=True)
    found = [
        f"{line.account} is overdrawn by {-line.fen} fen"
        for line in lines
        if line.fen < 0 and line.account.partition(":")[0] in NEVER_BELOW_ZERO
    ]
    fen = sum(line.fen for line in lines)
    return [*found, f"the postings of {city} sum to {fen} fen"] if fen else found


def broken(question: dict[str, Any], got: dict[str, Any]) -> list[str]:
    """The invariants that an answer of the ledger breaks."""
    answer = got.get("answer")
    check = CHECKS.get(question["ask"])
    return [f"{question}: {each}" for each in check(answer)] if check and answer else []


def _account(answer: dict[str, Any]) -> list[str]:
    """No account of a person or a family is below zero at the end of any day."""
    balance, days = ZERO, dict[str, Decimal]()
    for movement in answer.get("movements") or ():
        balance += Decimal(movement["amount"])
        days[movement["on"]] = balance
    return [f"{amount} on {day}" for day, amount in days.items() if amount < 0]


def _sum(answer: dict[str, Any], name: str) -> Decimal:
    return sum((Decimal(amount) for amount in answer.get(name, {}).values()), ZERO)


def _money(answer: dict[str, Any], name: str) -> Decimal:
    return Decimal(str(answer.get(name) or "0"))


def _claim(answer: dict[str, Any]) -> list[str]:
    """The member bears what nobody else pays, and pays what he bears; the refused get nothing from basic insurance.

    An insurer may have told that his layer paid (`layer_paid`), whatever basic insurance says. A package for a delivery
    may be more than the bill: the provider keeps what is over.
    """
    basic = _money(answer, "pooled") + _money(answer, "maternity")
    total, member = _money(answer, "total") + _money(answer, "provider_surplus"), _money(answer, "member")
    paid = basic + _sum(answer, "supplement") + _sum(answer, "other_payers")
    own = _money(answer, "personal_account") + _money(answer, "family_account") + _money(answer, "cash")
    found = []
    if total - paid != member or member < 0:
        found.append(f"the member bears {member} of {total} after {paid}")
    if own != member:
        found.append(f"{own} was paid of {member}")
    if answer.get("outcome") == "refused" and basic:
        found.append(f"refused, and yet paid {basic}")
    return found


def _totals(answer: dict[str, Any]) -> list[str]:
    """What is left of a cap is never negative, and nothing once as much was paid as it allows.

    Totals taken over from before the ledger may lie above the cap; what the ledger adds may not.
    """
    left, cap = _money(answer, "cap_left"), answer.get("cap")
    over = cap is not None and _money(answer, "pooled") > Decimal(str(cap)) and left != 0
    return [f"the cap is exceeded: {answer.get('pooled')} of {cap}, {left} left"] if over or left < 0 else []


def _months(answer: dict[str, Any]) -> list[str]:
    crowded = {year: count for year, count in answer.get("in_year", {}).items() if count > 12}
    return [f"a month counted twice: {crowded}"] if crowded else []


def _refund(answer: dict[str, Any]) -> list[str]:
    parts = _money(answer, "member") + _money(answer, "subsidiser") + _money(answer, "employer")
    if answer.get("outcome") != "due":
        return ["a refund that is refused has an amount"] if _money(answer, "amount") else []
    return [] if parts == _money(answer, "amount") else [f"{answer['amount']} goes back as {parts}"]


CHECKS = {
    "claim": _claim,
    "year_totals": _totals,
    "contribution_months": _months,
    "refund_due": _refund,
    "personal_account": _account,
    "family_account": _account,
}
