"""Late payment, interruption and waiting periods (art. 11)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import Struct

from domain.errors import Unanswerable
from domain.events.consequences import Problem
from domain.municipalities.panzhihua.announced import PARAMETERS, governing, of_year, replaced_value, terms
from domain.municipalities.panzhihua.contribution import groups_on, recorded_covers
from domain.municipalities.panzhihua.payments import PaidYear, problem_of
from domain.rulebook.announcements import ratio_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import add_days, add_months
from domain.values.period import Period
from domain.values.terms import AnnouncementKey as Key
from domain.values.terms import OtherCover


class YearCover(Struct, frozen=True):
    """When cover of a paid year begins: waiting from `base`, covered from `cover_from`, to the year's end."""

    year: int
    base: date
    cover_from: date
    waiting_from: date
    problem: Problem | None = None
    because: tuple[str, ...] = ()


@rule("PZ-11a", article="第十一条")
def is_late(paid_on: date, window_last_day: date) -> bool:
    """Paid after the last day of the enrolment window; on that day or before the window is not late."""
    return paid_on > window_last_day


@rule("PZ-11b", article="第十一条")
def base_start(year: int, paid_on: date, late: bool) -> date:
    """In time: 1 January, also backwards; late: the day of payment, not before 1 January."""
    return max(paid_on, date(year, 1, 1)) if late else date(year, 1, 1)


@rule("PZ-11c", article="第十一条")
def is_interrupted(base: date, last_end: date | None, months: int) -> bool:
    """Earlier insured time ended three months or more before the base start; exactly three count."""
    return last_end is not None and base >= add_months(last_end, months)


@rule("PZ-11d", article="第十一条")
def wait_months(late: int, interruption: int) -> int:
    """The longer of the two waits; they are not added, and a new year does not shorten a wait."""
    return max(late, interruption)


@rule("PZ-11e", article="第十一条")
def is_exempt(groups: Iterable[str], listed: Iterable[str]) -> bool:
    """Rural low-income people and further announced groups wait on neither ground."""
    return not set(map(str, groups)).isdisjoint(map(str, listed))


@rule("PZ-11f", article="第十一条")
def newborn_cover(born_on: date, paid_on: date, announced: Any) -> date | None:
    """First day of a newborn's cover in the year of birth, or None when the ordinary rules apply."""
    if announced is None:
        return max(paid_on, born_on) if paid_on.year <= born_on.year else None
    if paid_on > add_days(born_on, int(ratio_in(announced["within_days"]))):
        return None
    return born_on if announced["covered_from"] == "birth" else max(paid_on, born_on)


@rule("PZ-26b", article="第二十六条")
def opening_cover(year: int) -> date:
    """No transition rule: years paid before this ledger count as insured from 1 January, without a wait."""
    return date(year, 1, 1)


def other_covers(view: View, person: str) -> list[Period]:
    """Days under another scheme; being due to join one is no cover, and one that ends before it begins has no day."""
    found = recorded_covers(view, person)
    kept = [period for cover, period in found if cover is not OtherCover.EMPLOYEE_DUE]
    return [period for period in kept if period.from_ < period.end]


def covers_of(view: View, person: str, years: dict[int, PaidYear]) -> list[YearCover]:
    """The cover of every paid year, in order; a wait that outlasts its year goes on in the next."""
    found: list[YearCover] = []
    for year in sorted(years):
        paid = years[year]
        if not paid.is_paid and paid.problem is None:
            continue
        cover = _cover(view, person, paid, years)
        if found and found[-1].year == year - 1:
            cover = _carried(found[-1], cover)
        found.append(cover)
    return found


def _carried(before: YearCover, cover: YearCover) -> YearCover:
    if before.problem is not None and before.cover_from > date(cover.year, 1, 1) and cover.problem is None:
        return YearCover(cover.year, cover.base, cover.cover_from, cover.base, before.problem, before.because)
    if before.cover_from <= cover.cover_from:
        return cover
    because = joined(cover.because, before.because, ("PZ-11d",))
    return YearCover(cover.year, cover.base, before.cover_from, before.waiting_from, cover.problem, because)


