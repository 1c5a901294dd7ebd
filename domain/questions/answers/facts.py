"""Answers about facts and what they changed (事实受理与差异). Money in fen; None = does not apply."""

from datetime import date

from domain.questions.answers.base import Answer
from domain.values.money import Amount
from domain.values.terms import AcceptanceOutcome


class PersonDecision(Answer, frozen=True, kw_only=True):
    """What became of one person of a fact."""

    outcome: AcceptanceOutcome
    reason: str | None = None


class AcceptanceAnswer(Answer, frozen=True, kw_only=True):
    """事实受理结果."""

    outcome: AcceptanceOutcome
    reason: str | None = None
    accepted_months: int | None = None
    refused_months: int | None = None
    amount: Amount | None = None
    amounts: dict[str, Amount] | None = None
    persons: dict[str, PersonDecision] | None = None
    missing: tuple[str, ...] | None = None


class Change(Answer, frozen=True, kw_only=True):
    """One answer that differs between two moments of knowledge, and the facts behind it."""

    ask: str
    on: date | None = None
    claim: str | None = None
    before: object = None
    after: object = None
    because_of: tuple[str, ...] = ()


class ChangesAnswer(Answer, frozen=True, kw_only=True):
    """差异."""

    changes: tuple[Change, ...]
