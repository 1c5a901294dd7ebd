"""The lines of a bill: what is in scope, what is not, and on which days there was cover. Money in fen."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.facts import ClaimSubmitted
from domain.facts.parts import Line
from domain.rulebook.citation import rule
from domain.values.money import round_fen, share
from domain.values.terms import CauseOfCare, ItemClass

EXCLUDED = (
    CauseOfCare.WORK_INJURY,
    CauseOfCare.THIRD_PARTY,
    CauseOfCare.PUBLIC_HEALTH,
    CauseOfCare.ABROAD,
    CauseOfCare.WELLNESS,
    CauseOfCare.HEALTH_CHECKUP,
    CauseOfCare.OTHER_EXCLUDED,
)


class Priced(Struct, frozen=True):
    """One line: its day, class A and class B in scope, and the rest."""

    number: int
    on: date
    a: int
    b: int
    out: int

    @property
    def total(self) -> int:
        """The whole billed amount."""
        return self.a + self.b + self.out


class Amounts(Struct, frozen=True):
    """Sums of the lines that one scheme settles."""

    a: int = 0
    b: int = 0
    out: int = 0

    @property
    def in_scope(self) -> int:
        """In-scope expense: class A and class B within their price limits."""
        return self.a + self.b

    @property
    def total(self) -> int:
        """Everything billed on covered days."""
        return self.a + self.b + self.out


@rule("SZ-58a", article="第五十八条")
def within_limit(billed: int, limit: int | None) -> int:
    """What exceeds the limit price is outside scope."""
    return billed if limit is None else min(billed, limit)


@rule("SZ-64a", article="第六十四条")
def excluded(cause: CauseOfCare) -> bool:
    """Work injuries, third parties, public health, care abroad, wellness and check-ups are not paid."""
    return cause in EXCLUDED


def priced_lines(claim: ClaimSubmitted) -> Iterator[Priced]:
    """Every line with its parts inside and outside scope."""
    if claim.lines is None:
        for number, ready in enumerate(claim.totals or ()):
            inside = int(ready.total if ready.in_scope is None else ready.in_scope)
            out = ready.total - inside
            if excluded(claim.cause).value:
                inside, out = 0, ready.total
            yield Priced(number, claim.on, inside, 0, out)
        return
    others = _share_of_others(claim)
    for number, line in enumerate(claim.lines):
        yield _priced(claim, number, line, others)


def _share_of_others(claim: ClaimSubmitted) -> Decimal:
    if claim.third_party_amount is not None:
        total = sum(_billed(line) for line in claim.lines or ())
        return min(Decimal(claim.third_party_amount) / total, Decimal(1)) if total else Decimal(0)
    return claim.third_party_share


def _billed(line: Line) -> int:
    if line.amount is not None:
        return line.amount
    return round_fen(Decimal(line.unit_price or 0) * line.quantity)


def _priced(claim: ClaimSubmitted, number: int, line: Line, others: Decimal) -> Priced:
    billed = _billed(line)
    day = line.on or claim.on
    if excluded(line.cause or claim.cause).value or line.class_ is ItemClass.C:
        return Priced(number, day, 0, 0, billed)
    limit = None if line.limit_price is None else int(line.limit_price)
    if limit is not None and line.amount is None:
        limit = round_fen(Decimal(limit) * line.quantity)
    inside = within_limit(billed, limit).value
    inside -= share(inside, others) if others else 0
    if line.class_ is ItemClass.A:
        return Priced(number, day, inside, 0, billed - inside)
    return Priced(number, day, 0, inside, billed - inside)


def summed(lines: list[Priced], chosen: Callable[[Priced], bool]) -> Amounts:
    """Sums over some lines."""
    own = [line for line in lines if chosen(line)]
    return Amounts(sum(line.a for line in own), sum(line.b for line in own), sum(line.out for line in own))
