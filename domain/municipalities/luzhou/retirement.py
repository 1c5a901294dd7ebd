"""Retirement: requirement, shortage, settlement and its start (第十三条、第十七条至第十九条). Money in fen."""

from datetime import date

from msgspec import Struct

from domain.errors import AnnouncementMissing, FactMissing
from domain.facts import (
    OpeningHistory,
    Retired,
    ShortfallOptionChosen,
)
from domain.municipalities.luzhou import refunds, roll, wages, years
from domain.municipalities.luzhou.policy import figure
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month, add_days
from domain.values.money import divide, share
from domain.values.terms import (
    Capacity,
    Mode,
    ShortfallOption,
)


@rule("LZ-17a", article="第十七条")
def required_months(sex: str, day: date) -> tuple[int, int]:
    """360 months for men, 300 for women, and 120 of them actually paid."""
    return int(figure("years.required", day)[sex]), int(figure("years.actual", day))


@rule("LZ-17c", article="第十七条")
def shortage(required: int, actual_required: int, total: int, actual: int) -> int:
    """Both shortfalls are cured by one payment, so the larger governs."""
    return max(0, required - total, actual_required - actual)


@rule("LZ-18c", article="第十八条第二款")
def starts_on(retired_on: date | None, settled_on: date, continued: bool) -> date:
    """Settled within 90 days: from the month after retirement, else from the month after the settlement."""
    days = int(figure("settlement.days", settled_on))
    if retired_on is None or continued or settled_on > add_days(retired_on, days):
        return Month.of(settled_on).plus(1).first_day
    return Month.of(retired_on).plus(1).first_day


@rule("LZ-18d", article="第十八条第三款")
def pensioner_starts(paid_on: date) -> date:
    """Pensioners never insured wait twelve months, the month of payment being the first."""
    return Month.of(paid_on).plus(int(figure("settlement.waiting_months", paid_on))).first_day


@rule("LZ-18b", article="第十八条第一款")
def continued_long_enough(months: int, day: date) -> bool:
    """The rest may be settled once after 60 continued months that have ended."""
    return months >= int(figure("settlement.continued_months", day))


@rule("LZ-18e", article="第十八条第三款")
def dies_waiting(died: date, starts: date) -> bool:
    """Who dies while waiting leaves a claim to the whole lump sum."""
    return died < starts


@rule("LZ-17d", article="第十七条")
def settled(processed_on: date, paid_on: date | None) -> date:
    """Retiree benefits need the settlement procedure to be completed, and what is owed to be paid."""
    return max(processed_on, paid_on) if paid_on is not None else processed_on


class Case(Struct, frozen=True):
    """How somebody retires: the day it was approved, the route, and the mode kept afterwards."""

    on: date | None
    route: Capacity
    """employed, flexible or pensioner: LZ-19a, 19b, 19c."""
    continued: bool
    mode: Mode
    base: int | None
    employer: str | None


@rule("LZ-18a", article="第十八条第一款")
def goes_on_paying(options: list[ShortfallOption]) -> bool:
    """Whoever is short settles once, or chooses to go on paying until the requirement is met."""
    return bool(options) and options[-1] is ShortfallOption.CONTINUE


@per_view
def case_of(view: View, person: str, day: date) -> Case | None:
    """How a person retires as decided by a day; None when neither retirement nor continuing was told."""
    told = [f for f in view.facts(Retired, person=person) if f.on <= day]
    chosen = [f for f in view.facts(ShortfallOptionChosen, person=person) if f.on <= day]
    going_on = goes_on_paying([f.option for f in chosen]).value
    if not told and not going_on:
        return None
    fact = told[-1] if told else None
    on = fact.on if fact else None
    reference = on or chosen[-1].on
    capacity = (fact.capacity if fact else None) or _capacity_at(view, person, reference)
    last_mode = _mode_at(view, person, capacity, Month.of(reference))
    stint = next((s for s in reversed(roll.stints(view, person)) if s.start <= reference), None)
    employer = (fact.employer if fact else None) or (stint.employer if stint else None)
    base = fact.base if fact else None
    return Case(on, capacity, going_on, (fact.mode if fact else None) or last_mode, base, employer)


def _nothing_told(view: View, person: str, day: date) -> Case:
    """How a person would retire who is asked about before."""
    capacity = _capacity_at(view, person, day)
    return Case(None, capacity, False, _mode_at(view, person, capacity, Month.of(day)), None, None)


