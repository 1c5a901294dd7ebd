"""Contributions and the account credits that they bring, month by month (第二十二条、第二十三条、第17节). Money in fen."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.errors import Unanswerable
from domain.events.consequences import Entry, Posting
from domain.municipalities.luzhou import (
    dues,
    payments,
    roll,
    wages,
)
from domain.municipalities.luzhou.policy import figure
from domain.rulebook.announcements import announcement, fen_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month, age_on
from domain.values.money import divide, share
from domain.values.terms import Mode, MovementKind

FUND = "fund:employee_pooled"


@rule("LZ-23a", "LZ-22a", article="第二十二条、第二十三条（一）")
def basic_credit(base: int, rate: Decimal) -> int:
    """Payers: 2% of the base on which the own share of a fully paid month was paid."""
    return share(base, rate)


@rule("LZ-23b", article="第二十三条（一）")
def retiree_credit(standard: int, rate: Decimal) -> int:
    """Retirees: 3% of the announced monthly base."""
    return share(standard, rate)


@rule("LZ-23c", article="第二十三条（二）")
def age_credit(coefficient: int, age: int) -> int:
    """The yearly coefficient times the age completed on 1 January, in twelfths."""
    return divide(coefficient * age, 12)


@rule("LZ-23e", article="第二十三条")
def credited_on(paid_on: date, month: Month, announced_on: date = date.min) -> date:
    """A credit appears when the month is paid, not before its first day, not before its figure is announced."""
    return max(paid_on, month.first_day, announced_on)


@rule("LZ-23f", "LZ-19d", article="第二十三条、第十九条")
def earns_no_credit(mode: Mode, at_six_percent: bool) -> bool:
    """Over-limit arrears, settled and unenrolled months and pooling-only months bring no credit."""
    return mode is Mode.POOLING_ONLY or at_six_percent


class Earner(Struct, frozen=True):
    """What a person's credits share: the account, birth date and the last month begun in life."""

    person: str
    account: str
    born_on: date | None
    until: Month | None


def earner(view: View, person: str) -> Earner:
    """The person as holder of an account."""
    died = view.died_on(person)
    born = view.person(person).born_on
    return Earner(person, f"personal_account:{person}", born, Month.of(died) if died else None)


@per_view
def unit_entries(view: View, person: str) -> tuple[Entry, ...]:
    """Contributions and credits of a person's months on the roll of an employer."""
    who = earner(view, person)
    return (
        *_units(view, who),
        *_adjustments(view, who),
    )


def _units(view: View, who: Earner) -> Iterator[Entry]:
    done: set[Month] = set()
    for stint in roll.stints(view, who.person):
        ledger = payments.ledger_of(view, stint.employer)
        six = payments.months_at_six_percent(view, stint.employer)
        last = stint.last
        for month, paid_on in ledger.paid.items():
            outside = month < stint.first or (last is not None and month > last)
            full = ledger.full(month)
            if outside or full is None or month in done:
                continue
            done.add(month)
            yield from month_entries(view, who, stint.employer, month, paid_on, full, six.get(month))


@per_view
def month_entries(
    view: View, who: Earner, employer: str, month: Month, paid_on: date, full: date, cleared: date | None
) -> tuple[Entry, ...]:
    """What one month of a member brings; `cleared` when it was paid at six percent (LZ-06d)."""
    try:
        base = wages.base_of(view, who.person, employer, month, paid_on)
    except Unanswerable as missing:
        return (waiting(who, f"basic/{month}", month, full, missing.name, MovementKind.BASIC_CREDIT),)
    if cleared is not None:
        return (_over_limit(who, employer, month, base, cleared),)
    return (_unit_month(view, who, employer, month, base, full), *age_part(view, who, month, full))


def waiting(who: Earner, name: str, month: Month, earned: date, key: str, kind: MovementKind) -> Entry:
    """A credit that waits for an announcement; of the kind that it takes back if the announcement was withdrawn."""
    return Entry(
        name=name,
        on=max(earned, month.first_day),
        kind=kind,
        month=month,
        person=who.person,
        waiting_for=key,
        other=who.account,
        because=("LZ-23e",),
        reversed_as=kind,
    )


def _over_limit(who: Earner, employer: str, month: Month, base: int, cleared: date) -> Entry:
    amount = dues.over_limit_share(base)
    nothing = earns_no_credit(Mode.COMBINED, True)
    return Entry(
        name=f"arrears/{month}",
        on=cleared,
        postings=(
            Posting(f"employer:{employer}", -amount.value),
            Posting(FUND, amount.value, "contributions"),
        ),
        person=who.person,
        because=(*amount.because, *nothing.because),
    )


