"""Facts: opening states (facts v1, section 2.11). Money in fen."""

from datetime import date

from domain.facts.envelope import Fact
from domain.facts.parts import HistoryItem
from domain.values.identity import Count, Id, Year
from domain.values.money import Fen
from domain.values.terms import (
    Account,
    Capacity,
    Mode,
    Scheme,
    Status,
)


class OpeningStatus(Fact, frozen=True, kw_only=True, tag="opening_status", rename={"from_": "from"}):
    """期初参保状态: Status taken over from another system, as given, for its period; it replaces computation
    from contributions for that period only.
    """

    person: Id
    status: Status
    scheme: Scheme = Scheme.EMPLOYEE
    capacity: Capacity | None = None
    employer: Id | None = None
    mode: Mode | None = None
    tier: Count | None = None
    base: Fen | None = None
    maternity: bool | None = None
    former_maternity: bool | None = None
    from_: date | None = None
    to: date | None = None


class OpeningHistory(Fact, frozen=True, kw_only=True, tag="opening_history"):
    """期初缴费记录: Contribution months before the ledger, all paid on time."""

    person: Id
    history: tuple[HistoryItem, ...] | None = None
    resident_years: tuple[Year, ...] | None = None
    months_after_retirement_age: Count | None = None


class OpeningAccount(Fact, frozen=True, kw_only=True, tag="opening_account"):
    """期初账户余额: Balance taken over."""

    balance: Fen
    account: Account = Account.PERSONAL
    person: Id | None = None
    household: Id | None = None
    tier: Count | None = None
    allocation_included: bool = False


class OpeningCounters(Fact, frozen=True, kw_only=True, tag="opening_counters"):
    """期初年度累计: Yearly totals used up before the ledger, at the end of `on`."""

    person: Id
    year: Year
    scheme: Scheme = Scheme.EMPLOYEE
    stays: Count | None = None
    pooled_paid: Fen | None = None
    burden: Fen | None = None
    supplement_paid: Fen | None = None
    ordinary_outpatient_paid: Fen | None = None
    two_disease_paid: Fen | None = None
    special_disease_paid: Fen | None = None
