"""What is known on K: recorded by then, not replaced, not withdrawn; in effective order."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from tests.oracle.luzhou.days import day, moment, month

Fact = dict[str, Any]


class Missing(Exception):
    """The question cannot be answered: the error of the contract."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code, name)
        self.code, self.name = code, name


class NotCovered(Exception):
    """This evaluator does not speak about it."""


class World:
    """The facts that hold as known at one moment."""

    def __init__(self, told: Sequence[Fact], known: datetime) -> None:
        self.known = known
        self.today: date = known.date()
        self.told = [fact for fact in _once(told) if moment(str(fact["recorded"])) <= known]
        gone = {fact["corrects"] for fact in self.told if "corrects" in fact}
        kept = [f for f in self.told if f.get("id") not in gone and not f.get("void")]
        self.facts = sorted(kept, key=lambda fact: str(fact["on"]))
        self.announcements = [fact for fact in kept if fact["fact"] == "parameter_announced"]

    def of(self, kind: str, **fields: object) -> Iterator[Fact]:
        for fact in self.facts:
            if fact["fact"] == kind and all(fact.get(name) == value for name, value in fields.items()):
                yield fact

    def announced(self, key: str, when: date, year: int | None = None, **marks: object) -> Fact | None:
        """The announcement recorded last that holds for the day or the year; None when there is none."""
        found = None
        for fact in self.announcements:
            if fact["key"] != key:
                continue
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

    def died(self, person: str) -> date | None:
        return next((day(fact["on"]) for fact in self.of("person_died", person=person)), None)

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


def _once(told: Sequence[Fact]) -> Iterator[Fact]:
    seen: set[str] = set()
    for fact in told:
        if "id" in fact:
            if fact["id"] in seen:
                continue
            seen.add(fact["id"])
        yield fact


def first_month(fact: Fact) -> int:
    return month(fact["first_month"]) if fact.get("first_month") else month(str(fact["on"])[:7])
