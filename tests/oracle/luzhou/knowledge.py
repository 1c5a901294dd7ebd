"""What is known on K: recorded by then, not replaced, not withdrawn; in effective order."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from tests.oracle.luzhou.days import day, moment, month

Fact = dict[str, Any]
P = ParamSpec("P")
R = TypeVar("R")


class Missing(Exception):
    """The question cannot be answered: the error of the contract."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code, name)
        self.code, self.name = code, name


class NotCovered(Exception):
    """This evaluator does not speak about it."""


def remembered(read: Callable[Concatenate["World", P], R]) -> Callable[Concatenate["World", P], R]:
    """What follows from one world is worked out once; nobody who is given it changes it."""

    @wraps(read)
    def found(world: "World", *about: P.args, **more: P.kwargs) -> R:
        key = (read, *(id(each) if isinstance(each, dict) else each for each in about), *more.items())
        if key not in world.drawn:
            world.drawn[key] = read(world, *about, **more)
        return world.drawn[key]  # type: ignore[no-any-return]

    return found


class Telling:
    """All that is told, in order of recording, each fact once; and the worlds that moments make of it."""

    def __init__(self, given: Sequence[Fact]) -> None:
        self.given = list(given)
        self.facts: list[Fact] = []
        self.steps: list[World] = []
        self.held: list[Any] = []
        self.worlds: dict[tuple[int, datetime], World] = {}
        seen: set[str] = set()
        for fact in sorted(given, key=_recorded):
            if "id" not in fact or fact["id"] not in seen:
                self.facts.append(fact)
                seen |= {fact["id"]} if "id" in fact else set()
            self.steps.append(self._world(len(self.facts), _recorded(fact)))
        self.moments = [_recorded(fact) for fact in self.facts]

    def world(self, known: datetime, among: int | None = None) -> "World":
        """What is known at a moment, of the first so many facts or of all."""
        count = bisect_right(self.moments, known)
        return self._world(count if among is None else min(count, among), known)

    def _world(self, count: int, known: datetime) -> "World":
        if (count, known) not in self.worlds:
            self.worlds[count, known] = World(self, count, known)
        return self.worlds[count, known]


class World:
    """The facts that hold as known at one moment."""

    def __init__(self, telling: Telling, count: int, known: datetime) -> None:
        self.telling, self.known = telling, known
        self.drawn: dict[Any, Any] = {}
        self.today: date = known.date()
        self.told = telling.facts[:count]
        gone = {fact["corrects"] for fact in self.told if "corrects" in fact}
        kept = [f for f in self.told if f.get("id") not in gone and not f.get("void")]
        self.facts = sorted(kept, key=lambda fact: str(fact["on"]))
        self.announcements = _by(kept, lambda fact: fact.get("key"))
        self.by_kind = _by(self.facts, lambda fact: fact["fact"])
        self.by_person = _by(self.facts, lambda fact: (fact["fact"], fact.get("person")))

    def at(self, known: datetime) -> "World":
        """What of this was known at an earlier moment."""
        return self.telling.world(known, len(self.told))

    def of(self, kind: str, **fields: object) -> Iterator[Fact]:
        listed = self.by_kind.get(kind, ())
        if "person" in fields:
            listed = self.by_person.get((kind, fields.pop("person")), ())
        for fact in listed:
            if all(fact.get(name) == value for name, value in fields.items()):
                yield fact

    def announced(self, key: str, when: date, year: int | None = None, **marks: object) -> Fact | None:
        """The announcement recorded last that holds for the day or the year; None when there is none."""
        found = None
        for fact in self.announcements.get(key, ()):
            if any(fact.get(name) not in (None, value) for name, value in marks.items()):
                continue
            if "year" in fact:
                holds = fact["year"] == (year or when.year)
            else:
                start, end = day(fact.get("from") or fact["on"]), fact.get("to")
                holds = start <= when and (end is None or when < day(end))
            found = fact if holds else found
        return found

    def value(self, key: str, when: date, year: int | None = None, **marks: object) -> Any:
        fact = self.announced(key, when, year, **marks)
        if fact is None:
            raise Missing("announcement_missing", key)
        return fact["value"]

    @remembered
    def person(self, person: str) -> Fact:
        """What is registered of a person; a later fact changes only the fields it gives."""
        known: Fact = {}
        for fact in self.of("person_registered", person=person):
            known.update(fact)
        return known

    def provider(self, provider: str, when: date) -> Fact:
        found: Fact | None = None
        for fact in self.of("provider_registered", provider=provider):
            if found is None or day(fact["on"]) <= when:
                found = fact
        if found is None:
            raise Missing("fact_missing", "provider_registered")
        return found

    @remembered
    def died(self, person: str) -> date | None:
        return next((day(fact["on"]) for fact in self.of("person_died", person=person)), None)

    @remembered
    def in_group(self, person: str, group: str, when: date) -> bool:
        for fact in self.of("group_recognised", person=person, group=group):
            end = fact.get("to")
            if day(fact.get("from") or fact["on"]) <= when and (end is None or when < day(end)):
                ended = [day(f["on"]) for f in self.of("approval_ended", person=person, group=group)]
                if not any(day(fact["on"]) <= e <= when for e in ended):
                    return True
        return False

    def wage_year(self, year: int) -> Fact | None:
        """Announcement of the average annual wage of a statistical year (LZ-05c)."""
        return self.announced("average_annual_wage", self.today, year)


def _recorded(fact: Fact) -> datetime:
    return moment(str(fact["recorded"]))


def _by(facts: Iterable[Fact], mark: Callable[[Fact], Any]) -> dict[Any, list[Fact]]:
    found: dict[Any, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[mark(fact)].append(fact)
    return found


def first_month(fact: Fact) -> int:
    return month(fact["first_month"]) if fact.get("first_month") else month(str(fact["on"])[:7])
