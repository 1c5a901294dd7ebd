"""Benefit status, status periods and cover by supplementary layers, from the periods that hold."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from domain.errors import Unanswerable
from domain.events.consequences import BenefitPeriod, LayerCover, Problem
from domain.questions.answers import (
    BenefitPeriodsAnswer,
    BenefitStatusAnswer,
    PeriodLine,
    SupplementStatusAnswer,
)
from domain.rulebook.citation import Finding
from domain.state.held import Held
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Layer, Scheme, Status


def raised(problem: Problem, because: tuple[str, ...] = ()) -> Unanswerable:
    """A recorded problem as the error it stands for."""
    return Unanswerable(problem.code, problem.name, None, because).at(problem.date)


def benefit_status(held: Held, scheme: Scheme | None, on: date) -> Finding[BenefitStatusAnswer]:
    """Status on a day: of one scheme, or of the one that pays, or else of the one entered last."""
    there = [period for period in held.of(BenefitPeriod) if _inside(period, on)]
    if scheme is not None:
        there = [period for period in there if period.scheme is scheme]
    found = _governing(there) if there else None
    if found is None:
        return Finding(BenefitStatusAnswer(status=Status.NONE, reason="not_enrolled", scheme=scheme))
    if found.problem is not None:
        problem = raised(found.problem, found.because)
        raise problem if problem.on is not None else problem.at(on.isoformat())
    answer = BenefitStatusAnswer(
        status=found.status,
        reason=found.reason,
        scheme=found.scheme,
        capacity=found.capacity,
        employer=found.employer,
        mode=found.mode,
        tier=found.tier,
        covered_from=found.covered_from,
        covered_to=found.covered_to,
        waiting_from=found.waiting_from,
        suspended_from=found.suspended_from,
        retired_from=found.retired_from,
        arrears=found.arrears,
        maternity=found.maternity,
    )
    return Finding(answer, found.because)


def _governing(there: list[BenefitPeriod]) -> BenefitPeriod:
    paying = [period for period in there if period.status is Status.COVERED and period.problem is None]
    if paying:
        return min(paying, key=lambda period: (not period.prevails, period.scheme))
    return max(there, key=lambda period: (period.entered_on or date.min, period.status is not Status.NONE))


def _inside(period: BenefitPeriod | LayerCover, on: date) -> bool:
    return period.from_ <= on < (period.to or FAR_FUTURE)


def benefit_periods(held: Held, scheme: Scheme) -> Finding[BenefitPeriodsAnswer]:
    """All periods of a scheme in order; neighbours that differ only in detail are one."""
    lines: list[PeriodLine] = []
    because: dict[str, None] = {}
    for period in sorted(_of_scheme(held, scheme), key=lambda each: each.from_):
        if period.problem is not None and period.problem.code == "rules_not_in_force":
            if lines and lines[-1].to == period.from_:
                lines[-1] = replace(lines[-1], to=None)  # the end of a document ends no cover
            continue  # no document speaks of these days, so they have no status
        if period.problem is not None:
            raise raised(period.problem, period.because)
        because.update(dict.fromkeys(period.because))
        line = _line(period)
        if lines and lines[-1].to == line.from_ and _alike(lines[-1], line):
            lines[-1] = _line(period, lines[-1].from_)
        else:
            lines.append(line)
    return Finding(BenefitPeriodsAnswer(periods=tuple(lines)), tuple(because))


def _of_scheme(held: Held, scheme: Scheme) -> Iterable[BenefitPeriod]:
    return (period for period in held.of(BenefitPeriod) if period.scheme is scheme)


def _line(period: BenefitPeriod, from_: date | None = None) -> PeriodLine:
    return PeriodLine(
        status=period.status,
        reason=period.reason,
        from_=from_ or period.from_,
        to=period.to,
        capacity=period.capacity,
        mode=period.mode,
        tier=period.tier,
    )


def _alike(one: PeriodLine, other: PeriodLine) -> bool:
    return (one.status, one.reason, one.capacity, one.mode, one.tier) == (
        other.status,
        other.reason,
        other.capacity,
        other.mode,
        other.tier,
    )


def supplement_status(held: Held, layer: Layer, on: date) -> Finding[SupplementStatusAnswer]:
    """Whether a layer above basic insurance covers on a day."""
    for cover in held.of(LayerCover):
        if cover.layer is layer and _inside(cover, on):
            answer = SupplementStatusAnswer(status=cover.status, from_=cover.from_, to=cover.to)
            return Finding(answer, cover.because)
    return Finding(SupplementStatusAnswer(status=Status.NONE))
