"""The one write path and the one way to ask: what every edge (command line, HTTP, console) stands on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from domain.decisions.admission import admit, repeated
from domain.decisions.as_known import AsKnown
from domain.decisions.book import Book
from domain.errors import InputRefused
from domain.facts import Fact
from domain.facts.reading import read_fact
from domain.municipalities import municipality
from domain.questions.reading import read_question
from domain.values.calendar import Moment
from ledger.ask import answer


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


class Ledger:
    """The facts and consequences of every city in one database."""

    def __init__(self) -> None:
        self._books: dict[str, Book] = {}
        self._position = 0

    @classmethod
    def open(
        cls, database: str | None = None, *, migrate: bool = False, recorded_by: str = "operator"
    ) -> "Ledger":
        """Open a ledger: None = in memory, a path = SQLite file, a URL = PostgreSQL."""
        return cls()

    def record(self, told: Mapping[str, Any], *, city: str = "", keep_recorded: bool = False) -> Receipt:
        """Record one fact with all its consequences, or refuse it whole (InputRefused).

        `keep_recorded` lets an import carry its own recorded times; otherwise the store stamps now.
        """
        fact = self._complete(read_fact(told, city))
        book = self._book(fact.city)
        if repeated(fact, book):
            return self._receipt(fact, 0, repeated=True)
        admit(fact, book)
        self._position += 1
        return self._receipt(fact, len(book.record(fact).consequences))

    def import_facts(
        self, lines: Iterable[tuple[int, Mapping[str, Any]]], *, city: str = "", keep_recorded: bool = True
    ) -> Iterator[Receipt | Rejected]:
        """Record many facts (line number, decoded object) in order; each line is recorded or rejected whole."""
        for number, told in lines:
            try:
                yield self.record(told, city=city, keep_recorded=keep_recorded)
            except InputRefused as refusal:
                yield Rejected(line=number, code=refusal.code, field=refusal.name, message=refusal.message)

    def advance(self, to: date, *, city: str | None = None) -> dict[str, int]:
        """Record what the passing of time has changed up to the end of a day: events by city."""
        books = {code: book for code, book in self._books.items() if city in (None, code)}
        return {code: len(book.advance(Moment.end_of(to))) for code, book in books.items()}

    def ask(self, asked: Mapping[str, Any], *, city: str = "") -> dict[str, Any]:
        """Answer a question of facts v1 as its answer object; InputRefused when the question is malformed."""
        question = read_question(asked)
        book = self._book(question.city or city or self._only_city())
        return answer(AsKnown(book, question.known), question)  # type: ignore[attr-defined]

    def as_known(self, city: str, moment: Moment) -> AsKnown:
        """The book of a city at a moment of knowledge, for explanations and statements."""
        return AsKnown(self._book(city), moment)

    def cities(self) -> list[str]:
        """Division codes of the cities about which something is recorded."""
        return sorted(self._books)

    def close(self) -> None:
        """Let go of the database."""

    def _only_city(self) -> str:
        if len(self._books) != 1:
            raise InputRefused("field_missing", "city", "say which city is meant: `city` or --city")
        return next(iter(self._books))

    def _book(self, city: str) -> Book:
        town = municipality(city)
        if town.code not in self._books:
            self._books[town.code] = Book(town)
        return self._books[town.code]

    def _complete(self, fact: Fact) -> Fact:
        town = municipality(fact.city)
        identifier = fact.id or f"{town.code}-{self._position + 1}"
        return replace(fact, recorded=fact.recorded or Moment.end_of(fact.on), id=identifier, city=town.code)

    def _receipt(self, fact: Fact, consequences: int, *, repeated: bool = False) -> Receipt:
        return Receipt(
            id=fact.id,
            city=fact.city,
            position=self._position,
            recorded=str(fact.recorded),
            consequences=consequences,
            repeated=repeated,
        )
