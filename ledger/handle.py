"""The one thing that every edge (command line, HTTP, console) stands on: record, import, advance, ask, keep."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused
from domain.facts import Fact
from domain.facts.reading import read_fact
from domain.municipalities import municipality
from domain.questions.reading import read_question
from domain.values.calendar import Moment
from ledger.ask import answer
from ledger.clock import Clock, SystemClock
from ledger.collecting import collector_paused
from ledger.from_tables import EVERYTHING, NEEDS, FromTables
from ledger.proof.verifying import verified
from ledger.rebuilding import batches
from ledger.receipts import Receipt, Rejected, Verification
from ledger.store import Store, open_store, passing_store
from ledger.store.rights import grant_again
from ledger.stored_book import StoredBook
from ledger.writing import Writer
from projections.rebuild import rebuilt

if TYPE_CHECKING:
    from ledger.proof.checkpoints import Checkpoint

Source = Literal["tables", "replay"]
CHUNK = 500
"""Facts of an import that share a transaction; a killed import loses at most these, never part of one."""


class Ledger:
    """The facts and consequences of every city in one database."""

    def __init__(self, store: Store, *, clock: Clock, recorded_by: str, database: str | None = None) -> None:
        self.store = store
        self._database = database
        self._clock = clock
        self._writer = Writer(store, recorded_by)

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
        with ExitStack() as opened:
            store = opened.enter_context(
                open_store(database, clock=time, migrate=migrate or database is None)
            )
            ledger = cls(store, clock=time, recorded_by=recorded_by, database=database)
            opened.pop_all()  # else nobody would close a store whose end cannot be read
        return ledger

    @classmethod
    @contextmanager
    def fresh(cls, database: str | None = None, *, recorded_by: str = "case") -> Iterator["Ledger"]:
        """A ledger of its own that is gone afterwards: in memory, or in a schema of its own on PostgreSQL."""
        clock = SystemClock()
        with passing_store(database, clock=clock) as store:
            yield cls(store, clock=clock, recorded_by=recorded_by)

    # Recording

    def signed(self, name: str) -> AbstractContextManager[None]:
        """Whatever is recorded inside is recorded in this name (`recorded_by`)."""
        return self._writer.signed(name)

    def record(self, told: Mapping[str, Any], *, city: str = "", keep_recorded: bool = False) -> Receipt:
        """Record one fact with all its consequences, or refuse it whole (InputRefused).

        `keep_recorded` lets an import carry its own recorded times; otherwise the store stamps now.
        """
        with collector_paused():
            return self._writer.record(read_fact(told, city), keep_recorded)

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
        with collector_paused():
            read = [(number, _read(told, city)) for number, told in chunk]
            return self._writer.record_many(read, keep_recorded)

    def advance(self, to: date, *, city: str | None = None) -> dict[str, int]:
        """Record what the passing of time has changed up to the end of a day: events by city."""
        return {code: sum(n for _, n in self.advancing(to, code)) for code in self._codes(city)}

    def advancing(self, to: date, city: str) -> Iterator[tuple[str, int]]:
        """The run of one city, in one transaction: each subject and how many events it brought."""
        return self._writer.advancing(to, city)

    # Asking

    def ask(self, asked: Mapping[str, Any], *, city: str = "", source: Source = "tables") -> dict[str, Any]:
        """Answer a question of facts v1 as its answer object; InputRefused when the question is malformed."""
        question = read_question(asked)
        code = question.city or city or self._only_city()
        known: Moment = question.known  # type: ignore[attr-defined]
        with collector_paused():
            return answer(self._looking(code, known, question, source), question)

    def as_known(self, city: str, moment: Moment, *, source: Source = "tables") -> AsKnown:
        """The book of a city at a moment of knowledge, for explanations and statements."""
        self._writer.catch_up()
        book = self._book(municipality(city).code)
        return FromTables(book, moment) if source == "tables" else AsKnown(book, moment)

    def _looking(self, city: str, moment: Moment, question: Any, source: Source) -> AsKnown:
        """The book at a moment, with no more read from the tables than the question needs."""
        if source == "replay":
            return self.as_known(city, moment, source=source)
        self._writer.catch_up()
        needs = NEEDS.get(str(question.__struct_config__.tag), EVERYTHING)
        until = getattr(question, "on", None) or date.max
        return FromTables(self._book(municipality(city).code), moment, needs, until)

    def cities(self) -> list[str]:
        """Division codes of the cities about which something is recorded."""
        return self.store.cities()

    # Keeping

    def verify(
        self, progress: Callable[[int, int], None] | None = None, checkpoint: "Checkpoint | None" = None
    ) -> Verification:
        """Recompute the chain of hashes over the whole log; then the checkpoints, and one published elsewhere."""
        rows = self.store.last_position()
        told = None if progress is None else (lambda position: progress(position, rows))
        return verified(self.store, rows, told, checkpoint)

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
        """Make every table anew from the log, beside the live ones, and switch: rows by table."""
        with collector_paused():
            made = rebuilt(self.store, partial(batches, self.store, self._database), progress)
        grant_again(self.store)
        return made

    def forget(self) -> None:
        """Let go of everything in memory; it is read again from the database when it is asked for."""
        self._writer.forget()

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    # Inside

    def _only_city(self) -> str:
        cities = self.cities()
        if len(cities) != 1:
            raise InputRefused("field_missing", "city", "say which city is meant: `city` or --city")
        return cities[0]

    def _codes(self, city: str | None) -> list[str]:
        return self.cities() if city is None else [municipality(city).code]

    def _book(self, city: str) -> StoredBook:
        return self._writer.book(city)


def _read(told: Mapping[str, Any], city: str) -> Fact | InputRefused:
    try:
        return read_fact(told, city)
    except InputRefused as refusal:
        return refusal
