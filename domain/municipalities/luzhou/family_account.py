"""The family outpatient account of a household: what comes in, moves, is forfeited (chapter 7)."""

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from domain.events.consequences import AccountStanding, Consequence, Entry, Posting, Problem
from domain.facts import HouseholdMemberMoved, HouseholdRegistered, OpeningAccount
from domain.municipalities.luzhou.allocations import KEY, allocated, allocations, first_unknown
from domain.municipalities.luzhou.area import POOLING_AREA
from domain.municipalities.luzhou.claims import settlements
from domain.municipalities.luzhou.households import candidates, household_of, households_of
from domain.municipalities.luzhou.standing import resident_periods, status_on
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE
from domain.values.identity import same_prefecture
from domain.values.money import divide
from domain.values.terms import Account, MovementKind, MoveReason, Scheme, Status

OPENING, FORFEITED, MOVED, OTHER = range(4)
"""Order on one day: what was taken over, forfeiture, shares that leave, everything else (0.7)."""


class Change(Struct, frozen=True, order=True):
    """Fen that come to an account or leave it on a day, with their place in the order of the day."""

    on: date
    rank: int
    fen: int


@rule("LZ-26c", article="第二十六条")
def forfeited(household: str, balance: int) -> tuple[Posting, ...]:
    """If no member has paid for a year, the whole balance moves to the pooled fund on 1 January (fen)."""
    return (
        Posting(f"family_account:{household}", -balance),
        Posting("fund:resident_pooled", balance, "forfeited"),
    )


@rule("LZ-26d", article="第二十六条")
def share_of_member(balance: int, members: int) -> int:
    """A member who moves to another household takes an equal share of the balance (fen)."""
    return divide(balance, members)


@rule("LZ-26e", article="第二十六条")
def takes_a_share(reason: MoveReason, stays_insured: bool) -> bool:
    """Whoever dies, leaves the city or goes over to the employee scheme takes nothing."""
    leaves = (MoveReason.DEATH, MoveReason.LEFT_CITY, MoveReason.JOINED_EMPLOYEE_SCHEME)
    return reason not in leaves and stays_insured


def household_consequences(view: View, household: str) -> Iterator[Consequence]:
    """Entries of a household's account, and what is missing to tell its balance."""
    changes: list[Change] = []
    yield from _openings(view, household, changes)
    yield from _allocations(view, household, changes)
    changes += _by_others(view, household)
    yield from _moves_and_forfeitures(view, household, changes)
    unknown = first_unknown(view, household)
    if unknown is not None:
        first = date(unknown.on.year, 1, 1).isoformat()
        yield AccountStanding(
            account=f"family_account:{household}",
            from_=unknown.on,
            problem=Problem(code="announcement_missing", name=KEY.value, date=first),
            because=("LZ-26a",),
        )


def related_subjects(view: View, subject: str) -> tuple[str, ...]:
    """The households of a person: their accounts follow from the person's cover and claims."""
    kind, _, identifier = subject.partition(":")
    if kind != "person":
        return ()
    return tuple(f"household:{household}" for household in households_of(view, identifier))


@per_view
def paid_days(view: View, person: str) -> tuple[tuple[int, date, date, int | None], ...]:
    """Years for which a person's resident premium is paid: year, first day, day of payment, tier."""
    found: dict[int, tuple[int, date, date, int | None]] = {}
    for period in resident_periods(view, person):
        if period.status not in (Status.COVERED, Status.WAITING) and period.problem is None:
            continue
        last = (period.to or FAR_FUTURE) - timedelta(days=1)
        end = last.year if period.to is not None else period.from_.year
        for year in range(period.from_.year, end + 1):
            day = max(period.from_, date(year, 1, 1))
            if year not in found or day < found[year][1]:
                found[year] = (year, day, period.entered_on or day, period.tier)
    return tuple(found.values())


def _openings(view: View, household: str, changes: list[Change]) -> Iterator[Entry]:
    for fact in _opening_facts(view, household):
        changes.append(Change(fact.on, OPENING, fact.balance))
        yield Entry(
            name=f"opening/{fact.id}",
            on=fact.on,
            kind=MovementKind.OPENING,
            postings=(
                Posting("area:outside", -fact.balance),
                Posting(f"family_account:{household}", int(fact.balance)),
            ),
            because=("LZ-54b",),
        )


def _opening_facts(view: View, household: str) -> list[OpeningAccount]:
    facts = view.facts(OpeningAccount, household=household)
    return [f for f in facts if f.account is Account.FAMILY and f.balance]


def _allocations(view: View, household: str, changes: list[Change]) -> Iterator[Entry]:
    for each in allocations(view, household):
        if each.fen is None:
            continue
        finding = allocated(household, each.fen)
        changes.append(Change(each.on, OTHER, each.fen))
        yield Entry(
            name=f"allocation/{each.person}/{each.on.year}",
            on=each.on,
            kind=MovementKind.ALLOCATION,
            postings=finding.value,
            person=each.person,
            because=finding.because,
        )


