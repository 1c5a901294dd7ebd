"""The book of one city: facts and consequences in memory, and the one way in which both grow."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from domain.decisions.consequences import additions, changes, scope
from domain.decisions.without import Without
from domain.events.recorded import Advanced, AnyConsequenceEvent, Posted
from domain.facts import Fact
from domain.facts.references import concerning
from domain.rulebook.contract import Municipality
from domain.rulebook.trail import RECORDED, Memory
from domain.rulebook.view import RESULT, View, shared_result
from domain.state.held import Held, Line, evolve
from domain.state.knowledge import Knowledge
from domain.values.calendar import Moment

SUBJECTS = ("person", "household", "employer", "provider", "fund")
_ROUNDS = 20
FUNDS = "fund:city"
"""The one subject to which the city's fund-level consequences belong."""


class Recording(Struct, frozen=True):
    """What one fact brought: what time had changed before it, the fact, and what the fact changed."""

    due: list[AnyConsequenceEvent]
    fact: Fact
    consequences: list[AnyConsequenceEvent]


class Book:
    """Facts by subject, what is held about every subject, and who looked at what (`dependents`).

    A store-backed ledger fills the same book on demand; rules only ever see a `View` of it.
    """

    def __init__(self, municipality: Municipality, knowledge: Knowledge | None = None) -> None:
        self.municipality = municipality
        self.knowledge = knowledge or Knowledge()
        self.runs: list[tuple[Advanced, Moment]] = []
        """Every run that recorded the passing of time, and when it was recorded."""
        self._events: dict[str, list[tuple[AnyConsequenceEvent, Moment]]] = {}
        self._dependents: dict[str, set[str]] = {}
        self._held: dict[str, Held] = {}
        self._accounts: dict[str, list[Line]] = {}
        self._dues: dict[str, date] = {}
        self._watched_kinds: set[str] = set()
        self._memory = Memory()
        self._results: dict[str, tuple[object, date | None]] = {}
        """Shared results as last computed."""

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
        found = self._held.get(subject)
        if found is None:
            found = self._held[subject] = Held()
        return found

    def subjects(self, kind: str) -> list[str]:
        """Every subject of a kind that facts speak of or consequences belong to."""
        known = (key for key in (*self.knowledge.keys(), *self._events) if key.startswith(f"{kind}:"))
        return list(dict.fromkeys(known))

    def journal(self, account: str) -> Sequence[Line]:
        """Recorded lines that touch an account, over all subjects."""
        return self._accounts.get(account, ())

    def events_of(self, subject: str) -> Sequence[tuple[AnyConsequenceEvent, Moment]]:
        """Every consequence event of a subject, in order."""
        return self._events.get(subject, ())

    def dependents(self, key: str) -> Iterable[str]:
        """Subjects whose results were drawn from a key."""
        return self._dependents.get(key, ())

    # How it grows

    def record(self, fact: Fact) -> Recording:
        """Take in one accepted fact: first what time alone has changed, then what the fact changes."""
        moment = fact.recorded
        self.knowledge.add(fact)
        self._memory.tell(self._keys_of(fact))
        before, after = self._before(fact), self.view(moment)
        concerned = self._concerned(fact, before, after)
        stale = [subject for subject in concerned if self._due(subject) <= moment.day]
        due = self._step(before, stale, moment, "time") if stale else []
        due += self._followed(due, "time", lambda: self._before(fact))
        if due:
            after = self.view(moment)
        found = self._continue(after, concerned, fact)
        return Recording(due, fact, found + self._followed(found, fact.id, lambda: self.view(moment)))

    def _before(self, fact: Fact) -> View:
        """What was known before the fact just filed; what is remembered looked at nothing of it."""
        return View(Without(self, fact), fact.recorded, memory=self._memory, keeps=False)

    def _followed(
        self, events: list[AnyConsequenceEvent], cause: str, look: Callable[[], View]
    ) -> list[AnyConsequenceEvent]:
        """What postings mean for those who look at the account they touched, until nothing follows any more."""
        found: list[AnyConsequenceEvent] = []
        for _ in range(_ROUNDS):
            followers = self._followers(events)
            if not followers:
                return found
            view = look()
            events = self._step(view, followers, view.moment, cause)
            found += events
        raise AssertionError(f"consequences of {cause} do not come to rest")

    def _followers(self, events: Iterable[AnyConsequenceEvent]) -> list[str]:
        touched = {
            f"account:{posting.account}"
            for event in events
            if isinstance(event, Posted)
            for posting in event.postings
            if posting.account.partition(":")[0] in self._watched()
        }
        return sorted({subject for key in touched for subject in self.dependents(key)})

    def _watched(self) -> set[str]:
        """Kinds of account whose journal somebody's results were drawn from."""
        return self._watched_kinds

    def _continue(self, view: View, concerned: list[str], fact: Fact) -> list[AnyConsequenceEvent]:
        """Add what the fact adds where that is all; compute everything for the others."""
        events: list[AnyConsequenceEvent] = []
        others: list[str] = []
        for subject in concerned:
            known = self._due(subject) > fact.recorded.day
            more = additions(self.municipality, view, fact, subject) if known else None
            if more is None:
                others.append(subject)
            else:
                events += more
        for event in events:
            self.apply(event, fact.recorded)
        if others or view.shared:
            events += self._step(view, others, fact.recorded, fact.id)
        return events

    def advance(self, moment: Moment, subjects: Iterable[str] | None = None) -> list[AnyConsequenceEvent]:
        """Record what the passing of time has changed for subjects (all of them) up to a moment."""
        everybody = self.everybody() if subjects is None else subjects
        events = self._step(self.view(moment), everybody, moment, "time")
        return events + self._followed(events, "time", lambda: self.view(moment))

    def everybody(self) -> list[str]:
        """Every subject of the city."""
        return [*(s for kind in SUBJECTS if kind != "fund" for s in self.subjects(kind)), FUNDS]

    def concerned(self, fact: Fact) -> list[str]:
        """Subjects that a recorded fact may concern, through shared results too."""
        direct, results = self._looking(fact)
        while results:
            more, results = self._split(key for name in results for key in self.dependents(name))
            direct = list(dict.fromkeys([*direct, *more]))
        return direct

    def _concerned(self, fact: Fact, before: View, after: View) -> list[str]:
        """Subjects whose results were drawn from a key of the fact, or from a shared result that it changed."""
        found, waiting = self._looking(fact)
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            known = self._results.get(name)
            old = shared_result(before, name) if known is None else known[0]
            new = shared_result(after, name)
            if old != new:
                self._memory.change((name,))
                subjects, results = self._split(sorted(self.dependents(name)))
                found += subjects
                waiting += results
        return list(dict.fromkeys(found))

    def _looking(self, fact: Fact) -> tuple[list[str], list[str]]:
        """Subjects and shared results that looked at a key of the fact, or of the fact it replaces."""
        keys = self._keys_of(fact)
        named = [key for key in keys if "|" not in key and key.split(":", 1)[0] in SUBJECTS]
        if any(key.startswith("kind:") and not key.startswith("kind:parameter_announced") for key in keys):
            named.append(FUNDS)
        subjects, results = self._split(key for each in keys for key in sorted(self.dependents(each)))
        return list(dict.fromkeys([*named, *subjects])), results

    def _keys_of(self, fact: Fact) -> list[str]:
        keys = list(concerning(fact))
        earlier = self.fact(fact.corrects) if fact.corrects else None
        return keys if earlier is None else [*keys, *concerning(earlier)]

    @staticmethod
    def _split(names: Iterable[str]) -> tuple[list[str], list[str]]:
        subjects: dict[str, None] = {}
        results: dict[str, None] = {}
        for name in names:
            (results if name.startswith(RESULT) else subjects)[name] = None
        return list(subjects), list(results)

    def view(self, moment: Moment) -> View:
        """The facts known at a moment."""
        return View(self, moment, memory=self._memory)

    def apply(self, event: AnyConsequenceEvent, recorded: Moment) -> None:
        """Take in one recorded consequence."""
        if isinstance(event, Advanced):
            self.runs.append((event, recorded))
            return
        self._events.setdefault(event.subject, []).append((event, recorded))
        evolve(self.held(event.subject), event, recorded)
        if isinstance(event, Posted):
            line = Line(event, recorded)
            for account in {posting.account for posting in event.postings}:
                self._enter(account, line)

    def _enter(self, account: str, line: Line) -> None:
        self._accounts.setdefault(account, []).append(line)

    def _step(
        self, view: View, subjects: Iterable[str], moment: Moment, cause: str
    ) -> list[AnyConsequenceEvent]:
        events: list[AnyConsequenceEvent] = []
        for subject in scope(self.municipality, view, subjects):
            looked = view.trail.started()
            events.extend(changes(self.municipality, view, subject, cause))
            read, due = looked.closed()
            own = f"{subject}|"
            self._depends(
                subject, [key for key in read if key not in (subject, RECORDED) and not key.startswith(own)]
            )
            self._note_due(subject, moment, due)
        for name, frame in view.shared.items():
            read, due = frame.closed()
            self._depends(name, [key for key in read if key != RECORDED])
            self._results[name] = (frame.value, due)
        for event in events:
            self.apply(event, moment)
        return events

    def _due(self, subject: str) -> date:
        """The first day on which time alone may change something about a subject."""
        return self._dues.get(subject, date.min)

    def due_by(self, subject: str, moment: Moment) -> date:
        """The first day on which time could change something about a subject, as known at a moment."""
        last = self.events_of(subject)
        late = (last and last[-1][1] > moment) or self.knowledge.last > moment
        return date.min if late else self._due(subject)

    def due_subjects(self, moment: Moment) -> list[str]:
        """Subjects about which time alone may have changed something by a moment."""
        return [subject for subject in self.everybody() if self._due(subject) <= moment.day]

    def _note_due(self, subject: str, moment: Moment, due: date | None) -> None:
        tomorrow = moment.day + timedelta(days=1)
        self._dues[subject] = date.max if due is None else max(due, tomorrow)

    def _watch(self, key: str) -> None:
        if key.startswith("account:"):
            self._watched_kinds.add(key.split(":")[1])

    def _depends(self, subject: str, keys: Iterable[str]) -> None:
        for key in keys:
            self._watch(key)
            self._dependents.setdefault(key, set()).add(subject)
