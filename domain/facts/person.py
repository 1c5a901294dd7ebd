"""Facts: person and household (facts v1, section 2.2). Money in fen."""

from datetime import date

from domain.facts.envelope import Fact
from domain.values.identity import Count, Division, Id
from domain.values.terms import (
    Cover,
    Group,
    MoveReason,
    Occupation,
    Relationship,
    Role,
    Sex,
)


class PersonRegistered(Fact, frozen=True, kw_only=True, tag="person_registered"):
    """人员基本信息登记: Who a person is. Fields may come in several facts; a later fact changes only the fields it
    gives. Other facts may name a person who is not registered yet; a rule that needs a missing
    field answers `fact_missing`.
    """

    person: Id
    name: str | None = None
    sex: Sex | None = None
    born_on: date | None = None
    household_registration: Division | None = None
    occupation: Occupation | None = None
    insured_county: Division | None = None
    statutory_retirement_on: date | None = None
    parent_schemes: tuple[Cover, ...] | None = None


class PersonDied(Fact, frozen=True, kw_only=True, tag="person_died"):
    """死亡: A person dies on `on`."""

    person: Id


class GroupRecognised(Fact, frozen=True, kw_only=True, tag="group_recognised", rename={"from_": "from"}):
    """特殊人群身份认定: A competent authority recognises that a person belongs to a group with its own terms."""

    person: Id
    group: Group
    hardship: bool = False
    role: Role | None = None
    daughters: Count | None = None
    sterilised: bool = False
    disabled: bool = False
    from_: date | None = None
    to: date | None = None


class RelationshipRecorded(Fact, frozen=True, kw_only=True, tag="relationship_recorded"):
    """亲属关系登记: How a relative stands to a person, for benefits that pass through the person (spouse
    maternity, newborn, survivors, payment from a relative's account).
    """

    person: Id
    relative: Id
    relationship: Relationship
    relative_occupation: Occupation | None = None
    relative_cover: Cover | None = None
    certified: bool = False


class HouseholdRegistered(Fact, frozen=True, kw_only=True, tag="household_registered"):
    """家庭户登记: Who forms a household from `on` on. A person is in one household at a time."""

    household: Id
    members: tuple[Id, ...]
    place: Division | None = None


class HouseholdMemberMoved(Fact, frozen=True, kw_only=True, tag="household_member_moved"):
    """家庭成员变动: A member leaves one household and may join another."""

    person: Id
    from_household: Id | None
    to_household: Id | None
    reason: MoveReason
