"""The book of one city, filled from the store on demand and written back in the transaction that holds the lock."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from domain.decisions.book import FUNDS, SUBJECTS, Book
from domain.events.recorded import Advanced, AnyConsequenceEvent
from domain.facts import Fact
from domain.facts.references import concerning, references
from domain.rulebook.contract import Municipality
from domain.rulebook.trail import Memory
from domain.state.held import Held, Line, evolve
from domain.values.calendar import Moment
from ledger.store import Recorded, Store
from ledger.stored_knowledge import StoredKnowledge
from projections.tables.reading import Tables

ALWAYS = Moment(2**62)
RUNS = "run:city"


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
            fresh = (subject for subject, keys in self.fresh_dependencies.items() if key in keys)
            found = self._dependents[key] = {*stored, *fresh}
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
