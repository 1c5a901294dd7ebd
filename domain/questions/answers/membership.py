"""Answers about status and months (待遇状态与缴费月数). Money in fen; None = does not apply."""

from datetime import date

from domain.questions.answers.base import Answer
from domain.values.calendar import Month
from domain.values.terms import Capacity, MaternityStatus, Mode, Scheme, Status


class Arrears(Answer, frozen=True, kw_only=True):
    """Arrears (欠费) behind a status: months number those owed or missed."""

    first_month: Month | None = None
    months: int | None = None
    limit_on: date | None = None
    cleared_on: date | None = None


class BenefitStatusAnswer(Answer, frozen=True, kw_only=True):
    """待遇状态 on a day."""

    status: Status
    reason: str | None = None
    scheme: Scheme | None = None
    capacity: Capacity | None = None
    employer: str | None = None
    mode: Mode | None = None
    tier: int | None = None
    covered_from: date | None = None
    covered_to: date | None = None
    waiting_from: date | None = None
    suspended_from: date | None = None
    retired_from: date | None = None
    arrears: Arrears | None = None
    maternity: MaternityStatus | None = None


class PeriodLine(Answer, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One status period (待遇期间)."""

    status: Status
    from_: date
    reason: str | None = None
    to: date | None = None
    capacity: Capacity | None = None
    mode: Mode | None = None
    tier: int | None = None


class BenefitPeriodsAnswer(Answer, frozen=True, kw_only=True):
    """All status periods of a person in a scheme."""

    periods: tuple[PeriodLine, ...]


class ContributionMonthsAnswer(Answer, frozen=True, kw_only=True):
    """缴费月数 on a day."""

    total: int = 0
    paid: int = 0
    local_paid: int = 0
    deemed: int = 0
    converted: int = 0
    transferred: int = 0
    in_year: dict[str, int] = {}


class SupplementStatusAnswer(Answer, frozen=True, kw_only=True, rename={"from_": "from"}):
    """补充层参保状态."""

    status: Status
    from_: date | None = None
    to: date | None = None
