"""Facts: contribution (facts v1, section 2.4). Money in fen."""

from datetime import date

from domain.facts.envelope import Fact
from domain.values.calendar import Months
from domain.values.identity import Count, Id, Year
from domain.values.money import Fen
from domain.values.terms import (
    Capacity,
    Channel,
    Layer,
    Mode,
    PaidFrom,
    PaymentPurpose,
    RefundCause,
    Relationship,
    ResidentBasis,
    Scheme,
)


class WageDeclared(Fact, frozen=True, kw_only=True, tag="wage_declared"):
    """个人工资申报: Average monthly wage of a person in a past calendar year."""

    person: Id
    wage_year: Year
    employer: Id | None = None
    monthly_average: Fen | None = None
    total: Fen | None = None
    months_paid: Count | None = None


class ContributionAssessed(Fact, frozen=True, kw_only=True, tag="contribution_assessed"):
    """缴费核定: The agency assesses what is due for months: for an employer and all on its roll, or for one
    person.
    """

    months: Months
    employer: Id | None = None
    bases: dict[str, Fen] | None = None


class ContributionPaid(Fact, frozen=True, kw_only=True, tag="contribution_paid"):
    """缴费到账: Money for months of the employee scheme arrives on `on`. With `employer` and without `person`
    it pays for everybody on the roll; with `person` for that person alone. Without `amount` the
    full amount due was paid.
    """

    employer: Id | None = None
    person: Id | None = None
    capacity: Capacity = Capacity.EMPLOYED
    mode: Mode = Mode.COMBINED
    months: Months | None = None
    month_count: Count | None = None
    purpose: PaymentPurpose = PaymentPurpose.ORDINARY
    amount: Fen | None = None
    base: Fen | None = None
    wage: Fen | None = None
    maternity_included: bool | None = None
    clears_arrears: bool | None = None


class ResidentContributionPaid(Fact, frozen=True, kw_only=True, tag="resident_contribution_paid"):
    """居民医保缴费到账: A resident contribution for one coverage year arrives, or a fully subsidised person is
    enrolled with `amount` `'0.00'`. Part payments add up.
    """

    persons: tuple[Id, ...]
    year: Year
    household: Id | None = None
    tier: Count | None = None
    amount: Fen | None = None
    subsidy: Fen | None = None
    basis: ResidentBasis | None = None
    migrant_or_returned: bool = False
    new_student: bool = False
    channel: Channel = Channel.COMMUNITY
    payer: Id | None = None
    paid_from: PaidFrom = PaidFrom.CASH
    account_holder: Id | None = None
    relationship: Relationship | None = None


class SupplementContributionPaid(Fact, frozen=True, kw_only=True, tag="supplement_contribution_paid"):
    """补充层缴费到账: The yearly fee of a layer above basic insurance arrives for a person."""

    person: Id
    year: Year
    layer: Layer
    amount: Fen | None = None


class LateFeeImposed(Fact, frozen=True, kw_only=True, tag="late_fee_imposed"):
    """滞纳金核定: A surcharge on late contributions is imposed on an employer; cities that compute it need no
    such fact.
    """

    employer: Id
    months: Months
    amount: Fen


class RefundRequested(Fact, frozen=True, kw_only=True, tag="refund_requested"):
    """退费申请: Somebody asks for contributions back."""

    scheme: Scheme
    person: Id | None = None
    employer: Id | None = None
    year: Year | None = None
    months: Months | None = None
    cause: RefundCause = RefundCause.OTHER
    caused_on: date | None = None


class RefundPaid(Fact, frozen=True, kw_only=True, tag="refund_paid"):
    """退费支付: Money held as refundable is paid back to whoever paid it."""

    amount: Fen
    person: Id | None = None
    employer: Id | None = None
    months: Months | None = None
