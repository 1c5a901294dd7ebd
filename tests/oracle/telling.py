"""What is known on a day, and how a second evaluator speaks: shared by the evaluators of Jinjiang and Panzhihua.

Facts come in the order told; corrections, withdrawals and repetitions are taken out here. No rule of any city stands here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

Fact = dict[str, Any]
Answer = dict[str, Any]
About = ParamSpec("About")
Value = TypeVar("Value")
CHINA = timezone(timedelta(hours=8))
NEVER = date(9999, 12, 31)


class Unsure(Exception):
    """The text does not say; the evaluator keeps silent."""


class Missing(Exception):
    """An answer that is an error of the contract: code and name."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code, name)
        self.code, self.name = code, name

    def as_answer(self) -> Answer:
        """The error in the form of the contract."""
        return {"error": {"code": self.code, **({"name": self.name} if self.name else {})}}


def day(told: str) -> date:
    """The day in China of a date or a moment."""
    if len(told) == 10:
        return date.fromisoformat(told)
    return datetime.fromisoformat(told.replace("Z", "+00:00")).astimezone(CHINA).date()


def on(fact: Fact) -> date:
    """Effective day of a fact."""
    return day(fact["on"])


def recorded(fact: Fact) -> date:
    """The day on which the agency learned a fact."""
    return day(str(fact.get("recorded") or fact["on"]))


class Standing(list[Fact]):
    """Facts that stand, found by kind."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        super().__init__(facts)
        self.kinds: dict[str, list[Fact]] = {}
        for fact in self:
            self.kinds.setdefault(fact["fact"], []).append(fact)


def known(facts: Sequence[Fact], until: date) -> Standing:
    """The facts that stand, as known at the end of `until`."""
    seen: set[str] = set()
    standing: dict[str, Fact] = {}
    for number, fact in enumerate(facts):
        identifier = str(fact.get("id", f"#{number}"))
        if recorded(fact) > until or identifier in seen:
            continue
        seen.add(identifier)
        if "corrects" in fact:
            standing.pop(str(fact["corrects"]), None)
        if not fact.get("void"):
            standing[identifier] = {**fact, "id": identifier}
    return Standing(standing.values())


def of(facts: Iterable[Fact], kind: str, **fields: Any) -> list[Fact]:
    """Facts of a kind with these fields."""
    mine = facts.kinds.get(kind, []) if isinstance(facts, Standing) else facts
    return [f for f in mine if f["fact"] == kind and all(f.get(n) == v for n, v in fields.items())]


def until(fact: Fact, name: str = "to") -> date:
    """The first day no longer inside; open: never."""
    return day(fact[name]) if fact.get(name) else NEVER


def since(fact: Fact) -> date:
    """First day inside: `from`, else `on`."""
    return day(fact["from"]) if fact.get("from") else on(fact)


def fen(yuan: str | Decimal | int) -> int:
    """Yuan to fen, half up: the one rounding."""
    return int((Decimal(yuan) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share(amount: int, rate: str | Decimal) -> int:
    """A share of fen, half up."""
    return int((amount * Decimal(rate)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def yuan(amount: int) -> str:
    """Fen as yuan."""
    return str((Decimal(amount) / 100).quantize(Decimal("0.01")))


def months_after(start: date, months: int) -> date:
    """The same day some months later, clipped to the end of the month."""
    years, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(start.day, last.day))


def years_after(start: date, years: int) -> date:
    """The birthday; one on 29 February falls on 28 February in other years."""
    return months_after(start, 12 * years)


class World:
    """The facts known at the end of `at`, and how they were known on days before."""

    def __init__(self, told: Sequence[Fact], at: date, days: dict[date, "World"] | None = None) -> None:
        self.told, self.at = told, at
        self.facts = known(told, at)
        self.read: dict[tuple[Any, ...], Any] = {}
        """What was read from these facts already, see `once`."""
        self._days = {} if days is None else days

    def learned(self) -> list[date]:
        """Days on which something was learned, up to `at`."""
        return sorted({recorded(fact) for fact in self.told if recorded(fact) <= self.at})

    def seen_on(self, at: date) -> "World":
        """The same as it was known on another day."""
        return self.known_on(min(at, self.at))

    def known_on(self, at: date) -> "World":
        """The same told, known on any day; each day is read once."""
        if at not in self._days:
            self._days[at] = World(self.told, at, self._days)
        return self._days[at]


def once(read: Callable[Concatenate[World, About], Value]) -> Callable[Concatenate[World, About], Value]:
    """What `read` makes of a world and a person, a year, a fact: found once per world, also when it is an exception."""

    @wraps(read)
    def found(world: World, /, *about: About.args, **named: About.kwargs) -> Value:
        told = (*about, *named.items())
        key = (read, *(each["id"] if isinstance(each, dict) else each for each in told))
        if key not in world.read:
            try:
                world.read[key] = read(world, *about, **named), None
            except (Unsure, Missing) as silence:
                world.read[key] = None, silence
        value, silence = world.read[key]
        if silence is not None:
            raise silence.with_traceback(None)
        return cast(Value, value)

    return found


def fate_of_gone(world: World, identifier: str) -> Answer:
    """What became of a fact that no longer stands: replaced, or withdrawn."""
    for told in world.told:
        if told.get("corrects") == identifier and recorded(told) <= world.at:
            return {"outcome": "void" if told.get("void") else "superseded"}
    raise Unsure


Speaker = Callable[[World, Fact], Answer]


def spoken(
    speakers: Mapping[str, Speaker],
    facts: Sequence[Fact],
    question: Fact,
    without: Callable[[Sequence[Fact], Fact, Missing], Answer | None],
) -> Answer | None:
    """The answer as far as the text settles it; None where it does not, or where nobody speaks.

    `without` says what the answer is when something that the rules need is missing.
    """
    speaks = speakers.get(question["ask"])
    if speaks is None or len(str(question["known"])) != 10:
        return None
    try:
        return speaks(_told(facts).known_on(day(question["known"])), question)
    except Unsure:
        return None
    except Missing as missing:
        return without(facts, question, missing)


@dataclass
class _Last:
    """What was asked about last: questions about the same facts share what was read."""

    world: World = field(default_factory=lambda: World((), NEVER))
    count: int = 0


_last = _Last()


def _told(facts: Sequence[Fact]) -> World:
    if _last.world.told is not facts or _last.count != len(facts):
        _last.world, _last.count = World(facts, NEVER), len(facts)
    return _last.world
