"""What leaves a personal account: spending, payments out, transfers, and what is refused (arts. 15, 20, 21, 53)."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.errors import Unanswerable
from domain.events.consequences import Entry, FactDecided, Posting
from domain.facts import (
    Fact,
    PersonalAccountPaidOut,
    PersonalAccountSpent,
    TransferOutRequested,
    TransferredIn,
)
from domain.municipalities.dingxi.accounts import account_of
from domain.municipalities.dingxi.deposits import paid_to_bank
from domain.municipalities.dingxi.enrolment import joined_resident
from domain.municipalities.dingxi.payments import actual_months, months
from domain.municipalities.dingxi.policy import problem_of
from domain.questions.answers import AcceptanceAnswer, TransferOutAnswer
from domain.questions.kinds import TransferOut
from domain.rulebook.announcements import announced
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.calendar import Month
from domain.values.terms import (
    AcceptanceOutcome,
    ClaimOutcome,
    MovementKind,
    PayoutReason,
    Scheme,
    SpendPurpose,
)

TO = {
    PayoutReason.INHERITANCE: "heirs",
    PayoutReason.TRANSFERRED_OUT: "area:outside",
    PayoutReason.JOINED_RESIDENT_SCHEME: "bank",
    PayoutReason.SETTLED_ABROAD: "bank",
}
FAMILY_USE = "personal_account_family_use"


class Debit(Struct, frozen=True):
    """Money that shall leave an account; `amount` None = the whole balance."""

    name: str
    on: date
    amount: int | None
    to: str
    kind: MovementKind
    fact: Fact | None
    because: tuple[str, ...]


def leaving(view: View, person: str, inside: list[Entry]) -> Iterator[Entry | FactDecided]:
    """Every debit in order, never below zero; what a rule refuses stays without effect."""
    account = account_of(person)
    flows = [(e.on, p.fen) for e in inside for p in e.postings if p.account == account]
    for debit in sorted(_debits(view, person), key=lambda each: each.on):
        balance = sum(fen for day, fen in flows if day <= debit.on)
        amount = balance if debit.amount is None else debit.amount
        if debit.fact is not None:
            refusal = _refusal(view, debit.fact, amount, balance)
            if refusal is not None:
                yield refusal
                continue
        if amount <= 0:
            continue
        flows.append((debit.on, -amount))
        yield Entry(
            name=debit.name,
            on=debit.on,
            kind=debit.kind,
            postings=(Posting(account, -amount), Posting(debit.to, amount)),
            person=person,
            because=debit.because,
        )


def _debits(view: View, person: str) -> Iterator[Debit]:
    for spent in view.facts(PersonalAccountSpent, person=person):
        if spent.person == person:
            to = f"provider:{spent.provider}" if spent.provider else f"member:{spent.beneficiary or person}"
            rules = ("DX-21c", "DX-20i")
            yield Debit(
                f"spent/{spent.id}", spent.on, int(spent.amount), to, MovementKind.SPENT, spent, rules
            )
    for out in view.facts(PersonalAccountPaidOut, person=person):
        to = TO[out.reason]
        to = to if ":" in to else f"{to}:{person}"
        given = None if out.amount is None else int(out.amount)
        yield Debit(f"paid_out/{out.id}", out.on, given, to, MovementKind.PAID_OUT, out, ("DX-21c",))
    for asked in view.facts(TransferOutRequested, person=person):
        if asked.scheme is Scheme.EMPLOYEE:
            name = f"transfer_out/{asked.id}"
            yield Debit(name, asked.on, None, "area:outside", MovementKind.TRANSFER_OUT, None, ("DX-15c",))
    for day in resident_payouts(view, person):
        because = paid_to_bank().because
        yield Debit(f"to_bank/{day}", day, None, f"bank:{person}", MovementKind.PAID_OUT, None, because)


def resident_payouts(view: View, person: str) -> list[date]:
    """Days on which somebody transferred in before joins the resident scheme (DX-15b)."""
    credited = [f.on for f in view.facts(TransferredIn, person=person) if f.account_amount]
    return [day for day in joined_resident(view, person) if any(each < day for each in credited)]


def _refusal(view: View, fact: Fact, amount: int, balance: int) -> FactDecided | None:
    if isinstance(fact, PersonalAccountSpent):
        try:
            reason = spending_refused(view, fact, amount, balance)
        except Unanswerable as missing:
            return FactDecided(fact=fact.id, problem=problem_of(missing), because=missing.because)
        return _refused(fact, reason.value, reason.because) if reason.value else None
    if amount > balance:
        return _refused(fact, "insufficient_balance", ("DX-21c",))
    return None


def _refused(fact: Fact, reason: str, because: tuple[str, ...]) -> FactDecided:
    answer = AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason=reason)
    return FactDecided(fact=fact.id, answer=answer, because=because)


@rule("DX-21c", "DX-20i", article="第二十一、五十三条（三）")
def spending_refused(view: View, fact: PersonalAccountSpent, amount: int, balance: int) -> str | None:
    """Spent at designated providers, for relatives only if announced, never below zero; suspension is no bar."""
    if fact.provider is not None and not view.provider(fact.provider, fact.on).designated:
        return "provider_not_designated"
    relative = fact.beneficiary not in (None, fact.person) or fact.purpose is SpendPurpose.RELATIVE_CARE
    if relative and announced(view, FAMILY_USE, fact.on, ("DX-21c",)) not in (True, "true", "yes"):
        return "account_use_not_allowed"
    return "insufficient_balance" if amount > balance else None


def transfer_out(view: View, question: TransferOut) -> Finding[TransferOutAnswer]:
    """What leaves with a transfer: the balance, and the actual months that stay certified."""
    person = question.person
    account = account_of(person)
    held = view.held(f"person:{person}")
    lines = [
        (line.event, posting.fen)
        for line in held.journal
        if line.event.on <= question.on
        for posting in line.event.postings
        if posting.account == account
    ]
    left = sum(-fen for event, fen in lines if event.key.startswith("entry/transfer_out/"))
    balance = sum(fen for _, fen in lines)
    paid = months(view, person)
    held_by_then = {m: each for m, each in paid.items() if (each.counts_from or date.max) <= question.on}
    counted = actual_months(held_by_then, Month.of(question.on))
    answer = TransferOutAnswer(
        outcome=ClaimOutcome.PAYABLE, amount=balance + left, balance=0, months=counted.value
    )
    return Finding(answer, ("DX-15c", *counted.because))
