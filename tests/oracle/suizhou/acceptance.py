"""What became of a fact that a rule may refuse."""

from datetime import date

from tests.oracle.suizhou import accounts, resident
from tests.oracle.suizhou.text import Answer, Fact, Known, Unsure, day, known_at, money, recorded


def acceptance_answer(known: Known, question: Answer) -> Answer:
    """`accepted`, `refused` with its reason, `void` or `superseded`."""
    name = question["id"]
    told = [f for f in known.all_told if f.get("id") == name and recorded(f) <= known.at]
    later = [f for f in known.all_told if f.get("corrects") == name and recorded(f) <= known.at]
    if not told:
        raise Unsure
    if later:
        return {"outcome": "void" if later[-1].get("void") else "superseded"}
    reason = _reason(known, told[0])
    return {"outcome": "refused", "reason": reason} if reason else {"outcome": "accepted"}


def _reason(known: Known, fact: Fact) -> str | None:
    if not date(2024, 1, 1) <= day(fact["on"]) < date(2029, 1, 1):
        raise Unsure
    if fact["fact"] == "resident_contribution_paid" and len(fact["persons"]) == 1:
        return resident.verdict(known, fact["persons"][0], fact, voided=False)[0]
    if fact["fact"] == "enrolled" and fact["capacity"] == "newborn":
        return resident.verdict(known, fact["person"], fact)[0]
    if fact["fact"] == "refund_requested":
        speaker = accounts.refund_answer if fact["scheme"] == "employee" else _resident_refund
        said = speaker(known, {**fact, "on": known.today.isoformat()})
        return None if said["outcome"] == "due" else str(said["reason"])
    if fact["fact"] == "personal_account_spent":
        return _spent(known, fact)
    raise Unsure


def _resident_refund(known: Known, question: Answer) -> Answer:
    return resident.refund_answer(known, question["person"], question["year"], known.today)


def _spent(known: Known, fact: Fact) -> str | None:
    """A spend above the balance of its day is refused whole (SZ-20e)."""
    if len(known.about(fact["person"], "personal_account_spent")) > 1:
        raise Unsure
    without = Known(
        [f for f in known.facts if f is not fact], known_at(known.all_told, known.at).at, known.all_told
    )
    if day(fact["on"]) > known.today:
        raise Unsure
    said = accounts.account_answer(without, {"person": fact["person"], "on": fact["on"]})
    return "insufficient_balance" if money(said["balance"]) < money(fact["amount"]) else None
