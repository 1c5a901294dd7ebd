"""What a person has paid for which year, and what became of each payment (arts. 5, 8, 9)."""

from datetime import date
from typing import Any

from msgspec import Struct

from domain.errors import Unanswerable
from domain.events.consequences import Problem
from domain.facts import OpeningHistory, ResidentContributionPaid
from domain.municipalities.panzhihua.contribution import (
    Due,
    dues_since,
    groups_on,
    is_fully_paid,
    last_day,
    may_join,
    part_of,
    standard_as_known,
)
from domain.municipalities.panzhihua.policy import require_force
from domain.rulebook.citation import Finding, joined
from domain.rulebook.view import View
from domain.values.calendar import Moment
from domain.values.terms import Group


class Payment(Struct, frozen=True):
    """One payment of one person: what counts for the year, and what is held as refundable. Fen."""

    fact: ResidentContributionPaid
    amount: int
    counted: int = 0
    reason: str | None = None
    problem: Problem | None = None
    because: tuple[str, ...] = ()

    @property
    def held(self) -> int:
        """Held for whoever paid."""
        return self.amount - self.counted


class PaidYear(Struct, frozen=True):
    """A contribution year of a person: since when it is fully paid (None = not yet), and what it cost."""

    year: int
    paid_on: date | None = None
    due: Due | None = None
    payments: tuple[Payment, ...] = ()
    opening: bool = False
    problem: Problem | None = None
    because: tuple[str, ...] = ()

    @property
    def is_paid(self) -> bool:
        """Fully paid, in this ledger or before it."""
        return self.opening or self.paid_on is not None


def problem_of(error: Unanswerable) -> Problem:
    """An error as a record keeps it."""
    return Problem(code=error.code, name=error.name, date=error.on)


def opening_years(view: View, person: str) -> set[int]:
    """Resident years paid before this ledger."""
    return {year for fact in view.facts(OpeningHistory, person=person) for year in fact.resident_years or ()}


def payments_by_year(view: View, person: str) -> dict[int, list[ResidentContributionPaid]]:
    """Known payments of a person, by year, in order of payment."""
    found: dict[int, list[ResidentContributionPaid]] = {}
    for fact in view.facts(ResidentContributionPaid, person=person):
        if person in fact.persons:
            found.setdefault(fact.year, []).append(fact)
    return found


def paid_year(view: View, person: str, year: int, facts: list[ResidentContributionPaid]) -> PaidYear:
    """The payments of one year added up, in order, until they reach what is due."""
    account = _Account(view, person, year)
    for fact in facts:
        account.take(fact)
    return account.result()


def paid_again(year: int, facts: list[ResidentContributionPaid]) -> PaidYear:
    """Payments for a year that was already paid before this ledger: all of it is held."""
    held = (Payment(fact, int(fact.amount or 0), because=("PZ-9a",)) for fact in facts)
    return PaidYear(year, payments=tuple(held), opening=True)


class _Account:
    """Adds up the payments of one person and year."""

    def __init__(self, view: View, person: str, year: int) -> None:
        self.view, self.person, self.year = view, person, year
        self.payments: list[Payment] = []
        self.paid = 0
        self.paid_on: date | None = None
        self.due: Due | None = None
        self.groups: tuple[Group, ...] = ()
        """Those of the last payment until the year was complete."""
        self.problem: Problem | None = None
        self.because: tuple[str, ...] = ()

    def take(self, fact: ResidentContributionPaid) -> None:
        moment = Moment(min(max(Moment.end_of(fact.on), fact.recorded), self.view.moment))
        amount = part_of(self.view, fact, self.person, moment)
        refusal = self._refusal(fact)
        if refusal is not None:
            self.payments.append(Payment(fact, amount or 0, 0, *refusal))
            return
        groups = tuple(groups_on(self.view, self.person, fact.on, hardship=True))
        found = dues_since(self.view, self.year, moment, groups)
        if not found.value and groups:
            found = self._whatever_the_aid(moment, amount)
        if not found.value:
            self._hold(fact, amount or 0, groups)
            return
        first = found.value[0]
        sum_now = self.paid + (max(0, first.own - self.paid) if amount is None else amount)
        reached = next((each for each in found.value if is_fully_paid(sum_now, each.own).value), None)
        if self.paid_on is None:
            self.groups = groups
            if reached is not None:
                self.paid_on, self.due = fact.on, reached
        counted = self._counted(sum_now, found.value[-1] if self.due is None else self.due)
        because = joined(found.because, ("PZ-9a", "PZ-8a"), ("PZ-6a",) if groups else ())
        self.payments.append(Payment(fact, sum_now - self.paid, counted, because=because))
        self.because = joined(self.because, because)
        self.paid = sum_now

    def _whatever_the_aid(self, moment: Moment, amount: int | None) -> Finding[list[Due]]:
        """The whole standard is enough, however much aid is still to be announced; less than that has to wait."""
        found = dues_since(self.view, self.year, moment, ())
        enough = [each for each in found.value if amount is None or self.paid + amount >= each.standard]
        return Finding(enough, found.because)

    def _counted(self, sum_now: int, agreed: Due) -> int:
        """What of this payment belongs to the fund: up to the own part as now known; beyond it all is held."""
        known = standard_as_known(self.view, self.year, self.view.moment, self.groups)
        limit = known.value.own if isinstance(known, Finding) else agreed.own
        before = sum(payment.counted for payment in self.payments)
        return max(0, min(sum_now, limit) - before)

    def _refusal(
        self, fact: ResidentContributionPaid
    ) -> tuple[str | None, Problem | None, tuple[str, ...]] | None:
        try:
            require_force(self.view, date(self.year, 1, 1))
        except Unanswerable as error:
            return None, problem_of(error), error.because
        joins = may_join(self.view, self.person, fact.on)
        if not joins.value:
            return "not_in_scheme", None, joins.because
        last = last_day(self.view, self.year, self.view.person(self.person).born_on)
        return ("year_over", None, last.because) if fact.on > last.value else None

    def _hold(self, fact: ResidentContributionPaid, amount: int, groups: tuple[Group, ...]) -> None:
        """A payment before the standard is announced is held; it counts with its own date once it is."""
        error: Any = standard_as_known(self.view, self.year, self.view.moment, groups)
        because = joined(("PZ-8b",), error.because)
        if error.code == "announcement_out_of_bounds":
            self.payments.append(Payment(fact, amount, 0, error.code, None, because))
            return
        self.payments.append(Payment(fact, amount, 0, None, problem_of(error), because))
        if error.name.startswith("contribution_subsidy"):
            # Whether the year is paid depends on the aid, which nobody may guess.
            self.problem, self.because = problem_of(error), because

    def result(self) -> PaidYear:
        return PaidYear(
            self.year,
            self.paid_on,
            self.due,
            tuple(self.payments),
            problem=self.problem if self.paid_on is None else None,
            because=self.because,
        )
