"""The facts of one city by subject and kind, in the order in which they were recorded."""

from collections.abc import Iterable, Sequence

from domain.facts import Fact, Withdrawal
from domain.facts.references import KIND, of_kind, references
from domain.values.calendar import Moment


class Knowledge:
    """Facts by key, and when each was replaced or withdrawn. Grows at the end only.

    A key is a subject (`person:P1`) or a subject and a kind (`person:P1|enrolled`).
    """

    def __init__(self) -> None:
        self._of_kind: dict[str, list[Fact]] = {}
        self._kinds: dict[str, dict[str, None]] = {}
        self._by_id: dict[str, Fact] = {}
        self._replaced: dict[str, tuple[Moment, str]] = {}
        self._order: dict[str, int] = {}
        self.next_place = 1
        """Place in the log that the next fact will take, or an earlier one after all that are known."""
        self.last = Moment(0)

    def add(self, fact: Fact) -> None:
        """Take in the fact recorded last."""
        self.learn(fact, self.next_place)
        for key in self.keys_of(fact):
            self.file(key, fact)

    def written(self) -> None:
        """What was taken in is safe; a book without a store has nothing to do."""

    def file(self, key: str, fact: Fact) -> None:
        """File a fact under a subject; a withdrawal is known by what it withdraws."""
        if not isinstance(fact, Withdrawal):
            place = of_kind(key, type(fact))
            self._kinds.setdefault(key, {})[place] = None
            self._of_kind.setdefault(place, []).append(fact)

    def learn(self, fact: Fact, order: int) -> None:
        """Know a fact by its id, and what it replaces; `order` is its place in the log."""
        self._by_id[fact.id] = fact
        self._order[fact.id] = order
        self.next_place = max(self.next_place, order + 1)
        self.last = Moment(max(self.last, fact.recorded))
        if fact.corrects:
            self._replaced[fact.corrects] = (fact.recorded, fact.id)

    def keys_of(self, fact: Fact) -> list[str]:
        """Subjects under which a fact is filed: its own, and those of the fact it replaces."""
        keys = dict.fromkeys(references(fact))
        earlier = self._by_id.get(fact.corrects) if fact.corrects else None
        if earlier is not None:
            keys.update(dict.fromkeys(self.keys_of(earlier)))
        return list(keys)

    def facts(self, key: str) -> Sequence[Fact]:
        """Every fact under a key, replaced ones included, in recorded order."""
        if KIND in key:
            return self._of_kind.get(key, ())
        found = [fact for place in self._kinds.get(key, ()) for fact in self._of_kind[place]]
        return sorted(found, key=lambda fact: self._order[fact.id])

    def keys(self) -> Iterable[str]:
        """Every subject about which something is known."""
        return self._kinds.keys()

    def fact(self, identifier: str) -> Fact | None:
        """A fact by its id, replaced or not."""
        return self._by_id.get(identifier)

    def replaced(self, identifier: str) -> tuple[Moment, str] | None:
        """When and by which fact a fact was replaced or withdrawn, if it was."""
        return self._replaced.get(identifier)

    def order(self, identifier: str) -> int:
        """Place of a fact in the order of recording."""
        return self._order[identifier]
