"""Periods from several grounds laid over each other: what covers wins, then the ground named first."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from msgspec.structs import replace

from domain.events.consequences import BenefitPeriod
from domain.rulebook.citation import rule
from domain.values.calendar import FAR_FUTURE, add_days
from domain.values.terms import Status

_NEIGHBOURS = ("covered_from", "covered_to", "from_", "to", "because")


@rule("LZ-04e", article="第四条（四）")
def ends_with_death(died_on: date) -> date:
    """Cover ends at the end of the day of death, whenever it is reported."""
    return add_days(died_on, 1)


def composed(grounds: Sequence[BenefitPeriod], died_on: date | None) -> tuple[BenefitPeriod, ...]:
    """Periods in order without overlap; after cover has ended the days between are `none`, `cover_lapsed`."""
    if not grounds:
        return ()
    end = FAR_FUTURE
    because: tuple[str, ...] = ()
    if died_on is not None:
        ends = ends_with_death(died_on)
        end, because = ends.value, ends.because
    starts = {ground.from_ for ground in grounds} | {ground.to for ground in grounds if ground.to}
    cuts = [*sorted(day for day in starts if day < end), end]
    pieces = []
    for start, stop in pairwise(cuts):
        there = [g for g in grounds if g.from_ <= start < (g.to or FAR_FUTURE)]
        if there:
            best = min(there, key=_rank)
            pieces.append(replace(best, from_=start, to=None if stop == FAR_FUTURE else stop))
    return _with_gaps(_joined(pieces), died_on, because)


def _rank(period: BenefitPeriod) -> int:
    if period.status is Status.COVERED and period.problem is None:
        return 0
    return 1 if period.status is not Status.NONE else 2


def _joined(pieces: list[BenefitPeriod]) -> list[BenefitPeriod]:
    found: list[BenefitPeriod] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last is not None and last.to == piece.from_ and _same(last, piece):
            found[-1] = replace(last, to=piece.to)
        else:
            found.append(piece)
    return found


def _same(one: BenefitPeriod, other: BenefitPeriod) -> bool:
    return replace(one, from_=other.from_, to=other.to) == other


def _with_gaps(
    pieces: list[BenefitPeriod], died_on: date | None, because: tuple[str, ...]
) -> tuple[BenefitPeriod, ...]:
    found: list[BenefitPeriod] = []
    was_covered = False
    for number, piece in enumerate(pieces):
        if found and found[-1].to != piece.from_ and found[-1].to is not None:
            found.append(_gap(found[-1], found[-1].to, piece.from_, was_covered))
        was_covered = was_covered or piece.status is Status.COVERED
        found.append(_in_block(pieces, number))
    if found and found[-1].to is not None:
        last = found[-1]
        gap = _gap(last, last.to or last.from_, None, was_covered)
        if died_on is not None and last.to == add_days(died_on, 1):
            gap = replace(gap, because=because)
        found.append(gap)
    return tuple(found)


def _gap(before: BenefitPeriod, from_: date, to: date | None, was_covered: bool) -> BenefitPeriod:
    return BenefitPeriod(
        person=before.person,
        scheme=before.scheme,
        from_=from_,
        to=to,
        status=Status.NONE,
        reason="cover_lapsed" if was_covered else "not_enrolled",
        entered_on=before.entered_on,
        because=before.because,
    )


def _in_block(pieces: list[BenefitPeriod], number: int) -> BenefitPeriod:
    """A covered piece with first and last day of the unbroken cover it belongs to."""
    piece = pieces[number]
    if piece.status is not Status.COVERED or piece.problem is not None:
        return piece
    first = number
    while first and _continues(pieces[first - 1], pieces[first]):
        first -= 1
    last = number
    while last + 1 < len(pieces) and _continues(pieces[last], pieces[last + 1]):
        last += 1
    return replace(piece, covered_from=pieces[first].from_, covered_to=pieces[last].to)


def _continues(one: BenefitPeriod, other: BenefitPeriod) -> bool:
    both = one.status is Status.COVERED is other.status and one.problem is None is other.problem
    return both and one.to == other.from_
