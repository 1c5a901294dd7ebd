"""Answers about funds and providers (基金与机构). Money in fen; None = does not apply."""

from decimal import Decimal

from domain.questions.answers.base import Answer
from domain.values.money import Amount


class FundTransferAnswer(Answer, frozen=True, kw_only=True, rename={"from_": "from"}):
    """基金划转."""

    from_: str | None = None
    to: str | None = None
    amount: Amount | None = None
    count: int | None = None
    parts: dict[str, Amount] | None = None


class DeficitSharingAnswer(Answer, frozen=True, kw_only=True):
    """基金缺口分担."""

    accumulated_surplus: Amount | None = None
    risk_reserve: Amount | None = None
    county_finance: Amount | None = None
    gap: Amount | None = None
    city_finance: Amount | None = None
    local_government: Amount | None = None


class FundAlertsAnswer(Answer, frozen=True, kw_only=True):
    """基金预警."""

    alerts: tuple[str, ...]
    surplus_rate: Decimal | None = None
    payable_months: Decimal | None = None


class ProviderAdvanceAnswer(Answer, frozen=True, kw_only=True):
    """周转金限额."""

    monthly_average: Amount | None = None
    minimum: Amount | None = None
    maximum: Amount | None = None
    outstanding: Amount | None = None
