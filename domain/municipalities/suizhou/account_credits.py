"""What comes into a personal account: monthly parts, retiree credits, opening and transfer money. In fen."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.errors import Unanswerable
from domain.events.consequences import Problem
from domain.facts import OpeningAccount, TransferredIn
from domain.municipalities.suizhou.bases import base_of
from domain.municipalities.suizhou.payments import PaidMonth
from domain.municipalities.suizhou.policy import figure, problem_of
from domain.municipalities.suizhou.refunds import gross_payments
from domain.municipalities.suizhou.retirement import credit_after, pension
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month, months_between
from domain.values.money import Ratio, share
from domain.values.terms import Account, Mode, MovementKind, Scheme


class Movement(Struct, frozen=True):
    """One credit or debit of the account."""

    name: str
    on: date
    kind: MovementKind
    fen: int
    counterpart: str
    month: Month | None = None
    waiting: Problem | None = None
    because: tuple[str, ...] = ()


@rule("SZ-20a", article="第二十条（一）")
def own_part(base: int, rate: Ratio) -> int:
    """2% of the own base is credited for each paid month."""
    return share(base, rate)


@rule("SZ-20d", article="第二十条（四）、第十一条（一）")
def flexible_part(base: int, rate: Ratio, combined: bool) -> int:
    """A flexible member in combined mode is credited 2%; in pooling-only mode there is no account."""
    return share(base, rate) if combined else 0


@rule("SZ-11b", article="第十一条（二）")
def credited_on(paid_on: date, month: Month) -> date:
    """The account part of a prepaid month is credited on its first day."""
    return max(paid_on, month.first_day)


@rule("SZ-20e", article="第二十条（五）")
def may_spend(amount: int, available: int) -> bool:
    """A spending above the balance is rejected whole; the balance never goes below zero."""
    return amount <= available


@rule("SZ-51b", article="第五十一条")
def moved_balance(amount: int) -> int:
    """A transfer in brings the account money along; a transfer out takes the whole balance."""
    return amount


def _basic(view: View, person: str, paid: PaidMonth) -> Movement | None:
    on = credited_on(paid.paid_on, paid.month)
    name, source = f"basic/{paid.month}/{paid.payer}", _source(person, paid)
    try:
        base = paid.base
        ids: tuple[str, ...] = ()
        if base is None:
            found = base_of(view, person, paid.month, paid.capacity, paid.employer, paid.known)
            base, ids = found.value, found.because
    except Unanswerable as error:
        return Movement(
            name, on.value, MovementKind.BASIC_CREDIT, 0, source, paid.month, problem_of(error), error.because
        )
    rate = figure(view, "contribution.personal_rate", paid.month.first_day)
    own = paid.payer == "self"
    part = flexible_part(base, rate, paid.mode is Mode.COMBINED) if own else own_part(base, rate)
    if part.value == 0:
        return None
    because = joined(part.because, ids, on.because if on.value > paid.paid_on else ())
    return Movement(
        name, on.value, MovementKind.BASIC_CREDIT, part.value, source, paid.month, because=because
    )


def _source(person: str, paid: PaidMonth) -> str:
    return "area:unemployment_fund" if paid.payer == "fund" else f"member:{person}"


@per_view
def incoming(view: View, person: str) -> tuple[Movement, ...]:
    """Everything that comes in, and what refunds and transfers take out, by effective day."""
    found = [m for paid in gross_payments(view, person) if (m := _basic(view, person, paid)) is not None]
    found += _retiree(view, person)
    for fact in view.facts(OpeningAccount, person=person):
        if fact.account is Account.PERSONAL:
            found.append(
                Movement(f"opening/{fact.id}", fact.on, MovementKind.OPENING, fact.balance, "area:outside")
            )
    for moved in view.facts(TransferredIn, person=person):
        if moved.scheme is Scheme.EMPLOYEE and moved.account_amount:
            amount = moved_balance(moved.account_amount)
            found.append(
                Movement(
                    f"transfer_in/{moved.id}",
                    moved.on,
                    MovementKind.TRANSFER_IN,
                    amount.value,
                    "area:outside",
                    because=amount.because,
                )
            )
    return tuple(sorted(found, key=lambda movement: movement.on))


def _retiree(view: View, person: str) -> Iterator[Movement]:
    """The monthly credit of a retired member, on the first of each month while alive."""
    try:
        known = pension(view, person)
    except Unanswerable:
        return
    if known is None or known.starts is None:
        return
    died = view.died_on(person)
    for month in months_between(Month.of(known.starts), Month.of(view.today)):
        if died is not None and died < month.first_day:
            return
        yield Movement(
            f"retiree/{month}",
            month.first_day,
            MovementKind.RETIREE_CREDIT,
            credit_after(view, month.first_day, known.held).value,
            "fund:employee_pooled",
            month,
            because=joined(("SZ-20b",), known.because),
        )
