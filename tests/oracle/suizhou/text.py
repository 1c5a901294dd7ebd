"""Days, months, money and what is known: ten-line versions, sharing nothing with the ledger."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, wraps
from operator import is_
from typing import Any, Concatenate, ParamSpec, TypeVar

Fact = dict[str, Any]
Answer = dict[str, Any]
P, R = ParamSpec("P"), TypeVar("R")
CHINA = timezone(timedelta(hours=8))
FAR = date(9000, 1, 1)
CENT = Decimal("0.01")


class Unsure(Exception):
    """The rulebook leaves this open, or this evaluator does not speak of it."""


class Refused(Exception):
    """The question has an error for an answer, with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.error = {"code": code}


@lru_cache(4096)
def day(text: str) -> date:
    return date.fromisoformat(text[:10])


def month(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def month_of(when: date) -> int:
    return when.year * 12 + when.month - 1


def first(m: int) -> date:
    return date(m // 12, m % 12 + 1, 1)


def last(m: int) -> date:
    return first(m + 1) - timedelta(days=1)


def year_of(m: int) -> int:
    return m // 12


def month_text(m: int) -> str:
    return f"{m // 12:04d}-{m % 12 + 1:02d}"


def months(texts: Iterable[str]) -> list[int]:
    found: set[int] = set()
    for text in texts:
        start, _, end = text.partition("/")
        found |= set(range(month(start), month(end or start) + 1))
    return sorted(found)


def plus_months(when: date, count: int) -> date:
    m = month_of(when) + count
    return date(m // 12, m % 12 + 1, min(when.day, monthrange(m // 12, m % 12 + 1)[1]))


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def money(text: Any) -> Decimal:
    return Decimal(str(text))


@lru_cache(4096)
def moment(text: str) -> datetime:
    if len(text) == 10:
        return datetime.combine(date.fromisoformat(text), time.max, CHINA)
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(CHINA)


@dataclass
class Known:
    """The facts in effect at one moment of knowledge, and what was already read from them."""

    facts: list[Fact]
    at: datetime
    all_told: Sequence[Fact] = ()
    said: dict[Any, Any] = field(default_factory=dict)
    open: dict[Any, Exception] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.at.date()

    def of(self, *kinds: str) -> Sequence[Fact]:
        if kinds not in self.said:
            self.said[kinds] = tuple(fact for fact in self.facts if fact["fact"] in kinds)
        found: Sequence[Fact] = self.said[kinds]
        return found

    def about(self, person: str, *kinds: str) -> Sequence[Fact]:
        if (person, kinds) not in self.said:
            self.said[person, kinds] = tuple(f for f in self.of(*kinds) if f.get("person") == person)
        found: Sequence[Fact] = self.said[person, kinds]
        return found


def once(read: Callable[Concatenate[Known, P], R]) -> Callable[Concatenate[Known, P], R]:
    """Read something from the same facts only once; what is open or refused stays so."""

    @wraps(read)
    def kept(known: Known, *words: P.args, **named: P.kwargs) -> R:
        name = (read, words, *named.items())
        if name in known.open:
            raise known.open[name]
        if name not in known.said:
            try:
                known.said[name] = read(known, *words, **named)
            except (Unsure, Refused) as reason:
                known.open[name] = reason
                raise
        found: R = known.said[name]
        return found

    return kept


def recorded(fact: Fact) -> datetime:
    return moment(str(fact.get("recorded") or fact["on"]))


STORY: list[Fact] = []
READINGS: dict[datetime, Known] = {}


def known_at(told: Sequence[Fact], at: datetime) -> Known:
    """What stands at a moment; the readings of one story are kept until another one is told."""
    if len(told) != len(STORY) or not all(map(is_, told, STORY)):
        STORY[:] = told
        READINGS.clear()
    if at not in READINGS:
        READINGS[at] = _known_at(tuple(told), at)
    return READINGS[at]


def _known_at(told: Sequence[Fact], at: datetime) -> Known:
    """Facts recorded by then, without those replaced or withdrawn by then; the same id told twice counts once."""
    heard: dict[str, Fact] = {}
    for number, fact in enumerate(told):
        if recorded(fact) <= at:
            heard.setdefault(str(fact.get("id", f"#{number}")), fact)
    gone = {fact["corrects"] for fact in heard.values() if "corrects" in fact}
    standing = [f for name, f in heard.items() if name not in gone and not f.get("void")]
    return Known(standing, at, told)


def announced(known: Known, key: str, when: date, **qualifiers: Any) -> Any:
    """The value in force on a day: recorded last wins; None when there is none."""
    value = None
    for fact in known.of("parameter_announced"):
        if fact["key"] != key or any(fact.get(name) != wanted for name, wanted in qualifiers.items()):
            continue
        start, end = day(fact.get("from") or fact["on"]), fact.get("to")
        if "year" in fact or (start <= when and (end is None or when < day(end))):
            value = fact["value"]
    return value


def in_city(place: str) -> bool:
    return place[:4] == "4213"


@once
def in_group(known: Known, person: str, group: str, when: date) -> bool:
    for fact in known.about(person, "group_recognised"):
        if (
            fact["group"] == group
            and _inside(fact, when)
            and not _group_ended(known, person, group, fact, when)
        ):
            return True
    return False


def _inside(fact: Fact, when: date) -> bool:
    end = fact.get("to")
    return day(fact.get("from") or fact["on"]) <= when and (end is None or when < day(end))


def _group_ended(known: Known, person: str, group: str, fact: Fact, when: date) -> bool:
    start = day(fact.get("from") or fact["on"])
    return any(
        f["approval"] == "group" and f.get("group") in (None, group) and start <= day(f["on"]) <= when
        for f in known.about(person, "approval_ended")
    )


@once
def died_on(known: Known, person: str) -> date | None:
    deaths = [day(f["on"]) for f in known.about(person, "person_died")]
    return deaths[-1] if deaths else None
