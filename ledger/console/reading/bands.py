"""Status over both dates: bands of days in force, one strip for each stretch of time in which they were so known."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from domain.events.consequences import BenefitPeriod
from domain.events.recorded import Determined, Withdrawn
from domain.facts import Fact
from domain.state.held import Held
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Scheme, Status
from ledger.console.reading.axis import Axis
from ledger.store import Recorded

Periods = tuple[BenefitPeriod, ...]


class Band(Struct, frozen=True):
    """A period as it is drawn and listed; neighbours that differ only in detail are one."""

    status: str
    reason: str | None
    first: date
    last: date | None
    period: BenefitPeriod


class Strip(Struct, frozen=True):
    """What was known of a scheme from the end of one day until the end of another."""

    since: date
    until: date | None
    bands: tuple[Band, ...]
    causes: tuple[str, ...]
    """The facts that brought it; `time` for the passing of time."""

    def on(self, day: date) -> Band | None:
        """The band in which a day lies."""
        return next((b for b in self.bands if b.first <= day < (b.last or FAR_FUTURE)), None)


def strips(rows: Iterable[Recorded], scheme: Scheme) -> list[Strip]:
    """How the periods of a scheme were known over time; `rows` are the stream of the person."""
    prefix = f"period/{scheme}/"
    held: dict[str, BenefitPeriod] = {}
    found: list[Strip] = []
    for row in rows:
        if isinstance(row.event, Fact) or not _told(row.event, prefix):
            continue
        if isinstance(row.event, Determined):
            assert isinstance(row.event.record, BenefitPeriod)
            held[row.event.record.key] = row.event.record
        elif isinstance(row.event, Withdrawn):
            held.pop(row.event.key, None)
        _note(found, row.recorded.day, tuple(held.values()), row.event.cause)
    return _merged([strip for strip in found if strip.bands])


def _told(event: object, prefix: str) -> bool:
    if isinstance(event, Determined):
        return event.record.key.startswith(prefix)
    return isinstance(event, Withdrawn) and event.key.startswith(prefix)


def _note(found: list[Strip], day: date, periods: Periods, cause: str) -> None:
    """The state after one more event; only the last of a day counts."""
    causes: tuple[str, ...] = (cause,)
    if found and found[-1].since == day:
        causes = tuple(dict.fromkeys((*found.pop().causes, cause)))
    found.append(Strip(day, None, tuple(bands(periods)), causes))


def _merged(found: Sequence[Strip]) -> list[Strip]:
    """Strips that look alike as one, each with the day on which the next begins."""
    kept: list[Strip] = []
    for strip in found:
        if not kept or _looks(kept[-1]) != _looks(strip):
            kept.append(strip)
    ends = [*(strip.since for strip in kept[1:]), None]
    return [Strip(s.since, end, s.bands, s.causes) for s, end in zip(kept, ends, strict=False)]


def _looks(strip: Strip) -> list[tuple[object, ...]]:
    return [(band.status, band.reason, band.first, band.last) for band in strip.bands]


def bands_of(held: Held, scheme: Scheme) -> list[Band]:
    """The bands that hold, of one scheme."""
    return bands(period for period in held.of(BenefitPeriod) if period.scheme is scheme)


def bands(periods: Iterable[BenefitPeriod]) -> list[Band]:
    """Periods in order, those in which nothing can be said and those before any cover left out."""
    found: list[Band] = []
    for period in sorted(periods, key=lambda each: each.from_):
        if period.problem is not None and period.problem.code == "rules_not_in_force":
            if found and found[-1].last == period.from_:
                found[-1] = replace(found[-1], last=None)  # the end of a document ends no cover
            continue
        status: str = "problem" if period.problem else period.status
        reason = period.problem.code if period.problem else period.reason
        if status == Status.NONE and not found:
            continue
        last = found[-1] if found else None
        if last and (last.status, last.reason, last.last) == (status, reason, period.from_):
            found[-1] = Band(status, reason, last.first, period.to, period)
        else:
            found.append(Band(status, reason, period.from_, period.to, period))
    return found


def span(days: Sequence[date], *shown: date) -> Axis:
    """An axis that holds all these days, with room at both ends."""
    every = [*days, *shown]
    first, last = min(every), max(every)
    room = timedelta(days=max((last - first).days // 60, 20))
    return Axis(first - room, last + room)
