"""Facts: transfer and retirement (facts v1, section 2.5). Money in fen."""

from datetime import date

from domain.facts.envelope import Fact
from domain.facts.parts import HandedOverRetiree, HistoryItem
from domain.values.calendar import Month
from domain.values.identity import Count, Id
from domain.values.money import Fen
from domain.values.terms import (
    Capacity,
    LumpSumPurpose,
    Mode,
    Scheme,
    ShortfallOption,
)


class TransferredIn(Fact, frozen=True, kw_only=True, tag="transferred_in"):
    """转移接续转入: Months and money from another pooling area arrive and are recorded."""

    person: Id
    scheme: Scheme = Scheme.EMPLOYEE
    origin: str | None = None
    cover_ended_on: date | None = None
    last_paid_month: Month | None = None
    history: tuple[HistoryItem, ...] | None = None
    account_amount: Fen = Fen(0)
    maternity_months: Count | None = None


class TransferOutRequested(Fact, frozen=True, kw_only=True, tag="transfer_out_requested"):
    """转移接续转出申请: A person asks to move the relation elsewhere; accepted, the balance leaves on `on`."""

    person: Id
    scheme: Scheme = Scheme.EMPLOYEE
    destination: str | None = None


class Retired(Fact, frozen=True, kw_only=True, tag="retired"):
    """退休: Retirement or the monthly pension is approved on `on`."""

    person: Id
    capacity: Capacity | None = None
    employer: Id | None = None
    mode: Mode | None = None
    base: Fen | None = None


class RetirementProcessed(Fact, frozen=True, kw_only=True, tag="retirement_processed"):
    """退休医保手续办结: The agency completes the formalities of retirement, whether or not anything was owed."""

    person: Id


class ShortfallOptionChosen(Fact, frozen=True, kw_only=True, tag="shortfall_option_chosen"):
    """年限不足处理方式选择: How a retiring person will make up missing years."""

    person: Id
    option: ShortfallOption


class LumpSumPaid(Fact, frozen=True, kw_only=True, tag="lump_sum_paid"):
    """一次性补缴（趸缴）: Missing years are bought in one sum. Without `amount` the full amount due was paid."""

    person: Id
    purpose: LumpSumPurpose = LumpSumPurpose.RETIREMENT
    month_count: Count | None = None
    mode: Mode | None = None
    amount: Fen | None = None


class RetireesHandedOver(Fact, frozen=True, kw_only=True, tag="retirees_handed_over"):
    """退休人员移交: An employer hands over people who retired before a reference date, for a fixed sum."""

    employer: Id
    retirees: tuple[HandedOverRetiree, ...]
    amount: Fen
    paid_without_interruption: bool