def _mode_at(view: View, person: str, capacity: Capacity, month: Month) -> Mode:
    """LZ-14b, LZ-19d: of an individual, the mode of the last month paid for by a month."""
    runs = [run for run in refunds.remaining_runs(view, person) if run.first <= month]
    if not runs or capacity is not Capacity.FLEXIBLE:
        return Mode.COMBINED
    paid = [each for each in runs[-1].months if each.month <= month]
    return max(paid, key=lambda each: each.month).mode if paid else runs[-1].opened_as or runs[-1].mode


def _capacity_at(view: View, person: str, day: date) -> Capacity:
    """Standing in the month of retirement: on a roll, individual, or never insured."""
    stints = [s for s in roll.stints(view, person) if s.start <= day and day < s.cover_end]
    if stints:
        return Capacity.EMPLOYED
    runs = refunds.remaining_runs(view, person)
    if any(run.first <= Month.of(day) <= run.last for run in runs):
        return Capacity.FLEXIBLE
    if roll.stints(view, person):
        return Capacity.EMPLOYED
    return Capacity.FLEXIBLE if runs else Capacity.PENSIONER


class Assessment(Struct, frozen=True):
    """Requirement, months held and price of the missing ones on a day."""

    case: Case
    required: int
    held: years.Held
    short: int
    continued_months: int | None
    too_early: bool
    because: tuple[str, ...]


def assessed(view: View, person: str, day: date) -> Assessment:
    """LZ-17, LZ-18: shortage as asked on a day; FactMissing without the person's sex."""
    case = case_of(view, person, day) or _nothing_told(view, person, day)
    sex = view.person(person).sex
    if sex is None:
        raise FactMissing("person_registered.sex", day, ("LZ-17a",))
    required = required_months(str(sex), day)
    asked_now = case.continued or case.on is None or case.route is Capacity.PENSIONER
    reference = day if asked_now or case.on is None else case.on
    held = years.without_settlement(view, person, Month.of(reference), day)
    short = shortage(*required.value, held.total, held.paid)
    continued = continued_months(view, person, case, day) if case.continued else None
    early = False
    because = (*required.because, "LZ-17b", *short.because)
    if continued is not None:
        enough = continued_long_enough(continued, day)
        early, because = not enough.value and short.value > 0, (*because, *enough.because)
    return Assessment(case, required.value[0], held, short.value, continued, early, because)


def continued_months(view: View, person: str, case: Case, day: date) -> int:
    """LZ-18b: months continued after retirement age whose last day lies before the day of the request."""
    opened = sum(f.months_after_retirement_age or 0 for f in view.facts(OpeningHistory, person=person))
    since = case.on or view.person(person).statutory_retirement_on or date.min
    paid = {
        paid.month
        for run in refunds.remaining_runs(view, person)
        for paid in run.months
        if paid.month > Month.of(since) and paid.month.last_day < day and paid.paid_on <= day
    }
    return opened + len(paid)


@rule("LZ-19a", article="第十九条（一）")
def unit_price(base: int, months: int) -> int:
    """Unit retirees pay 9% of their own base at retirement for each missing month."""
    return share(base * months, figure("settlement.rate", date(2018, 1, 1)))


@rule("LZ-19b", article="第十九条（二）")
def individual_price(base: int, months: int) -> int:
    """Individuals pay 9% of their base of the retirement year, also when pooling only."""
    return share(base * months, figure("settlement.rate", date(2018, 1, 1)))


@rule("LZ-19c", article="第十九条（三）")
def average_price(base: int, months: int) -> int:
    """Pensioners never insured pay 9% of the city's average wage of the year before the payment."""
    return share(base * months, figure("settlement.rate", date(2018, 1, 1)))


def price(view: View, person: str, assessment: Assessment, day: date) -> tuple[int, int, tuple[str, ...]]:
    """Base and price of the missing months when settled on a day, in fen, with the rules."""
    case, months = assessment.case, assessment.short
    if case.continued or case.route is Capacity.PENSIONER:
        wage = wages.average_wages(view).get(day.year - 1)
        rule_id = "LZ-18b" if case.continued else "LZ-19c"
        if wage is None:
            raise AnnouncementMissing(wages.WAGE, date(day.year, 1, 1), (rule_id,))
        base = divide(wage.fen, 12)
        amount = average_price(base, months)
        return base, amount.value, (rule_id,) if case.continued else amount.because
    on = case.on or day
    if case.route is Capacity.FLEXIBLE:
        base = wages.individual_base(view, on.year)
        found = individual_price(base, months)
    else:
        told = case.base
        base = told or wages.base_of(view, person, case.employer or "", Month.of(on), on)
        found = unit_price(base, months)
    return base, found.value, found.because
