"""What is known at a moment: the facts recorded by then, corrected and withdrawn, and plain look-ups in them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar, cast

from .basics import Fact, Unanswered, day, moment

Found = TypeVar("Found")
CODES = {"veteran_cadre", "red_army_veteran", "disabled_serviceman_2b"}


class World:
    """The facts known at a moment, in the order in which they were recorded."""

    def __init__(self, facts: Sequence[Fact], known: datetime) -> None:
        self.told = facts
        self.count = len(facts)
        self.known = known
        self.today = known.date()
        self.worked_out: dict[object, Any] = {}
        self.others: dict[datetime, World] = {known: self}
        seen: dict[str, Fact] = {}
        for fact in facts:
            if moment(str(fact["recorded"])) > known:
                continue
            identifier = str(fact["id"])
            if identifier in seen:
                continue
            replaced = fact.get("corrects")
            if replaced is not None:
                seen[replaced] = {"fact": "replaced"}
            seen[identifier] = {"fact": "replaced"} if fact.get("void") else fact
        self.facts = [fact for fact in seen.values() if fact["fact"] != "replaced"]

    def at(self, known: datetime) -> "World":
        """The same facts as known at another moment, read once."""
        if known not in self.others:
            self.others[known] = World(self.told, known)
            self.others[known].others = self.others
        return self.others[known]

    def once(self, what: str, of: object, work_out: Callable[[], Found]) -> Found:
        """What is worked out from what is known, worked out once."""
        if (what, of) not in self.worked_out:
            self.worked_out[what, of] = work_out()
        return cast(Found, self.worked_out[what, of])

    @cached_property
    def kinds(self) -> dict[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for fact in self.facts:
            found.setdefault(fact["fact"], []).append(fact)
        return found

    @cached_property
    def recorded_days(self) -> list[date]:
        """Days on which something known by now was learned."""
        moments = (moment(str(fact["recorded"])) for fact in self.told)
        return sorted({each.date() for each in moments if each <= self.known})

    def of(self, kind: str, /, **fields: Any) -> list[Fact]:
        wanted = fields.items()
        return [f for f in self.kinds.get(kind, ()) if all(f.get(k) == v for k, v in wanted)]

    def announced(self, key: str, when: date, disease: str | None = None) -> Any:
        """The announcement recorded last among those in force on the day."""
        for fact in reversed(self.of("parameter_announced", key=key)):
            if fact.get("disease") not in (None, disease):
                continue
            if fact.get("year") is not None:
                inside = when.year == fact["year"]
            else:
                end = fact.get("to")
                inside = day(fact.get("from") or fact["on"]) <= when and (end is None or when < day(end))
            if inside:
                return fact["value"]
        raise Unanswered("announcement_missing", key, when)

    def replaced(self, rule: str, when: date, figure: str) -> str:
        """A figure of the document, or what has been announced in its place (DX-68c)."""
        for fact in reversed(self.of("parameter_announced", key="parameter_replaced")):
            end = fact.get("to")
            inside = day(fact.get("from") or fact["on"]) <= when and (end is None or when < day(end))
            if inside and fact["value"]["rule"] == rule:
                return str(fact["value"]["value"])
        return figure

    @cached_property
    def ends(self) -> date:
        """First day on which the document is no longer in force (DX-68a)."""
        told = self.of("parameter_announced", key="validity_extended")
        return day(told[-1]["value"]) if told else date(2029, 1, 1)

    def person(self, person: str) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for fact in self.of("person_registered", person=person):
            merged |= {name: value for name, value in fact.items() if value is not None}
        return merged

    def died_on(self, person: str) -> date | None:
        told = self.of("person_died", person=person)
        return day(told[-1]["on"]) if told else None

    def outside_scheme(self, person: str, when: date) -> bool:
        """DX-66a."""
        for fact in self.of("group_recognised", person=person):
            if fact["group"] not in CODES:
                continue
            ends = [day(f["on"]) for f in self.of("approval_ended", person=person, group=fact["group"])]
            ends += [day(fact["to"])] if fact.get("to") else []
            if day(fact.get("from") or fact["on"]) <= when and not any(end <= when for end in ends):
                return True
        return False

    def provider(self, provider: str, when: date) -> Fact | None:
        """The description in force: that of the latest date, of these the one recorded last."""
        told = [f for f in self.of("provider_registered", provider=provider) if day(f["on"]) <= when]
        return max(enumerate(told), key=lambda each: (day(each[1]["on"]), each[0]))[1] if told else None

    def funding(self, employer: str | None, when: date) -> str:
        known = self.of("employer_registered", employer=employer)
        if not known:
            raise Unanswered("fact_missing", "employer_registered.funding", when)
        told = [f for f in known if day(f["on"]) <= when] or known[:1]
        last = max(enumerate(told), key=lambda each: (day(each[1]["on"]), each[0]))[1]
        return str(last.get("funding") or "other")


LAST: list[World] = []


def world_of(facts: Sequence[Fact], known: datetime) -> World:
    """The facts as known at a moment; the same facts are read once, however much is asked about them."""
    if not LAST or LAST[0].told is not facts or LAST[0].count != len(facts):
        LAST[:] = [World(facts, known)]
    return LAST[0].at(known)
