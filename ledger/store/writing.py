"""Appending under the write lock: stamps, versions, the chain, and the indexes in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import Tracking

from domain.facts import Fact
from domain.facts.references import references
from domain.values.calendar import Moment
from ledger.store.chain import chained
from ledger.store.encoding import Encoded, encode
from ledger.store.errors import Conflict, NotInOrder
from ledger.store.machine import Batch, Dialect, Writing
from ledger.store.rows import Head, Receipt, Recordable, Row

if TYPE_CHECKING:
    from ledger.store.log import Store

_KEYS_OF_FACT = (
    "SELECT r.key, r.kind FROM fact_reference r JOIN stored_events e ON e.notification_id = r.position"
    " WHERE e.city = ? AND e.fact_id = ?"
)
_DUE = (
    "INSERT INTO subject_due (city, subject, known_from, day) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (city, subject, known_from) DO UPDATE SET day = excluded.day"
)


class Transaction:
    """Everything in it is written together or not at all. It belongs to the thread that opened it.

    Appends are collected and written by `flush`: before anything is read, and at the end.
    """

    def __init__(
        self, store: "Store", writing: Writing, versions: dict[str, int], lasts: dict[str, Moment]
    ) -> None:
        self._store = store
        self._machine = store.machine
        self._writing = writing
        self._versions = versions
        self._batch = Batch([], [], [], {})
        self._clock = store.clock.read()
        self.head: Head = writing.head
        self._lasts = lasts
        self._dues: list[tuple[str, str, int, str | None]] = []
        self.size = 0
        """Bytes of events appended."""

    @property
    def connection(self) -> Any:
        """The driver's connection (sqlite3 or psycopg), for tables that are written together with the events."""
        return self._writing.connection

    def cursor(self) -> Any:
        """A cursor of this transaction that gives plain tuples."""
        return self._machine.cursor(self._writing.connection)

    @property
    def dialect(self) -> Dialect:
        """Which SQL `connection` speaks."""
        return self._machine.dialect

    @property
    def now(self) -> Moment:
        """What `recorded` will be: the clock under the write lock, never before the last of the log."""
        return Moment(max(self._clock, self.head.recorded_at))

    def append(
        self,
        events: Sequence[Recordable],
        *,
        city: str,
        recorded_by: str,
        expected: Mapping[str, int] | None = None,
        recorded: Moment | None = None,
    ) -> Receipt:
        """Append events of one city. `expected`: versions of subjects as they were read, else Conflict.

        `recorded` is for imports that bring their own times; they may stand still but not go back.
        """
        moment = self._moment(recorded, city)
        encoded = [encode(event) for event in events]
        self._look_up(city, [*(e.subject for e in encoded), *(expected or ())])
        for subject, version in (expected or {}).items():
            found = self._versions.get(f"{city}/{subject}", 0)
            if found != version:
                raise Conflict(f"{city}/{subject}", version, found)
        first = self.head.position + 1
        for event, columns in zip(events, encoded, strict=True):
            self._add(columns, city, recorded_by, moment)
            if isinstance(event, Fact):
                self._refer(event, city)
        return Receipt(first, self.head.position, moment)

    def depend(self, city: str, subject: str, keys: Iterable[str]) -> None:
        """Note that the results of a subject were drawn from what is known under these keys."""
        pairs = [(city, key, subject) for key in keys]
        self._batch.dependencies.extend(pair for pair in pairs if pair not in self._store.known_dependencies)

    def matter(self, city: str, subject: str, known_from: Moment, day: date | None) -> None:
        """Note the first day on which time alone may change something about a subject; None = never."""
        self._dues.append((city, subject, int(known_from), None if day is None else day.isoformat()))

    def track(self, name: str, position: int) -> None:
        """Note that a projection has been written up to a position, together with its tables."""
        if position > self._store.tracked(name):
            self._machine.track(self._writing, Tracking(name, position))

    def flush(self) -> None:
        """Write what has been collected."""
        batch = self._batch
        if any(batch):
            self._batch = Batch([], [], [], {})
            self._machine.write(self._writing, batch, self.head)
            self._store.noted_dependencies.extend(batch.dependencies)
        if self._dues:
            dues, self._dues = self._dues, []
            self._writing.cursor.executemany(self._machine.sql(_DUE), dues)

    def last_recorded(self, city: str) -> Moment:
        """When something was last recorded about a city."""
        if city not in self._lasts:
            found = self._store.query("SELECT recorded_at FROM city_head WHERE city = ?", (city,))
            self._lasts[city] = Moment(found[0][0] if found else 0)
        return self._lasts[city]

    def _moment(self, recorded: Moment | None, city: str) -> Moment:
        last = self.last_recorded(city)
        moment = Moment(max(self.now, last)) if recorded is None else recorded
        if moment < last:
            raise NotInOrder(moment, last)
        if moment > last:
            self._lasts[city] = moment
            self._batch.ends[city] = int(moment)
        return moment

    def _look_up(self, city: str, subjects: Iterable[str]) -> None:
        streams = dict.fromkeys(f"{city}/{subject}" for subject in subjects)
        unknown = [stream for stream in streams if stream not in self._versions]
        if unknown:
            found = self._machine.versions(self._writing.cursor, unknown)
            self._versions.update((stream, found.get(stream, 0)) for stream in unknown)

    def _add(self, columns: Encoded, city: str, by: str, moment: Moment) -> None:
        stream = f"{city}/{columns.subject}"
        version = self._versions[stream] = self._versions[stream] + 1
        bare = Row(
            self.head.position + 1,
            stream,
            version,
            columns.topic,
            columns.state,
            int(moment),
            int(self._clock),
            by,
            city,
            columns.effective_on,
            columns.fact_id,
            columns.cause,
            b"",
        )
        row = chained(self.head.hash, bare)
        self._batch.rows.append(row)
        self.head = Head(row.position, max(row.recorded_at, self.head.recorded_at), row.hash)
        self.size += len(columns.state)

    def _refer(self, fact: Fact, city: str) -> None:
        """A fact is found under what it speaks of, and under what the fact it corrects speaks of."""
        keys = dict.fromkeys((key, fact.fact_kind) for key in references(fact))
        if fact.corrects:
            earlier = self._store.query(_KEYS_OF_FACT, (city, fact.corrects))
            keys.update(dict.fromkeys(map(tuple, earlier)))
        self._batch.references.extend((city, key, kind, self.head.position) for key, kind in keys)
