"""The answers of facts v1, section 4. Money in fen inside; None = the field does not apply and is left out."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.values.calendar import Month, Months
from domain.values.money import Amount
from domain.values.terms import (
    AcceptanceOutcome,
    Capacity,
    CareArea,
    ClaimOutcome,
    DueOutcome,
    Layer,
    MaternityStatus,
    Mode,
    MovementKind,
    Scheme,
    Status,
)


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer; its fields are those of the contract."""


class Arrears(Answer, frozen=True, kw_only=True):
    """Arrears (欠费) behind a status: months number those owed or missed."""

    first_month: Month | None = None
    months: int | None = None
    limit_on: date | None = None
    cleared_on: date | None = None


class BenefitStatusAnswer(Answer, frozen=True, kw_only=True):
    """待遇状态 on a day."""

    status: Status
    reason: str | None = None
    scheme: Scheme | None = None
    capacity: Capacity | None = None
    employer: str | None = None
    mode: Mode | None = None
    tier: int | None = None
    covered_from: date | None = None
    covered_to: date | None = None
    waiting_from: date | None = None
    suspended_from: date | None = None
    retired_from: date | None = None
    arrears: Arrears | None = None
    maternity: MaternityStatus | None = None


class PeriodLine(Answer, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One status period (待遇期间)."""

    status: Status
    from_: date
    reason: str | None = None
    to: date | None = None
    capacity: Capacity | None = None
    mode: Mode | None = None
    tier: int | None = None


class BenefitPeriodsAnswer(Answer, frozen=True, kw_only=True):
    """All status periods of a person in a scheme."""

    periods: tuple[PeriodLine, ...]


class ContributionMonthsAnswer(Answer, frozen=True, kw_only=True):
    """缴费月数 on a day."""

    total: int = 0
    paid: int = 0
    local_paid: int = 0
    deemed: int = 0
    converted: int = 0
    transferred: int = 0
    in_year: dict[str, int] = {}


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


class Movement(Answer, frozen=True, kw_only=True):
    """One movement of an account; credits are positive."""

    on: date
    kind: MovementKind
    amount: Amount
    month: Month | None = None
    person: str | None = None
    age: int | None = None
    other: str | None = None
    recorded: str | None = None


class PersonalAccountAnswer(Answer, frozen=True, kw_only=True):
    """个人账户 at the end of a day."""

    balance: Amount
    blocked: bool = False
    monthly_credit: Amount = 0
    months_credited: int = 0
    credited: dict[str, Amount] = {}
    interest: dict[str, Amount] = {}
    paid_to_bank: Amount | None = None
    movements: tuple[Movement, ...] = ()
    notes: tuple[str, ...] = ()


class FamilyAccountAnswer(Answer, frozen=True, kw_only=True):
    """家庭门诊账户 at the end of a day."""

    balance: Amount
    moved_to: dict[str, Amount] = {}
    movements: tuple[Movement, ...] = ()
    notes: tuple[str, ...] = ()


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


class SupplementStatusAnswer(Answer, frozen=True, kw_only=True, rename={"from_": "from"}):
    """补充层参保状态."""

    status: Status
    from_: date | None = None
    to: date | None = None


class TransferOutAnswer(Answer, frozen=True, kw_only=True):
    """转出核定."""

    outcome: ClaimOutcome
    reason: str | None = None
    amount: Amount | None = None
    balance: Amount | None = None
    months: int | None = None


class PersonDecision(Answer, frozen=True, kw_only=True):
    """What became of one person of a fact."""

    outcome: AcceptanceOutcome
    reason: str | None = None


class AcceptanceAnswer(Answer, frozen=True, kw_only=True):
    """事实受理结果."""

    outcome: AcceptanceOutcome
    reason: str | None = None
    accepted_months: int | None = None
    refused_months: int | None = None
    amount: Amount | None = None
    amounts: dict[str, Amount] | None = None
    persons: dict[str, PersonDecision] | None = None
    missing: tuple[str, ...] | None = None


class Change(Answer, frozen=True, kw_only=True):
    """One answer that differs between two moments of knowledge, and the facts behind it."""

    ask: str
    on: date | None = None
    claim: str | None = None
    before: object = None
    after: object = None
    because_of: tuple[str, ...] = ()


class ChangesAnswer(Answer, frozen=True, kw_only=True):
    """差异."""

    changes: tuple[Change, ...]


class FundAccountAnswer(Answer, frozen=True, kw_only=True):
    """基金账户."""

    balance: Amount
    received: dict[str, Amount] = {}
    paid: dict[str, Amount] = {}


class FundTransferAnswer(Answer, frozen=True, kw_only=True, rename={"from_": "from"}):
    """基金划转."""

    from_: str | None = None
    to: str | None = None
    amount: Amount | None = None
    count: int | None = None
    parts: dict[str, Amount] | None = None


class DeficitSharingAnswer(Answer, frozen=True, kw_only=True):
    """基金缺口分担."""

    accumulated_surplus: Amount | None = None
    risk_reserve: Amount | None = None
    county_finance: Amount | None = None
    gap: Amount | None = None
    city_finance: Amount | None = None
    local_government: Amount | None = None


class FundAlertsAnswer(Answer, frozen=True, kw_only=True):
    """基金预警."""

    alerts: tuple[str, ...]
    surplus_rate: Decimal | None = None
    payable_months: Decimal | None = None


class ProviderAdvanceAnswer(Answer, frozen=True, kw_only=True):
    """周转金限额."""

    monthly_average: Amount | None = None
    minimum: Amount | None = None
    maximum: Amount | None = None
    outstanding: Amount | None = None
