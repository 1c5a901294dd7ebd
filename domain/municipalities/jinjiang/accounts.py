"""The personal account of the employee scheme where it touches residents: relatives' premiums, own care."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import FactMissing, Unanswerable
from domain.events.consequences import Entry, FactDecided, Posting, Problem
from domain.facts import (
    OpeningAccount,
    PersonalAccountSpent,
    RelationshipRecorded,
    ResidentContributionPaid,
)
from domain.municipalities.jinjiang.people import covered_as_employee
from domain.municipalities.jinjiang.price import part_of
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View, per_view
from domain.values.terms import (
    AcceptanceOutcome,
    Account,
    Channel,
    MovementKind,
    PaidFrom,
    Relationship,
    SpendPurpose,
)

DIRECT = (
    Relationship.SPOUSE,
    Relationship.PARENT,
    Relationship.CHILD,
    Relationship.GRANDPARENT,
    Relationship.GRANDCHILD,
)
INVERSE = {
    Relationship.PARENT: Relationship.CHILD,
    Relationship.CHILD: Relationship.PARENT,
    Relationship.GRANDPARENT: Relationship.GRANDCHILD,
    Relationship.GRANDCHILD: Relationship.GRANDPARENT,
}
OWN_CARE = (SpendPurpose.OWN_CARE, SpendPurpose.PHARMACY)


class Move(Struct, frozen=True):
    """One thing asked of an account: `refused` or `missing` says why it moves nothing.

    `amount` in fen; of a move that is `missing` something, what it may have taken.
    """

    fact: str
    on: date
    amount: int = 0
    other: str = ""
    refused: Finding[str | None] = Finding(None)
    missing: Unanswerable | None = None

    @property
    def moved(self) -> bool:
        """True when the money left the account."""
        return self.refused.value is None and self.missing is None


def account_refusal(view: View, payment: ResidentContributionPaid) -> Finding[str | None]:
    """Why a premium may not be taken from a relative's account, or None (also for cash)."""
    if payment.paid_from is not PaidFrom.PERSONAL_ACCOUNT:
        return by_employer() if payment.channel is Channel.UNIT else Finding(None)
    for move in moves(view, holder_of(payment)):
        if move.fact == payment.id:
            if move.missing is not None:
                raise move.missing
            return move.refused
    return Finding(None)


@rule("JJ-4.5b", article="四（五）")
def by_employer() -> str | None:
    """What an employer adds to a relative's premium counts as paid by the person."""
    return None


def holder_of(payment: ResidentContributionPaid) -> str:
    """Whose account pays."""
    holder = payment.account_holder or payment.payer
    if holder is None:
        raise FactMissing("resident_contribution_paid.account_holder", payment.on, ("JJ-4.5a",))
    return holder


def opening(view: View, person: str) -> list[OpeningAccount]:
    """Balances taken over for a personal account."""
    facts = view.facts(OpeningAccount, person=person)
    return [fact for fact in facts if fact.account is Account.PERSONAL]


@per_view
def moves(view: View, holder: str) -> list[Move]:
    """Everything asked of an account in order of the day, each with the balance before it."""
    paid = [
        fact
        for fact in view.facts(ResidentContributionPaid, person=holder)
        if fact.paid_from is PaidFrom.PERSONAL_ACCOUNT and (fact.account_holder or fact.payer) == holder
    ]
    spent = [
        fact
        for fact in view.facts(PersonalAccountSpent, person=holder)
        if fact.person == holder and not _already_paid(fact, paid)
    ]
    asked: list[ResidentContributionPaid | PersonalAccountSpent] = [*paid, *spent]
    done: list[Move] = []
    for fact in sorted(asked, key=lambda each: (each.on, view.order(each))):
        held = sum(o.balance for o in opening(view, holder) if o.on <= fact.on)
        before = int(held) - sum(move.amount for move in done if move.moved)
        open_ones = [move for move in done if move.missing is not None]
        try:
            if isinstance(fact, ResidentContributionPaid):
                move = _premium(view, holder, fact, before)
            else:
                move = _spending(view, holder, fact, before)
        except Unanswerable as missing:
            move = Move(fact.id, fact.on, _at_stake(view, fact, before), missing=missing)
        # What is there whatever becomes of earlier ones that are still open.
        surely = max(0, before - sum(each.amount for each in open_ones))
        if open_ones and move.moved and move.amount > surely:
            move = replace(move, missing=open_ones[0].missing)
        done.append(move)
    return done


def _at_stake(view: View, fact: ResidentContributionPaid | PersonalAccountSpent, before: int) -> int:
    """What something still undecided may have taken out of an account: all of it while nobody knows the amount."""
    if isinstance(fact, PersonalAccountSpent):
        amount = int(fact.amount)
    else:
        try:
            amount = sum(part_of(view, person, fact) for person in fact.persons)
        except Unanswerable:
            amount = before
    return amount if amount <= before else 0


