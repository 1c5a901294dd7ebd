"""Facts: permission for care (facts v1, section 2.6). Money in fen."""

from datetime import date

from domain.facts.envelope import Fact
from domain.values.identity import Code, Count, Division, Id
from domain.values.terms import (
    AbsenceReason,
    Approval,
    Group,
    OutOfAreaCategory,
    Programme,
    ProviderGrade,
    TwoDiseaseCondition,
)


class SpecialDiseaseApproved(Fact, frozen=True, kw_only=True, tag="special_disease_approved"):
    """门诊特殊疾病等待遇认定: A person is recognised for a disease, drug or home sickbed; entitlement runs from `on`."""

    person: Id
    disease: Code
    programme: Programme = Programme.SPECIAL_DISEASE
    covers: TwoDiseaseCondition | None = None
    providers: tuple[Id, ...] | None = None
    to: date | None = None


class SpecialDiseasesSelected(Fact, frozen=True, kw_only=True, tag="special_diseases_selected"):
    """待遇病种选择: Which approved diseases are used when the number is limited; in force from `on`."""

    person: Id
    diseases: tuple[Code, ...]


class OutOfAreaRegistered(
    Fact,
    frozen=True,
    kw_only=True,
    tag="out_of_area_registered",
    rename={"from_": "from"},
):
    """异地就医备案: Care in another place is registered."""

    person: Id
    category: OutOfAreaCategory
    place: Division
    from_: date | None = None
    to: date | None = None
    transfer_document: bool = False


class PatientReferred(Fact, frozen=True, kw_only=True, tag="patient_referred"):
    """转诊转院: A hospital refers a patient; `on` is the day the procedure was completed."""

    person: Id
    from_provider: Id | None = None
    from_level: Count | None = None
    from_grade: ProviderGrade | None = None
    to_provider: Id | None = None
    to_place: Division | None = None
    filed_on: date | None = None


class AbsenceRecorded(Fact, frozen=True, kw_only=True, tag="absence_recorded", rename={"from_": "from"}):
    """外出登记: A student or member is lawfully away."""

    person: Id
    to: date
    reason: AbsenceReason
    from_: date | None = None


class ApprovalEnded(Fact, frozen=True, kw_only=True, tag="approval_ended"):
    """认定或备案终止: An approval, registration or group membership ends; `on` is the first day without it."""

    person: Id
    approval: Approval
    disease: Code | None = None
    place: Division | None = None
    group: Group | None = None
