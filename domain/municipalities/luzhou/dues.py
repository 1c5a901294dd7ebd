"""What an employer's month comes to, and true-ups of months paid on another base (第五条). Money in fen."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from domain.errors import Unanswerable
from domain.facts import ContributionAssessed, Enrolled, OpeningStatus, WageDeclared
from domain.municipalities.luzhou import roll, wages
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.received import paying
from domain.rulebook.announcements import announced_ratio
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.money import share


class Shares(Struct, frozen=True):
    """Both shares of one member's month, in fen."""

    employer: int
    member: int


@rule("LZ-05g", article="第五条")
def shares(base: int, employer_rate: object, employee_rate: object) -> Shares:
    """The rates of the parent measure on the base, each share rounded on its own."""
    return Shares(share(base, employer_rate), share(base, employee_rate))  # type: ignore[arg-type]


def shares_of(view: View, base: int, month: Month) -> Shares:
    """Both shares of a month; AnnouncementMissing without the rates."""
    day = month.first_day
    employer_rate = announced_ratio(view, "employer_rate", day, ("LZ-05g",))
    employee_rate = announced_ratio(view, "employee_rate", day, ("LZ-05g",))
    return shares(base, employer_rate, employee_rate).value


@rule("LZ-06d", article="第六条")
def over_limit_share(base: int) -> int:
    """Over the limit the employer pays 6% of the base of each owed month instead of the normal shares."""
    return share(base, figure("arrears.over_limit_rate", date(2018, 1, 1)))


@rule("LZ-06f", article="第六条、第七条")
def stays_on_roll(stint: roll.Stint, month: Month) -> bool:
    """Months on the roll stay the employer's debt, also for members who have left since."""
    return stint.first <= month and (stint.last is None or month <= stint.last)


def on_roll(view: View, employer: str, month: Month) -> list[roll.Stint]:
    """Members on an employer's roll in a month."""
    return [s for s in roll.roll(view, employer) if stays_on_roll(s, month).value]


def person_due(view: View, employer: str, person: str, month: Month, day: date, over: bool = False) -> int:
    """What is due for one member's month when paid on a day, in fen."""
    base = wages.base_of(view, person, employer, month, day)
    if over:
        return over_limit_share(base).value
    both = shares_of(view, base, month)
    return both.employer + both.member


def month_due(view: View, employer: str, month: Month, day: date, over: bool) -> int:
    """What is due for a month of everybody on the roll, in fen."""
    members = {stint.person for stint in on_roll(view, employer, month)}
    return sum(person_due(view, employer, person, month, day, over) for person in members)


class TrueUp(Struct, frozen=True):
    """A month paid on another base: the differences of base, and when they fall due."""

    month: Month
    base: int
    """Base on which it was paid, in fen."""
    new_base: int
    due: Month
    since: date
    """Day of the announcement or declaration."""
    employer_only: bool


@rule("LZ-05d", article="第五条（三）")
def make_up(old: int, new: int) -> int:
    """Only a shortfall is made up; a negative difference is not refunded."""
    return max(0, new - old)


@rule("LZ-05e", article="第五条（三）")
def is_leaver(ended: date | None, announced_on: date) -> bool:
    """Who ended cover before the announcement owes no own share of the make-up."""
    return ended is not None and ended < announced_on


@per_view
def person_true_ups(view: View, person: str, employer: str) -> tuple[TrueUp, ...]:
    """Months of a member that were paid before the wage of the year was announced or declared."""
    found: list[TrueUp] = []
    own = [s for s in roll.stints(view, person) if s.employer == employer]
    paid: dict[Month, date] = {}
    for fact in paying(view, employer):
        for month in fact.months or ():
            if fact.purpose != "base_adjustment":
                paid.setdefault(month, fact.on)
    for month, day in sorted(paid.items()):
        stint = next((s for s in own if s.first <= month and (s.last is None or month <= s.last)), None)
        if stint is None:
            continue
        for since in _turns(view, person, employer, month, day):
            try:
                old = wages.base_of(view, person, employer, month, day)
                new = wages.base_of(view, person, employer, month, since)
            except Unanswerable:
                continue
            if make_up(old, new).value:
                announced = since == wages.wage_announced_on(view, month.year)
                leaver = announced and is_leaver(stint.ended, since).value
                found.append(TrueUp(month, old, new, Month.of(since), since, leaver))
                day = since
    return tuple(found)


