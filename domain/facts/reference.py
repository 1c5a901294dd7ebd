"""Facts: reference (facts v1, section 2.1). Money in fen."""

from datetime import date

from domain.facts.envelope import Fact
from domain.facts.parts import AnnouncedValue
from domain.values.identity import Code, Count, Division, Id, Year
from domain.values.money import Fen
from domain.values.terms import (
    AnnouncementKey,
    Funding,
    Group,
    Locality,
    Ownership,
    ProviderGrade,
    ProviderKind,
    Reorganisation,
    Scheme,
)


class ParameterAnnounced(
    Fact,
    frozen=True,
    kw_only=True,
    tag="parameter_announced",
    rename={"from_": "from"},
):
    """公布参数: An authority publishes a figure or a set of terms that a policy leaves open. Keys and value
    shapes: section 6. For the same key and qualifiers the announcement recorded last governs a date
    covered twice.
    """

    key: AnnouncementKey
    value: AnnouncedValue
    scheme: Scheme | None = None
    tier: Count | None = None
    year: Year | None = None
    group: Group | None = None
    disease: Code | None = None
    from_: date | None = None
    to: date | None = None


class ProviderRegistered(Fact, frozen=True, kw_only=True, tag="provider_registered"):
    """定点医药机构登记: What a hospital, clinic or pharmacy is from `on` on; a later fact of the same provider
    replaces the description from its own date.
    """

    provider: Id
    place: Division
    name: str | None = None
    kind: ProviderKind = ProviderKind.HOSPITAL
    level: Count = 0
    grade: ProviderGrade | None = None
    ownership: Ownership = Ownership.PUBLIC
    locality: Locality = Locality.TOWN
    traditional_medicine: bool = False
    essential_medicines: bool = False
    designated: bool = True
    direct_settlement: bool = True
    consortium: Id | None = None


class EmployerRegistered(Fact, frozen=True, kw_only=True, tag="employer_registered"):
    """用人单位参保登记: An employer enters the register or changes."""

    employer: Id
    name: str | None = None
    funding: Funding = Funding.OTHER
    place: Division | None = None
    established_on: date | None = None
    applied_on: date | None = None


class EmployerReorganised(Fact, frozen=True, kw_only=True, tag="employer_reorganised"):
    """用人单位改制、合并、关闭: An employer is dissolved or changes its form; a successor takes over its debts."""

    employer: Id
    form: Reorganisation
    successor: Id | None = None


class EmployerWagesDeclared(Fact, frozen=True, kw_only=True, tag="employer_wages_declared"):
    """单位工资总额申报: Wages of an employer in a calendar year."""

    employer: Id
    year: Year
    wage_bill: Fen | None = None
    monthly_average: Fen | None = None
