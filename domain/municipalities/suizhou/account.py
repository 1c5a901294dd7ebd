"""The personal account: credits, what was spent, and whether a spending is allowed (article 20). Money in fen."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.errors import Unanswerable
from domain.events.consequences import AccountStanding, Entry, Posting, Problem
from domain.facts import (
    ClaimSubmitted,
    PersonalAccountPaidOut,
    PersonalAccountSpent,
    RefundRequested,
    TransferOutRequested,
)
from domain.municipalities.suizhou.account_credits import Movement, incoming, may_spend, moved_balance
from domain.municipalities.suizhou.drawing import drawn_by, drawn_since, draws
from domain.municipalities.suizhou.interest import interest_credits, interest_days
from domain.municipalities.suizhou.payments import refunded
from domain.municipalities.suizhou.policy import in_force, problem_of
from domain.municipalities.suizhou.refunds import reversal
from domain.rulebook.announcements import announced
from domain.rulebook.view import View, per_view
from domain.values.calendar import Moment
from domain.values.terms import MovementKind, Scheme, SpendPurpose

Drawing = (
    PersonalAccountSpent | ClaimSubmitted | TransferOutRequested | PersonalAccountPaidOut | RefundRequested
)
OWN_USES = (SpendPurpose.PHARMACY, SpendPurpose.OWN_CARE)


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
    asked = {request.id: request for request in refunded(view, person).values()}
    facts: list[Drawing] = list(asked.values())
    for spent in view.facts(PersonalAccountSpent, person=person):
        facts += [spent] if spent.person == person else []
    for claim in view.facts(ClaimSubmitted, person=person):
        facts += [claim] if claim.person == person and claim.draw_account else []
    facts += view.facts(TransferOutRequested, person=person)
    facts += view.facts(PersonalAccountPaidOut, person=person)
    due = list(interest_days(view))
    for fact in sorted(facts, key=lambda fact: (_since(view, fact), view.order(fact))):
        since = _since(view, fact)
        while due and due[0][0] < since:
            found.movements += interest_credits(due.pop(0)[1], found.balance)
        if isinstance(fact, RefundRequested):
            _take_back(view, person, found, fact)
        elif isinstance(fact, PersonalAccountSpent):
            _spend(view, found, fact)
        elif isinstance(fact, ClaimSubmitted):
            _draw(view, found, fact)
        elif isinstance(fact, PersonalAccountPaidOut):
            _close(found, fact)
        elif fact.scheme is Scheme.EMPLOYEE:
            _leave(view, found, fact)
    for _, announced_interest in due:
        found.movements += interest_credits(announced_interest, found.balance)
    return found


def _since(view: View, fact: Drawing) -> Moment:
    """When a fact reaches the account: as recorded, a claim as first settled."""
    return drawn_since(view, fact) if isinstance(fact, ClaimSubmitted) else fact.recorded


def _take_back(view: View, person: str, found: Ledger, request: RefundRequested) -> None:
    """Credits of refunded months leave the account as far as its balance then reaches (SZ-12b)."""
    taken = reversal(view, person, request, found.available(request.on))
    if taken is not None:
        found.movements.append(taken)
        found.drawn[request.id] = -taken.fen


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
    amount = drawn_by(view, claim, found.available(claim.on))
    found.drawn[claim.claim] = amount
    found.movements += draws(view, claim, amount)


def _close(found: Ledger, fact: PersonalAccountPaidOut) -> None:
    """A closing payment, e.g. to heirs, is an external event that is only recorded."""
    available = found.available(fact.on)
    amount = available if fact.amount is None else int(fact.amount)
    if not may_spend(amount, available).value:
        found.refused[fact.id] = ("insufficient_balance", None, ("SZ-20e",))
    elif amount:
        found.movements.append(
            Movement(f"paid_out/{fact.id}", fact.on, MovementKind.PAID_OUT, -amount, f"heirs:{fact.person}")
        )


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
