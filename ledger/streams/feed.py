"""The log as pages of CloudEvents: every event once, in the order in which it was recorded.

Positions are given under the write lock, in commit order and without gaps (decision 0002), so whoever reads
everything after a position up to the noted end of the log has missed nothing and will be told nothing twice.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from domain.events.recorded import Advanced, Determined, Posted, Withdrawn
from domain.facts import Fact, Withdrawal
from domain.values.calendar import CHINA, Moment
from ledger.store import DatabaseDamaged, Recorded, Store
from ledger.store.encoding import decode
from ledger.streams.envelope import EVERYTHING, CloudEvent, Filter, Page, position_refused
from ledger.streams.lineage import Lineage
from ledger.streams.pseudonyms import Identity, Pseudonyms, identity
from ledger.streams.types import PREFIX, SCHEMA, topics_of, type_of, wanted_types
from ledger.streams.wire import written

if TYPE_CHECKING:
    from ledger.handle import Ledger

LIMIT = 500
MOST = 5_000
_LOOKED_AT = 20_000
"""Rows that one page looks at when the filter must see each of them: then it ends, however few were wanted."""
_EPOCH = datetime(1970, 1, 1, tzinfo=CHINA)
_COLUMNS = (
    "SELECT notification_id, city, originator_id, originator_version, topic, recorded_at, recorded_by, cause, state"
    " FROM stored_events WHERE notification_id > {} AND notification_id <= {}"
)


def page(
    ledger: "Ledger",
    after: int = 0,
    filter: Filter = EVERYTHING,  # noqa: A002
    limit: int = LIMIT,
    *,
    identifiers: bool = False,
    hindsight: bool = False,
) -> Page:
    """Events after a position, at most `limit` (1 to 5,000). InputRefused `position_unknown` beyond the log's end.

    Without `identifiers` persons, households, claims and facts have pseudonyms, and names are left out. With
    `hindsight` each event that has been replaced since says by which one.
    """
    return Reader(ledger.store, filter, identifiers=identifiers, hindsight=hindsight).page(after, limit)


def position_of(ledger: "Ledger", recorded: date | Moment) -> int:
    """The position after which everything recorded on or after a day in China (or a moment) stands.

    Imports may bring older times later in the log: what stands behind the first such row is included.
    """
    start = recorded if isinstance(recorded, Moment) else Moment.start_of(recorded)
    text = (
        "SELECT notification_id FROM stored_events WHERE recorded_at >= {} ORDER BY notification_id LIMIT 1"
    )
    found = ledger.store.select(text.format(_mark(ledger.store)("start")), {"start": int(start)})
    return found[0][0] - 1 if found else ledger.store.last_position()


class Reader:
    """Reads pages for one consumer: one filter, one right to identifiers."""

    def __init__(
        self,
        store: Store,
        filter: Filter = EVERYTHING,  # noqa: A002
        *,
        identifiers: bool = False,
        hindsight: bool = False,
    ) -> None:
        self.store = store
        self._identity: Identity = identity(store)
        self._hide = None if identifiers else Pseudonyms(self._identity.key)
        self._hindsight = hindsight
        self._wanted = _Wanted(filter, store, hidden=not identifiers)

    def page(self, after: int, limit: int = LIMIT) -> Page:
        """Events after a position, at most `limit`."""
        head = self.store.last_position()
        if not 0 <= after <= head:
            raise position_refused(after, head)
        rows, reached = self._rows(after, head, min(max(limit, 1), MOST))
        lineage = Lineage(self.store, rows, hindsight=self._hindsight)
        return Page([self._event(row, lineage) for row in rows], reached, head)

    def _rows(self, after: int, head: int, limit: int) -> tuple[list[Recorded], int]:
        """Wanted rows, and the position up to which every row was looked at."""
        found: list[Recorded] = []
        start = position = after
        where = self._wanted.where()
        while position < head:
            size = limit if self._wanted.exact else max(limit, 1_000)
            rows = list(self._read(position, head, size, *where))
            for row in rows:
                if not self._wanted.exact and not self._wants(row):
                    continue
                found.append(row)
                if len(found) == limit:
                    return found, row.position
            if len(rows) < size:
                self._nothing_missing(rows[-1].position if rows else position, head)
            position = rows[-1].position if len(rows) == size else head
            if position - start >= _LOOKED_AT and not self._wanted.exact:
                break
        return found, position

    def _nothing_missing(self, last: int, head: int) -> None:
        if self._wanted.everything and last < head:
            raise DatabaseDamaged(f"position {last + 1} of the log is missing")

    def _read(self, after: int, head: int, size: int, where: str, of: dict[str, Any]) -> Iterator[Recorded]:
        mark = _mark(self.store)
        text = _COLUMNS.format(mark("after"), mark("head")) + where
        params = {"after": after, "head": head, "size": size, **of}
        expected = after
        for row in self.store.select(f"{text} ORDER BY notification_id LIMIT {mark('size')}", params):
            position, city, stream, version, topic, recorded_at, by, cause, state = row
            self._nothing_missing(expected, position - 1)
            expected = position
            recorded = Moment(recorded_at)
            event = decode(topic, state, recorded)
            yield Recorded(
                position, city, stream.partition("/")[2], version, topic, recorded, by, cause, event
            )

    def _wants(self, row: Recorded) -> bool:
        wanted = self._wanted
        if wanted.types and type_of(row.event) not in wanted.types:
            return False
        return not wanted.subjects or self._shown(row.subject) in wanted.subjects

    def _shown(self, subject: str) -> str:
        return subject if self._hide is None else self._hide.subject(subject)

    def _event(self, row: Recorded, lineage: Lineage) -> CloudEvent:
        name = type_of(row.event)
        before, fact = lineage.before(row), lineage.fact(row)
        after = lineage.after(row) if self._hindsight else None
        cause = row.event.id if isinstance(row.event, Fact) else row.event.cause
        subject, on = self._shown(row.subject), _effective(row)
        return CloudEvent(
            id=str(row.position),
            source=self._identity.source,
            type=PREFIX + name,
            subject=subject,
            time=f"{on.isoformat()}T00:00:00+08:00" if on else UNSET,
            dataschema=SCHEMA + name,
            recordedtime=_instant(row.recorded),
            sequence=f"{row.position:020d}",
            partitionkey=f"{row.city}/{subject}",
            city=row.city,
            cause=cause if self._hide is None else self._hide.cause(cause),
            causationid=UNSET if fact is None else str(fact),
            supersedes=UNSET if before is None else str(before),
            supersededby=UNSET if after is None else str(after),
            data=_data(row, self._hide),
        )


class _Wanted:
    """A filter as SQL, and what SQL cannot decide."""

    def __init__(self, given: Filter, store: Store, *, hidden: bool) -> None:
        self._store = store
        self.types, self.subjects = wanted_types(given.types), frozenset(given.subjects)
        self._cities = given.cities
        # A pseudonym cannot be looked up: whoever may not know the identifier may not ask for it either.
        self._visible = () if hidden else sorted(self.subjects)
        coarse = any("." in each and not each.startswith("fact.") for each in self.types)
        self.exact = not coarse and not (self.subjects and hidden)
        """Whether SQL decides everything."""
        self.everything = not (self.types or self.subjects or given.cities)

    def where(self) -> tuple[str, dict[str, Any]]:
        """Conditions and their parameters. Made for each page: a city may have come since the last."""
        conditions: list[tuple[str, Sequence[str]]] = [("city", self._cities)] if self._cities else []
        if self.types:
            conditions.append(("topic", topics_of(self.types)))
        if self._visible:
            cities = self._cities or [
                city for (city,) in self._store.select("SELECT city FROM city_head", {})
            ]
            streams = [f"{city}/{subject}" for city in cities for subject in self._visible]
            conditions.append(("originator_id", streams or [""]))
        text, params = "", dict[str, Any]()
        for column, values in conditions:
            names = [f"{column}{number}" for number in range(len(values))]
            text += f" AND {column} IN ({', '.join(map(_mark(self._store), names))})"
            params.update(zip(names, values, strict=True))
        return text, params


def _mark(store: Store) -> Any:
    return (":{}" if store.dialect == "sqlite" else "%({})s").format


def _instant(moment: Moment) -> str:
    return (_EPOCH + timedelta(microseconds=int(moment))).isoformat()


def _effective(row: Recorded) -> date | None:
    event: Any = row.event
    if isinstance(event, Determined):
        event = event.record
    on: date | None = (
        getattr(event, "on", None) or getattr(event, "from_", None) or getattr(event, "to", None)
    )
    return on


def _data(row: Recorded, hide: Pseudonyms | None) -> dict[str, Any]:
    """The event itself: a fact in the form of facts v1, a result with its key."""
    event = row.event
    if isinstance(event, Withdrawal):
        told = written(event, hide)
        return {"fact": told.pop("withdraws"), "void": True, **told}
    if isinstance(event, Fact):
        return {"fact": event.fact_kind, **written(event, hide)}
    if isinstance(event, Determined):
        key = event.record.key
        told = {
            "key": key if hide is None else hide.key(key),
            "replaces": event.replaces,
            "rules": event.rules,
        }
        return {**told, **written(event.record, hide)}
    assert isinstance(event, (Withdrawn, Posted, Advanced))
    return written(event, hide)


__all__: Sequence[str] = ("LIMIT", "MOST", "Reader", "page", "position_of")
