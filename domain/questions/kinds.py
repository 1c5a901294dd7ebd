"""The 22 questions of facts v1, section 4: subject and both dates."""

from datetime import date

from msgspec import Struct

from domain.values.calendar import Moment, Months
from domain.values.identity import Id, Year
from domain.values.money import Fen
from domain.values.terms import (
    Capacity,
    Fund,
    FundTransferKind,
    Layer,
    Mode,
    PaymentPurpose,
    Scheme,
)


class Question(Struct, frozen=True, kw_only=True, tag_field="ask", forbid_unknown_fields=True):
    """A question names its subject, `on` (in force on) and `known` (as known at)."""

    city: str = ""
    note: str | None = None


class BenefitStatus(Question, frozen=True, kw_only=True, tag="benefit_status"):
    """待遇状态: Status of a person on a day. Without `scheme`: the scheme that pays on that day, or, if none
    pays, the one entered last.
    """

    person: Id
    on: date
    known: Moment
    scheme: Scheme | None = None


class BenefitPeriods(Question, frozen=True, kw_only=True, tag="benefit_periods"):
    """待遇期间: All status periods of a person in a scheme, as known."""

    person: Id
    scheme: Scheme
    known: Moment


class ContributionMonths(Question, frozen=True, kw_only=True, tag="contribution_months"):
    """缴费月数: Months counted on a day. Each calendar month counts once."""

    person: Id
    on: date
    known: Moment
    scheme: Scheme = Scheme.EMPLOYEE


class ContributionDue(Question, frozen=True, kw_only=True, tag="contribution_due"):
    """应缴费额: What is due for months or a year. Give one of `person`, `employer`, `capacity` (rate only),
    and one of `months`, `year`.
    """

    on: date
    known: Moment
    person: Id | None = None
    employer: Id | None = None
    capacity: Capacity | None = None
    scheme: Scheme = Scheme.EMPLOYEE
    layer: Layer | None = None
    months: Months | None = None
    year: Year | None = None
    new_student: bool | None = None


class BackPayment(Question, frozen=True, kw_only=True, tag="back_payment"):
    """补缴核定: Arrears, gap months, unenrolled months or differences of base: what they come to, and what
    paying does. Asked before or after the payment, for a `person` or an `employer`.
    """

    on: date
    known: Moment
    person: Id | None = None
    employer: Id | None = None
    purpose: PaymentPurpose | None = None
    months: Months | None = None


class Retirement(Question, frozen=True, kw_only=True, tag="retirement"):
    """退休待遇核定: Years required, years held, and when retiree benefits begin."""

    person: Id
    on: date
    known: Moment


class LumpSumDue(Question, frozen=True, kw_only=True, tag="lump_sum_due"):
    """一次性补缴测算: Price of the missing years on a day; the assessment stays the same after it is paid."""

    person: Id
    on: date
    known: Moment
    mode: Mode | None = None


class PersonalAccount(Question, frozen=True, kw_only=True, tag="personal_account"):
    """个人账户: Balance at the end of a day."""

    person: Id
    on: date
    known: Moment


class FamilyAccount(Question, frozen=True, kw_only=True, tag="family_account"):
    """家庭门诊账户: Balance of a household's account at the end of a day."""

    household: Id
    on: date
    known: Moment


class Claim(Question, frozen=True, kw_only=True, tag="claim"):
    """费用结算: Settlement of a claim as known."""

    claim: Id
    known: Moment


class YearTotals(Question, frozen=True, kw_only=True, tag="year_totals"):
    """年度累计: Counters of a person, scheme and calendar year."""

    person: Id
    scheme: Scheme
    year: Year
    known: Moment


class Allowance(Question, frozen=True, kw_only=True, tag="allowance"):
    """生育津贴: Maternity allowance of the person's latest reported event on or before `on`; `posted` counts
    up to `on`.
    """

    person: Id
    on: date
    known: Moment


class RefundDue(Question, frozen=True, kw_only=True, tag="refund_due"):
    """退费核定: Contributions to be paid back."""

    person: Id
    scheme: Scheme
    on: date
    known: Moment
    year: Year | None = None


class SupplementStatus(Question, frozen=True, kw_only=True, tag="supplement_status"):
    """补充层参保状态: Whether a layer above basic insurance covers a person on a day."""

    person: Id
    layer: Layer
    on: date
    known: Moment


class TransferOut(Question, frozen=True, kw_only=True, tag="transfer_out"):
    """转出核定: What leaves with a transfer."""

    person: Id
    on: date
    known: Moment
    scheme: Scheme = Scheme.EMPLOYEE


class Acceptance(Question, frozen=True, kw_only=True, tag="acceptance"):
    """事实受理结果: What the ledger did with a fact."""

    id: Id
    known: Moment


class Changes(Question, frozen=True, kw_only=True, tag="changes"):
    """差异: What changed for a person between two moments of knowledge, and because of which facts."""

    person: Id
    known_before: Moment
    known: Moment


class FundAccount(Question, frozen=True, kw_only=True, tag="fund_account"):
    """基金账户: Balance and flows of a fund."""

    fund: Fund
    on: date
    known: Moment


class FundTransfer(Question, frozen=True, kw_only=True, tag="fund_transfer"):
    """基金划转: A transfer between funds, or a grant to a fund, that a rule prescribes."""

    transfer: FundTransferKind
    year: Year
    known: Moment
    fund: Fund | None = None
    town: str | None = None
    reserve_balance: Fen | None = None
    on: date | None = None


class DeficitSharing(Question, frozen=True, kw_only=True, tag="deficit_sharing"):
    """基金缺口分担: Who bears a deficit."""

    fund: Fund
    year: Year
    known: Moment
    deficit: Fen | None = None
    accumulated_surplus: Fen | None = None
    reserve_balance: Fen | None = None


class FundAlerts(Question, frozen=True, kw_only=True, tag="fund_alerts"):
    """基金预警: Warnings for a fund and year."""

    fund: Fund
    year: Year
    known: Moment


class ProviderAdvance(Question, frozen=True, kw_only=True, tag="provider_advance"):
    """周转金限额: Limits for working capital lent to a provider."""

    provider: Id
    on: date
    known: Moment


AnyQuestion = (
    BenefitStatus
    | BenefitPeriods
    | ContributionMonths
    | ContributionDue
    | BackPayment
    | Retirement
    | LumpSumDue
    | PersonalAccount
    | FamilyAccount
    | Claim
    | YearTotals
    | Allowance
    | RefundDue
    | SupplementStatus
    | TransferOut
    | Acceptance
    | Changes
    | FundAccount
    | FundTransfer
    | DeficitSharing
    | FundAlerts
    | ProviderAdvance
)
"""What may be asked."""
