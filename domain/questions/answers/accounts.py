"""Answers about accounts (账户). Money in fen; None = does not apply."""

from datetime import date

from domain.questions.answers.base import Answer
from domain.values.calendar import Month
from domain.values.money import Amount
from domain.values.terms import MovementKind


class Movement(Answer, frozen=True, kw_only=True):
    """One movement of an account; credits are positive."""

    on: date
    kind: MovementKind
    amount: Amount
    month: Month | None = None
    person: str | None = None
    age: int | None = None
    other: str | None = None
    recorded: str | None = None


class PersonalAccountAnswer(Answer, frozen=True, kw_only=True):
    """个人账户 at the end of a day."""

    balance: Amount
    blocked: bool = False
    monthly_credit: Amount = 0
    months_credited: int = 0
    credited: dict[str, Amount] = {}
    interest: dict[str, Amount] = {}
    paid_to_bank: Amount | None = None
    movements: tuple[Movement, ...] = ()
    notes: tuple[str, ...] = ()


class FamilyAccountAnswer(Answer, frozen=True, kw_only=True):
    """家庭门诊账户 at the end of a day."""

    balance: Amount
    moved_to: dict[str, Amount] = {}
    movements: tuple[Movement, ...] = ()
    notes: tuple[str, ...] = ()


class FundAccountAnswer(Answer, frozen=True, kw_only=True):
    """基金账户."""

    balance: Amount
    received: dict[str, Amount] = {}
    paid: dict[str, Amount] = {}
