"""Contribution: one standard for everybody, aid for special hardship, part payments (arts. 5, 6, 8, 9)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from domain.errors import AnnouncementMissing, Unanswerable
from domain.facts import ApprovalEnded, GroupRecognised, OtherCoverRecorded, ResidentContributionPaid
from domain.municipalities.panzhihua.announced import (
    governing,
    national_minimum,
    of_year,
)
from domain.municipalities.panzhihua.policy import require_force
from domain.rulebook.announcements import announcements, fen_in, ratio_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Moment, add_days
from domain.values.money import share
from domain.values.period import Period
from domain.values.terms import AnnouncementKey as Key
from domain.values.terms import Approval, Group, OtherCover

AID_KEYS = (Key.NATIONAL_MINIMUM_CONTRIBUTION, Key.RESIDENT_CONTRIBUTION, Key.CONTRIBUTION_SUBSIDY)


class Due(Struct, frozen=True):
    """What a year costs a person: standard, the part paid as aid, the own part. Fen."""

    standard: int
    aid: int
    sources: tuple[str, ...] = ()

    @property
    def own(self) -> int:
        """The part that the person pays."""
        return self.standard - self.aid


@rule("PZ-8a", article="第八条")
def standard(view: View, year: int) -> Finding[int]:
    """The personal contribution of a year, in fen: one amount for everybody, for the whole year."""
    in_force = require_force(view, date(year, 1, 1))
    because = joined(("PZ-8a",), in_force)
    if national_minimum(view, year) is None:
        raise AnnouncementMissing(Key.NATIONAL_MINIMUM_CONTRIBUTION, year, because)
    if governing(view, Key.RESIDENT_CONTRIBUTION, date(year, 1, 1)) is None:
        if any(fact.year == year for fact in announcements(view, Key.RESIDENT_CONTRIBUTION)):
            raise Unanswerable("announcement_out_of_bounds", Key.RESIDENT_CONTRIBUTION, year, because)
        raise AnnouncementMissing(Key.RESIDENT_CONTRIBUTION, year, because)
    return Finding(fen_in(of_year(view, Key.RESIDENT_CONTRIBUTION, year)), in_force)


@rule("PZ-6a", article="第六条")
def aid(full: int, announced: Sequence[Any]) -> int:
    """Aid for special hardship, in fen: the highest single aid of the person's groups, at most the standard."""
    return max((aid_of(full, value) for value in announced), default=0)


def aid_of(full: int, value: Any) -> int:
    """One group's aid in fen: the whole standard, a share of it, or a fixed amount."""
    if not isinstance(value, Mapping):
        return min(full, fen_in(value))
    if value.get("full") is True:
        return full
    if "rate" in value:
        return min(full, share(full, ratio_in(value["rate"])))
    return max(0, full - share(full, ratio_in(value["own_share"])))


def due(view: View, year: int, groups: Sequence[Group]) -> Finding[Due]:
    """Standard, aid and own part of a year for a person certified in some hardship groups."""
    full = standard(view, year)
    if not groups:
        return Finding(Due(full.value, 0), full.because)
    values = [of_year(view, Key.CONTRIBUTION_SUBSIDY, year, ("PZ-6a",), str(group)) for group in groups]
    found = aid(full.value, values)
    return Finding(Due(full.value, found.value, tuple(map(str, groups))), joined(full.because, found.because))


def groups_on(view: View, person: str, day: date, hardship: bool = False) -> list[Group]:
    """Groups to which a person belongs on a day (only those certified as special hardship, if asked)."""
    recognised = view.facts(GroupRecognised, person=person)
    found = [fact for fact in recognised if not hardship or fact.hardship]
    return [fact.group for fact in found if day in _membership(view, fact)]


def _membership(view: View, fact: GroupRecognised) -> Period:
    start = fact.from_ or fact.on
    ends = [fact.to] if fact.to else []
    for ended in view.facts(ApprovalEnded, person=fact.person):
        if ended.approval is Approval.GROUP and ended.group in (None, fact.group) and ended.on >= start:
            ends.append(ended.on)
    return Period(start, min(ends, default=None))


@per_view
def standard_moments(view: View, year: int) -> list[Moment]:
    """The moments at which the standard or an aid of a year may have changed, up to the moment of knowledge."""
    found = {view.moment}
    view.read.add("kind:parameter_announced")
    for fact in view.sources.facts("kind:parameter_announced"):
        if getattr(fact, "key", None) not in AID_KEYS or getattr(fact, "year", None) not in (None, year):
            continue
        replaced = view.sources.replaced(fact.id)
        found.update((fact.recorded, *(replaced[:1] if replaced else ())))
    return sorted(moment for moment in found if moment <= view.moment)