def _by_others(view: View, household: str) -> Iterator[Change]:
    """What claims of members drew, and shares that came with members of other households."""
    account = f"family_account:{household}"
    for person in candidates(view, household):
        for settled in settlements(view, person).values():
            if settled.draws.get(account):
                yield Change(settled.draft.claim.on, OTHER, -settled.draws[account])
    for line in view.journal(account):
        subject = line.event.subject
        if subject.startswith("household:") and subject != f"household:{household}":
            for posting in line.event.postings:
                if posting.account == account:
                    yield Change(line.event.on, OTHER, posting.fen)


def _moves_and_forfeitures(view: View, household: str, changes: list[Change]) -> Iterator[Entry]:
    """Day by day, because each depends on the balance that the ones before have left."""
    if not changes and not view.facts(HouseholdMemberMoved, household=household):
        return
    first = min((change.on for change in changes), default=None)
    days = {fact.on for fact in _leaving(view, household)}
    year = first.year + 1 if first is not None else None
    while year is not None and view.reached(date(year, 1, 1)):
        days.add(date(year, 1, 1))
        year += 1
    for day in sorted(days):
        new_year = (day.month, day.day) == (1, 1) and first is not None and day.year > first.year
        if new_year and not _continued(view, household, day.year):
            yield from _forfeit(household, day, changes)
        yield from _move(view, household, day, changes)


def _forfeit(household: str, day: date, changes: list[Change]) -> Iterator[Entry]:
    balance = _balance(changes, day, FORFEITED)
    if balance <= 0:
        return
    finding = forfeited(household, balance)
    changes.append(Change(day, FORFEITED, -balance))
    yield Entry(
        name=f"forfeiture/{day.year}",
        on=day,
        kind=MovementKind.FORFEITED,
        postings=finding.value,
        other="resident_pooled",
        reversed_as=MovementKind.FORFEITURE_REVERSED,
        because=finding.because,
    )


def _move(view: View, household: str, day: date, changes: list[Change]) -> Iterator[Entry]:
    """Shares of the members who leave on a day, all computed on the same balance."""
    moves = [fact for fact in _leaving(view, household) if fact.on == day]
    if not moves:
        return
    members = _paying_members(view, household, day)
    taking = [fact for fact in moves if takes_a_share(fact.reason, _stays(view, fact, members)).value]
    balance = _balance(changes, day, MOVED)
    if not taking or balance <= 0:
        return
    finding = share_of_member(balance, len(members))
    nobody_remains = len(taking) == len(members)
    left = balance
    for number, fact in enumerate(taking):
        last = nobody_remains and number == len(taking) - 1
        amount = left if last else min(finding.value, left)
        left -= amount
        changes.append(Change(day, MOVED, -amount))
        yield Entry(
            name=f"move/{fact.id}",
            on=day,
            kind=MovementKind.SHARE_MOVED,
            postings=(
                Posting(f"family_account:{household}", -amount),
                Posting(f"family_account:{fact.to_household}", amount),
            ),
            person=fact.person,
            other=fact.to_household,
            because=(*finding.because, "LZ-26e"),
        )


def _leaving(view: View, household: str) -> list[HouseholdMemberMoved]:
    facts = view.facts(HouseholdMemberMoved, household=household)
    return [fact for fact in facts if fact.from_household == household and fact.to_household != household]


def _stays(view: View, fact: HouseholdMemberMoved, members: list[str]) -> bool:
    """Still insured as a resident here: premium paid, not in the employee scheme, household in the city."""
    if fact.to_household is None or fact.person not in members:
        return False
    if status_on(view, fact.person, Scheme.EMPLOYEE, fact.on).status is Status.COVERED:
        return False
    registered = view.facts(HouseholdRegistered, household=fact.to_household)
    places = [f.place for f in registered if f.household == fact.to_household and f.place is not None]
    return not places or same_prefecture(places[-1], POOLING_AREA)


def _paying_members(view: View, household: str, day: date) -> list[str]:
    """Members with a premium paid for the year, before the changes of a day."""
    eve = day - timedelta(days=1)
    found = []
    for person in candidates(view, household):
        died_on = view.died_on(person)
        if household_of(view, person, eve) != household or (died_on is not None and died_on < day):
            continue
        if any(year == day.year and paid_on <= day for year, _, paid_on, _ in paid_days(view, person)):
            found.append(person)
    return found


def _continued(view: View, household: str, year: int) -> bool:
    """Whether a member has paid for a year, by the end of that year, and is not in the employee scheme."""
    for person in candidates(view, household):
        for paid_year, day, paid_on, _ in paid_days(view, person):
            if paid_year != year or paid_on > date(year, 12, 31):
                continue
            employed = status_on(view, person, Scheme.EMPLOYEE, day).status is Status.COVERED
            if household_of(view, person, day) == household and not employed:
                return True
    return False


def _balance(changes: list[Change], day: date, rank: int) -> int:
    """The balance before what happens on a day at a place in its order, in fen."""
    return sum(change.fen for change in changes if (change.on, change.rank) < (day, rank))