def _turns(view: View, person: str, employer: str, month: Month, paid_on: date) -> list[date]:
    """Days after the payment on which the base of a month changed."""
    announced = wages.wage_announced_on(view, month.year)
    found = {announced} if announced is not None else set()
    for source in wages.wage_sources(view, person, employer):
        if source.rule == "LZ-05b" and source.first <= month < source.first.plus(12):
            found.add(source.on)
    return sorted(day for day in found if day > paid_on)


@per_view
def _true_ups_by_due(view: View, employer: str) -> dict[Month, list[tuple[str, TrueUp]]]:
    found: dict[Month, list[tuple[str, TrueUp]]] = {}
    for person in _candidates(view, employer):
        for true_up in person_true_ups(view, person, employer):
            found.setdefault(true_up.due, []).append((person, true_up))
    return found


def _candidates(view: View, employer: str) -> list[str]:
    """Members whose wage lies outside some floor or cap, or was declared late: spares the rest of the roll."""
    first = min((fact.on for fact in paying(view, employer)), default=date.max)
    known = wages.average_wages(view)
    if not any(wage.announced_on > first for wage in known.values()):
        lowest, highest = 0, 0
    else:
        lowest = max(wages.floor_and_cap(wage.fen, 1).value[0] for wage in known.values())
        highest = min(wages.floor_and_cap(wage.fen, 3).value[1] for wage in known.values())
    found: dict[str, None] = {}
    for fact in view.known(f"employer:{employer}"):
        match fact:
            case WageDeclared(person=person) if fact.on > first:
                found[person] = None
            case WageDeclared(person=person, monthly_average=wage):
                if highest and (wage is None or not lowest <= wage <= highest):
                    found[person] = None
            case Enrolled(person=str(person), wage=wage) | OpeningStatus(person=str(person), base=wage):
                if highest and wage is not None and not lowest <= wage <= highest:
                    found[person] = None
            case ContributionAssessed(bases=bases) if bases and highest:
                found.update({who: None for who, base in bases.items() if not lowest <= base <= highest})
    return list(found)


def true_up_months(view: View, employer: str, paid: Mapping[Month, date]) -> tuple[Month, ...]:
    """Months in which a true-up falls due: those of the announcement or declaration."""
    return tuple(sorted(_true_ups_by_due(view, employer))) if paid else ()


def true_up_known_on(view: View, employer: str, due: Month) -> date:
    """The first day on which a true-up that falls due in a month can be paid."""
    return min(each.since for _, each in _true_ups_by_due(view, employer)[due])


def only_declared(view: View, employer: str, due: Month) -> bool:
    """LZ-05b: what a declaration changes is part of that month's contributions, paid with them."""
    known = _true_ups_by_due(view, employer)[due]
    return all(each.since != wages.wage_announced_on(view, each.month.year) for _, each in known)


def differences(view: View, true_up: TrueUp) -> Shares:
    """Both differences of a month, share by share."""
    old = shares_of(view, true_up.base, true_up.month)
    new = shares_of(view, true_up.new_base, true_up.month)
    member = 0 if true_up.employer_only else new.member - old.member
    return Shares(new.employer - old.employer, member)


def true_up_total(view: View, employer: str, due: Month) -> int:
    """Everything to be made up with a month, in fen."""
    found = [differences(view, each) for _, each in _true_ups_by_due(view, employer)[due]]
    return sum(both.employer + both.member for both in found)
