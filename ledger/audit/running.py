"""The audit as it runs: each city from an empty book, several cities in processes of their own."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

from msgspec import Struct

from domain.decisions.book import Book
from domain.facts import Fact
from domain.facts.references import references
from domain.municipalities import municipality
from domain.rulebook.contract import Municipality
from domain.values.calendar import Moment
from ledger.audit.closing import PartBook, closure
from ledger.audit.findings import Audit, Cause, Difference, effective, joined, moved, plain
from ledger.audit.replaying import Pair, Replay
from ledger.audit.tables import table_differences
from ledger.changing import on_roll
from ledger.collecting import collector_paused, swept
from ledger.store import Recorded, Store

WORTH = 20_000
"""Events from which processes of their own pay."""
SWEEP = 5_000
"""Rows after which recent garbage is collected."""
Progress = Callable[[int, int], None]


class Wanted(Struct, frozen=True, kw_only=True):
    """What is audited: everything, or one person, or one employer with everyone on its roll; and the dates."""

    person: str = ""
    employer: str = ""
    on: date | None = None
    """Only what is in force on or before this day."""
    known: Moment | None = None
    """Only what was recorded by then; the end of each city's log when left out."""


def audit(
    store: Store,
    cities: Sequence[str],
    wanted: Wanted | None = None,
    *,
    database: str = "",
    jobs: int = 0,
    progress: Progress | None = None,
) -> Audit:
    """Recompute every consequence of some cities and list what differs from what is recorded.

    `database` is how another process opens the same ledger; without it everything runs in this one.
    """
    asked = wanted or Wanted()
    workers = min(jobs or os.cpu_count() or 1, len(cities))
    if workers < 2 or not database or (not jobs and store.last_position() < WORTH):
        return joined(_audit_city(store, city, asked, progress) for city in cities)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        parts = []
        for part in pool.map(_elsewhere, [database] * len(cities), cities, [asked] * len(cities)):
            parts.append(part)
            if progress is not None:
                progress(len(parts), len(cities))
    return joined(parts)


def _elsewhere(database: str, city: str, wanted: Wanted) -> Audit:
    """One city in a process of its own."""
    from ledger.clock import SystemClock
    from ledger.store import open_store

    with open_store(database, clock=SystemClock()) as store:
        return _audit_city(store, city, wanted, None)


def _audit_city(store: Store, city: str, wanted: Wanted, progress: Progress | None) -> Audit:
    town = municipality(city)
    last = Moment(0)
    total = store.last_position()
    only = _subjects(store, city, wanted)
    part = None if only is None else closure(store, city, only)

    def rows() -> Iterator[Recorded]:
        nonlocal last
        for row in store.since():
            if row.position % SWEEP == 0:
                swept()
            if progress is not None and row.position % 1000 == 0:
                progress(row.position, total)
            if row.city == city and (wanted.known is None or row.recorded <= wanted.known):
                last = row.recorded
                yield row

    replay = Replay(Book(town) if part is None else PartBook(town, part), wanted.known)
    with collector_paused():
        pairs = [pair for pair in replay.pairs(rows()) if only is None or pair.subject in only]
    known = wanted.known or last
    found = list(_differences(store, city, town, pairs))
    names = store.subjects(city) if only is None else only
    found += table_differences(store, city, names, known)
    if wanted.on is not None:
        found = [each for each in found if each.on is None or each.on <= wanted.on]
    return Audit(
        cities={city: str(known)}, facts=replay.facts, events=replay.events, differences=tuple(found)
    )


def _subjects(store: Store, city: str, wanted: Wanted) -> set[str] | None:
    """The subjects that are audited; None means all."""
    if wanted.person:
        return {f"person:{wanted.person}"}
    if not wanted.employer:
        return None
    return on_roll(store, city, wanted.employer)


def _differences(store: Store, city: str, town: Municipality, pairs: Iterable[Pair]) -> Iterator[Difference]:
    altered: _Altered | None = None
    for pair in pairs:
        altered = altered or _Altered(store, city)
        row, event = pair.row, pair.event
        old = None if row is None or isinstance(row.event, Fact) else row.event
        of = old or event
        fact = "" if of is None else of.cause
        yield Difference(
            city=city,
            subject=pair.subject,
            key=pair.key,
            why=_why(pair, town, altered, fact),
            known=str(pair.moment),
            fact=fact,
            position=None if row is None else row.position,
            rules=pair.version,
            recorded=plain(old),
            recomputed=plain(event),
            money=dict(moved(old, event)),
            on=effective(of),
        )


def _why(pair: Pair, town: Municipality, altered: "_Altered", fact: str) -> Cause:
    """The cause of a difference: what the log itself proves first."""
    position = None if pair.row is None else pair.row.position
    if altered.explains(position, pair.subject, fact):
        return Cause.ALTERED_DATA
    if pair.due:
        return Cause.MISSING_ADVANCE
    return Cause.RULES_ALTERED if pair.version == town.version else Cause.RULE_VERSION


class _Altered:
    """Rows of the log that are not as they were written, and whom they are about. Read only when something differs."""

    def __init__(self, store: Store, city: str) -> None:
        findings = list(store.verify())
        self._positions = {finding.position for finding in findings}
        self._removed = any(finding.what in ("removed", "reordered", "inserted") for finding in findings)
        self._facts: set[str] = set()
        self._subjects: set[str] = set()
        for position in sorted(self._positions):
            for row in store.since(position - 1, 1):
                if row.position == position and row.city == city:
                    self._note(row)

    def _note(self, row: Recorded) -> None:
        if isinstance(row.event, Fact):
            self._facts.add(row.event.id)
            self._subjects.update(references(row.event))
        else:
            self._subjects.add(row.subject)

    def explains(self, position: int | None, subject: str, fact: str) -> bool:
        """Whether an altered row is, or may be, behind a difference."""
        if position in self._positions or fact in self._facts or subject in self._subjects:
            return True
        return position is None and self._removed