@per_view
def _rates_known(view: View, year: int) -> bool:
    return all(
        announcement(view, key, date(year, 1, 1)) is not None for key in ("employer_rate", "employee_rate")
    )


def _unit_month(view: View, who: Earner, employer: str, month: Month, base: int, full: date) -> Entry:
    credit = basic_credit(base, figure("account.basic_rate", month.first_day))
    known = _rates_known(view, month.year)
    both = dues.shares_of(view, base, month) if known else dues.Shares(0, credit.value)
    pooled = both.employer + both.member - credit.value
    return Entry(
        name=f"basic/{month}",
        on=credited_on(full, month).value,
        kind=MovementKind.BASIC_CREDIT,
        month=month,
        person=who.person,
        postings=(
            Posting(f"employer:{employer}", -both.employer),
            Posting(f"member:{who.person}", -both.member),
            Posting(FUND, pooled, "contributions"),
            Posting(who.account, credit.value),
        ),
        because=(*credit.because, "LZ-23e", "LZ-06a", "LZ-05c", "LZ-05g"),
    )


@per_view
def coefficient(view: View, year: int) -> tuple[int, date] | None:
    """k(Y) in fen and the day of its announcement, if it is known."""
    told = announcement(view, "age_coefficient", date(year, 12, 31), year=year)
    return (fen_in(told.value), told.on) if told is not None else None


def age_part(view: View, who: Earner, month: Month, earned: date) -> Iterator[Entry]:
    """The age credit of a month, waiting while k of the year is not announced."""
    found = coefficient(view, month.year)
    name = f"age/{month}"
    if found is None or who.born_on is None:
        key = "age_coefficient" if found is None else "person_registered.born_on"
        yield waiting(who, name, month, earned, key, MovementKind.AGE_CREDIT)
        return
    age = age_on(who.born_on, date(month.year, 1, 1))
    amount = age_credit(found[0], max(age, 0))
    if amount.value > 0:
        yield Entry(
            name=name,
            on=credited_on(earned, month, found[1]).value,
            kind=MovementKind.AGE_CREDIT,
            month=month,
            person=who.person,
            age=age,
            postings=(Posting(FUND, -amount.value, "account_credits"), Posting(who.account, amount.value)),
            because=(*amount.because, "LZ-23e"),
            reversed_as=MovementKind.AGE_CREDIT,
        )


def _adjustments(view: View, who: Earner) -> Iterator[Entry]:
    """LZ-05b, 05d, 05e: make-ups that were paid, for each month on its own."""
    done: set[tuple[Month, Month]] = set()
    for employer in dict.fromkeys(stint.employer for stint in roll.stints(view, who.person)):
        ledger = payments.ledger_of(view, employer)
        if not ledger.adjusted:
            continue
        for each in dues.person_true_ups(view, who.person, employer):
            paid_on = ledger.adjusted.get(each.due)
            again = (each.due, each.month) in done
            if paid_on is None or again or not _rates_known(view, each.month.year):
                continue
            done.add((each.due, each.month))
            both = dues.differences(view, each)
            credit = 0 if each.employer_only else adjusted_credit(each)
            yield Entry(
                name=f"adjusted/{each.due}/{each.month}",
                on=paid_on,
                kind=MovementKind.BASIC_CREDIT if credit else None,
                month=each.month,
                person=who.person,
                postings=(
                    Posting(f"employer:{employer}", -both.employer),
                    Posting(f"member:{who.person}", -both.member),
                    Posting(FUND, both.employer + both.member - credit, "contributions"),
                    *((Posting(who.account, credit),) if credit else ()),
                ),
                because=("LZ-05d", "LZ-05e" if each.employer_only else "LZ-23a"),
            )


def adjusted_credit(each: dues.TrueUp) -> int:
    """What a make-up adds to the account, in fen."""
    rate = figure("account.basic_rate", each.month.first_day)
    return basic_credit(each.new_base, rate).value - basic_credit(each.base, rate).value


@per_view
def retiree_base(view: View, year: int) -> tuple[int, date] | None:
    """The announced monthly base of retirees in fen and the day of its announcement, if it is known."""
    told = announcement(view, "retiree_account_base", date(year, 12, 31), year=year)
    return (fen_in(told.value), told.on) if told is not None else None
