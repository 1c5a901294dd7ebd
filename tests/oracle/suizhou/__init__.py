"""Suizhou once more, from the rulebook alone: slow, plain, and sharing nothing with the ledger."""

from collections.abc import Callable, Sequence

from tests.oracle.suizhou import acceptance, accounts, cover, dues, funds, resident, retiring, settlements
from tests.oracle.suizhou.text import Answer, Fact, Known, Refused, Unsure, day, known_at, moment


def answer(facts: Sequence[Fact], question: Answer) -> Answer | None:
    """What facts v1 says to a question; only what is certain, and None where this evaluator is silent."""
    speaker = SPEAKERS.get(question["ask"])
    if speaker is None:
        return None
    known = known_at(facts, moment(question["known"]))
    if any(
        fact["key"] in ("parameter_replaced", "validity_extended") for fact in known.of("parameter_announced")
    ):
        return None
    try:
        return speaker(known, question)
    except Unsure:
        return None
    except Refused as refusal:
        return {"error": refusal.error}


def _months(known: Known, question: Answer) -> Answer:
    if question.get("scheme", "employee") != "employee":
        raise Unsure
    return retiring.months_answer(known, question["person"], day(question["on"]))


def _retirement(known: Known, question: Answer) -> Answer:
    return retiring.retirement_answer(known, question["person"], day(question["on"]))


def _lump_sum(known: Known, question: Answer) -> Answer:
    return retiring.lump_sum_answer(known, question["person"], question, day(question["on"]))


def _refund(known: Known, question: Answer) -> Answer:
    if question["scheme"] == "employee":
        return accounts.refund_answer(known, question)
    return resident.refund_answer(known, question["person"], question["year"], day(question["on"]))


SPEAKERS: dict[str, Callable[[Known, Answer], Answer]] = {
    "acceptance": acceptance.acceptance_answer,
    "claim": settlements.claim_answer,
    "year_totals": settlements.totals_answer,
    "benefit_status": cover.status_answer,
    "benefit_periods": cover.periods_answer,
    "personal_account": accounts.account_answer,
    "contribution_months": _months,
    "contribution_due": dues.due_answer,
    "retirement": _retirement,
    "lump_sum_due": _lump_sum,
    "refund_due": _refund,
    "allowance": accounts.allowance_answer,
    "fund_transfer": funds.transfer_answer,
    "deficit_sharing": funds.deficit_answer,
    "fund_alerts": funds.alerts_answer,
}
