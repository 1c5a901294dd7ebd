"""Stretches of membership: where cover begins and ends, and the runs of missed months inside (arts. 15, 20)."""

from datetime import date
from itertools import pairwise

from msgspec import Struct

from domain.municipalities.dingxi.arrears import Run, runs
from domain.municipalities.dingxi.enrolment import (
    enrolments,
    first_enrolled,
    joined_resident,
    transferred_out,
)
from domain.municipalities.dingxi.payments import Paid, months
from domain.municipalities.dingxi.policy import figure
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, Month, add_days, add_months, following_month
from domain.values.period import Period
from domain.values.terms import Capacity


class Spell(Struct, frozen=True):
    """One membership, from the enrolment or first payment until the person leaves the scheme."""

    entered: date
    """FAR_FUTURE for who brought months along and was neither enrolled nor paid for here so far."""
    start: date | None
    """First day of cover; None while nothing was paid."""
    end: date
    """First day no longer in the scheme."""
    paid: dict[Month, Paid]
    because: tuple[str, ...]
    excused: frozenset[Month] = frozenset()


@rule("DX-20a", article="第二十条（一）")
def employed_start(paid_on: date, first_month: Month) -> date:
    """A new member is covered from the first of the month after the first month was paid."""
    return max(following_month(paid_on), first_month.first_day)


@rule("DX-20b", article="第二十条（一）")
def flexible_start(view: View, paid_on: date) -> date:
    """A new flexible member is covered three months after the first payment."""
    return add_months(paid_on, figure(view, "cover.flexible_wait_months", paid_on))


@rule("DX-15c", article="第四十一条（四）")
def cover_left(days: list[date]) -> date:
    """Cover here ends on the day on which another scheme or region takes over."""
    return min(days, default=FAR_FUTURE)


def member_months(view: View, person: str) -> dict[Month, Paid]:
    """The months that make a member: after the month of retirement nothing is owed, and nothing paid counts (DX-20g)."""
    from domain.municipalities.dingxi.retirement import retirement_month

    retires = retirement_month(view, person)
    return {m: each for m, each in months(view, person).items() if retires is None or m <= retires}


@per_view
def spells(view: View, person: str) -> list[Spell]:
    """Every membership of a person, cut where the person joined the resident scheme."""
    cuts = joined_resident(view, person)
    bounds = [date.min, *cuts]
    ends = [*cuts, FAR_FUTURE]
    paid = member_months(view, person)
    found: list[Spell] = []
    for lower, upper in zip(bounds, ends, strict=True):
        inside = {m: each for m, each in paid.items() if _belongs(each, lower, upper)}
        spell = _spell(view, person, inside, lower, upper)
        if spell is not None:
            found.append(spell)
    return found


def memberships(view: View, person: str) -> list[Spell]:
    """The memberships that have begun here."""
    return [spell for spell in spells(view, person) if spell.entered != FAR_FUTURE]


def _belongs(paid: Paid, lower: date, upper: date) -> bool:
    """A month of a membership: what was paid before leaving stays with it, whatever month it was for."""
    day = paid.payments[0].paid_on
    after = lower == date.min or (paid.month >= Month.of(lower) and day >= lower)
    later = upper != FAR_FUTURE and paid.month >= Month.of(upper) and day >= upper
    return after and not later


def _spell(view: View, person: str, paid: dict[Month, Paid], lower: date, upper: date) -> Spell | None:
    full = {m: each for m, each in paid.items() if each.full_on is not None}
    enrolled = first_enrolled(view, person, lower, upper)
    if not full:
        retired = _retired_enrolment(view, person, lower, upper)
        end = _leaving(view, person, full, lower, upper)
        return Spell(enrolled, retired, end, paid, ("DX-2a",)) if enrolled is not None else None
    start = cover_start(full, view)
    first_paid = min(each.full_on for each in full.values() if each.full_on is not None)
    opened = any(each.source == "opening" for each in full.values())
    local = [m for m, each in full.items() if not each.elsewhere]
    transferred = not opened and any(each.elsewhere for each in full.values())
    if opened:
        entered = start.value
    elif transferred:
        entered = min(enrolled or FAR_FUTURE, start.value) if local else enrolled or FAR_FUTURE
    else:
        entered = min(enrolled or FAR_FUTURE, first_paid, start.value)
    known_start = start.value if local else None
    end = _leaving(view, person, full, lower, upper)
    return Spell(max(entered, lower), known_start, end, paid, start.because, excused_gap(full))


