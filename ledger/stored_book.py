"""The book of one city, filled from the store on demand and written back in the transaction that holds the lock."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from domain.decisions.as_known import AsKnown
from domain.decisions.book import FUNDS, SUBJECTS, Book
from domain.events.recorded import Advanced, AnyConsequenceEvent
from domain.facts import Fact
from domain.facts.references import KIND, concerning, of_kind, references
from domain.rulebook.contract import Municipality
from domain.rulebook.trail import Memory
from domain.state.held import Held, Line, evolve
from domain.state.knowledge import Knowledge
from domain.values.calendar import Moment
from ledger.store import Recorded, Store
from projections.tables.reading import ALL, Tables

ALWAYS = Moment(2**62)
RUNS = "run:city"


Needs = tuple[tuple[str, ...], bool]
"""Tables that a question needs (kinds of record), and whether it needs the journal."""
EVERYTHING: Needs = (ALL, True)
NEEDS: dict[str, Needs] = {
    "benefit_status": (("period", "stalled"), False),
    "benefit_periods": (("period", "stalled"), False),
    "supplement_status": (("layer", "stalled"), False),
    "contribution_months": (("months", "stalled"), False),
    "personal_account": (("standing", "entry", "stalled"), True),
    "claim": (("claim", "stalled"), False),
    "year_totals": (("year", "stalled"), False),
    "allowance": (("allowance", "stalled"), False),
    "acceptance": (("decided", "stalled"), False),
}
"""By kind of question; every other kind needs everything."""


_SMALL = ("person", "household", "claim")
"""Subjects of which few facts speak: all are fetched at once."""


class StoredKnowledge(Knowledge):
    """Facts of the store, key by key as they are asked for."""

    def __init__(self, store: Store, city: str) -> None:
        super().__init__()
        self._store = store
        self._city = city
        self._whole: set[str] = set()
        """Subjects of which every fact is in memory."""
        self._fetched: set[str] = set()
        """Kinds of fact about a subject that are in memory."""
        self._waiting: list[Fact] = []
        """Facts that the store may not yet give back."""
        self._absent: set[str] = set()
        """Ids that were looked for and are not recorded."""

    def facts(self, key: str) -> Sequence[Fact]:
        """Every fact under a key, fetched once."""
        subject, _, kind = key.partition(KIND)
        if subject not in self._whole and key not in self._fetched:
            if kind:
                self._fetched.add(key)
                self._of_kind.pop(key, None)
                self._take(subject, self._store.fact_rows_of(self._city, subject, kind), {key})
            else:
                self._forget_subject(subject)
                self._whole.add(subject)
                self._take(subject, self._store.fact_rows(self._city, (subject,)))
        return super().facts(key)

    def _take(self, subject: str, rows: Iterable[Recorded], only: set[str] | None = None) -> None:
        """File what the store gave under a subject, and what is not yet written."""
        found = {row.event.id: self._learnt(row) for row in rows if isinstance(row.event, Fact)}
        waiting = (fact for fact in self._waiting if subject in self.keys_of(fact))
        found.update({fact.id: fact for fact in waiting if fact.id not in found})
        for fact in found.values():
            if only is None or of_kind(subject, type(fact)) in only:
                self.file(subject, fact)

    def _forget_subject(self, subject: str) -> None:
        self._whole.discard(subject)
        for place in self._kinds.pop(subject, ()):
            self._of_kind.pop(place, None)
            self._fetched.discard(place)
        self._fetched -= {each for each in self._fetched if each.startswith(f"{subject}{KIND}")}

    def fact(self, identifier: str) -> Fact | None:
        """A fact by its id, fetched once."""
        known = super().fact(identifier)
        if known is not None or identifier in self._absent:
            return known
        row = self._store.fact(self._city, identifier)
        return None if row is None else self._learnt(row)

    def prepare(self, identifiers: Iterable[str], keys: Iterable[str]) -> None:
        """Fetch at once what a batch of facts will ask for: ids that may be known, keys not yet in memory."""
        asked = {each for each in identifiers if super(StoredKnowledge, self).fact(each) is None}
        for row in self._store.facts_known(self._city, asked).values():
            self._learnt(row)
        self._absent = {each for each in asked if super(StoredKnowledge, self).fact(each) is None}
        missing = [key for key in keys if key not in self._whole and key.split(":", 1)[0] in _SMALL]
        for key in missing:
            self._forget_subject(key)
        self._whole.update(missing)
        wanted = set(missing)
        for row in self._store.fact_rows(self._city, missing):
            fact = self._learnt(row)
            for key in self.keys_of(fact):
                if key in wanted:
                    self.file(key, fact)

    def add(self, fact: Fact) -> None:
        """Take in the fact recorded last, under every key in memory; other keys are fetched when asked."""
        self.learn(fact, self.next_place)
        self._waiting.append(fact)
        for key in self.keys_of(fact):
            if key in self._whole or of_kind(key, type(fact)) in self._fetched:
                self.file(key, fact)

    def written(self) -> None:
        """What was taken in is in the store now."""
        self._waiting.clear()

    def keys_of(self, fact: Fact) -> list[str]:
        """Keys of a fact; the fact it replaces is fetched if need be."""
        if fact.corrects:
            self.fact(fact.corrects)
        return super().keys_of(fact)

    def forget(self, keys: Iterable[str]) -> None:
        """Fetch these keys again when they are asked for."""
        for key in keys:
            self._forget_subject(key)

    def _learnt(self, row: Recorded) -> Fact:
        known = super().fact(row.event.id) if isinstance(row.event, Fact) else None
        if known is not None:
            return known
        assert isinstance(row.event, Fact)
        self.learn(row.event, row.position)
        return row.event


class StoredBook(Book):
    """A book over the store: reads what it needs, keeps it, and lets go of what others have changed."""

    def __init__(self, municipality: Municipality, store: Store) -> None:
        self.store = store
        self.city = municipality.code
        super().__init__(municipality, StoredKnowledge(store, self.city))
        self.fresh_dependencies: dict[str, set[str]] = {}
        """Keys that subjects were seen to depend on and that are not yet written."""
        self.fresh_dues: dict[tuple[str, Moment], date | None] = {}
        """Days on which time matters that are not yet written."""
        self.before_tables_are_read: Callable[[], None] = lambda: None
        """Writes what waits for the tables; set by the ledger while it holds a transaction."""
        self._watched_known = False
        self._noted: dict[str, set[str]] = {}
        for row in store.stream(self.city, RUNS):
            if isinstance(row.event, Advanced):
                self.runs.append((row.event, row.recorded))

    def held(self, subject: str) -> Held:
        """What is held about a subject, replayed from its stream once."""
        found = self._held.get(subject)
        if found is None:
            found = self._held[subject] = Held()
            self._events[subject] = []
            self._fold(subject, self.store.stream(self.city, subject))
        return found

    def _fold(self, subject: str, rows: Iterable[Recorded]) -> None:
        held, past = self._held[subject], self._events[subject]
        for row in rows:
            if not isinstance(row.event, (Fact, Advanced)):
                past.append((row.event, row.recorded))
                evolve(held, row.event, row.recorded)

    def prepare(self, facts: Iterable[Fact]) -> None:
        """Fetch at once what recording a batch of facts will ask the store for."""
        assert isinstance(self.knowledge, StoredKnowledge)
        batch = list(facts)
        keys = list(dict.fromkeys(key for fact in batch for key in references(fact)))
        self.knowledge.prepare([fact.id for fact in batch if fact.id], keys)
        looked = list(dict.fromkeys(key for fact in batch for key in concerning(fact)))
        unknown = [key for key in looked if key not in self._dependents]
        for key, subjects in self.store.dependents(self.city, unknown).items():
            self._dependents[key] = set(subjects)
        for key in unknown:
            self._dependents.setdefault(key, set())
        touched = {*keys, *(subject for key in looked for subject in self._dependents[key])}
        new = [s for s in touched if s not in self._held and s.split(":", 1)[0] in SUBJECTS]
        for subject in new:
            self._held[subject], self._events[subject] = Held(), []
        for subject, rows in self.store.streams(self.city, sorted(new)).items():
            self._fold(subject, rows)

    def events_of(self, subject: str) -> Sequence[tuple[AnyConsequenceEvent, Moment]]:
        """Every consequence event of a subject, in order."""
        self.held(subject)
        return super().events_of(subject)

    def subjects(self, kind: str) -> list[str]:
        """Every subject of a kind that facts speak of or consequences belong to."""
        stored = (*self.store.keys(self.city, f"{kind}:"), *self.store.subjects(self.city, f"{kind}:"))
        return list(dict.fromkeys((*stored, *super().subjects(kind))))

    def dependents(self, key: str) -> Iterable[str]:
        """Subjects whose results were drawn from a key."""
        found = self._dependents.get(key)
        if found is None:
            stored = self.store.dependents(self.city, (key,)).get(key, ())
            found = self._dependents[key] = set(stored)
        return found

    def forget(self, rows: Iterable[Recorded] = ()) -> None:
        """Let go of what rows written by others have changed; without rows, of everything."""
        changed = list(rows)
        if not changed:
            self.__init__(self.municipality, self.store)  # type: ignore[misc]
            return
        for row in changed:
            if isinstance(row.event, Fact):
                assert isinstance(self.knowledge, StoredKnowledge)
                self.knowledge.forget(self.knowledge.keys_of(row.event))
                self.knowledge.learn(row.event, row.position)
            elif isinstance(row.event, Advanced):
                self.runs.append((row.event, row.recorded))
            else:
                self._held.pop(row.subject, None)
                self._events.pop(row.subject, None)
        self._accounts.clear()
        self._dependents.clear()
        self._noted.clear()
        self._dues.clear()
        self._results.clear()
        self._memory = Memory()

    def journal(self, account: str) -> Sequence[Line]:
        """Recorded lines that touch an account, over all subjects."""
        found = self._accounts.get(account)
        if found is None:
            self.before_tables_are_read()
            tables = Tables(self.store.select, self.store.dialect, self.city)
            found = self._accounts[account] = tables.lines(account, ALWAYS)
        return found

    def _enter(self, account: str, line: Line) -> None:
        if account in self._accounts:
            self._accounts[account].append(line)

    def _due(self, subject: str) -> date:
        """The first day on which time alone may change something about a subject."""
        found = self._dues.get(subject)
        if found is None:
            found = self._dues[subject] = self.store.due(self.city, subject, ALWAYS)
        return found

    def due_by(self, subject: str, moment: Moment) -> date:
        """The same as it was known at a moment."""
        return self.store.due(self.city, subject, moment)

    def due_subjects(self, moment: Moment) -> list[str]:
        """Subjects about which time alone may have changed something by a moment."""
        return [*self.store.due_subjects(self.city, moment.day), FUNDS]

    def _note_due(self, subject: str, moment: Moment, due: date | None) -> None:
        before = self._dues.get(subject)
        super()._note_due(subject, moment, due)
        if before != self._dues[subject]:
            day = self._dues[subject]
            self.fresh_dues[(subject, moment)] = None if day == date.max else day

    def _watched(self) -> set[str]:
        """Kinds of account whose journal somebody's results were drawn from."""
        if not self._watched_known:
            self._watched_kinds.update(self.store.watched_accounts(self.city))
            self._watched_known = True
        return self._watched_kinds

    def _depends(self, subject: str, keys: Iterable[str]) -> None:
        noted = self._noted.setdefault(subject, set())
        new = set(keys) - noted
        if new:
            noted |= new
            for key in new:
                self._watch(key)
            self.fresh_dependencies.setdefault(subject, set()).update(new)
            for key in new:
                if key in self._dependents:
                    self._dependents[key].add(subject)


