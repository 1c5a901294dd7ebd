"""Reading the log: streams, everything since a position, the indexes, and verification."""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any, cast

from domain.facts import Fact
from domain.facts.references import KIND, references
from domain.values.calendar import Moment
from ledger.store.chain import Examiner
from ledger.store.damage import AS_BYTES, legible, misindexed
from ledger.store.encoding import Told, bare, decode, told
from ledger.store.errors import DatabaseDamaged, DatabaseProblem
from ledger.store.looking import Looking, marks, portions
from ledger.store.machine import HEAD, Machine
from ledger.store.rows import Finding, Head, Recordable, Recorded, Row

BATCH = 4_000
_ONWARDS = "WHERE notification_id > ? ORDER BY notification_id LIMIT ?"
_READ = (
    "SELECT notification_id, originator_id, originator_version, topic, state, recorded_at, recorded_by, cause"
    " FROM stored_events"
)
# Jumps from one key to the next, so that its cost is the number of keys and not of rows.
_DISTINCT = """
WITH RECURSIVE found(key) AS (
    SELECT (SELECT {column} FROM {table} WHERE {where} {column} >= ? AND {column} < ? ORDER BY {column} LIMIT 1)
    UNION ALL
    SELECT (SELECT {column} FROM {table} WHERE {where} {column} > found.key AND {column} < ?
            ORDER BY {column} LIMIT 1)
    FROM found WHERE found.key IS NOT NULL
) SELECT key FROM found WHERE key IS NOT NULL
"""
_LAST = chr(0x10FFFF)


