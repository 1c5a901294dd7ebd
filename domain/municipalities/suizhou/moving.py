"""Transfers out (article 51). Money in fen."""

from domain.facts import TransferOutRequested
from domain.municipalities.suizhou.account import ledger
from domain.municipalities.suizhou.account_credits import moved_balance
from domain.municipalities.suizhou.leaving import cover_ends_with_transfer
from domain.municipalities.suizhou.months import blocks, held_on
from domain.municipalities.suizhou.policy import require_force
from domain.questions.answers import TransferOutAnswer
from domain.questions.kinds import TransferOut
from domain.rulebook.citation import Finding, joined
from domain.rulebook.view import View
from domain.values.terms import ClaimOutcome, Scheme


def transfer_out(view: View, question: TransferOut) -> Finding[TransferOutAnswer]:
    """The balance that leaves on a day, and the months certified."""
    person, day = question.person, question.on
    require_force(view, day)
    filed = cover_ends_with_transfer(day, None).because
    if question.scheme is Scheme.RESIDENT:
        return Finding(TransferOutAnswer(outcome=ClaimOutcome.PAYABLE, amount=0, balance=0, months=0), filed)
    account = ledger(view, person)
    asked = [
        f
        for f in view.facts(TransferOutRequested, person=person)
        if f.scheme is Scheme.EMPLOYEE and f.on <= day
    ]
    whole = account.drawn.get(asked[-1].id, 0) if asked else account.balance(day)
    amount = moved_balance(whole)
    answer = TransferOutAnswer(
        outcome=ClaimOutcome.PAYABLE,
        amount=amount.value,
        balance=account.balance(day) if asked else 0,
        months=held_on(blocks(view, person), day).local,
    )
    return Finding(answer, joined(amount.because, filed))
