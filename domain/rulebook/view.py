"""Everything the rules may see: the facts known at one moment. Knowledge is cut here, once."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar, cast

from domain.errors import FactMissing, Unanswerable
from domain.facts import ClaimSubmitted, Fact, PersonDied, PersonRegistered, ProviderRegistered, Withdrawal
from domain.facts.references import KIND, of_kind, references
from domain.rulebook.trail import RECORDED, Frame, Memory, Trail
from domain.state.held import Held, Line
from domain.values.calendar import Moment

F = TypeVar("F", bound=Fact)
T = TypeVar("T")
_DAY = timedelta(days=1)
RESULT = "result:"
"""How the names of shared results begin, where keys are meant otherwise."""


class Sources(Protocol):
    """Where a view reads: facts in recorded order, and what was recorded about subjects before."""

    def facts(self, key: str) -> Sequence[Fact]:
        """Every fact under a key such as `person:P1`, in recorded order."""

    def fact(self, identifier: str) -> Fact | None:
        """A fact by id."""

    def replaced(self, identifier: str) -> tuple[Moment, str] | None:
        """When and by which fact a fact was replaced or withdrawn."""

    def order(self, identifier: str) -> int:
        """Place in the order of recording."""

    def held(self, subject: str) -> Held:
        """What the ledger holds about a subject (recorded consequences)."""

    def subjects(self, kind: str) -> Sequence[str]:
        """Every known subject of a kind (`person`, `household`, `employer`, `provider`, `fund`)."""

    def journal(self, account: str) -> Sequence[Line]:
        """Every recorded journal line that touches an account, whichever subject it belongs to."""


class View:
    """The facts recorded on or before `moment`, without those replaced or withdrawn by then.

    Rules read facts with `facts(Kind, person=...)`, ordered by effective date and then by recording.
    The trail collects what was looked at: a later fact under one of these keys, or the day on which time
    alone may change something, concerns whoever was computed.
    """

    def __init__(
        self,
        sources: Sources,
        moment: Moment,
        trail: Trail | None = None,
        memory: Memory | None = None,
        keeps: bool = True,
    ) -> None:
        self.sources = sources
        self.trail = trail or Trail()
        self._moment = moment
        self._day = moment.day
        self._is_past = trail is not None
        self._memory = memory
        self._keeps = keeps
        """False for a view that may use what is remembered but not add to it: it does not see all facts."""
        self._frames: dict[Hashable, Frame] = {}
        self._known: dict[str, list[Fact]] = {}
        self._chosen: dict[tuple[type[Fact], str], tuple[list[Any], str]] = {}
        self._past: dict[Moment, View] = {}
        self.shared: dict[str, Frame] = {}
        """Shared results computed in this view, by name."""

    @property
    def moment(self) -> Moment:
        """The moment of knowledge. Whoever looks here must be computed again every day."""
        self._note(date.min)
        return self._moment

    @property
    def today(self) -> date:
        """The China day of the moment of knowledge: an obligation due after it is not yet broken.

        Whoever looks here must be computed again every day; `reached` and `over` say more precisely when.
        """
        self._note(date.min)
        return self._day

    @property
    def known_on(self) -> date:
        """The day of knowledge, for a computation that has said by `reached` when it must be repeated."""
        return self._day

    def reached(self, day: date) -> bool:
        """True from that day on."""
        if self._day >= day:
            return True
        self._note(day)
        return False

    def over(self, day: date) -> bool:
        """True once that day has passed, e.g. the last day to pay."""
        return self.reached(day + _DAY) if day < date.max else False

    def at(self, moment: Moment) -> "View":
        """What was known at an earlier moment; whatever is read there counts for whoever asks here."""
        if moment >= self._moment:
            return self
        if moment not in self._past:
            self._past[moment] = View(self.sources, moment, self.trail)
        return self._past[moment]

    @property
    def read(self) -> set[str]:
        """Keys that the present computation has looked at."""
        return self.trail.current.read

    def known(self, key: str) -> list[Fact]:
        """Every fact in force of knowledge under a key, by effective date, then by recording."""
        self.trail.current.read.add(key)
        return self._of(key)

    def _of(self, key: str) -> list[Fact]:
        found = self._known.get(key)
        if found is None:
            found = [fact for fact in self.sources.facts(key) if self._is_known(fact, key)]
            found.sort(key=_effective)
            self._known[key] = found
        return found

    def facts(self, kind: type[F], **subject: str) -> list[F]:
        """Known facts of one kind about one subject, e.g. `facts(Enrolled, person="P1")`, or about nobody."""
        if subject:
            ((name, identifier),) = subject.items()
            key = f"{name}:{identifier}"
        else:
            key = f"kind:{kind.__struct_config__.tag}"
        found = self._chosen.get((kind, key))
        if found is None:
            place = of_kind(key, kind)
            found = self._chosen[(kind, key)] = (cast(list[Any], self._of(place)), place)
        self.trail.current.read.add(found[1])
        return found[0]

    def order(self, fact: Fact) -> int:
        """Place of a fact in the order of recording (ties on one effective date)."""
        return self.sources.order(fact.id)

    def kept(self, key: Hashable, compute: Callable[[], T], name: str = "") -> T:
        """Compute something once per view; what it read counts again for whoever asks next.

        With a `name` it is a shared result: whoever asks depends on the result and not on what it read.
        """
        frame = self._frames.get(key) or self.recalled(key)
        if frame is None:
            outer, frame = self.trail.current, Frame()
            self.trail.current = frame
            try:
                frame.value = compute()
            finally:
                self.trail.current = outer
                outer.used.add(frame)
            self._frames[key] = frame
            if self._memory is not None and self._keeps:
                self._memory.keep(key, frame)
            if name and not self._is_past:
                frame.name = name
                self.shared[name] = frame
        else:
            self.trail.current.used.add(frame)
        return cast(T, frame.value)

    def recalled(self, key: Hashable) -> Frame | None:
        """A result kept from an earlier view that is still right here."""
        if self._memory is None:
            return None
        frame = self._memory.recall(key, self._day, before=not self._keeps)
        if frame is not None:
            self._frames[key] = frame
            if frame.name:
                self.shared[frame.name] = frame
        return frame

    def _note(self, due: date) -> None:
        if not self._is_past:
            self.trail.current.note(due)

    def held(self, subject: str) -> Held:
        """What was recorded about a subject before this moment (settlements and postings so far)."""
        self.trail.current.read.add(RECORDED)
        return self.sources.held(subject)

    def journal(self, account: str) -> Sequence[Line]:
        """Recorded journal lines of an account, over all subjects."""
        self.trail.current.read.update((f"account:{account}", RECORDED))
        return self.sources.journal(account)

    def person(self, person: str, on: date | None = None) -> PersonRegistered:
        """Who a person is: the fields reported up to `on` (later ones fill what is missing)."""
        registered = self.facts(PersonRegistered, person=person)
        ordered = [f for f in registered if on is None or f.on <= on]
        ordered = [f for f in reversed(registered) if f not in ordered] + ordered
        merged: dict[str, Any] = {"person": person, "on": on or date(1, 1, 1)}
        for fact in ordered:
            for name in PersonRegistered.__struct_fields__:
                value = getattr(fact, name)
                if value is not None and name not in ("recorded", "id", "city", "on"):
                    merged[name] = value
        return PersonRegistered(**merged)

    def died_on(self, person: str) -> date | None:
        """The day of death, as known."""
        deaths = self.facts(PersonDied, person=person)
        return deaths[-1].on if deaths else None

    def provider(self, provider: str, on: date, because: tuple[str, ...] = ()) -> ProviderRegistered:
        """What a provider is on a day; FactMissing when nobody registered it by then."""
        found = [f for f in self.facts(ProviderRegistered, provider=provider) if f.on <= on]
        if not found:
            raise FactMissing("provider_registered.provider", on, because)
        return found[-1]

    def _is_known(self, fact: Fact, key: str) -> bool:
        if fact.recorded > self._moment or isinstance(fact, Withdrawal):
            return False
        if fact.corrects and key.partition(KIND)[0] not in references(fact):
            return False  # filed here only because the fact it replaces spoke of this subject
        replaced = self.sources.replaced(fact.id)
        return replaced is None or replaced[0] > self._moment


def _effective(fact: Fact) -> date:
    return fact.on


def per_view(function: Callable[..., T]) -> Callable[..., T]:
    """Keep the result of `function(view, *subjects)` for the life of the view."""

    def once(view: View, *arguments: Hashable) -> T:
        key = (function, *arguments)
        frame = view._frames.get(key) or view.recalled(key)
        if frame is not None:
            view.trail.current.used.add(frame)
            return cast(T, frame.value)
        return view.kept(key, lambda: function(view, *arguments))

    once.__doc__ = function.__doc__
    once.__name__ = function.__name__
    return once


_SHARED: dict[str, Callable[..., Any]] = {}


def shared(function: Callable[..., T]) -> Callable[..., T]:
    """Like `per_view`, for results that many subjects use, such as which months an employer has paid.

    A later fact concerns those subjects only if the result is no longer the same: one more employee of a
    large employer does not compute all the others again. Arguments are identifiers; results compare by value.
    """
    # With the folder of the city: two cities, or two versions of one, may have results of the same name.
    place = ".".join((*function.__module__.rsplit(".", 2)[-2:], function.__qualname__))

    def once(view: View, *arguments: str) -> T:
        key = (function, *arguments)
        frame = view._frames.get(key) or view.recalled(key)
        if frame is not None:
            view.trail.current.used.add(frame)
            return cast(T, frame.value)
        name = f"{RESULT}{place}:{':'.join(arguments)}"
        return view.kept(key, lambda: function(view, *arguments), name)

    once.__doc__ = function.__doc__
    once.__name__ = function.__name__
    _SHARED[place] = once
    return once


def shared_result(view: View, name: str) -> Any:
    """The value of a shared result by its name; None when it cannot be computed."""
    place, *arguments = name.removeprefix(RESULT).split(":")
    try:
        return _SHARED[place](view, *arguments)
    except Unanswerable:
        return None


def claims_of(view: View, person: str) -> Iterator[ClaimSubmitted]:
    """Claims of a person in the order in which they were recorded (the order of settlement)."""
    found = [claim for claim in view.facts(ClaimSubmitted, person=person) if claim.person == person]
    return iter(sorted(found, key=view.order))