class Reading(Looking):
    """What can be read of a store. In a thread with an open transaction, also what that has written."""

    machine: Machine

    def stream(self, city: str, subject: str, after_version: int = 0) -> list[Recorded]:
        """The events of one subject, in order, after a version."""
        text = f"{_READ} WHERE originator_id = ? AND originator_version > ? ORDER BY originator_version"
        return list(_decoded(self.query(text, (f"{city}/{subject}", after_version))))

    def streams(self, city: str, subjects: Iterable[str]) -> dict[str, list[Recorded]]:
        """The events of several subjects at once; those without events are left out."""
        found: dict[str, list[Recorded]] = {}
        for some in portions(f"{city}/{subject}" for subject in subjects):
            text = f"{_READ} WHERE originator_id IN ({marks(some)}) ORDER BY notification_id"
            for row in _decoded(self.query(text, some)):
                found.setdefault(row.subject, []).append(row)
        return found

    def version(self, city: str, subject: str) -> int:
        """The version of the last event of a subject; 0 when there is none."""
        text = "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?"
        return self.query(text, (f"{city}/{subject}",))[0][0] or 0

    def since(self, position: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Everything after a position, in order, up to the end of the log; read in batches."""
        for rows in self._portions(_READ, position, limit):
            yield from _decoded(rows)

    def bulk(self, position: int = 0, limit: int | None = None) -> Iterator[Told]:
        """Events after a position with no more around them than a fold needs, for work on the whole log."""
        text = "SELECT notification_id, city, recorded_at, topic, state FROM stored_events"
        return chain.from_iterable(map(told, self._portions(text, position, limit)))

    def events(self, position: int = 0) -> Iterator[Recordable]:
        """Every event after a position, in order, alone: for folds of the whole log, a third faster than `bulk`."""
        text = (
            "SELECT topic, state, recorded_at FROM stored_events"
            " WHERE notification_id > ? AND notification_id <= ? ORDER BY notification_id"
        )
        last = self.last_position()
        read = (self.query(text, (at, min(at + BATCH, last))) for at in range(position, last, BATCH))
        return chain.from_iterable(map(bare, read))

    def _portions(self, text: str, position: int, limit: int | None) -> Iterator[list[Any]]:
        text = f"{text} {_ONWARDS}"
        while limit is None or limit > 0:
            size = BATCH if limit is None else min(BATCH, limit)
            rows = self.query(text, (position, size))
            yield rows
            if len(rows) < size:
                return
            position = rows[-1][0]
            limit = None if limit is None else limit - size

    def last_position(self) -> int:
        """The position of the last row; 0 when the log is empty."""
        found = self.query("SELECT position FROM log_head")
        return found[0][0] if found else 0

    def last_recorded(self) -> Moment:
        """When the last row was recorded; 0 when the log is empty."""
        found = self.query("SELECT recorded_at FROM log_head")
        return Moment(found[0][0] if found else 0)

    def city_end(self, city: str) -> Moment:
        """When the last row of a city was recorded; 0 when there is none."""
        found = self.query("SELECT recorded_at FROM city_head WHERE city = ?", (city,))
        return Moment(found[0][0] if found else 0)

    def facts_until(self, city: str, known: Moment) -> int:
        """How many facts of a city were recorded by a moment."""
        text = (
            "SELECT count(*) FROM stored_events WHERE city = ? AND fact_id IS NOT NULL AND recorded_at <= ?"
        )
        return int(self.query(text, (city, int(known)))[0][0])

    def facts(self, city: str, keys: Iterable[str]) -> list[Fact]:
        """Facts that speak of any of the keys, and those that correct or withdraw them, in recorded order."""
        return [cast(Fact, row.event) for row in self.fact_rows(city, keys)]

    def fact_rows(self, city: str, keys: Iterable[str]) -> list[Recorded]:
        """The same, with their places in the log."""
        found: dict[int, Any] = {}
        for some in portions(keys):
            rows = self.query(
                f"{_READ} WHERE notification_id IN"
                f" (SELECT position FROM fact_reference WHERE city = ? AND key IN ({marks(some)}))",
                (city, *some),
            )
            found.update((row[0], row) for row in rows)
        return list(_decoded(found[position] for position in sorted(found)))

    def fact_rows_of(self, city: str, key: str, kind: str) -> list[Recorded]:
        """Facts of one kind that speak of a key, and those that correct or withdraw them."""
        inside = "SELECT position FROM fact_reference WHERE city = ? AND key = ? AND kind = ?"
        text = f"{_READ} WHERE notification_id IN ({inside}) ORDER BY notification_id"
        return list(_decoded(self.query(text, (city, key, kind))))

    def fact_rows_under(self, city: str, keys: Iterable[str]) -> list[Recorded]:
        """Facts under any of the keys, which may be narrowed to one kind (`employer:E1|contribution_paid`)."""
        inside = "SELECT position FROM fact_reference WHERE city = ?"
        by_kind: dict[str, list[str]] = {}
        for key in keys:
            subject, _, kind = key.partition(KIND)
            by_kind.setdefault(kind, []).append(subject)
        found: dict[int, Any] = {}
        for kind, subjects in by_kind.items():
            only, more = (" AND kind = ?", (kind,)) if kind else ("", ())
            for some in portions(subjects):
                where = f"notification_id IN ({inside} AND key IN ({marks(some)}){only})"
                rows = self.query(f"{_READ} WHERE {where}", (city, *some, *more))
                found.update((row[0], row) for row in rows)
        return list(_decoded(found[position] for position in sorted(found)))

    def fact(self, city: str, fact_id: str) -> Recorded | None:
        """The fact with this id."""
        return self.facts_known(city, [fact_id]).get(fact_id)

    def facts_known(self, city: str, fact_ids: Iterable[str]) -> dict[str, Recorded]:
        """Those of the facts with these ids that are recorded, by id."""
        found: dict[str, Recorded] = {}
        for some in portions(fact_ids):
            text = f"{_READ} WHERE city = ? AND fact_id IN ({marks(some)})"
            rows = _decoded(self.query(text, (city, *some)))
            found.update((cast(Fact, row.event).id, row) for row in rows)
        return found

    def cities(self) -> list[str]:
        """Cities of which some fact is recorded."""
        text = _DISTINCT.format(column="city", table="fact_reference", where="")
        return [city for (city,) in self.query(text, ("", _LAST, _LAST))]

    def keys(self, city: str, prefix: str = "") -> list[str]:
        """Every key that facts of a city speak of, e.g. with the prefix `person:`."""
        text = _DISTINCT.format(column="key", table="fact_reference", where="city = ? AND")
        params = (city, prefix, prefix + _LAST, city, prefix + _LAST)
        return [key for (key,) in self.query(text, params)]

    def subjects(self, city: str, prefix: str = "") -> list[str]:
        """Every subject of a city that has events of its own."""
        text = _DISTINCT.format(column="originator_id", table="stored_events", where="")
        start = f"{city}/{prefix}"
        found = self.query(text, (start, start + _LAST, start + _LAST))
        return [stream.partition("/")[2] for (stream,) in found]

    def recorded_between(self, city: str, after: Moment, until: Moment) -> list[str]:
        """Subjects of a city about which something was recorded after one moment and by another."""
        text = "SELECT DISTINCT originator_id FROM stored_events WHERE city = ? AND recorded_at > ?"
        found = self.query(f"{text} AND recorded_at <= ? ORDER BY 1", (city, int(after), int(until)))
        return [stream.partition("/")[2] for (stream,) in found]

    def drawn_from(self, city: str, subjects: Iterable[str]) -> set[str]:
        """Every key from which the results of some subjects were drawn."""
        found: set[str] = set()
        for some in portions(subjects):
            text = f"SELECT key FROM subject_dependency WHERE city = ? AND subject IN ({marks(some)})"
            found.update(key for (key,) in self.query(text, (city, *some)))
        return found

    def tracked(self, name: str) -> int:
        """The position up to which a projection has been written; 0 at the start."""
        table = "tracking" if self.machine.dialect == "sqlite" else "notification_tracking"
        found = self.query(f"SELECT notification_id FROM {table} WHERE application_name = ?", (name,))
        return found[0][0] if found else 0

    def wait_for(self, position: int, timeout: float) -> int:
        """The last position, as soon as it is at least `position`, or when the time is up (seconds)."""
        deadline = time.monotonic() + timeout
        while True:
            last = self.last_position()
            left = deadline - time.monotonic()
            if last >= position or left <= 0:
                return last
            self.machine.await_word(left, position)

    def rows(self, position: int = 0) -> Iterator[Row]:
        """Rows after a position as they are stored, undecoded."""
        text = f"SELECT {self.machine.select_columns} FROM stored_events {_ONWARDS}"
        while rows := self._legible(text, position):
            yield from rows
            if rows[-1].position <= position:
                return  # a damaged tree out of order: it would give the same rows for ever
            position = rows[-1].position

    def _legible(self, text: str, position: int) -> list[Row]:
        try:
            return list(map(Row._make, self.query(text, (position, BATCH))))
        except DatabaseDamaged:
            if self.machine.dialect != "sqlite":
                raise
        return list(
            map(legible, self.query(text.replace(self.machine.select_columns, AS_BYTES), (position, BATCH)))
        )

    def verify(
        self, progress: Callable[[int], object] | None = None, every: int = 10_000
    ) -> Iterator[Finding]:
        """What is wrong with the log, first things first; nothing when every row is as it was written.

        `progress` is called with the position reached, every so many rows and at the end.
        """
        examiner = Examiner(self._head())
        below = self.query("SELECT min(notification_id) FROM stored_events")[0][0]
        if below is not None and below < 1:
            yield Finding(below, "inserted", f"position {below} is not one the ledger gave")
        facts: list[Row] = []
        for row in self.rows():
            if examiner.head is not None and row.position > examiner.head.position:
                examiner.head = self._head()  # somebody is writing
            yield from examiner.examine(row, self.rows(row.position))
            if row.fact_id is not None:
                facts.append(row)
            if len(facts) == BATCH:
                yield from self._unindexed(facts)
                facts.clear()
            if progress is not None and row.position % every == 0:
                progress(row.position)
        yield from self._unindexed(facts)
        yield from examiner.close()
        if self.machine.dialect == "sqlite":
            yield from misindexed(self.query("PRAGMA integrity_check(stored_events)"))
        if progress is not None:
            progress(examiner.position)

    def _unindexed(self, facts: list[Row]) -> Iterator[Finding]:
        """Facts that are not found under what they speak of: whoever hides a fact takes it from the index."""
        if not facts:
            return
        text = "SELECT position, city, key, kind FROM fact_reference WHERE position >= ? AND position <= ?"
        kept = set(self.query(text, (facts[0].position, facts[-1].position)))
        for row in facts:
            try:
                event = decode(row.topic, row.state, Moment(row.recorded_at))
            except (DatabaseProblem, ValueError, TypeError):
                continue  # altered, and said to be
            if not isinstance(event, Fact):
                continue
            for key in references(event):
                if (row.position, row.city, key, event.fact_kind) not in kept:
                    says = f"the fact of position {row.position} is not found under {key}"
                    yield Finding(row.position, "unindexed", says)

    def _head(self) -> Head | None:
        noted = self.query(HEAD)
        return Head(*noted[0]) if len(noted) == 1 else None


def _decoded(rows: Iterable[Any]) -> Iterator[Recorded]:
    recorded = Moment(0)
    for position, stream, version, topic, state, recorded_at, by, cause in rows:
        if recorded_at != recorded:  # seldom, where many rows were recorded together
            recorded = Moment(recorded_at)
        city, subject = _place(stream)
        event = decode(topic, state, recorded)
        yield Recorded(position, city, subject, version, topic, recorded, by, cause, event)


@lru_cache(maxsize=1 << 16)
def _place(stream: str) -> tuple[str, str]:
    city, _, subject = stream.partition("/")
    return city, subject
