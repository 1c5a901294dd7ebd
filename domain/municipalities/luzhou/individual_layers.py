"""Grounds of employee status that individuals have by paying (第十条、第十四条)."""

from collections.abc import Iterator
from datetime import date

from domain.events.consequences import BenefitPeriod
from domain.municipalities.luzhou import individual, refunds
from domain.municipalities.luzhou.resident_layers import REASONS
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE, Month
from domain.values.terms import Capacity, Mode, Scheme, Status


def period_of(person: str, from_: date, to: date | None, status: Status, **detail: object) -> BenefitPeriod:
    """A period of the employee scheme; the reason follows from the status unless told."""
    return BenefitPeriod(
        person=person,
        scheme=Scheme.EMPLOYEE,
        from_=from_,
        to=None if to == FAR_FUTURE else to,
        status=status,
        reason=detail.pop("reason", REASONS.get(status)),  # type: ignore[arg-type]
        **detail,  # type: ignore[arg-type]
    )


def grounds(view: View, person: str) -> Iterator[BenefitPeriod]:
    """LZ-14: waiting and covered days of every run of paid months."""
    ends = refunds.withdrawn_on(view, person)
    for run in refunds.remaining_runs(view, person):
        end = run.until or run.last.plus(1).first_day
        for ended in ends:
            if run.first.first_day <= ended:
                end = min(end, Month.of(ended).plus(1).first_day)
        common: dict[str, object] = {
            "capacity": Capacity.FLEXIBLE,
            "entered_on": run.entered_on,
            "because": run.because,
        }
        if run.waits:
            yield period_of(
                person,
                run.first.first_day,
                min(end, run.covered_from),
                Status.WAITING,
                mode=_first_mode(run),
                waiting_from=run.first.first_day,
                covered_from=run.covered_from,
                **common,
            )
        if run.covered_from < end:
            for from_, to, mode in _modes(run, end):
                yield period_of(person, from_, to, Status.COVERED, mode=mode, **common)


@rule("LZ-14b", article="第十四条（一）、第三十五条")
def mode_of_month(paid: individual.PaidMonth) -> Mode:
    """The mode is chosen per coverage year and changes without a waiting period."""
    return paid.mode


def _modes(run: individual.Run, end: date) -> Iterator[tuple[date, date, Mode]]:
    """LZ-14b: stretches of one mode; gap months before the run keep its first mode."""
    modes: dict[date, Mode] = {}
    for paid in sorted(run.months, key=lambda each: each.month):
        modes[max(run.covered_from, paid.month.first_day)] = mode_of_month(paid).value
    start, mode = run.covered_from, _first_mode(run)
    for day, told in modes.items():
        if told is not mode and day > start:
            yield start, min(day, end), mode
            start = day
        mode = told
    if start < end:
        yield start, end, mode


def _first_mode(run: individual.Run) -> Mode:
    return run.opened_as or (run.months[0].mode if run.months else run.mode)