@per_view
def standard_as_known(
    view: View, year: int, moment: Moment, groups: tuple[Group, ...]
) -> Finding[Due] | Unanswerable:
    """What a year cost as known at an earlier moment, or why that could not be said."""
    try:
        then = view.at(moment)
        return due(then, year, groups)
    except Unanswerable as problem:
        return problem


@rule("PZ-8b", article="第八条")
def dues_since(view: View, year: int, moment: Moment, groups: tuple[Group, ...]) -> list[Due]:
    """What was valid on the day of a payment or later: a year once fully paid stays so after a new standard."""
    later = [moment, *(each for each in standard_moments(view, year) if each > moment)]
    found = [standard_as_known(view, year, each, groups) for each in later if each <= view.moment]
    return [each.value for each in found if isinstance(each, Finding)]


@rule("PZ-5a", article="第五条")
def may_join(view: View, person: str, day: date) -> bool:
    """Everyone may join except who ought to be in the employee scheme on the day of payment."""
    due_elsewhere = (OtherCover.EMPLOYEE_DUE,)
    return not any(day in period for cover, period in recorded_covers(view, person) if cover in due_elsewhere)


def recorded_covers(view: View, person: str) -> list[tuple[OtherCover, Period]]:
    """Other covers with their days; a later report of the end closes a cover that was recorded as open."""
    facts = view.facts(OtherCoverRecorded, person=person)
    closing: set[str] = set()
    found = []
    for fact in (each for each in facts if each.to is None):
        start = fact.from_ or fact.on
        ends = [each for each in facts if _closes(view, each, fact)]
        closing.update(each.id for each in ends if each.from_ is None)
        last = max(ends, key=view.order, default=None)
        found.append((fact.cover, Period(start, last.to if last else None)))
    closed = [fact for fact in facts if fact.to is not None and fact.id not in closing]
    return found + [(fact.cover, cover_period(fact)) for fact in closed]


def _closes(view: View, later: OtherCoverRecorded, fact: OtherCoverRecorded) -> bool:
    start = fact.from_ or fact.on
    if later.to is None or later.cover is not fact.cover or view.order(later) < view.order(fact):
        return False
    return later.from_ in (None, start) and later.to > start


def cover_period(fact: OtherCoverRecorded) -> Period:
    """The days of another cover; when only its last day is reported it began before everything else known."""
    if fact.from_ is not None:
        return Period(fact.from_, fact.to)
    only_end = fact.to is not None and fact.to <= add_days(fact.on, 1)
    return Period(date.min if only_end else fact.on, fact.to)


@rule("PZ-9b", article="第九条")
def last_day(view: View, year: int, born_on: date | None) -> date:
    """The last day on which a year may be paid: 31 December, or the newborn's later limit."""
    end = date(year, 12, 31)
    found = governing(view, Key.NEWBORN_TERMS, born_on) if born_on and born_on.year == year else None
    if found is None or born_on is None:
        return end
    value: Any = found.value
    return max(end, add_days(born_on, int(ratio_in(value["within_days"]))))


@rule("PZ-9a", article="第九条")
def is_fully_paid(paid: int, own_due: int) -> bool:
    """The year counts from the day on which the part payments reach what is due, nothing before."""
    return paid >= own_due


def part_of(view: View, fact: ResidentContributionPaid, person: str, moment: Moment) -> int | None:
    """This person's part of a payment, in fen; None where no amount is given (the full amount was paid).

    A sum for several persons is split by what each owes, since the contract gives one amount.
    """
    if fact.amount is None or len(fact.persons) == 1:
        return None if fact.amount is None else int(fact.amount)
    weights = []
    for each in fact.persons:
        groups = tuple(groups_on(view, each, fact.on, hardship=True))
        found = dues_since(view, fact.year, moment, groups).value
        weights.append(found[0].own if found else 1)
    if not sum(weights):
        weights = [1] * len(weights)
    parts, left = [], int(fact.amount)
    for number, weight in enumerate(weights):
        here = left if number == len(weights) - 1 else int(fact.amount) * weight // sum(weights)
        parts.append(here)
        left -= here
    return parts[fact.persons.index(person)]
