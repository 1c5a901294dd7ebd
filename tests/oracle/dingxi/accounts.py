"""Personal account: credits, money brought along, spending, what goes to the bank (DX-21, DX-14f, DX-15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .basics import (
    STARTS,
    Answer,
    Fact,
    Unanswered,
    Undecided,
    day,
    fen,
    first_day,
    moment,
    month_of,
    named,
    part,
    rounded,
    yuan,
)
from .known import World
from .months import base, paid_months
from .retiring import disputed
from .runs import resident_since, retirement_month
from .standing import standing

OUT = ("spent", "paid_out", "resident", "transfer_out")


@dataclass
class Movement:
    """One line of an account, in fen."""

    on: date
    kind: str
    amount: int
    month: int | None = None
    learned: Fact | None = None

    def told(self) -> Answer:
        line = {"on": str(self.on), "kind": self.kind, "amount": yuan(self.amount)}
        return line | ({"month": named(self.month)} if self.month is not None else {})


def personal_account(world: World, person: str, until: date) -> Answer | None:
    """Balance at the end of a day; None for a retiree for whom no month was ever paid."""
    if world.of("retired", person=person) and not paid_months(world, person):
        return None
    balance, bank, kept = _kept(world, person, until)
    credited = [line for line in kept if line.month is not None]
    answer: Answer = {
        "balance": yuan(balance),
        "months_credited": len(credited),
    }
    capacities = {p.capacity for p in paid_months(world, person).values() if p.source == "local"}
    if not any(fact.get("corrects") for fact in world.told) and len(capacities) < 2:
        lines = [line for line in kept if line.amount and line.kind != "resident"]
        answer["movements"] = [line.told() for line in lines if not _in_parts(world, person, until, line)]
    if bank:
        answer["paid_to_bank"] = yuan(bank)
    if credited:
        answer["monthly_credit"] = yuan(max(credited, key=lambda line: line.month or 0).amount)
    return answer


def _in_parts(world: World, person: str, until: date, line: Movement) -> bool:
    """The balance that left was known otherwise when the move was recorded: the difference is a movement apart."""
    if line.learned is None:
        return False
    # Facts of one day are recorded one after the other: what came later that day was not known either.
    told = world.told[: 1 + next(n for n, fact in enumerate(world.told) if fact is line.learned)]
    try:
        then = _kept(World(told, min(moment(str(line.learned["recorded"])), world.known)), person, until)[2]
    except Unanswered:
        return True
    return not any((each.on, each.kind, each.amount) == (line.on, line.kind, line.amount) for each in then)


def _kept(world: World, person: str, until: date) -> tuple[int, int, list[Movement]]:
    """The balance, what went to the bank, and the movements."""
    lines = sorted(
        _lines(world, person, until),
        key=lambda line: (line.on, OUT.index(line.kind) if line.kind in OUT else -1),
    )
    balance, bank, brought = 0, 0, False
    kept: list[Movement] = []
    for line in lines:
        brought = brought or line.kind == "transfer_in"
        if line.kind == "resident" and not brought:
            continue
        if line.kind in ("resident", "transfer_out") or (line.kind == "paid_out" and line.amount == 0):
            line.amount = -balance
        if line.kind in ("spent", "paid_out") and balance + line.amount < 0:
            continue
        if line.kind == "to_bank":
            bank += line.amount
            continue
        bank -= line.amount if line.kind == "resident" else 0
        balance += line.amount
        kept.append(line)
    return balance, bank, kept


def _lines(world: World, person: str, until: date) -> Iterator[Movement]:
    resident = resident_since(world, person)
    for fact in world.of("opening_account", person=person):
        if day(fact["on"]) <= until:
            yield Movement(day(fact["on"]), "opening", fen(fact["balance"]))
    for fact in world.of("transferred_in", person=person):
        if fen(fact.get("account_amount") or 0) and day(fact["on"]) <= until:
            joined = [each for each in resident if each <= day(fact["on"])]
            kind = "to_bank" if joined else "transfer_in"
            yield Movement(day(fact["on"]), kind, fen(fact["account_amount"]))
    for each in resident:
        if each <= until:
            yield Movement(each, "resident", 0)
    for fact in world.of("transfer_out_requested", person=person):
        if day(fact["on"]) <= until:
            yield Movement(day(fact["on"]), "transfer_out", 0, learned=fact)
    yield from (line for line in _credits(world, person, until) if line.on <= until)
    yield from (line for line in _retiree_credits(world, person, until) if line.on <= until)
    for fact in world.of("personal_account_spent", person=person):
        if day(fact["on"]) <= until and _allowed(world, fact):
            yield Movement(day(fact["on"]), "spent", -fen(fact["amount"]))
    for fact in world.of("personal_account_paid_out", person=person):
        if day(fact["on"]) <= until:
            yield Movement(day(fact["on"]), "paid_out", -fen(fact.get("amount") or 0))


def _allowed(world: World, fact: Fact) -> bool:
    """DX-21c: at designated providers, for relatives only where it is announced."""
    when = day(fact["on"])
    provider = world.provider(fact["provider"], when) if fact.get("provider") else {"designated": True}
    if provider is None or not provider.get("designated", True):
        return False
    if fact.get("beneficiary") in (None, fact["person"]):
        return True
    try:
        return world.announced("personal_account_family_use", when) is True
    except Unanswered:
        return False


def _credits(world: World, person: str, until: date) -> Iterator[Movement]:
    """In the order of posting: the first credit that cannot be known stops the account from its day on."""
    died, retires = world.died_on(person), retirement_month(world, person)
    told = [(max(p.paid_on, first_day(n)), n, p) for n, p in paid_months(world, person).items()]
    for posted, number, paid in sorted(told):
        if paid.source != "local" or first_day(number) < STARTS or posted > until:
            continue
        if (died and posted > died) or (retires is not None and number > retires):
            continue
        if paid.capacity == "flexible" and paid.mode == "pooling_only":
            continue
        terms = world.announced("personal_account_credit", first_day(number)).get(paid.capacity)
        if terms is None:
            raise Unanswered("announcement_missing", "personal_account_credit", first_day(number))
        if terms.get("monthly_amount") is not None:
            amount = fen(terms["monthly_amount"])
        else:
            whole = base(world, person, paid.capacity, first_day(number))
            amount = rounded(whole * part(terms["rate_of_base"]))
        yield Movement(posted, "basic_credit", amount, number)


def _retiree_credits(world: World, person: str, until: date) -> Iterator[Movement]:
    """On the first of each month on which the person is a retiree here (DX-21a, DX-14g)."""
    retires = retirement_month(world, person)
    if retires is None:
        return
    for number in range(max(retires + 1, month_of(STARTS)), month_of(min(until, world.today)) + 1):
        found = standing(world, person, first_day(number))
        if found.capacity != "retired" or found.retirement is None:
            continue
        if disputed(world, person, found.retirement):
            raise Undecided
        if found.mode == "combined":
            terms = world.announced("personal_account_credit", first_day(number))["retired"]
            yield Movement(first_day(number), "retiree_credit", fen(terms["monthly_amount"]), number)
