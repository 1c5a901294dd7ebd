"""Parts shared by several kinds of fact. Money in fen; an omitted field is None."""

from datetime import date
from typing import Any, Literal

from msgspec import Struct

from domain.values.calendar import Months
from domain.values.identity import Count, Id, Year
from domain.values.money import Fen, Ratio
from domain.values.terms import (
    Capacity,
    CauseOfCare,
    CountedAs,
    DeliveryMode,
    FamilyPlanningProcedure,
    GestationBand,
    ItemClass,
    ItemKind,
    MaternityEvent,
    MaternityReason,
    Mode,
    Where,
)


class OutsideItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An examination or drug done or bought elsewhere during a stay."""

    approved: bool
    item: Literal["examination", "drug"] | None = None
    price_here: Fen | None = None
    related: bool | None = None
    designated: bool | None = None


class Preparation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A hospital preparation (医院制剂)."""

    approval_number: bool | None = None
    province_confirmed: bool | None = None


class Line(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"class_": "class"},
):
    """One line of a bill (费用明细). `amount` is the whole line, else unit price x quantity. Money in fen."""

    class_: ItemClass
    on: date | None = None
    item: ItemKind = ItemKind.OTHER
    name: str | None = None
    amount: Fen | None = None
    unit_price: Fen | None = None
    quantity: Ratio = Ratio(1)
    upfront_share: Ratio | None = None
    price_standard: Fen | None = None
    limit_price: Fen | None = None
    cause: CauseOfCare | None = None
    outside: OutsideItem | None = None
    preparation: Preparation | None = None


class MaternityDetails(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What happened in a pregnancy (生育信息)."""

    event: MaternityEvent | None = None
    pregnancy: Id | None = None
    delivery_mode: DeliveryMode | None = None
    babies: Count = 1
    gestation_months: Ratio | None = None
    gestation_band: GestationBand | None = None
    complication: bool = False
    policy_compliant: bool = True
    reason: MaternityReason = MaternityReason.MEDICAL
    procedures: tuple[FamilyPlanningProcedure, ...] | None = None
    maternity_insurance_months: Count = 0


class HistoryItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Contribution months taken over, identified or counted."""

    months: Months | None = None
    month_count: Count | None = None
    counted_as: CountedAs = CountedAs.PAID
    mode: Mode = Mode.COMBINED
    capacity: Capacity | None = None
    employer: Id | None = None
    where: Where | None = None


class YearTotalLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Ready amounts of a claim for one calendar year, in fen."""

    year: Year
    total: Fen
    in_scope: Fen | None = None


class HandedOverRetiree(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One person of a handover."""

    person: Id
    retired_on: date


AnnouncedValue = str | bool | dict[str, Any]
"""A decimal or date as text, true/false, or the object of facts v1 section 6."""
