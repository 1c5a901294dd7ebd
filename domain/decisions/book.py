"""The book of one city: facts and consequences in memory, and the one way in which both grow."""

from collections.abc import Iterable, Sequence

from domain.decisions.consequences import changes, scope
from domain.events.recorded import AnyConsequenceEvent
from domain.facts import Fact
from domain.facts.references import references
from domain.rulebook.contract import Municipality
from domain.rulebook.view import View
from domain.state.held import Held, Line, evolve
from domain.state.knowledge import Knowledge
from domain.values.calendar import Moment

SUBJECTS = ("person", "household", "employer", "provider", "fund")
FUNDS = "fund:city"
"""The one subject to which the city's fund-level consequences belong."""


class Book:
    """Facts by subject, what is held about every subject, and who looked at what (`dependents`).

    A store-backed ledger fills the same book on demand; rules only ever see a `View` of it.
    """

    def __init__(self, municipality: Municipality) -> None:
        self.municipality = municipality
        self.knowledge = Knowledge()
        self.events: dict[str, list[tuple[AnyConsequenceEvent, Moment]]] = {}
        self.dependents: dict[str, set[str]] = {}
        self._held: dict[str, Held] = {}
        self._evaluated: dict[str, Moment] = {}

    # What a view reads (rulebook.view.Sources)

    def facts(self, key: str) -> Sequence[Fact]:
        """Facts under a key in recorded order."""
        return self.knowledge.facts(key)

    def fact(self, identifier: str) -> Fact | None:
        """A fact by id."""
        return self.knowledge.fact(identifier)

    def replaced(self, identifier: str) -> tuple[Moment, str] | None:
        """When and by what a fact was replaced."""
        return self.knowledge.replaced(identifier)

    def order(self, identifier: str) -> int:
        """Place in the order of recording."""
        return self.knowledge.order(identifier)

    def held(self, subject: str) -> Held:
        """What is held about a subject now."""
        if subject not in self._held:
            self._held[subject] = Held()
        return self._held[subject]

    def subjects(self, kind: str) -> list[str]:
        """Every subject of a kind that facts speak of or consequences belong to."""
        known = (key for key in (*self.knowledge.keys(), *self._held) if key.startswith(f"{kind}:"))
        return list(dict.fromkeys(known))

    def journal(self, account: str) -> list[Line]:
        """Recorded lines that touch an account, over all subjects."""
        return [
            line
            for held in self._held.values()
            for line in held.journal
            if any(posting.account == account for posting in line.event.postings)
        ]

    def events_of(self, subject: str) -> list[tuple[AnyConsequenceEvent, Moment]]:
        """Every consequence event of a subject, in order."""
        return self.events.get(subject, [])

    # How it grows

    def record(self, fact: Fact) -> list[AnyConsequenceEvent]:
        """Take in one accepted fact: first what time alone has changed, then what the fact changes."""
        moment = fact.recorded
        concerned = self.concerned(fact)
        stale = [s for s in concerned if self._evaluated.get(s, Moment(0)).day < moment.day]
        before = self._step(stale, moment, "time") if self.knowledge.last else []
        self.knowledge.add(fact)
        return before + self._step(self.concerned(fact), moment, fact.id)

    def advance(self, moment: Moment) -> list[AnyConsequenceEvent]:
        """Record what the passing of time has changed for every subject up to a moment."""
        everybody = [s for kind in SUBJECTS for s in self.subjects(kind)]
        return self._step(everybody, moment, "time")

    def concerned(self, fact: Fact) -> list[str]:
        """Subjects a fact speaks of, and those whose results were drawn from the same keys."""
        keys = list(references(fact))
        if fact.corrects and (earlier := self.fact(fact.corrects)):
            keys += references(earlier)
        found = {key: None for key in keys if key.split(":", 1)[0] in SUBJECTS}
        if any(key.startswith("kind:") and key != "kind:parameter_announced" for key in keys):
            found[FUNDS] = None
        for key in keys:
            found.update(dict.fromkeys(sorted(self.dependents.get(key, ()))))
        return list(found)

    def dependents_of(self, fact: Fact) -> set[str]:
        """Subjects whose results were drawn from a key that a fact speaks of."""
        return {subject for key in references(fact) for subject in self.dependents.get(key, ())}

    def view(self, moment: Moment) -> View:
        """The facts known at a moment."""
        return View(self, moment)

    def _step(self, subjects: Iterable[str], moment: Moment, cause: str) -> list[AnyConsequenceEvent]:
        view = self.view(moment)
        events: list[AnyConsequenceEvent] = []
        for subject in scope(self.municipality, view, subjects):
            view.read = set()
            events.extend(changes(self.municipality, view, subject, cause))
            for key in view.read:
                self.dependents.setdefault(key, set()).add(subject)
            self._evaluated[subject] = moment
        for event in events:
            self.apply(event, moment)
        return events

    def apply(self, event: AnyConsequenceEvent, recorded: Moment) -> None:
        """Take in one recorded consequence."""
        self.events.setdefault(event.subject, []).append((event, recorded))
        evolve(self.held(event.subject), event, recorded)
