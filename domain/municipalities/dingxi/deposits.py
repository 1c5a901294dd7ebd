"""Fees, lump sums, opening balances, transferred money and refunds as postings (arts. 11, 14, 15, 44). Money in fen."""

from collections.abc import Iterator
from datetime import date

from domain.errors import Unanswerable
from domain.events.consequences import Entry, Posting
from domain.facts import (
    LumpSumPaid,
    OpeningAccount,
    SupplementContributionPaid,
    TransferredIn,
)
from domain.municipalities.dingxi.accounts import LARGE, POOLED, account_of
from domain.municipalities.dingxi.enrolment import Category, joined_resident
from domain.municipalities.dingxi.payments import months
from domain.municipalities.dingxi.refunds import accepted_refunds, refundable_entries
from domain.municipalities.dingxi.retirement import last_category, parts
from domain.municipalities.dingxi.supplement import category_of_year, yearly_fee
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.terms import Account, Capacity, Layer, MovementKind


def fees(view: View, person: str) -> Iterator[Entry]:
    """Large-amount fees, all to that fund."""
    for fact in view.facts(SupplementContributionPaid, person=person):
        if fact.layer is not Layer.LARGE_AMOUNT:
            continue
        category = category_of_year(view, person, fact.year) or Category(Capacity.FLEXIBLE)
        found = yearly_fee(view, category, date(fact.year, 1, 1))
        employer, member = found.value
        if fact.amount is not None:
            employer, member = 0, int(fact.amount)
        payers = (Posting(f"employer:{category.employer}", -employer), Posting(f"member:{person}", -member))
        into = fee_received(employer + member)
        yield Entry(
            name=f"fee/{fact.id}",
            on=fact.on,
            postings=(*(p for p in payers if p.fen), into.value),
            person=person,
            because=joined(found.because, into.because),
        )


@rule("DX-43c", article="第四十三条")
def fee_received(amount: int) -> Posting:
    """Fees belong to the large-amount fund."""
    return Posting(LARGE, amount, "contributions")


def lump_sums(view: View, person: str) -> Iterator[Entry]:
    """Lump sums at retirement, all to the pooled fund, without credit to the account."""
    for fact in view.facts(LumpSumPaid, person=person):
        try:
            found = parts(view, person, fact.mode)
        except Unanswerable:
            continue
        employer = sum(part.employer for part in found.value)
        member = sum(part.member for part in found.value)
        if fact.amount is not None:
            employer, member = 0, int(fact.amount)
        owner = last_category(view, person).employer
        payers = (Posting(f"employer:{owner}", -employer), Posting(f"member:{person}", -member))
        if employer + member:
            yield Entry(
                name=f"lump_sum/{fact.id}",
                on=fact.on,
                postings=(*(p for p in payers if p.fen), Posting(POOLED, employer + member, "contributions")),
                person=person,
                because=joined(("DX-14d",), found.because),
            )


def taken_in(view: View, person: str) -> Iterator[Entry]:
    """Opening balance and transferred money, which joins the account or, for a resident, the bank account."""
    for opening in view.facts(OpeningAccount, person=person):
        if opening.account is Account.PERSONAL and opening.balance:
            yield Entry(
                name=f"opening/{opening.id}",
                on=opening.on,
                kind=MovementKind.OPENING,
                postings=(
                    Posting("area:outside", -opening.balance),
                    Posting(account_of(person), int(opening.balance)),
                ),
                person=person,
                because=("DX-68b",),
            )
    for fact in view.facts(TransferredIn, person=person):
        if fact.account_amount:
            found = transferred_money(view, person, fact)
            postings = (
                Posting("area:outside", -fact.account_amount),
                Posting(found.value, int(fact.account_amount)),
            )
            yield Entry(
                name=f"transfer_in/{fact.id}",
                on=fact.on,
                kind=MovementKind.TRANSFER_IN,
                postings=postings,
                person=person,
                because=found.because,
            )


def transferred_money(view: View, person: str, fact: TransferredIn) -> Finding[str]:
    """The account that receives transferred money."""
    if in_resident_scheme(view, person, fact.on):
        return Finding(f"bank:{person}", paid_to_bank().because)
    return Finding(account_of(person), ("DX-15a",))


@rule("DX-15b", article="第十五条")
def paid_to_bank() -> bool:
    """Who then joins the resident scheme gets the transferred money in one sum to the bank account."""
    return True


def in_resident_scheme(view: View, person: str, day: date) -> bool:
    """Whether on a day the last membership joined is the resident one."""
    joined_on = [each for each in joined_resident(view, person) if each <= day]
    if not joined_on:
        return False
    back = [p.paid_on for each in months(view, person).values() for p in each.payments if p.source == "paid"]
    return not any(joined_on[-1] <= paid <= day for paid in back)


def refunds(view: View, person: str) -> Iterator[Entry]:
    """Contributions paid twice wait for an explicit refund; what is refused, or cannot be priced yet, moves nothing."""
    yield from refundable_entries(view, person)
    try:
        accepted = accepted_refunds(view, person)
    except Unanswerable:
        return
    for refund in accepted:
        postings = [
            posting
            for payer, amount in refund.drawn
            for posting in (
                Posting(f"refundable:{payer.split(':', 1)[1]}", -amount),
                Posting(payer, amount),
            )
        ]
        yield Entry(
            name=f"refund/{refund.fact.id}",
            on=refund.fact.on,
            postings=tuple(postings),
            person=person,
            because=("DX-11d",),
        )
