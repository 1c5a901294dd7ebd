"""The employee supplement: cover and premium (第五十条、第五十一条). Money in fen."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.errors import AnnouncementMissing
from domain.events.consequences import Entry, LayerCover, Posting
from domain.facts import SupplementContributionPaid
from domain.municipalities.luzhou import employee_layers
from domain.municipalities.luzhou.policy import figure
from domain.rulebook.announcements import announced, fen_in
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.terms import Capacity, Layer, Mode, MovementKind, Status

INSURER = "insurer:supplementary_insurance"


class Membership(Struct, frozen=True):
    """One year of the supplement: cover [from_, to), or refused."""

    fact: str
    year: int
    paid_on: date
    from_: date
    to: date
    deducted: bool
    refusal: str | None
    because: tuple[str, ...]
    amount: int | None
    missing: str | None = None


@rule("LZ-51c", article="第五十一条")
def own_payment_starts(paid_on: date, year: int) -> date:
    """Pooling-only members: paid before 1 March the whole year is covered, else from the month after."""
    month = int(figure("supplement.full_year_before_month", date(year, 1, 1)))
    if paid_on < date(year, month, 1):
        return date(year, 1, 1)
    return Month.of(paid_on).plus(1).first_day


@rule("LZ-51b", article="第五十一条")
def deducted_from(covered_from: date, year: int) -> date:
    """Units and combined individuals: from the first day of the paid period in the coverage year."""
    return max(covered_from, date(year, 1, 1))


@rule("LZ-51a", "LZ-50a", article="第五十条、第五十一条")
def premium(view: View, year: int, amount: int | None) -> int:
    """The premium of the insurance contract for a year, the same for the whole city."""
    if amount is not None:
        return amount
    return fen_in(announced(view, "supplement_premium", date(year, 1, 1), ("LZ-51a",), year=year))


@per_view
def memberships(view: View, person: str) -> tuple[Membership, ...]:
    """Every year of the supplement that was paid or declared for a person."""
    found: dict[int, Membership] = {}
    for fact in view.facts(SupplementContributionPaid, person=person):
        if fact.layer is Layer.SUPPLEMENTARY_INSURANCE and fact.year not in found:
            each = _membership(view, person, fact)
            found[fact.year if each.refusal is None else -len(found) - 1] = each
    return tuple(found.values())


def _membership(view: View, person: str, fact: SupplementContributionPaid) -> Membership:
    end = date(fact.year + 1, 1, 1)
    grounds = [
        period
        for period in employee_layers.layers(view, person)
        if period.from_ < end and (period.to is None or period.to > date(fact.year, 1, 1))
    ]
    there = [p for p in grounds if p.status in (Status.COVERED, Status.WAITING)] or grounds
    alone = any(p.mode is Mode.POOLING_ONLY for p in there)
    first = min((p.from_ for p in there), default=date(fact.year, 1, 1))
    individual = any(p.capacity is Capacity.FLEXIBLE for p in there)
    begins: Finding[date] = (
        own_payment_starts(fact.on, fact.year) if alone else deducted_from(first, fact.year)
    )
    refused = "outside_window" if begins.value >= end or fact.on.year > fact.year else None
    if not there and not fact.amount:
        refused = refused or "not_eligible"
    try:
        amount, missing = premium(view, fact.year, fact.amount).value, None
    except AnnouncementMissing as gone:
        amount, missing = None, gone.name
    deducted = individual and not alone
    return Membership(
        fact.id, fact.year, fact.on, begins.value, end, deducted, refused, begins.because, amount, missing
    )


def covers(view: View, person: str) -> Iterator[LayerCover]:
    """LZ-51: days on which the supplement covers a person."""
    died = view.died_on(person)
    for each in memberships(view, person):
        end = each.to if died is None else min(each.to, date.fromordinal(died.toordinal() + 1))
        if each.refusal is None and each.from_ < end:
            yield LayerCover(
                person=person,
                layer=Layer.SUPPLEMENTARY_INSURANCE,
                from_=each.from_,
                to=end,
                because=each.because,
            )


def payments(view: View, person: str) -> Iterator[Entry]:
    """Premiums paid by the member, without the account."""
    for each in memberships(view, person):
        if each.refusal is not None or each.deducted:
            continue
        name = f"supplement/{each.fact}"
        if each.amount is None:
            yield Entry(name=name, on=each.paid_on, waiting_for=each.missing, other=INSURER)
        else:
            postings = (Posting(f"member:{person}", -each.amount), Posting(INSURER, each.amount))
            yield Entry(name=name, on=each.paid_on, postings=postings, because=(*each.because, "LZ-51a"))


def deductions(view: View, person: str, account: str, moves: list[tuple[date, int, int]]) -> list[Entry]:
    """LZ-51b: premiums taken from the account, what is missing from the next credits; `moves` in order."""
    found: list[Entry] = []
    for each in memberships(view, person):
        if each.refusal is not None or not each.deducted:
            continue
        if each.amount is None:
            waiting = Entry(
                name=f"supplement/{each.fact}", on=each.from_, waiting_for=each.missing, other=account
            )
            found.append(waiting)
            continue
        days = sorted({each.from_, *(on for on, rank, fen in moves if fen > 0 and on > each.from_)})
        left = each.amount
        for day in days:
            taken = -sum(p.fen for e in found for p in e.postings if p.account == account and e.on <= day)
            balance = sum(fen for on, rank, fen in moves if on < day or (on == day and rank == 0)) - taken
            part = min(left, max(0, balance))
            if part:
                found.append(_deduction(each, day, account, part))
                left -= part
            if not left:
                break
    return found


def _deduction(each: Membership, day: date, account: str, part: int) -> Entry:
    return Entry(
        name=f"supplement/{each.fact}/{day}",
        on=day,
        kind=MovementKind.PREMIUM,
        postings=(Posting(account, -part), Posting(INSURER, part)),
        reversed_as=MovementKind.PREMIUM,
        because=(*each.because, "LZ-51a"),
    )
