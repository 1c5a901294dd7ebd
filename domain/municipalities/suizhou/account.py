"""The personal account: credits, what was spent, and whether a spending is allowed (article 20). Money in fen."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.errors import Unanswerable
from domain.events.consequences import AccountStanding, Entry, Posting, Problem
from domain.facts import (
    ClaimSubmitted,
    OpeningAccount,
    PersonalAccountSpent,
    TransferOutRequested,
    TransferredIn,
)
from domain.municipalities.suizhou.bases import base_of
from domain.municipalities.suizhou.interest import interest_credits
from domain.municipalities.suizhou.payments import PaidMonth
from domain.municipalities.suizhou.policy import figure, in_force, problem_of
from domain.municipalities.suizhou.refunds import gross_payments, reversals
from domain.municipalities.suizhou.retirement import pension
from domain.rulebook.announcements import announced
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month, months_between
from domain.values.money import Ratio, share
from domain.values.terms import Account, Mode, MovementKind, Scheme, SpendPurpose

OWN_USES = (SpendPurpose.PHARMACY, SpendPurpose.OWN_CARE)


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
            found = base_of(view, person, paid.month, paid.capacity, paid.employer)
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
    if known is None or known.starts is None or known.credit == 0:
        return
    died = view.died_on(person)
    for month in months_between(Month.of(known.starts), Month.of(view.today)):
        if died is not None and died < month.first_day:
            return
        yield Movement(
            f"retiree/{month}",
            month.first_day,
            MovementKind.RETIREE_CREDIT,
            known.credit,
            "fund:employee_pooled",
            month,
            because=joined(("SZ-20b",), known.because),
        )


class Ledger(Struct):
    """The account with its debits in order of recording."""

    movements: list[Movement]
    refused: dict[str, tuple[str | None, Problem | None, tuple[str, ...]]] = {}
    drawn: dict[str, int] = {}

    def available(self, day: date) -> int:
        """The lowest balance from the end of a day on, so that no later movement lacks money."""
        balance = sum(m.fen for m in self.movements if m.on <= day)
        lowest = balance
        for movement in sorted((m for m in self.movements if m.on > day), key=lambda m: m.on):
            balance += movement.fen
            lowest = min(lowest, balance)
        return max(0, lowest)

    def balance(self, day: date) -> int:
        """The balance at the end of a day."""
        return sum(m.fen for m in self.movements if m.on <= day)


@per_view
def ledger(view: View, person: str) -> Ledger:
    """The account as known: credits, refunds, then spendings, claims and transfers as they were recorded."""
    found = Ledger(list(incoming(view, person)))
    found.refused, found.drawn = {}, {}
    found.movements += interest_credits(view, person, found)
    for request, taken in reversals(view, person, found):
        found.movements.append(taken)
        found.drawn[request] = -taken.fen
    facts: list[PersonalAccountSpent | ClaimSubmitted | TransferOutRequested] = []
    for spent in view.facts(PersonalAccountSpent, person=person):
        facts += [spent] if spent.person == person else []
    for claim in view.facts(ClaimSubmitted, person=person):
        facts += [claim] if claim.person == person else []
    facts += view.facts(TransferOutRequested, person=person)
    for fact in sorted(facts, key=view.order):
        if isinstance(fact, PersonalAccountSpent):
            _spend(view, found, fact)
        elif isinstance(fact, ClaimSubmitted):
            _draw(view, found, fact)
        elif fact.scheme is Scheme.EMPLOYEE:
            _leave(view, found, fact)
    return found


def _spend(view: View, found: Ledger, fact: PersonalAccountSpent) -> None:
    try:
        allowed = fact.purpose in OWN_USES or _further_use(view, fact)
    except Unanswerable as error:
        found.refused[fact.id] = (None, problem_of(error), error.because)
        return
    if not in_force(view, fact.on):
        missing = Problem(code="rules_not_in_force", name="document", date=str(fact.on))
        found.refused[fact.id] = (None, missing, ("SZ-79a",))
        return
    if not allowed:
        found.refused[fact.id] = ("not_eligible", None, ("SZ-20e",))
        return
    enough = may_spend(fact.amount, found.available(fact.on))
    if not enough.value:
        found.refused[fact.id] = ("insufficient_balance", None, enough.because)
        return
    target = f"provider:{fact.provider}" if fact.provider else "area:outside"
    found.movements.append(
        Movement(
            f"spent/{fact.id}", fact.on, MovementKind.SPENT, -fact.amount, target, because=enough.because
        )
    )


def _further_use(view: View, fact: PersonalAccountSpent) -> bool:
    told = announced(view, "personal_account_uses", fact.on, ("SZ-20e",))
    return isinstance(told, dict) and str(fact.purpose) in [str(each) for each in told.get("purposes", ())]


def _draw(view: View, found: Ledger, claim: ClaimSubmitted) -> None:
    """The member asked to pay the own share of a claim from the account, as far as it reaches."""
    if not claim.draw_account:
        return
    versions = view.held(f"person:{claim.person}").settlements.get(claim.claim, [])
    past = [v.settlement.answer for v in versions if v.settlement.answer is not None]
    amount = found.available(claim.on)
    if past:
        amount = min(past[0].personal_account, amount)
    found.drawn[claim.claim] = amount
    if past:
        member = past[-1].member
        moved = Movement(f"draw/{claim.claim}", claim.on, MovementKind.CLAIM, -min(amount, member), "claim")
        found.movements.append(moved)


def _leave(view: View, found: Ledger, fact: TransferOutRequested) -> None:
    amount = moved_balance(found.available(fact.on))
    found.drawn[fact.id] = amount.value
    if amount.value and in_force(view, fact.on):
        found.movements.append(
            Movement(
                f"transfer_out/{fact.id}",
                fact.on,
                MovementKind.TRANSFER_OUT,
                -amount.value,
                "area:outside",
                because=amount.because,
            )
        )


def drawn(view: View, person: str, claim: str, member: int) -> int:
    """What a claim draws from the account, at most the member's share."""
    return min(ledger(view, person).drawn.get(claim, 0), member)


def entries(view: View, person: str) -> Iterator[Entry | AccountStanding]:
    """Postings of the account, apart from those of claims; a credit that lacks a figure stops the answer."""
    account = f"personal_account:{person}"
    missing: Movement | None = None
    for movement in ledger(view, person).movements:
        if movement.counterpart == "claim":
            continue
        if movement.waiting is not None:
            missing = missing or movement
            continue
        use = "account_credits" if movement.counterpart.startswith("fund:") else ""
        yield Entry(
            name=movement.name,
            on=movement.on,
            kind=movement.kind,
            postings=(Posting(account, movement.fen), Posting(movement.counterpart, -movement.fen, use)),
            month=movement.month,
            because=movement.because,
        )
    if missing is not None:
        yield AccountStanding(
            account=account, from_=missing.on, problem=missing.waiting, because=missing.because
        )
