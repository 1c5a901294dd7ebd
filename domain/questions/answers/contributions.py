"""Answers about what is owed, bought, refunded or moved (缴费、补缴、退休、退费、转移). Money in fen; None = does not apply."""

from datetime import date

from domain.questions.answers.base import Answer
from domain.values.calendar import Months
from domain.values.money import Amount
from domain.values.terms import ClaimOutcome, DueOutcome, Mode


class ContributionDueAnswer(Answer, frozen=True, kw_only=True):
    """应缴费额."""

    base: Amount | None = None
    employer: Amount | None = None
    member: Amount | None = None
    subsidy: Amount | None = None
    pooled: Amount | None = None
    large_amount: Amount | None = None
    personal_account: Amount | None = None
    maternity: Amount | None = None
    monthly: Amount | None = None
    total: Amount | None = None
    refundable: Amount | None = None
    public_subsidy: dict[str, Amount] | None = None
    due_on: date | None = None


class BackPaymentAnswer(Answer, frozen=True, kw_only=True):
    """补缴核定."""

    months: Months | None = None
    month_count: int | None = None
    base: Amount | None = None
    employer: Amount | None = None
    member: Amount | None = None
    amount: Amount | None = None
    deadline: date | None = None
    account_credit: Amount | None = None
    late_days: int | None = None
    late_fee: Amount | None = None


class RetirementAnswer(Answer, frozen=True, kw_only=True):
    """退休待遇核定."""

    required_months: int | None = None
    total_months: int | None = None
    paid_months: int | None = None
    local_paid_months: int | None = None
    full_rate_months: int | None = None
    shortfall_months: int | None = None
    retired_from: date | None = None
    mode_after: Mode | None = None
    monthly_credit_after: Amount | None = None


class LumpSumPart(Answer, frozen=True, kw_only=True):
    """One part of a lump sum."""

    part: str
    months: int | None = None
    base: Amount | None = None
    amount: Amount | None = None
    pooled: Amount | None = None
    large_amount: Amount | None = None


class LumpSumDueAnswer(Answer, frozen=True, kw_only=True):
    """一次性补缴测算."""

    outcome: DueOutcome
    reason: str | None = None
    required_months: int | None = None
    total_months: int | None = None
    paid_months: int | None = None
    local_paid_months: int | None = None
    full_rate_months: int | None = None
    continued_months: int | None = None
    shortfall_months: int | None = None
    base: Amount | None = None
    amount: Amount | None = None
    employer: Amount | None = None
    member: Amount | None = None
    pooled: Amount | None = None
    large_amount: Amount | None = None
    personal_account: Amount | None = None
    parts: tuple[LumpSumPart, ...] | None = None
    retired_from_if_paid: date | None = None


class RefundDueAnswer(Answer, frozen=True, kw_only=True):
    """退费核定."""

    outcome: DueOutcome
    reason: str | None = None
    amount: Amount | None = None
    member: Amount | None = None
    subsidiser: Amount | None = None
    employer: Amount | None = None
    months: Months | None = None
    month_count: int | None = None
    account_reversed: Amount | None = None
    interest: Amount | None = None


class TransferOutAnswer(Answer, frozen=True, kw_only=True):
    """转出核定."""

    outcome: ClaimOutcome
    reason: str | None = None
    amount: Amount | None = None
    balance: Amount | None = None
    months: int | None = None
