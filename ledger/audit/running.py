"""The audit as it runs: each city from an empty book, in parts that go to processes of their own."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

from msgspec import Struct
from msgspec.structs import replace

from domain.decisions.book import Book
from domain.facts import Fact
from domain.facts.references import references
from domain.municipalities import municipality
from domain.rulebook.contract import Municipality
from domain.values.calendar import Moment
from ledger.audit.closing import Part, PartBook, closure, parts, rows_of
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
    rules: str = ""
    """Version of the rulebook to compute with; the present one when left out."""


class _Task(Struct, frozen=True, kw_only=True):
    """A piece of an audit: a city, or a part of it."""

    city: str
    part: Part | None = None
    """None: the whole city, row by row."""
    only: frozenset[str] | None = None
    """Of the part, whose differences are wanted; None: all."""


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
    A large ledger is cut into parts of which none looks at another, one for each process.
    """
    asked = wanted or Wanted()
    for city in cities:
        municipality(city, asked.rules)  # refused before anything is computed
    workers = jobs or os.cpu_count() or 1
    alone = workers < 2 or not database or (not jobs and store.last_position() < WORTH)
    tasks = [task for city in cities for task in _tasks(store, city, asked, 1 if alone else workers)]
    if alone or len(tasks) < 2:
        found = [_audited(store, task, asked, progress) for task in tasks]
    else:
        found = []
        context = get_context("spawn")
        with ProcessPoolExecutor(min(workers, len(tasks)), mp_context=context) as pool:
            many = len(tasks)
            for one in pool.map(_elsewhere, [database] * many, tasks, [asked] * many):
                found.append(one)
                if progress is not None:
                    progress(len(found), many)
    whole = joined(found)
    if asked.person or asked.employer:
        return whole
    facts = sum(store.facts_until(city, Moment.parse(known)) for city, known in whole.cities.items())
    return replace(whole, facts=facts)  # several parts may look at the same fact


def _tasks(store: Store, city: str, wanted: Wanted, workers: int) -> Iterator[_Task]:
    only = _subjects(store, city, wanted)
    if only is not None:
        yield _Task(city=city, part=closure(store, city, only), only=frozenset(only))
    elif workers < 2:
        yield _Task(city=city)
    else:
        yield from (_Task(city=city, part=part) for part in parts(store, city, workers))


def _elsewhere(database: str, task: _Task, wanted: Wanted) -> Audit:
    """A piece in a process of its own."""
    from ledger.clock import SystemClock
    from ledger.store import open_store

    with open_store(database, clock=SystemClock()) as store:
        return _audited(store, task, wanted, None)


def _audited(store: Store, task: _Task, wanted: Wanted, progress: Progress | None) -> Audit:
    city, part, only = task.city, task.part, task.only
    town = municipality(city, wanted.rules)
    known = wanted.known or store.city_end(city)
    book = Book(town) if part is None else PartBook(town, part.subjects)
    rows = store.since() if part is None else rows_of(store, city, part)
    replay = Replay(book, known)
    with collector_paused():
        mine = (row for row in _told(rows, store, progress) if row.city == city and row.recorded <= known)
        pairs = [pair for pair in replay.pairs(mine) if only is None or pair.subject in only]
    found = list(_differences(store, city, town, pairs))
    names = store.subjects(city) if part is None else only or part.subjects
    found += table_differences(store, city, names, known)
    if wanted.on is not None:
        found = [each for each in found if each.on is None or each.on <= wanted.on]
    return Audit(
        cities={city: str(known)}, facts=replay.facts, events=replay.events, differences=tuple(found)
    )


def _told(rows: Iterable[Recorded], store: Store, progress: Progress | None) -> Iterator[Recorded]:
    """The rows, with the progress told and the garbage swept from time to time."""
    total = store.last_position()
    for number, row in enumerate(rows, 1):
        if number % SWEEP == 0:
            swept()
        if progress is not None and number % 1000 == 0:
            progress(row.position, total)
        yield row


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
