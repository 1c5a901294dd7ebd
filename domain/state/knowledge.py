"""The facts of one city by subject, in the order in which they were recorded."""

from collections.abc import Iterable, Sequence

from domain.facts import Fact
from domain.facts.references import references
from domain.values.calendar import Moment


class Knowledge:
    """Facts by key, and when each was replaced or withdrawn. Grows at the end only."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[Fact]] = {}
        self._by_id: dict[str, Fact] = {}
        self._replaced: dict[str, tuple[Moment, str]] = {}
        self._order: dict[str, int] = {}
        self.last = Moment(0)

    def add(self, fact: Fact) -> None:
        """Take in the fact recorded last."""
        self._by_id[fact.id] = fact
        self._order[fact.id] = len(self._order)
        self.last = Moment(max(self.last, fact.recorded))
        if fact.corrects:
            self._replaced[fact.corrects] = (fact.recorded, fact.id)
        for key in references(fact):
            self._by_key.setdefault(key, []).append(fact)

    def extend(self, facts: Iterable[Fact]) -> None:
        """Take in several facts in recorded order."""
        for fact in facts:
            self.add(fact)

    def facts(self, key: str) -> Sequence[Fact]:
        """Every fact under a key, replaced ones included, in recorded order."""
        return self._by_key.get(key, ())

    def keys(self) -> Iterable[str]:
        """Every key under which something is known."""
        return self._by_key.keys()

    def fact(self, identifier: str) -> Fact | None:
        """A fact by its id, replaced or not."""
        return self._by_id.get(identifier)

    def replaced(self, identifier: str) -> tuple[Moment, str] | None:
        """When and by which fact a fact was replaced or withdrawn, if it was."""
        return self._replaced.get(identifier)

    def order(self, identifier: str) -> int:
        """Place of a fact in the order of recording."""
        return self._order[identifier]
