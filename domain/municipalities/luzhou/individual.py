"""Individual members of the employee scheme: yearly payments, waiting, continuity (第十条、第十四条)."""

from datetime import date

from msgspec import Struct

from domain.errors import AnnouncementMissing
from domain.facts import ContributionPaid, Enrolled, OpeningStatus, ResidentContributionPaid
from domain.municipalities.luzhou import wages
from domain.municipalities.luzhou.affiliation import (
    continuity_limit,
    from_elsewhere,
    last_employment,
    registered_by,
    within_limit,
)
from domain.municipalities.luzhou.eligibility import enrolment_refusal, outside_the_system
from domain.municipalities.luzhou.policy import figure
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month, Months, add_days
from domain.values.terms import Capacity, Mode, PaymentPurpose, Scheme, Status

RUN_PURPOSES = (PaymentPurpose.ORDINARY, PaymentPurpose.RETIREMENT_COMPLETION)


class PaidMonth(Struct, frozen=True):
    """A month paid by an individual."""

    month: Month
    paid_on: date
    mode: Mode
    fact: str
    gap: bool = False


class Run(Struct):
    """Months paid without interruption. `covered_from` is the end of the waiting period, if there is one."""

    first: Month
    waits: bool
    covered_from: date
    last: Month
    entered_on: date
    mode: Mode
    months: list[PaidMonth]
    because: tuple[str, ...]
    opening: bool = False
    opened_as: Mode | None = None
    """Mode of an opening state."""
    until: date | None = None
    """First day without this cover where it is not the 1st after the last month: a unit takes over."""


class Payments(Struct):
    """What individual payments came to: runs, gap months, and which months of which fact were refused."""

    runs: list[Run]
    gap: list[PaidMonth]
    refused: dict[str, tuple[str, tuple[Month, ...], tuple[str, ...]]]
    """Per fact: code, refused months, rules."""


@rule("LZ-14e", article="第十四条（二）")
def waiting_ends(first: Month) -> date:
    """New individual members are covered after 12 paid contribution months."""
    return first.plus(int(figure("individual.waiting_months", first.first_day))).first_day


@rule("LZ-14c", article="第十四条（三）")
def in_window(day: date, year: int) -> bool:
    """The whole year is paid from 1 September to 31 December of the year before."""
    opens = int(figure("individual.window_first_month", day))
    return date(year - 1, opens, 1) <= day < date(year, 1, 1)


@rule("LZ-14f", article="第十四条（三）")
def interrupted(last: Month, next_month: Month, paid_on: date) -> bool:
    """A year that is not paid in the window begins anew: no back-payment heals it."""
    if next_month != last.plus(1):
        return True
    if next_month.number == 1:
        return paid_on >= next_month.first_day
    return paid_on > next_month.last_day


@rule("LZ-10c", article="第十条第三款")
def never_waits_through_unit() -> bool:
    """Only individual membership waits for 12 months of its own; enrolment through a unit never does."""
    return True


@per_view
def payments_of(view: View, person: str) -> Payments:
    """Judge every individual payment in the order in which it was made."""
    state = Payments([], [], {})
    _open(view, person, state)
    own = [
        fact
        for fact in view.facts(ContributionPaid, person=person)
        if fact.person == person and fact.employer is None and fact.capacity is Capacity.FLEXIBLE
    ]
    whole = [fact for fact in own if _whole(view, fact, own)]
    for fact in whole:
        if fact.purpose is PaymentPurpose.GAP:
            _take_gap(view, person, state, fact)
    for fact in whole:
        if fact.purpose in RUN_PURPOSES:
            _take(view, person, state, fact)
    return state