def _cover(view: View, person: str, paid: PaidYear, years: dict[int, PaidYear]) -> YearCover:
    first = date(paid.year, 1, 1)
    if paid.opening:
        opened = opening_cover(paid.year)
        return YearCover(paid.year, opened.value, opened.value, opened.value, because=opened.because)
    if paid.paid_on is None:
        return YearCover(paid.year, first, first, first, paid.problem, paid.because)
    newborn = _as_newborn(view, person, paid)
    if newborn.value is not None:
        day = newborn.value
        return YearCover(paid.year, day, day, day, because=joined(paid.because, newborn.because))
    return _ordinary(view, person, paid, years)


def _as_newborn(view: View, person: str, paid: PaidYear) -> Finding[date | None]:
    born_on = view.person(person).born_on
    if born_on is None or born_on.year != paid.year or paid.paid_on is None:
        return Finding(None)
    found = governing(view, Key.NEWBORN_TERMS, born_on)
    return newborn_cover(born_on, paid.paid_on, found.value if found else None)


def _ordinary(view: View, person: str, paid: PaidYear, years: dict[int, PaidYear]) -> YearCover:
    assert paid.paid_on is not None
    base = date(paid.year, 1, 1)
    because = paid.because
    try:
        late = _late(view, person, paid)
        start = base_start(paid.year, paid.paid_on, late.value)
        born_on = view.person(person).born_on
        base = max(start.value, born_on) if born_on else start.value
        because = joined(because, late.because, start.because)
        wait = _wait(view, person, base, late.value, paid.paid_on, _last_end(view, person, base, paid, years))
    except Unanswerable as error:
        longest = PARAMETERS["arrears.longest_wait_months"].on(base)
        end = add_months(base, longest)
        return YearCover(paid.year, base, end, base, problem_of(error), joined(because, error.because))
    because = joined(because, wait.because)
    return YearCover(paid.year, base, add_months(base, wait.value), base, because=because)


def _late(view: View, person: str, paid: PaidYear) -> Finding[bool]:
    assert paid.paid_on is not None
    if governing(view, Key.ENROLMENT_WINDOW, date(paid.year, 1, 1)) is None and paid.paid_on <= date(
        paid.year, 1, 1
    ):
        exempt = _exempt(view, person, paid.paid_on, date(paid.year, 1, 1))
        if exempt.value:
            return Finding(False, exempt.because)  # neither start nor wait depends on the window
    window = of_year(view, Key.ENROLMENT_WINDOW, paid.year, ("PZ-11a",))
    return is_late(paid.paid_on, date.fromisoformat(window["last_day"]))


def _last_end(view: View, person: str, base: date, paid: PaidYear, years: dict[int, PaidYear]) -> date | None:
    """The latest end of earlier insured time: of paid years before, and of other covers begun before."""
    ends = [date(year + 1, 1, 1) for year, each in years.items() if year < paid.year and each.is_paid]
    ends += [period.end for period in other_covers(view, person) if period.from_ < base]
    return max(ends, default=None)


def _wait(
    view: View, person: str, base: date, late: bool, paid_on: date, last_end: date | None
) -> Finding[int]:
    months = replaced_value(view, "PZ-11c", base) or PARAMETERS["arrears.interruption_months"].on(base)
    open_ended = last_end == date.max or (last_end is not None and last_end >= base)
    gap = is_interrupted(base, None if open_ended else last_end, int(ratio_in(months)))
    if not late and not gap.value:
        return Finding(0, joined(gap.because, wait_months(0, 0).because))
    exempt = _exempt(view, person, paid_on, base)
    if exempt.value:
        return Finding(0, joined(gap.because, exempt.because))
    announced = terms(view, Key.WAITING_MONTHS, base, ("PZ-11d",))
    late_wait = int(ratio_in(announced["late"])) if late else 0
    wait = wait_months(late_wait, int(ratio_in(announced["interruption"])) if gap.value else 0)
    return Finding(wait.value, joined(gap.because, wait.because))


def _exempt(view: View, person: str, paid_on: date, base: date) -> Finding[bool]:
    further = governing(view, Key.WAITING_EXEMPT_GROUPS, base)
    listed = [*PARAMETERS["arrears.exempt_groups"].on(base)]
    if further is not None:
        value: Any = further.value
        listed += value["groups"]
    return is_exempt([str(group) for group in groups_on(view, person, paid_on)], listed)
