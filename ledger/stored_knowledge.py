"""The facts of one city, fetched from the store as they are asked for."""

from collections.abc import Iterable, Sequence

from domain.facts import Fact
from domain.facts.references import KIND, of_kind, references
from domain.state.knowledge import Knowledge
from domain.values.calendar import Moment
from ledger.store import Recorded, Store

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
        self._alone: set[str] = set()
        """Ids of facts fetched by id: what replaced them has not been fetched with them."""

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
        return None if row is None else self._learnt_alone(row)

    def replaced(self, identifier: str) -> tuple[Moment, str] | None:
        """When and by which fact a fact was replaced or withdrawn; the facts beside it are fetched if need be."""
        if identifier in self._alone:
            self._alone.discard(identifier)
            fact = super().fact(identifier)
            assert fact is not None
            self.facts(of_kind(references(fact)[0], type(fact)))
        return super().replaced(identifier)

    def prepare(self, identifiers: Iterable[str], keys: Iterable[str]) -> None:
        """Fetch at once what a batch of facts will ask for: ids that may be known, keys not yet in memory."""
        asked = {each for each in identifiers if super(StoredKnowledge, self).fact(each) is None}
        for row in self._store.facts_known(self._city, asked).values():
            self._learnt_alone(row)
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

    def _learnt_alone(self, row: Recorded) -> Fact:
        fact = self._learnt(row)
        self._alone.add(fact.id)
        return fact

    def _learnt(self, row: Recorded) -> Fact:
        known = super().fact(row.event.id) if isinstance(row.event, Fact) else None
        if known is not None:
            return known
        assert isinstance(row.event, Fact)
        self.learn(row.event, row.position)
        return row.event
