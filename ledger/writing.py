"""The one write path: whoever records anything does it here, under the lock, with its consequences and tables."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from msgspec.structs import replace

from domain.decisions.admission import admit, repeated
from domain.errors import InputRefused
from domain.events.recorded import Advanced, AnyConsequenceEvent
from domain.facts import Fact
from domain.municipalities import folders, municipality
from domain.values.calendar import Moment
from ledger.receipts import Receipt, Rejected
from ledger.store import Store, Transaction
from ledger.stored_book import RUNS, StoredBook
from projections.rebuild import TABLES
from projections.tables.rows import Place, operations
from projections.tables.writing import Batch


class Writer:
    """Keeps the books of the cities in step with the store, and writes what facts and time bring."""

    def __init__(self, store: Store, recorded_by: str) -> None:
        self.store = store
        self._by = recorded_by
        self._books: dict[str, StoredBook] = {}
        self._seen = store.last_position()
        self._batch = Batch(store.dialect)

    @contextmanager
    def signed(self, name: str) -> Iterator[None]:
        """Whatever is recorded inside is recorded in this name (`recorded_by`)."""
        before, self._by = self._by, name
        try:
            yield
        finally:
            self._by = before

    def record(self, fact: Fact, keep_recorded: bool) -> Receipt:
        """One fact in a transaction of its own; InputRefused leaves everything as it was."""
        with self._writing() as transaction:
            self._prepare((fact,))
            return self._record(transaction, fact, keep_recorded)

    def record_many(
        self, read: list[tuple[int, Fact | InputRefused]], keep_recorded: bool
    ) -> list[Receipt | Rejected]:
        """Numbered facts in one transaction; what is refused is left out whole."""
        with self._writing() as transaction:
            return self._record_each(transaction, read, keep_recorded)

    def advancing(self, to: date, city: str) -> Iterator[tuple[str, int]]:
        """The run of one city, in one transaction: each subject and how many events it brought."""
        with self._writing() as transaction:
            book = self.book(city)
            moment = Moment(max(transaction.last_recorded(city), min(transaction.now, Moment.end_of(to))))
            made = 0
            for subject in book.due_subjects(moment):
                events = book.advance(moment, (subject,))
                self._append(transaction, city, events, moment)
                made += len(events)
                yield subject, len(events)
            run = Advanced(subject=RUNS, to=to, rules=book.municipality.version)
            if made or book.runs[-1:] != [(run, moment)]:  # else: run again, e.g. after a kill
                self._append(transaction, city, [run], moment)
                book.runs.append((run, moment))

    def book(self, city: str) -> StoredBook:
        """The book of a city, by the code of its municipality."""
        if city not in self._books:
            self._books[city] = StoredBook(municipality(city), self.store)
        return self._books[city]

    def forget(self) -> None:
        """Let go of everything in memory; it is read again from the database when it is asked for."""
        self._books.clear()

    def catch_up(self, last: int | None = None) -> None:
        """Take notice of what others have recorded since, up to the last position."""
        last = self.store.last_position() if last is None else last
        if last == self._seen:
            return
        rows = list(self.store.since(self._seen)) if last > self._seen else []
        for code, book in self._books.items():
            mine = [row for row in rows if row.city == code]
            if mine or not rows:
                book.forget(mine)
        self._seen = last

    def _prepare(self, facts: Iterable[Fact]) -> None:
        by_city: dict[str, list[Fact]] = {}
        for fact in facts:
            if fact.city in folders():
                by_city.setdefault(municipality(fact.city).code, []).append(fact)
        for city, mine in by_city.items():
            self.book(city).prepare(mine)

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        """Hold the write lock; whatever goes wrong inside, nothing is written and nothing wrong is remembered."""
        try:
            with self.store.transaction() as transaction:
                self.catch_up(transaction.head.position)
                for book in self._books.values():
                    book.before_tables_are_read = lambda: self._flush(transaction)
                yield transaction
                self._flush(transaction)
                reached = transaction.head.position
        except BaseException:
            self._books.clear()
            self._batch = Batch(self.store.dialect)
            raise
        for book in self._books.values():
            book.knowledge.written()
        self._seen = reached

    def _record_each(
        self, transaction: Transaction, read: Sequence[tuple[int, Fact | InputRefused]], keep_recorded: bool
    ) -> list[Receipt | Rejected]:
        results: list[Receipt | Rejected] = []
        self._prepare(fact for _, fact in read if isinstance(fact, Fact))
        for number, fact in read:
            try:
                if isinstance(fact, InputRefused):
                    raise fact
                results.append(self._record(transaction, fact, keep_recorded))
            except InputRefused as refusal:
                code, field, said = refusal.code, refusal.name, refusal.message
                results.append(Rejected(line=number, code=code, field=field, message=said))
        return results

    def _record(self, transaction: Transaction, fact: Fact, keep_recorded: bool) -> Receipt:
        town = municipality(fact.city)
        book = self.book(town.code)
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
        self._batch.flush(transaction.cursor(), TABLES, transaction.head.position)

    def _receipt(self, fact: Fact, position: int, consequences: int, *, repeated: bool = False) -> Receipt:
        return Receipt(
            id=fact.id,
            city=fact.city,
            position=position,
            recorded=str(fact.recorded),
            consequences=consequences,
            repeated=repeated,
        )
