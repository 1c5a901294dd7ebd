"""Interruptions of contribution: when benefits stop, what heals a stop, when they resume (articles 10, 11, 14)."""

from datetime import date

from msgspec import Struct

from domain.rulebook.citation import rule
from domain.values.calendar import Month, following_month


@rule("SZ-10b", article="第十条、第十一条")
def months_missed(day: date, first_unpaid: Month) -> int:
    """Whole contribution months missed before the month of a payment: G(q, u)."""
    return Month.of(day) - first_unpaid


@rule("SZ-10a", article="第十条")
def first_entry_by_employer(first_payment: date) -> date:
    """Benefits begin on the first day of the month after the first payment; arrears open nothing earlier."""
    return following_month(first_payment)


@rule("SZ-11c", article="第十一条（三）")
def first_entry_by_oneself(first_payment: date, months: int) -> tuple[date, date]:
    """A first-time flexible member waits three months, counted from the month of the payment."""
    first = Month.of(first_payment)
    return first.first_day, first.plus(months).first_day


@rule("SZ-10c", article="第十条")
def break_begins(first_unpaid: Month, months: int) -> date:
    """When three consecutive months are overdue, benefits stop after the third; the days before stay covered."""
    return first_unpaid.plus(months).first_day


@rule("SZ-10g", article="第十条、第十一条（四）、第十四条")
def leaver_stops(last_paid: Month) -> date:
    """Who leaves is covered to the end of the month after the last paid one."""
    return last_paid.plus(2).first_day


@rule("SZ-11d", article="第十一条（四）")
def flexible_stops(first_unpaid: Month) -> date:
    """A flexible member is covered through the first unpaid month and stopped from the next."""
    return first_unpaid.plus(1).first_day


@rule("SZ-10d", article="第十条")
def made_good_by_employer(missed: int, limit: int) -> bool:
    """Arrears made good by the same employer within six months restore every stopped day."""
    return missed <= limit


@rule("SZ-11e", article="第十一条（四）")
def made_good_by_oneself(missed: int, limit: int) -> bool:
    """A flexible member back within three months with all arrears paid gets the stopped days back."""
    return missed <= limit


@rule("SZ-14a", article="第十四条")
def gap_back_paid(missed: int, limit: int) -> bool:
    """A gap of up to three months before a new relation, back-paid in full, needs no waiting and is covered."""
    return missed <= limit


@rule("SZ-10e", article="第十条")
def resumes_later(resumed: date) -> date:
    """After six months benefits resume on the first of the month after payment; stopped days stay stopped."""
    return following_month(resumed)


@rule("SZ-10f", article="第十条、第十一条")
def resumes_with_arrears_open(resumed: date) -> date:
    """The current month paid while arrears are open: benefits resume on the first of the next month."""
    return following_month(resumed)


@rule("SZ-11f", article="第十一条（四）")
def flexible_resumes(resumed: date) -> date:
    """A flexible member back after three to six months resumes on the first of the next month."""
    return following_month(resumed)


@rule("SZ-11g", article="第十一条（四）")
def flexible_waits_again(resumed: date, months: int) -> tuple[date, date]:
    """A flexible member back after more than six months waits three months as a first-time member."""
    first = Month.of(resumed)
    return first.first_day, first.plus(months).first_day


@rule("SZ-14b", article="第十四条")
def new_relation_without_gap_paid(resumed: date, by_oneself: bool, months: int) -> tuple[date, date]:
    """A longer or unpaid gap: an employee is covered from the next month, a flexible member waits three months."""
    first = Month.of(resumed)
    return (
        (first.first_day, first.plus(months).first_day) if by_oneself else (resumed, following_month(resumed))
    )


class Limits(Struct, frozen=True):
    """The month limits of articles 10, 11 and 14, as in force."""

    break_months: int
    employer: int
    flexible: int
    flexible_next_month: int
    transfer: int
    waiting: int


class Stop(Struct, frozen=True):
    """Benefits stop on `from_` because contributions are unpaid since `first_unpaid`."""

    first_unpaid: Month
    from_: date
    kind: str
    """`employer` in default, `self` (flexible member), or `left` (nobody owes the month)."""
    payer: str
    """Who paid last before."""
    because: tuple[str, ...]
    completed_on: date | None = None
    healed: bool = False
    months: int = 0
    """Months unpaid or missed, as known."""
    limit_on: date | None = None


class Stretch(Struct, frozen=True):
    """A stretch of one status in the employee scheme."""

    from_: date
    to: date | None
    status: str
    because: tuple[str, ...]
    stop: Stop | None = None
    waiting_from: date | None = None
