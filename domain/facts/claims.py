"""Facts: claims (facts v1, section 2.7). Money in fen."""

from datetime import date

from domain.facts.envelope import Fact
from domain.facts.parts import Line, MaternityDetails, YearTotalLine
from domain.values.identity import Code, Id
from domain.values.money import Fen, Share
from domain.values.terms import (
    BenefitCase,
    CauseOfCare,
    ClaimKind,
    ClaimsDecision,
    Layer,
    Paper,
    Scheme,
    SettlementWay,
    VisitOutcome,
)


class ClaimSubmitted(Fact, frozen=True, kw_only=True, tag="claim_submitted"):
    """医疗费用申报: One bill: a stay, a visit or a purchase. `on` is the day of discharge (of death), or of
    service. Either `lines` or ready `totals` must be given.
    """

    claim: Id
    person: Id
    provider: Id
    kind: ClaimKind
    admitted_on: date | None = None
    settlement: SettlementWay | None = None
    filed_on: date | None = None
    scheme: Scheme | None = None
    insured_through: Id | None = None
    emergency: bool = False
    outcome: VisitOutcome | None = None
    stabilised_on: date | None = None
    continues: Id | None = None
    disease: Code | None = None
    maternity: MaternityDetails | None = None
    cause: CauseOfCare = CauseOfCare.ILLNESS
    third_party_share: Share = Share(0)
    third_party_amount: Fen | None = None
    mental_illness: bool = False
    lines: tuple[Line, ...] | None = None
    totals: tuple[YearTotalLine, ...] | None = None
    papers_missing: tuple[Paper, ...] = ()
    draw_account: bool | None = None


class EmergencyOutcomeRecorded(Fact, frozen=True, kw_only=True, tag="emergency_outcome_recorded"):
    """急诊转归登记: How an emergency visit ended and which stay followed it."""

    claim: Id
    outcome: VisitOutcome
    stay: Id | None = None


class LayerPaid(Fact, frozen=True, kw_only=True, tag="layer_paid"):
    """其他层次赔付登记: A layer whose amount is decided outside the ledger pays for a claim, or pays a person
    (death, disability).
    """

    layer: Layer
    amount: Fen
    claim: Id | None = None
    person: Id | None = None
    benefit_case: BenefitCase | None = None


class MaternityEventReported(Fact, frozen=True, kw_only=True, tag="maternity_event_reported"):
    """生育事件申报（生育津贴）: A birth, miscarriage or procedure on `on`, reported for the allowance."""

    person: Id
    maternity: MaternityDetails
    employer: Id | None = None
    leave_from: date | None = None
    wage_paid_during_leave: bool | None = None


class ClaimsDecided(Fact, frozen=True, kw_only=True, tag="claims_decided"):
    """费用审核决定: The agency decides on claims: a split stay is merged, costs are excluded, refused or
    reinstated.
    """

    claims: tuple[Id, ...]
    decision: ClaimsDecision
    amount: Fen | None = None