def _whole(view: View, fact: ContributionPaid, own: list[ContributionPaid]) -> bool:
    """Part payments for the same months add up; the one that completes the amount pays the months."""
    if fact.amount is None or not fact.months:
        return True
    try:
        due = amount_due(view, fact.months, fact.mode)
    except AnnouncementMissing:
        return True
    parts = [f for f in own if f.months == fact.months and f.purpose is fact.purpose and f.amount is not None]
    received = sum(f.amount or 0 for f in parts[: parts.index(fact) + 1])
    return received >= due


def amount_due(view: View, months: Months, mode: Mode) -> int:
    """LZ-14a: base of each coverage year times its months times the rate of the mode, in fen."""
    total = 0
    for year in sorted({month.year for month in months}):
        count = sum(month.year == year for month in months)
        rate = wages.individual_rate(mode, date(year, 1, 1))
        total += wages.individual_amount(wages.individual_base(view, year), count, rate).value
    return total


@rule("LZ-54b", article="第五十四条")
def clocks_run_on(fact: OpeningStatus, waits: bool) -> date:
    """Rights and clocks of the day before the document are taken over; no waiting begins anew."""
    first = Month.of(fact.from_ or fact.on)
    return (fact.to or waiting_ends(first).value) if waits else fact.from_ or fact.on


def _open(view: View, person: str, state: Payments) -> None:
    for fact in view.facts(OpeningStatus, person=person):
        if fact.scheme is not Scheme.EMPLOYEE or fact.capacity is not Capacity.FLEXIBLE:
            continue
        first = Month.of(fact.from_ or fact.on)
        last = Month.of(add_days(fact.to, -1)) if fact.to else Month.at(fact.on.year, 12)
        waits = fact.status is Status.WAITING
        if fact.status not in (Status.COVERED, Status.WAITING):
            continue
        covered = clocks_run_on(fact, waits).value
        last = Month.at(fact.on.year, 12) if waits else last
        mode = fact.mode or Mode.COMBINED
        run = Run(first, waits, covered, last, fact.on, mode, [], ("LZ-54b",), opening=True, opened_as=mode)
        state.runs.append(run)


def _take_gap(view: View, person: str, state: Payments, fact: ContributionPaid) -> None:
    stint = last_employment(view, person, fact.on)
    months = tuple(fact.months or ())
    if stint is None or stint.ended is None:
        because = within_limit(fact.on, fact.on).because
        state.refused[fact.id] = ("outside_window", months, because)
        return
    first = Month.of(stint.ended)
    wrong = tuple(m for m in months if m <= first)
    if wrong:
        state.refused[fact.id] = ("outside_window", wrong, ("LZ-10a",))
    known = {paid.month for paid in state.gap}
    bought = [m for m in months if m > first and m not in known]
    taken = [PaidMonth(m, fact.on, fact.mode, fact.id, True) for m in bought]
    state.gap.extend(taken)


def _take(view: View, person: str, state: Payments, fact: ContributionPaid) -> None:
    known = {paid.month for paid in (*state.gap, *(paid for run in state.runs for paid in run.months))}
    months = [m for m in fact.months or () if m not in known]
    year = fact.on.year
    early = [m for m in months if m.year > year and not in_window(fact.on, m.year).value]
    wanted = [m for m in months if m not in early]
    refused = list(early)
    run = state.runs[-1] if state.runs else None
    if (wanted and run is not None and run.opening and run.first <= wanted[0] <= run.last) or (
        wanted and run is not None and not interrupted(run.last, wanted[0], fact.on).value
    ):
        _extend(run, wanted, fact)
    elif wanted:
        after = run is not None and wanted[0] > run.last
        lapse = interrupted(run.last, wanted[0], fact.on).because if run is not None and after else ()
        refused += _begin(view, person, state, fact, wanted, lapse)
        _join(state)
    if refused and fact.id not in state.refused:
        state.refused[fact.id] = ("outside_window", tuple(refused), ("LZ-14c",))


