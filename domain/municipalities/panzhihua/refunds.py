"""Giving back the contribution of a year: whether, and how much from where (art. 9)."""

from datetime import date

from msgspec import Struct

from domain.events.consequences import Problem
from domain.municipalities.panzhihua.payments import PaidYear
from domain.rulebook.citation import rule


class RefundDecision(Struct, frozen=True):
    """What a request to give back the contribution of a year comes to.

    Whether it is granted was decided by what was known when it was recorded. What goes back, and from where, is read from
    the year as it is known now: a payment withdrawn since was never paid, and an announcement may have brought into the
    fund what had been held for the payer.
    """

    year: int
    reason: str | None = None
    """Why it is refused; None when it is due."""
    paid: PaidYear | None = None
    """The payments given back, when it is due and there are any."""
    because: tuple[str, ...] = ()
    problem: Problem | None = None

    @property
    def is_due(self) -> bool:
        """Granted: the year counts as never paid."""
        return self.reason is None and self.problem is None

    @property
    def member(self) -> int:
        """Fen that were paid for the year, in the fund or held."""
        return sum(payment.amount for payment in self.paid.payments) if self.paid else 0

    @property
    def counted(self) -> int:
        """Fen of these that leave the fund."""
        return sum(payment.counted for payment in self.paid.payments) if self.paid else 0

    @property
    def aid(self) -> int:
        """Fen that go back to who gave them as aid; a year that was never complete had none."""
        return self.paid.due.aid if self.paid and self.paid.due and self.paid.paid_on else 0

    @property
    def sources(self) -> tuple[str, ...]:
        """Groups for which the aid was given."""
        return self.paid.due.sources if self.paid and self.paid.due else ()

    def held(self, person: str) -> dict[str, int]:
        """Fen that were held, by whoever had paid them."""
        found: dict[str, int] = {}
        for payment in self.paid.payments if self.paid else ():
            payer = payment.fact.payer or person
            found[payer] = found.get(payer, 0) + payment.held
        return {payer: fen for payer, fen in found.items() if fen}


@rule("PZ-9c", article="第九条")
def refund_refusal(year: int, on: date, in_force_on: date | None) -> str | None:
    """Given back only before the benefits of the year are in force, and not after the year has ended."""
    if on > date(year, 12, 31):
        return "year_over"
    return None if in_force_on is None or on < in_force_on else "refund_not_due"
