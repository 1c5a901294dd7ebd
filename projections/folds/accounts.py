"""Personal accounts, family outpatient accounts and fund accounts: sums over the journal."""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.events.consequences import AccountStanding, Entry
from domain.questions.answers import (
    FamilyAccountAnswer,
    FundAccountAnswer,
    Movement,
    PersonalAccountAnswer,
)
from domain.rulebook.citation import Finding
from domain.state.held import Held, Line
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import MovementKind
from projections.folds.status import raised

CREDITS = {
    MovementKind.BASIC_CREDIT: "basic",
    MovementKind.AGE_CREDIT: "age",
    MovementKind.RETIREE_CREDIT: "retiree",
}
MOVES = (
    MovementKind.SHARE_MOVED,
    MovementKind.FORFEITED,
    MovementKind.FORFEITURE_REVERSED,
    MovementKind.REVERSAL,
)


def personal_account(held: Held, person: str, on: date) -> Finding[PersonalAccountAnswer]:
    """Balance and movements of a personal account at the end of a day."""
    account = f"personal_account:{person}"
    lines = [line for line in held.journal if line.event.on <= on]
    touching = _touching(lines, account)
    movements = _movements(touching, account)
    standing = _standing(held, account, on)
    earned = _standing_credits(movements)
    bank = sum(amount for _, amount in _touching(lines, f"bank:{person}"))
    answer = PersonalAccountAnswer(
        balance=int(sum(movement.amount for movement in movements)),
        blocked=standing.blocked if standing else False,
        monthly_credit=_latest_credit(standing, earned),
        months_credited=_months_credited(earned),
        credited=_by((CREDITS[m.kind], m.amount) for m in earned),
        interest=_by((str(m.on.year), m.amount) for m in movements if m.kind is MovementKind.INTEREST),
        paid_to_bank=int(bank) if bank else None,
        movements=tuple(movements),
        notes=_notes(held, account, standing, on),
    )
    return Finding(answer, _because(touching, standing))


def _months_credited(earned: Iterable[Movement]) -> int:
    """Months with a credit that was not corrected to nothing."""
    sums: dict[object, int] = {}
    for movement in earned:
        if movement.month is not None:
            sums[movement.month] = sums.get(movement.month, 0) + int(movement.amount)
    return sum(amount != 0 for amount in sums.values())


def _standing_credits(movements: Iterable[Movement]) -> list[Movement]:
    """Credits of months that were not taken back.

    A reversal takes back the credit of its month and amount, or all of one kind that came to that amount.
    """
    earned: list[Movement] = []
    for movement in movements:
        if movement.kind in CREDITS:
            earned.append(movement)
        elif movement.kind is MovementKind.REVERSAL and movement.month is not None:
            for each in _taken_back(earned, movement):
                earned.remove(each)
    return earned


def _taken_back(earned: Sequence[Movement], reversal: Movement) -> Sequence[Movement]:
    of_month = [e for e in earned if e.month == reversal.month]
    for each in of_month:
        if each.amount == -reversal.amount:
            return (each,)
    for kind in CREDITS:
        of_kind = [e for e in of_month if e.kind is kind]
        if sum(int(e.amount) for e in of_kind) == -reversal.amount:
            return of_kind
    return ()


def family_account(
    held: Held, lines: Sequence[Line], household: str, on: date
) -> Finding[FamilyAccountAnswer]:
    """Balance and movements of a household's account; `lines` come from all subjects."""
    account = f"family_account:{household}"
    touching = _touching([line for line in lines if line.event.on <= on], account)
    movements = _movements(touching, account)
    standing = _standing(held, account, on)
    moved = _by((m.other, -m.amount) for m in movements if m.kind in MOVES and m.other)
    answer = FamilyAccountAnswer(
        balance=int(sum(movement.amount for movement in movements)),
        moved_to={other: amount for other, amount in moved.items() if amount > 0},
        movements=tuple(movements),
        notes=_notes(held, account, standing, on),
    )
    return Finding(answer, _because(touching, standing))


def fund_account(lines: Iterable[Line], fund: str, on: date) -> Finding[FundAccountAnswer]:
    """Balance of a fund, what it received by source and paid by use."""
    account = f"fund:{fund}"
    flows: dict[str, int] = {}
    because: dict[str, None] = {}
    for line in lines:
        if line.event.on > on:
            continue
        for posting in line.event.postings:
            if posting.account == account:
                flows[posting.use] = flows.get(posting.use, 0) + posting.fen
                because.update(dict.fromkeys(line.event.because))
    answer = FundAccountAnswer(
        balance=int(sum(flows.values())),
        received={use: int(fen) for use, fen in flows.items() if fen > 0},
        paid={use: int(-fen) for use, fen in flows.items() if fen < 0},
    )
    return Finding(answer, tuple(because))


def movements_of(lines: Iterable[Line], account: str) -> list[Movement]:
    """The movements of an account in order of effective day, then of recording."""
    return _movements(_touching(lines, account), account)


def _movements(touching: Iterable[tuple[Line, int]], account: str) -> list[Movement]:
    found = [
        Movement(
            on=line.event.on,
            kind=line.event.kind or MovementKind.CLAIM,
            amount=amount,
            month=line.event.month,
            person=line.event.person,
            age=line.event.age,
            other=_other(line, account),
            recorded=str(line.recorded),
        )
        for line, amount in touching
    ]
    return sorted(found, key=lambda movement: movement.on)


def _other(line: Line, account: str) -> str | None:
    """The other account or household; of a move between two accounts, the one that is not this."""
    told = line.event.other
    if told is None or account.partition(":")[2] != told:
        return told
    others = (posting.account for posting in line.event.postings if posting.account != account)
    return next((other.partition(":")[2] for other in others), told)


def _touching(lines: Iterable[Line], account: str) -> list[tuple[Line, int]]:
    """The lines that post to an account, and what each brings to it in all (plain loops: this is asked most)."""
    found: list[tuple[Line, int]] = []
    for line in lines:
        touched, amount = False, 0
        for posting in line.event.postings:
            if posting.account == account:
                touched, amount = True, amount + posting.fen
        if touched:
            found.append((line, int(amount)))
    return found


def _by(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, amount in pairs:
        sums[name] = int(sums.get(name, 0) + amount)
    return sums


def _latest_credit(standing: AccountStanding | None, earned: list[Movement]) -> int:
    if standing is not None and standing.monthly_credit is not None:
        return int(standing.monthly_credit)
    months = [movement.month for movement in earned if movement.month is not None]
    if not months:
        return 0
    latest = max(months)
    return int(sum(movement.amount for movement in earned if movement.month == latest))


def _standing(held: Held, account: str, on: date) -> AccountStanding | None:
    for standing in held.of(AccountStanding):
        if standing.account == account and standing.from_ <= on < (standing.to or FAR_FUTURE):
            if standing.problem is not None:
                raise raised(standing.problem, standing.because)
            return standing
    return None


def _notes(held: Held, account: str, standing: AccountStanding | None, on: date) -> tuple[str, ...]:
    notes = dict.fromkeys(standing.notes if standing else ())
    waiting = (e for e in held.of(Entry) if e.waiting_for and e.other == account and e.on <= on)
    if any(True for _ in waiting):
        notes["announcement_missing"] = None
    return tuple(notes)


def _because(touching: Iterable[tuple[Line, int]], standing: AccountStanding | None) -> tuple[str, ...]:
    found: dict[str, None] = {}
    rules = {line.event.because: None for line, _ in touching}
    for because in rules:
        found.update(dict.fromkeys(because))
    found.update(dict.fromkeys(standing.because if standing else ()))
    return tuple(found)