def _already_paid(spent: PersonalAccountSpent, paid: list[ResidentContributionPaid]) -> bool:
    return spent.purpose is SpendPurpose.CONTRIBUTION and any(
        fact.on == spent.on and (spent.beneficiary is None or spent.beneficiary in fact.persons)
        for fact in paid
    )


def _premium(view: View, holder: str, fact: ResidentContributionPaid, before: int) -> Move:
    other = f"member:{fact.persons[0]}"
    for person in fact.persons:
        relation = fact.relationship or _relation(view, holder, person)
        refused = relatives_premium(view, holder, person, relation, fact.on)
        if refused.value is not None:  # whatever the premium may be
            return Move(fact.id, fact.on, 0, other, refused)
    amount = sum(part_of(view, person, fact) for person in fact.persons)
    return Move(fact.id, fact.on, amount, other, at_most(amount, before))


def _relation(view: View, holder: str, person: str) -> Relationship | None:
    for fact in view.facts(RelationshipRecorded, person=holder):
        if (fact.person, fact.relative) == (holder, person):
            return fact.relationship
        if (fact.person, fact.relative) == (person, holder):
            return INVERSE.get(fact.relationship, fact.relationship)
    return None


@rule("JJ-4.5a", article="四（五）")
def relatives_premium(
    view: View, holder: str, person: str, relation: Relationship | None, on: date
) -> Finding[str | None]:
    """A member of the employee scheme may pay the own share of direct relatives."""
    if person == holder:
        return kept_account("premium", 0, 0)
    if relation is None:
        raise FactMissing("resident_contribution_paid.relationship", on, ("JJ-4.5a",))
    if relation not in DIRECT:
        return Finding("not_direct_relative")
    return Finding(None if covered_as_employee(view, holder, on) else "account_use_not_allowed")


@rule("JJ-4.5a", article="四（五）")
def at_most(amount: int, before: int) -> str | None:
    """A relative's premium takes at most the balance."""
    return "insufficient_balance" if amount > before else None


@rule("JJ-5.3e", article="五（三）4")
def kept_account(use: str, amount: int, before: int) -> str | None:
    """Who changed to the resident scheme may spend the old balance on own care only, never below 0."""
    if use != "own_care":
        return "account_use_not_allowed"
    return "insufficient_balance" if amount > before else None


def _spending(view: View, holder: str, fact: PersonalAccountSpent, before: int) -> Move:
    other = f"provider:{fact.provider}" if fact.provider else f"bank:{holder}"
    if fact.purpose is SpendPurpose.CONTRIBUTION:
        relative = fact.beneficiary or holder
        relation = _relation(view, holder, relative)
        refused = relatives_premium(view, holder, relative, relation, fact.on)
        if refused.value is None:
            refused = at_most(fact.amount, before)
        return Move(fact.id, fact.on, int(fact.amount), f"member:{relative}", refused)
    own = fact.purpose in OWN_CARE and fact.beneficiary in (None, holder) and _insured(view, holder, fact.on)
    refused = kept_account("own_care" if own else "other", fact.amount, before)
    return Move(fact.id, fact.on, int(fact.amount), other, refused)


def _insured(view: View, holder: str, day: date) -> bool:
    """True while enrolled: paid for as a resident of the year, or still in the employee scheme."""
    paid = any(
        holder in fact.persons and fact.year == day.year and fact.on <= day
        for fact in view.facts(ResidentContributionPaid, person=holder)
    )
    return paid or covered_as_employee(view, holder, day)


def account_records(view: View, person: str) -> Iterator[Entry | FactDecided]:
    """Entries of a personal account, and what became of the spendings asked of it."""
    account = f"personal_account:{person}"
    for fact in opening(view, person):
        yield Entry(
            name=f"opening/{fact.id}",
            on=fact.on,
            kind=MovementKind.OPENING,
            postings=(Posting(account, int(fact.balance)), Posting("area:outside", -fact.balance)),
            person=person,
            because=("JJ-5.3e",),
        )
    spendings = {fact.id for fact in view.facts(PersonalAccountSpent, person=person)}
    for move in moves(view, person):
        if move.moved:
            yield Entry(
                name=f"account/{move.fact}",
                on=move.on,
                kind=MovementKind.SPENT,
                postings=(Posting(account, -move.amount), Posting(move.other, move.amount)),
                person=person,
                other=move.other,
                because=move.refused.because,
            )
        elif move.fact in spendings:
            yield _not_spent(move)


def _not_spent(move: Move) -> FactDecided:
    if move.missing is not None:
        problem = Problem(code=move.missing.code, name=move.missing.name, date=move.missing.on)
        return FactDecided(fact=move.fact, problem=problem, because=move.missing.because)
    answer = AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason=move.refused.value)
    return FactDecided(fact=move.fact, answer=answer, because=move.refused.because)