def _retired_enrolment(view: View, person: str, lower: date, upper: date) -> date | None:
    for each in enrolments(view, person):
        if each.category.capacity is Capacity.RETIRED and lower <= each.days.from_ < upper:
            return each.days.from_
    return None


def cover_start(full: dict[Month, Paid], view: View) -> Finding[date]:
    """The first day of cover: at once for who had employee-scheme months, else after the first payment."""
    local = [m for m, each in full.items() if not each.elsewhere]
    opened = [m for m, each in full.items() if each.source == "opening"]
    if opened:
        return Finding(min(opened).first_day, ("DX-68b",))
    if len(local) < len(full):
        return Finding(min(local).first_day if local else FAR_FUTURE, ("DX-15a",))
    first = min(full.values(), key=lambda each: (each.full_on or FAR_FUTURE, each.month))
    assert first.full_on is not None
    if first.payments[0].category.capacity is Capacity.FLEXIBLE:
        return flexible_start(view, first.full_on)
    return employed_start(first.full_on, first.month)


def excused_gap(full: dict[Month, Paid]) -> frozenset[Month]:
    """One or two months between a transfer-in and the next month paid here are a gap, not arrears (DX-34d).

    What is missing inside the transferred history was no debt of this area either.
    """
    known = sorted(full)
    gaps: set[Month] = set()
    for month, after in pairwise(known):
        missing = after - month - 1
        if full[month].elsewhere and missing and (full[after].elsewhere or missing < 3):
            gaps.update(month.plus(n) for n in range(1, missing + 1))
    return frozenset(gaps)


def _leaving(view: View, person: str, full: dict[Month, Paid], lower: date, upper: date) -> date:
    left = [
        day for day in transferred_out(view, person) if lower <= day < upper and _again(full, day) is None
    ]
    died = view.died_on(person)
    ends = [upper, *left]
    if died is not None:
        ends.append(add_days(died, 1))
    return cover_left(ends).value


@per_view
def absences(view: View, person: str) -> list[Period]:
    """Days between a transfer to another region and the first month paid here again."""
    paid = member_months(view, person)
    found = []
    for day in transferred_out(view, person):
        again = _again(paid, day)
        if again is not None:
            found.append(Period(cover_left([day]).value, again.first_day))
    return found


def _again(paid: dict[Month, Paid], left: date) -> Month | None:
    """The first month after a move that was paid here on or after its day; what was prepaid keeps nobody here."""
    back = (
        month
        for month, each in paid.items()
        if month > Month.of(left)
        and each.full_on is not None
        and any(payment.paid_on >= left and payment.source == "paid" for payment in each.payments)
    )
    return min(back, default=None)


@per_view
def missed_runs(view: View, person: str) -> list[Run]:
    """Runs of missed months of all memberships, as known."""
    return [run for found in runs_by_spell(view, person) for run in found]


@per_view
def runs_by_spell(view: View, person: str) -> list[list[Run]]:
    """The runs of missed months of each membership, in the order of `spells`."""
    from domain.municipalities.dingxi.retirement import retirement_month

    retires = retirement_month(view, person)
    return [_runs_of(view, spell, retires) for spell in spells(view, person)]


def _runs_of(view: View, spell: Spell, retires: Month | None) -> list[Run]:
    if all(each.full_on is None for each in spell.paid.values()):
        return []
    last = Month.of(add_days(spell.end, -1))
    if spell.end != FAR_FUTURE and spell.end != last.plus(1).first_day:
        last = last.plus(-1)
    if retires is not None:
        last = min(last, retires)
    return runs(view, spell.paid, first_month(spell.paid), last, spell.excused)


def first_month(paid: dict[Month, Paid]) -> Month:
    """The first contribution month: of what was paid first."""
    return min(paid.values(), key=lambda each: (each.full_on or FAR_FUTURE, each.month)).month
