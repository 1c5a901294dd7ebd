"""Facts: funds and providers (facts v1, section 2.9). Money in fen."""

from domain.facts.envelope import Fact
from domain.values.calendar import Month
from domain.values.identity import Count, Id, Year
from domain.values.money import Fen, SignedFen
from domain.values.terms import (
    ClearingMethod,
    Fund,
    FundTransferKind,
    IncomeSource,
    Scheme,
)


class FundPeriodClosed(Fact, frozen=True, kw_only=True, tag="fund_period_closed"):
    """基金决算: Final figures of a fund for a calendar year or month."""

    fund: Fund
    year: Year | None = None
    month: Month | None = None
    income: Fen = Fen(0)
    expenditure: Fen = Fen(0)
    breakdown: dict[str, Fen] | None = None
    accumulated_balance: SignedFen | None = None
    reserve_balance: Fen | None = None


class FundIncomeReceived(Fact, frozen=True, kw_only=True, tag="fund_income_received"):
    """基金收入到账: Income other than contributions."""

    fund: Fund
    source: IncomeSource
    amount: Fen
    year: Year | None = None
    payer: str | None = None


class FundTransferOrdered(Fact, frozen=True, kw_only=True, tag="fund_transfer_ordered"):
    """基金划转指令: A transfer between funds is ordered; its amount follows from the rule. `on` is the reference
    day.
    """

    transfer: FundTransferKind
    year: Year
    fund: Fund | None = None
    amount: Fen | None = None


class InsuredCounted(Fact, frozen=True, kw_only=True, tag="insured_counted"):
    """参保人数统计: Number of insured people for a year."""

    scheme: Scheme
    year: Year
    count: Count
    town: str | None = None
    population: Count | None = None


class ProviderPaymentsTotalled(Fact, frozen=True, kw_only=True, tag="provider_payments_totalled"):
    """医药机构年度基金使用额: Fund payments to a provider in a year."""

    provider: Id
    year: Year
    total: Fen


class ProviderAdvanceGranted(Fact, frozen=True, kw_only=True, tag="provider_advance_granted"):
    """周转金预付: Working capital is lent to a provider."""

    provider: Id
    amount: Fen
    agreement: bool = False


class ProviderAdvanceRepaid(Fact, frozen=True, kw_only=True, tag="provider_advance_repaid"):
    """周转金清算: Working capital comes back."""

    provider: Id
    amount: Fen


class ProviderCleared(Fact, frozen=True, kw_only=True, tag="provider_cleared"):
    """医药机构清算: What the agency finally owes a provider for claims, where it differs from the sum of their
    fund parts.
    """

    provider: Id
    amount: Fen
    claims: tuple[Id, ...] | None = None
    method: ClearingMethod = ClearingMethod.DIAGNOSIS_GROUPS


class ProviderPaid(Fact, frozen=True, kw_only=True, tag="provider_paid"):
    """医药机构拨付: Payables to a provider are paid (清算拨付)."""

    provider: Id
    fund: Fund
    amount: Fen