def _join(state: Payments) -> None:
    """A year paid before its turn goes on from the months paid after it: twelve uninterrupted ones count (LZ-14e)."""
    newest = state.runs[-1] if state.runs else None
    for later in state.runs[:-1]:
        if newest is not None and later.waits and later.first == newest.last.plus(1) and not later.opening:
            state.runs.remove(later)
            newest.months.extend(later.months)
            newest.last, newest.mode = later.last, later.mode


def _extend(run: Run, months: list[Month], fact: ContributionPaid) -> None:
    run.months.extend(PaidMonth(m, fact.on, fact.mode, fact.id) for m in months)
    run.last = max(run.last, months[-1])
    run.mode = fact.mode


def _begin(
    view: View,
    person: str,
    state: Payments,
    fact: ContributionPaid,
    months: list[Month],
    lapse: tuple[str, ...],
) -> list[Month]:
    """A new run: continued employment or transfer without waiting, else twelve months. Gives months refused."""
    refusal = _joining_refusal(view, person, fact)
    if refusal.value:
        state.refused[fact.id] = (refusal.value, tuple(fact.months or ()), refusal.because)
        return []
    went_on = _continued(view, person, state, fact, months)
    if went_on is not None:
        first, covered, because = went_on
        months, refused = [m for m in months if m >= first], [m for m in months if m < first]
        state.runs.append(Run(first, False, covered, first, fact.on, fact.mode, [], joined(lapse, because)))
    else:
        earliest = Month.of(fact.on)
        months, refused = [m for m in months if m >= earliest], [m for m in months if m < earliest]
        if not months:
            return refused
        covered_from = waiting_ends(months[0])
        because = joined(lapse, covered_from.because, ("LZ-10c",) if _resident(view, person) else ())
        state.runs.append(
            Run(months[0], True, covered_from.value, months[0], fact.on, fact.mode, [], because)
        )
    if months:
        _extend(state.runs[-1], months, fact)
    return refused


def _resident(view: View, person: str) -> bool:
    return bool(view.facts(ResidentContributionPaid, person=person)) and never_waits_through_unit().value


def _joining_refusal(view: View, person: str, fact: ContributionPaid) -> Finding[str]:
    """A new individual member must have been able to enrol; LZ-18b payments always may."""
    outside = outside_the_system(view, person, fact.on)
    if outside.value:
        return Finding("not_eligible", outside.because)
    if fact.purpose is PaymentPurpose.RETIREMENT_COMPLETION:
        return Finding("")
    enrolments = [
        e
        for e in view.facts(Enrolled, person=person)
        if e.capacity is Capacity.FLEXIBLE and e.scheme is Scheme.EMPLOYEE and e.on <= fact.on
    ]
    if enrolments:
        return enrolment_refusal(view, enrolments[-1], person)
    stint = last_employment(view, person, fact.on)
    joining = Enrolled(
        on=fact.on,
        person=person,
        capacity=Capacity.FLEXIBLE,
        entry="continuation" if stint is not None else "new",  # type: ignore[arg-type]
    )
    return enrolment_refusal(view, joining, person)


def _continued(
    view: View, person: str, state: Payments, fact: ContributionPaid, months: list[Month]
) -> tuple[Month, date, tuple[str, ...]] | None:
    """First month and start of cover of a run that continues an employment or cover elsewhere."""
    stint = last_employment(view, person, fact.on)
    if stint is not None and stint.ended is not None and registered_by(view, person, stint.ended, fact.on):
        end = Month.of(stint.ended)
        limit = continuity_limit(stint.ended)
        bought = {paid.month for paid in state.gap if paid.paid_on <= limit}
        first = next((m for m in months if m > end), None)
        if first is not None:
            missing = [m for m in range(end + 1, first) if Month(m) not in bought]
            if not missing:
                return first, end.plus(1).first_day, ("LZ-10a",)
    return from_elsewhere(view, person, fact, months)


def months_text(months: tuple[Month, ...]) -> Months:
    """Months as the contract writes them."""
    return Months(sorted(months))