class FromTables(AsKnown):
    """The same book, but what was recorded by the moment is read from the tables instead of replayed.

    Where time has changed nothing, only the tables that a kind of question needs are read.
    """

    def __init__(
        self, book: StoredBook, moment: Moment, needs: Needs = EVERYTHING, until: date = date.max
    ) -> None:
        super().__init__(book, moment)
        self._needs = needs
        self._until = until
        self._partly: dict[str, Held] = {}

    def current(self, subject: str) -> Held:
        """What holds at the moment, as far as the question needs it."""
        settled = not self.pending or self.book.due_by(subject, self.moment) > self.moment.day
        if not settled or self._needs is EVERYTHING:
            return super().current(subject)
        if subject not in self._partly:
            kinds, journal = self._needs
            self._partly[subject] = self._tables().held(
                subject, self.moment, kinds, journal=journal, until=self._until
            )
        return self._partly[subject]

    def _tables(self) -> Tables:
        book = self.book
        assert isinstance(book, StoredBook)
        return Tables(book.store.select, book.store.dialect, book.city)

    def held(self, subject: str) -> Held:
        """What the tables say was recorded about a subject by the moment."""
        if subject not in self._recorded:
            self._recorded[subject] = self._tables().held(subject, self.moment)
        return self._recorded[subject]
