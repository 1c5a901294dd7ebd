"""The personal account: everything that moves it, yearly interest, inheritance, transfer (第八条、第二十四条至第二十八条)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from domain.events.consequences import Entry, Posting, Problem
from domain.facts import (
    OpeningAccount,
    PersonalAccountPaidOut,
    TransferOutRequested,
    TransferredIn,
)
from domain.municipalities.luzhou import own_credits, payments, roll, supplement, unit_credits
from domain.municipalities.luzhou.eligibility import CITY
from domain.rulebook.announcements import announcement, ratio_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.money import share
from domain.values.terms import Account, MovementKind, PayoutReason, Scheme

_CREDIT, _PREMIUM, CLAIM, _LEAVING = range(4)
"""LZ-0.7: order of movements on one day."""


@rule("LZ-24a", article="第二十四条")
def interest(balance: int, percent: Decimal) -> int:
    """The rate in force on 31 December on the balance of that day, without time weighting."""
    return share(balance, percent / 100)


@rule("LZ-25a", article="第二十五条")
def belongs_to_heirs(died_on: date | None, paid_on: date) -> bool:
    """On death the whole balance belongs to the heirs, and paying it out closes the account."""
    return died_on is not None and died_on <= paid_on


@rule("LZ-08e", article="第八条第三款")
def blocks_transfer(owed: int) -> bool:
    """A transfer is refused while the releasing employer owes any month of the person."""
    return owed > 0


@rule("LZ-08c", article="第八条第一款")
def stays_inside(destination: str | None) -> bool:
    """Inside the city only the relation moves: the account stays the same and keeps its balance."""
    return destination is not None and destination.startswith(CITY)


@rule("LZ-08d", article="第八条第二款")
def leaves_with_transfer(balance: int) -> int:
    """The whole balance goes along and the account is closed."""
    return balance


@rule("LZ-08f", article="第八条")
def arrives_with_transfer(fact: TransferredIn) -> int:
    """A transferred balance is credited on the day of its receipt."""
    return int(fact.account_amount)


def months_owed(view: View, person: str, day: date) -> int:
    """Months of the person that an employer owes on a day (LZ-06e: unpaid months that have ended)."""
    owed = 0
    for stint in roll.stints(view, person):
        ledger = payments.ledger_of(view, stint.employer)
        for month in ledger.owed:
            on_roll = stint.first <= month and (stint.last is None or month <= stint.last)
            full = ledger.full(month)
            owed += on_roll and month.last_day < day and (full is None or full > day)
    return owed


class Move(Struct, frozen=True, order=True):
    """One movement of the balance."""

    on: date
    rank: int
    fen: int


class Statement(Struct, frozen=True):
    """The account of a person: own entries, refused requests, and the interest that is missing."""

    entries: tuple[Entry, ...]
    moves: tuple[Move, ...]
    problem: Problem | None
    problem_from: date | None
    closed_on: date | None

    def balance(self, day: date) -> int:
        """Balance at the end of a day, in fen."""
        return sum(move.fen for move in self.moves if move.on <= day)


@per_view
def statement(view: View, person: str, drawn: tuple[Move, ...]) -> Statement:
    """Everything that moves the account of a person, in order; `drawn`: what claims take from it."""
    account = f"personal_account:{person}"
    given = [*own_credits.entries(view, person), *_openings(view, person, account)]
    moves = [move for entry in given for move in _moves(entry, account)]
    moves += drawn
    premiums = supplement.deductions(view, person, account, sorted((m.on, m.rank, m.fen) for m in moves))
    moves += [move for entry in premiums for move in _moves(entry, account, _PREMIUM)]
    moves.sort()
    leaving = _leavings(view, person)
    found: list[Entry] = [*given, *premiums]
    return _run(view, person, account, found, moves, leaving)


def _moves(entry: Entry, account: str, rank: int = _CREDIT) -> list[Move]:
    later = _LEAVING if entry.kind is MovementKind.REVERSAL else rank
    return [Move(entry.on, later, p.fen) for p in entry.postings if p.account == account and p.fen]


def _openings(view: View, person: str, account: str) -> Iterator[Entry]:
    for opened in view.facts(OpeningAccount, person=person):
        if opened.account is Account.PERSONAL and opened.person == person and opened.balance:
            yield _two(
                f"opening/{opened.id}",
                opened.on,
                MovementKind.OPENING,
                "area:outside",
                account,
                int(opened.balance),
                ("LZ-54b",),
            )
    for moved in view.facts(TransferredIn, person=person):
        amount = arrives_with_transfer(moved)
        if moved.scheme is Scheme.EMPLOYEE and amount.value:
            yield _two(
                f"transfer_in/{moved.id}",
                moved.on,
                MovementKind.TRANSFER_IN,
                "area:outside",
                account,
                amount.value,
                amount.because,
            )


def _two(
    name: str,
    on: date,
    kind: MovementKind,
    from_: str,
    to: str,
    fen: int,
    because: tuple[str, ...],
    use: str = "",
) -> Entry:
    postings = (Posting(from_, -fen, use), Posting(to, fen))
    return Entry(name=name, on=on, kind=kind, postings=postings, because=because)


class Leaving(Struct, frozen=True):
    """A request that empties the account."""

    fact: str
    on: date
    kind: MovementKind
    to: str
    because: tuple[str, ...]
    amount: int | None = None


def _leavings(view: View, person: str) -> list[Leaving]:
    found = []
    for asked in view.facts(TransferOutRequested, person=person):
        if asked.scheme is not Scheme.EMPLOYEE or stays_inside(asked.destination).value:
            continue
        if not blocks_transfer(months_owed(view, person, asked.on)).value:
            found.append(
                Leaving(asked.id, asked.on, MovementKind.TRANSFER_OUT, "area:outside", ("LZ-08d", "LZ-08e"))
            )
    for paid in view.facts(PersonalAccountPaidOut, person=person):
        if payout_refusal(view, person, paid) is None:
            to = f"heirs:{person}" if paid.reason is PayoutReason.INHERITANCE else "area:outside"
            found.append(Leaving(paid.id, paid.on, MovementKind.PAID_OUT, to, ("LZ-25a",), paid.amount))
    return sorted(found, key=lambda leaving: leaving.on)


def payout_refusal(view: View, person: str, fact: PersonalAccountPaidOut) -> str | None:
    """LZ-25a: only an inheritance or a transfer pays an account out."""
    if fact.reason is PayoutReason.TRANSFERRED_OUT:
        return None
    heirs = belongs_to_heirs(view.died_on(person), fact.on).value
    return None if fact.reason is PayoutReason.INHERITANCE and heirs else "not_eligible"


def _year_ends(view: View, first: int | None) -> Iterator[date]:
    """Every 31 December that has come, from the year of the first movement on."""
    day = date(first, 12, 31) if first is not None else date.max
    while view.reached(day):
        yield day
        day = date(day.year + 1, 12, 31)


def _run(
    view: View, person: str, account: str, found: list[Entry], moves: list[Move], leaving: list[Leaving]
) -> Statement:
    """Walk through the years: interest on 31 December, and the whole balance when the account leaves."""
    problem: Problem | None = None
    since: date | None = None
    closed: date | None = None
    ends = [(day, None) for day in _year_ends(view, min((m.on.year for m in moves), default=None))]
    for day, what in sorted([*ends, *((each.on, each) for each in leaving)], key=_later):
        balance = sum(move.fen for move in moves if move.on <= day)
        if what is not None:
            amount = leaves_with_transfer(balance).value
            if amount > 0:
                found.append(
                    _two(f"leaving/{what.fact}", day, what.kind, account, what.to, amount, what.because)
                )
                moves.append(Move(day, _LEAVING, -amount))
            closed = day
        elif (
            balance > 0
            and problem is None
            and (closed is None or closed.year < day.year or _open_again(moves, closed, day))
        ):
            told = announcement(view, "deposit_rate_percent", day)
            if told is None:
                problem = Problem(code="announcement_missing", name="deposit_rate_percent", date=str(day))
                since = day
                continue
            amount_due = interest(balance, ratio_in(told.value))
            if amount_due.value:
                entry = _two(
                    f"interest/{day.year}",
                    day,
                    MovementKind.INTEREST,
                    unit_credits.FUND,
                    account,
                    amount_due.value,
                    amount_due.because,
                    "interest",
                )
                found.append(replace(entry, reversed_as=MovementKind.INTEREST))
                moves.append(Move(day, _LEAVING, amount_due.value))
    return Statement(tuple(found), tuple(sorted(moves)), problem, since, closed)


def _later(item: tuple[date, Leaving | None]) -> tuple[date, bool]:
    return item[0], item[1] is None


def _open_again(moves: list[Move], closed: date, day: date) -> bool:
    """Money that came after a closing stands on a new account."""
    return any(closed < move.on <= day and move.fen > 0 for move in moves)
