"""Answers about claims and allowances (费用结算与生育津贴). Money in fen; None = does not apply."""

from datetime import date
from decimal import Decimal

from domain.questions.answers.base import Answer
from domain.values.calendar import Month
from domain.values.money import Amount
from domain.values.terms import Capacity, CareArea, ClaimOutcome, Layer, Mode, Scheme, Status


class Segment(Answer, frozen=True, kw_only=True):
    """One year or band of a settlement."""

    year: int | None = None
    total: Amount | None = None
    in_scope: Amount | None = None
    deductible_charged: Amount | None = None
    rate: Decimal | None = None
    pooled: Amount | None = None
    outcome: ClaimOutcome | None = None
    reason: str | None = None
    notes: tuple[str, ...] | None = None


class Step(Answer, frozen=True, kw_only=True):
    """One line of a worksheet: what was computed, from what, by which rules."""

    step: str
    amount: Amount | None = None
    value: str | None = None
    formula: str | None = None
    rules: tuple[str, ...] = ()


class ClaimAnswer(Answer, frozen=True, kw_only=True):
    """费用结算 of one claim, as known. `member` is always the remainder."""

    outcome: ClaimOutcome
    reason: str | None = None
    notes: tuple[str, ...] = ()
    area: CareArea | None = None
    stay_number: int | None = None
    scheme: Scheme | None = None
    status: Status | None = None
    capacity: Capacity | None = None
    mode: Mode | None = None
    tier: int | None = None
    year: int | None = None
    total: Amount = 0
    in_scope: Amount = 0
    out_of_scope: Amount = 0
    uncovered: Amount = 0
    upfront_share: Amount = 0
    deductible: Amount = 0
    deductible_charged: Amount = 0
    rate: Decimal | None = None
    limit: Amount | None = None
    cap_left: Amount | None = None
    segments: tuple[Segment, ...] = ()
    pooled: Amount = 0
    maternity: Amount = 0
    left_after_pooled: Amount = 0
    supplement: dict[Layer, Amount] = {}
    pending_layers: dict[Layer, str] = {}
    other_payers: dict[str, Amount] = {}
    member: Amount = 0
    personal_account: Amount = 0
    family_account: Amount = 0
    cash: Amount = 0
    provider_surplus: Amount = 0
    receivable: Amount = 0
    employer_burden: Amount = 0
    adjustment: dict[str, Amount] = {}
    steps: tuple[Step, ...] = ()


class YearTotalsAnswer(Answer, frozen=True, kw_only=True):
    """年度累计."""

    stays: int = 0
    pooled: Amount = 0
    cap: Amount | None = None
    cap_left: Amount | None = None
    burden: Amount = 0
    supplement: dict[Layer, Amount] = {}
    ordinary_outpatient: Amount = 0
    two_disease: Amount = 0
    special_disease: Amount = 0
    special_disease_limit: Amount | None = None


class Instalment(Answer, frozen=True, kw_only=True):
    """One monthly part of an allowance."""

    month: Month
    amount: Amount
    posted_on: date | None = None


class AllowanceAnswer(Answer, frozen=True, kw_only=True):
    """生育津贴."""

    outcome: ClaimOutcome
    reason: str | None = None
    capacity: Capacity | None = None
    days: int | None = None
    base: Amount | None = None
    total: Amount | None = None
    payee: str | None = None
    months_counted: int | None = None
    posted: Amount | None = None
    restored: Amount | None = None
    instalments: tuple[Instalment, ...] | None = None
