"""The 59 kinds of fact of facts v1, one frozen struct each; `AnyFact` is their tagged union."""

from domain.facts.accounts import (
    PersonalAccountPaidOut,
    PersonalAccountSpent,
)
from domain.facts.claims import (
    ClaimsDecided,
    ClaimSubmitted,
    EmergencyOutcomeRecorded,
    LayerPaid,
    MaternityEventReported,
)
from domain.facts.contribution import (
    ContributionAssessed,
    ContributionPaid,
    LateFeeImposed,
    RefundPaid,
    RefundRequested,
    ResidentContributionPaid,
    SupplementContributionPaid,
    WageDeclared,
)
from domain.facts.enrolment import (
    Enrolled,
    EnrolmentEnded,
    ModeChanged,
    OtherCoverRecorded,
    SchemeChosen,
)
from domain.facts.envelope import Fact, Withdrawal
from domain.facts.funds import (
    FundIncomeReceived,
    FundPeriodClosed,
    FundTransferOrdered,
    InsuredCounted,
    ProviderAdvanceGranted,
    ProviderAdvanceRepaid,
    ProviderCleared,
    ProviderPaid,
    ProviderPaymentsTotalled,
)
from domain.facts.opening import (
    OpeningAccount,
    OpeningCounters,
    OpeningHistory,
    OpeningStatus,
)
from domain.facts.permission import (
    AbsenceRecorded,
    ApprovalEnded,
    OutOfAreaRegistered,
    PatientReferred,
    SpecialDiseaseApproved,
    SpecialDiseasesSelected,
)
from domain.facts.person import (
    GroupRecognised,
    HouseholdMemberMoved,
    HouseholdRegistered,
    PersonDied,
    PersonRegistered,
    RelationshipRecorded,
)
from domain.facts.reference import (
    EmployerRegistered,
    EmployerReorganised,
    EmployerWagesDeclared,
    ParameterAnnounced,
    ProviderRegistered,
)
from domain.facts.sanctions import (
    RecoveryReceived,
    SanctionDecided,
)
from domain.facts.transfer import (
    LumpSumPaid,
    Retired,
    RetireesHandedOver,
    RetirementProcessed,
    ShortfallOptionChosen,
    TransferOutRequested,
    TransferredIn,
)

AnyFact = (
    ParameterAnnounced
    | ProviderRegistered
    | EmployerRegistered
    | EmployerReorganised
    | EmployerWagesDeclared
    | PersonRegistered
    | PersonDied
    | GroupRecognised
    | RelationshipRecorded
    | HouseholdRegistered
    | HouseholdMemberMoved
    | Enrolled
    | EnrolmentEnded
    | ModeChanged
    | SchemeChosen
    | OtherCoverRecorded
    | WageDeclared
    | ContributionAssessed
    | ContributionPaid
    | ResidentContributionPaid
    | SupplementContributionPaid
    | LateFeeImposed
    | RefundRequested
    | RefundPaid
    | TransferredIn
    | TransferOutRequested
    | Retired
    | RetirementProcessed
    | ShortfallOptionChosen
    | LumpSumPaid
    | RetireesHandedOver
    | SpecialDiseaseApproved
    | SpecialDiseasesSelected
    | OutOfAreaRegistered
    | PatientReferred
    | AbsenceRecorded
    | ApprovalEnded
    | ClaimSubmitted
    | EmergencyOutcomeRecorded
    | LayerPaid
    | MaternityEventReported
    | ClaimsDecided
    | PersonalAccountSpent
    | PersonalAccountPaidOut
    | FundPeriodClosed
    | FundIncomeReceived
    | FundTransferOrdered
    | InsuredCounted
    | ProviderPaymentsTotalled
    | ProviderAdvanceGranted
    | ProviderAdvanceRepaid
    | ProviderCleared
    | ProviderPaid
    | SanctionDecided
    | RecoveryReceived
    | OpeningStatus
    | OpeningHistory
    | OpeningAccount
    | OpeningCounters
)
"""What somebody can tell the ledger."""

__all__ = [
    "AbsenceRecorded",
    "AnyFact",
    "ApprovalEnded",
    "ClaimSubmitted",
    "ClaimsDecided",
    "ContributionAssessed",
    "ContributionPaid",
    "EmergencyOutcomeRecorded",
    "EmployerRegistered",
    "EmployerReorganised",
    "EmployerWagesDeclared",
    "Enrolled",
    "EnrolmentEnded",
    "Fact",
    "FundIncomeReceived",
    "FundPeriodClosed",
    "FundTransferOrdered",
    "GroupRecognised",
    "HouseholdMemberMoved",
    "HouseholdRegistered",
    "InsuredCounted",
    "LateFeeImposed",
    "LayerPaid",
    "LumpSumPaid",
    "MaternityEventReported",
    "ModeChanged",
    "OpeningAccount",
    "OpeningCounters",
    "OpeningHistory",
    "OpeningStatus",
    "OtherCoverRecorded",
    "OutOfAreaRegistered",
    "ParameterAnnounced",
    "PatientReferred",
    "PersonDied",
    "PersonRegistered",
    "PersonalAccountPaidOut",
    "PersonalAccountSpent",
    "ProviderAdvanceGranted",
    "ProviderAdvanceRepaid",
    "ProviderCleared",
    "ProviderPaid",
    "ProviderPaymentsTotalled",
    "ProviderRegistered",
    "RecoveryReceived",
    "RefundPaid",
    "RefundRequested",
    "RelationshipRecorded",
    "ResidentContributionPaid",
    "Retired",
    "RetireesHandedOver",
    "RetirementProcessed",
    "SanctionDecided",
    "SchemeChosen",
    "ShortfallOptionChosen",
    "SpecialDiseaseApproved",
    "SpecialDiseasesSelected",
    "SupplementContributionPaid",
    "TransferOutRequested",
    "TransferredIn",
    "WageDeclared",
    "Withdrawal",
]
