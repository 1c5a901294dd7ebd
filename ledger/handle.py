"""The one write path and the one way to ask: what every edge (command line, HTTP, console) stands on."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.decisions.admission import admit, repeated
from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused
from domain.events.recorded import Advanced, AnyConsequenceEvent
from domain.facts import Fact
from domain.facts.reading import read_fact
from domain.municipalities import folders, municipality
from domain.questions.reading import read_question
from domain.values.calendar import Moment
from ledger.ask import answer
from ledger.clock import Clock, SystemClock
from ledger.store import Store, Transaction, open_store, passing_store
from ledger.stored_book import EVERYTHING, NEEDS, RUNS, FromTables, StoredBook
from projections.rebuild import TABLES, rebuilt
from projections.tables.rows import Place, operations
from projections.tables.writing import Batch

Source = Literal["tables", "replay"]
CHUNK = 500
"""Facts of an import that share a transaction; a killed import loses at most these, never part of one."""


class Receipt(Struct, frozen=True, kw_only=True):
    """What became of one recorded fact: its id and position, and how many consequences it had."""

    id: str
    city: str
    position: int
    recorded: str
    consequences: int
    repeated: bool = False
    """The same fact was recorded before; nothing changed."""


class Rejected(Struct, frozen=True, kw_only=True):
    """One line of an import that was refused: nothing of it was recorded."""

    line: int
    code: str
    field: str
    message: str


class Verification(Struct, frozen=True, kw_only=True):
    """Whether the log is whole; otherwise the first row at which it is not, and what is wrong there."""

    ok: bool
    rows: int
    problem: str | None = None
    position: int | None = None


class Ledger:
    """The facts and consequences of every city in one database."""

    def __init__(self, store: Store, *, clock: Clock, recorded_by: str) -> None:
        self.store = store
        self._clock = clock
        self._by = recorded_by
        self._books: dict[str, StoredBook] = {}
        self._seen = store.last_position()
        self._batch = Batch(store.dialect)

    @classmethod
    def open(
        cls,
        database: str | None = None,
        *,
        migrate: bool = False,
        recorded_by: str = "operator",
        clock: Clock | None = None,
    ) -> "Ledger":
        """Open a ledger: None = in memory, a path = SQLite file, a URL = PostgreSQL.

        `migrate` creates or upgrades the schema; without it a missing or older one is refused (DatabaseProblem).
        """
        time = clock or SystemClock()
        store = open_store(database, clock=time, migrate=migrate or database is None)
        return cls(store, clock=time, recorded_by=recorded_by)

    @classmethod
    @contextmanager
    def fresh(cls, database: str | None = None, *, recorded_by: str = "case") -> Iterator["Ledger"]:
        """A ledger of its own that is gone afterwards: in memory, or in a schema of its own on PostgreSQL."""
        clock = SystemClock()
        with passing_store(database, clock=clock) as store:
            yield cls(store, clock=clock, recorded_by=recorded_by)

    # Recording

    def record(self, told: Mapping[str, Any], *, city: str = "", keep_recorded: bool = False) -> Receipt:
        """Record one fact with all its consequences, or refuse it whole (InputRefused).

        `keep_recorded` lets an import carry its own recorded times; otherwise the store stamps now.
        """
        fact = read_fact(told, city)
        with self._writing() as transaction:
            return self._record(transaction, fact, keep_recorded)

    def import_facts(
        self, lines: Iterable[tuple[int, Mapping[str, Any]]], *, city: str = "", keep_recorded: bool = True
    ) -> Iterator[Receipt | Rejected]:
        """Record many facts (line number, decoded object) in order; each line is recorded or rejected whole.

        Results come once they are durable, a transaction of up to CHUNK facts at a time.
        """
        chunk: list[tuple[int, Mapping[str, Any]]] = []
        for line in lines:
            chunk.append(line)
            if len(chunk) == CHUNK:
                yield from self._import_chunk(chunk, city, keep_recorded)
                chunk = []
        if chunk:
            yield from self._import_chunk(chunk, city, keep_recorded)

    def _import_chunk(
        self, chunk: list[tuple[int, Mapping[str, Any]]], city: str, keep_recorded: bool
    ) -> list[Receipt | Rejected]:
        read = [(number, _read(told, city)) for number, told in chunk]
        results: list[Receipt | Rejected] = []
        with self._writing() as transaction:
            self._prepare(fact for _, fact in read if isinstance(fact, Fact))
            for number, fact in read:
                try:
                    if isinstance(fact, InputRefused):
                        raise fact
                    results.append(self._record(transaction, fact, keep_recorded))
                except InputRefused as refusal:
                    refused = Rejected(
                        line=number, code=refusal.code, field=refusal.name, message=refusal.message
                    )
                    results.append(refused)
        return results

    def _prepare(self, facts: Iterable[Fact]) -> None:
        by_city: dict[str, list[Fact]] = {}
        for fact in facts:
            if fact.city in folders():
                by_city.setdefault(municipality(fact.city).code, []).append(fact)
        for city, mine in by_city.items():
            self._book(city).prepare(mine)

    def advance(self, to: date, *, city: str | None = None) -> dict[str, int]:
        """Record what the passing of time has changed up to the end of a day: events by city."""
        return {code: sum(n for _, n in self.advancing(to, code)) for code in self._codes(city)}

    def advancing(self, to: date, city: str) -> Iterator[tuple[str, int]]:
        """The run of one city, in one transaction: each subject and how many events it brought."""
        with self._writing() as transaction:
            book = self._book(city)
            moment = Moment(max(transaction.last_recorded(city), min(transaction.now, Moment.end_of(to))))
            for subject in book.due_subjects(moment):
                events = book.advance(moment, (subject,))
                self._append(transaction, city, events, moment)
                yield subject, len(events)
            self._append(transaction, city, [Advanced(subject=RUNS, to=to)], moment)
            book.runs.append((Advanced(subject=RUNS, to=to), moment))

    # Asking

    def ask(self, asked: Mapping[str, Any], *, city: str = "", source: Source = "tables") -> dict[str, Any]:
        """Answer a question of facts v1 as its answer object; InputRefused when the question is malformed."""
        question = read_question(asked)
        code = question.city or city or self._only_city()
        known: Moment = question.known  # type: ignore[attr-defined]
        kind = str(question.__struct_config__.tag)
        return answer(self.as_known(code, known, source=source, asked=kind), question)

    def as_known(self, city: str, moment: Moment, *, source: Source = "tables", asked: str = "") -> AsKnown:
        """The book of a city at a moment of knowledge, for explanations and statements.

        `asked`: the only kind of question that it must answer; other tables are then not read.
        """
        self._catch_up()
        book = self._book(municipality(city).code)
        if source == "replay":
            return AsKnown(book, moment)
        return FromTables(book, moment, NEEDS.get(asked, EVERYTHING))

    def cities(self) -> list[str]:
        """Division codes of the cities about which something is recorded."""
        return self.store.cities()

    # Keeping

    def verify(self, progress: Callable[[int, int], None] | None = None) -> Verification:
        """Recompute the chain of hashes over the whole log."""
        rows = self.store.last_position()
        told = None if progress is None else (lambda position: progress(position, rows))
        finding = next(self.store.verify(told), None)
        if finding is None:
            return Verification(ok=True, rows=rows)
        return Verification(ok=False, rows=rows, problem=finding.says, position=finding.position)

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
        """Make every table anew from the log, beside the live ones, and switch: rows by table."""
        return rebuilt(self.store, progress)

    def forget(self) -> None:
        """Let go of everything in memory; it is read again from the database when it is asked for."""
        self._books.clear()

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    # Inside

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        """Hold the write lock; whatever goes wrong inside, nothing is written and nothing wrong is remembered."""
        try:
            with self.store.transaction() as transaction:
                self._catch_up()
                for book in self._books.values():
                    book.before_tables_are_read = lambda: self._flush(transaction)
                yield transaction
                self._flush(transaction)
        except BaseException:
            self._books.clear()
            self._batch = Batch(self.store.dialect)
            raise
        self._seen = self.store.last_position()

    def _record(self, transaction: Transaction, fact: Fact, keep_recorded: bool) -> Receipt:
        town = municipality(fact.city)
        book = self._book(town.code)
        book.before_tables_are_read = lambda: self._flush(transaction)
        if fact.id and repeated(replace(fact, city=town.code), book):
            earlier = self.store.fact(town.code, fact.id)
            assert earlier is not None
            known = replace(fact, city=town.code, recorded=earlier.recorded)
            return self._receipt(known, earlier.position, 0, repeated=True)
        told = fact.recorded or Moment.end_of(fact.on)
        recorded = told if keep_recorded else transaction.now
        complete = replace(fact, recorded=recorded, id=fact.id or uuid.uuid4().hex, city=town.code)
        book.knowledge.last = transaction.last_recorded(town.code)
        book.knowledge.next_place = transaction.head.position + 1
        admit(complete, book)
        recording = book.record(complete)
        self._append(transaction, town.code, recording.due, recorded)
        position = self._append(transaction, town.code, [complete], recorded)
        self._append(transaction, town.code, recording.consequences, recorded)
        return self._receipt(complete, position, len(recording.consequences))

    def _append(
        self,
        transaction: Transaction,
        city: str,
        events: list[AnyConsequenceEvent] | list[Fact] | list[Advanced],
        recorded: Moment,
    ) -> int:
        if not events:
            return 0
        receipt = transaction.append(events, city=city, recorded_by=self._by, recorded=recorded)
        for number, event in enumerate(events):
            if not isinstance(event, Fact):
                place = Place(city, receipt.first + number, recorded)
                self._batch.take(operations(event, place))
        return receipt.first

    def _flush(self, transaction: Transaction) -> None:
        for code, book in self._books.items():
            for subject, keys in book.fresh_dependencies.items():
                transaction.depend(code, subject, sorted(keys))
            book.fresh_dependencies.clear()
            for (subject, moment), day in book.fresh_dues.items():
                transaction.matter(code, subject, moment, day)
            book.fresh_dues.clear()
        transaction.flush()
        self._batch.flush(transaction.cursor(), TABLES, self.store.last_position())

    def _catch_up(self) -> None:
        """Take notice of what others have recorded since."""
        last = self.store.last_position()
        if last == self._seen:
            return
        rows = list(self.store.since(self._seen)) if last > self._seen else []
        for code, book in self._books.items():
            mine = [row for row in rows if row.city == code]
            if mine or not rows:
                book.forget(mine)
        self._seen = last

    def _only_city(self) -> str:
        cities = self.cities()
        if len(cities) != 1:
            raise InputRefused("field_missing", "city", "say which city is meant: `city` or --city")
        return cities[0]

    def _codes(self, city: str | None) -> list[str]:
        return self.cities() if city is None else [municipality(city).code]

    def _book(self, city: str) -> StoredBook:
        if city not in self._books:
            self._books[city] = StoredBook(municipality(city), self.store)
        return self._books[city]

    def _receipt(self, fact: Fact, position: int, consequences: int, *, repeated: bool = False) -> Receipt:
        return Receipt(
            id=fact.id,
            city=fact.city,
            position=position,
            recorded=str(fact.recorded),
            consequences=consequences,
            repeated=repeated,
        )


def _read(told: Mapping[str, Any], city: str) -> Fact | InputRefused:
    try:
        return read_fact(told, city)
    except InputRefused as refusal:
        return refusal
