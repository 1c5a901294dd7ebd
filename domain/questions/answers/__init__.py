"""The answers of facts v1, section 4. Money in fen inside; None = the field does not apply and is left out."""

from domain.questions.answers.accounts import (
    FamilyAccountAnswer,
    FundAccountAnswer,
    Movement,
    PersonalAccountAnswer,
)
from domain.questions.answers.base import Answer
from domain.questions.answers.claims import (
    AllowanceAnswer,
    ClaimAnswer,
    Instalment,
    Segment,
    Step,
    YearTotalsAnswer,
)
from domain.questions.answers.contributions import (
    BackPaymentAnswer,
    ContributionDueAnswer,
    LumpSumDueAnswer,
    LumpSumPart,
    RefundDueAnswer,
    RetirementAnswer,
    TransferOutAnswer,
)
from domain.questions.answers.facts import AcceptanceAnswer, Change, ChangesAnswer, PersonDecision
from domain.questions.answers.funds import (
    DeficitSharingAnswer,
    FundAlertsAnswer,
    FundTransferAnswer,
    ProviderAdvanceAnswer,
)
from domain.questions.answers.membership import (
    Arrears,
    BenefitPeriodsAnswer,
    BenefitStatusAnswer,
    ContributionMonthsAnswer,
    PeriodLine,
    SupplementStatusAnswer,
)

__all__ = [
    "AcceptanceAnswer",
    "AllowanceAnswer",
    "Answer",
    "Arrears",
    "BackPaymentAnswer",
    "BenefitPeriodsAnswer",
    "BenefitStatusAnswer",
    "Change",
    "ChangesAnswer",
    "ClaimAnswer",
    "ContributionDueAnswer",
    "ContributionMonthsAnswer",
    "DeficitSharingAnswer",
    "FamilyAccountAnswer",
    "FundAccountAnswer",
    "FundAlertsAnswer",
    "FundTransferAnswer",
    "Instalment",
    "LumpSumDueAnswer",
    "LumpSumPart",
    "Movement",
    "PeriodLine",
    "PersonDecision",
    "PersonalAccountAnswer",
    "ProviderAdvanceAnswer",
    "RefundDueAnswer",
    "RetirementAnswer",
    "Segment",
    "Step",
    "SupplementStatusAnswer",
    "TransferOutAnswer",
    "YearTotalsAnswer",
]
