"""Facts: enrolment (facts v1, section 2.3). Money in fen."""

from datetime import date

from domain.facts.envelope import Fact
from domain.values.calendar import Month
from domain.values.identity import Division, Id, Year
from domain.values.money import Fen
from domain.values.terms import (
    Capacity,
    Eligibility,
    EndReason,
    EntryWay,
    Mode,
    OtherCover,
    Scheme,
)


class Enrolled(Fact, frozen=True, kw_only=True, tag="enrolled"):
    """参保登记: `on` is the day of the enrolment or declaration. Residents normally enrol by paying;
    `enrolled` is used for them where the enrolment itself matters (newborns, students, whole
    households, change from the employee scheme).
    """

    capacity: Capacity
    person: Id | None = None
    persons: tuple[Id, ...] | None = None
    household: Id | None = None
    scheme: Scheme = Scheme.EMPLOYEE
    year: Year | None = None
    employer: Id | None = None
    mode: Mode = Mode.COMBINED
    entry: EntryWay = EntryWay.NEW
    previous_employer: Id | None = None
    first_month: Month | None = None
    employment_from: date | None = None
    wage: Fen | None = None
    school: Id | None = None
    new_student: bool = False
    eligibility: Eligibility | None = None
    eligibility_place: Division | None = None
    to: date | None = None


class EnrolmentEnded(Fact, frozen=True, kw_only=True, tag="enrolment_ended"):
    """停保（参保关系终止）: `on` is the last day of the employment or membership."""

    person: Id
    scheme: Scheme = Scheme.EMPLOYEE
    capacity: Capacity | None = None
    employer: Id | None = None
    reason: EndReason = EndReason.OTHER


class ModeChanged(Fact, frozen=True, kw_only=True, tag="mode_changed"):
    """缴费方式变更: A flexible member changes between combined and pooling-only mode on `on`."""

    person: Id
    mode: Mode


class SchemeChosen(Fact, frozen=True, kw_only=True, tag="scheme_chosen"):
    """重复参保选择: A person covered twice declares which scheme is kept from `on` on."""

    person: Id
    scheme: Scheme


class OtherCoverRecorded(
    Fact,
    frozen=True,
    kw_only=True,
    tag="other_cover_recorded",
    rename={"from_": "from"},
):
    """其他医疗保障登记: Cover outside this ledger, or the duty to have it. If only its end is known, `on` is its
    last day and `from` is left out.
    """

    person: Id
    cover: OtherCover
    place: Division | None = None
    from_: date | None = None
    to: date | None = None
