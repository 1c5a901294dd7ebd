"""One person as known on two days, side by side: what differs, and which facts made the difference."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from domain.errors import InputRefused, Unanswerable
from domain.facts import Fact
from domain.questions.answers import Change
from domain.questions.writing import answer_json
from domain.state.held import Held
from ledger.console.dates import Pair
from ledger.console.reading.axis import Axis
from ledger.console.reading.person import PersonPage, person_page
from ledger.differing import different
from ledger.handle import Ledger
from projections.folds.changes import changes

NOTHING: tuple[Any, ...] = (None, [], {}, "0.00", 0)
UNTOLD = ("steps", "segments", "adjustment", "cap_left")


class Difference(Struct, frozen=True):
    """One thing that differs: its fields before and after, and the facts behind it."""

    ask: str
    about: str
    fields: tuple[dict[str, Any], ...]
    causes: tuple[str, ...]


class Comparison(Struct, frozen=True):
    """Both pages, and everything that differs between them."""

    before: PersonPage
    after: PersonPage
    axis: Axis
    differences: tuple[Difference, ...]
    problem: Unanswerable | None
    """Why differences cannot be told: something was, or is, waiting to be announced."""
    moved: dict[str, int]
    """Money moved by account between the two, in fen."""
    causes: tuple[Fact, ...]
    """The facts behind all differences, in the order in which they were learned."""
    learned: tuple[tuple[date, int], ...]
    """Days between the two on which something was recorded, and how much."""


def compared(ledger: Ledger, city: str, person: str, on: date, before: date, after: date) -> Comparison:
    """Compare what was known of a person on two days; InputRefused when they are the wrong way round."""
    if after < before:
        raise InputRefused("value_not_allowed", "known", f"{after} lies before {before}")
    old = person_page(ledger, city, person, Pair(on, before))
    new = person_page(ledger, city, person, Pair(on, after))
    earlier = ledger.as_known(city, old.pair.moment).current(f"person:{person}")
    at = ledger.as_known(city, new.pair.moment)
    later = at.current(f"person:{person}")
    found, problem = _changes(earlier, later)
    moved: dict[str, int] = {}
    for line in later.journal[len(earlier.journal) :]:
        for posting in line.event.postings:
            moved[posting.account] = moved.get(posting.account, 0) + posting.fen
    told = [difference for change in found if change.ask != "posting" for difference in _told(change)]
    names = dict.fromkeys(cause for each in found for cause in each.because_of)
    causes = [fact for name in names if (fact := at.fact(name)) is not None]
    return Comparison(
        before=old,
        after=new,
        axis=new.axis,
        differences=tuple(told),
        problem=problem,
        moved={account: fen for account, fen in sorted(moved.items()) if fen},
        causes=tuple(sorted(causes, key=lambda fact: fact.recorded)),
        learned=_learned(ledger, city, person, before, after),
    )


def _changes(before: Held, after: Held) -> tuple[tuple[Change, ...], Unanswerable | None]:
    try:
        return changes(before, after).value.changes, None
    except Unanswerable as problem:
        return (), problem


def _told(change: Change) -> list[Difference]:
    before, after = answer_json(change).get("before"), answer_json(change).get("after")
    about = change.claim or (str(change.on) if change.on else "")
    if change.ask == "contribution_months":
        old, new = _months(before), _months(after)
        fields: Sequence[dict[str, Any]] = [{"path": "month_count", "before": old, "after": new}]
        fields = fields if old != new else ()
    elif isinstance(before, dict) or isinstance(after, dict):
        fields = [each for each in _fields(before or {}, after or {}) if _worth_telling(each)]
    else:
        fields = ({"path": "periods", "before": before, "after": after},)
    return [Difference(change.ask, about, tuple(fields), change.because_of)] if fields else []


def _fields(before: dict[str, Any], after: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every field that differs; a whole that is new or gone is told field by field."""
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if isinstance(old, dict) or isinstance(new, dict):
            yield from different(old or {}, new or {}, name)
        elif old != new:
            yield {"path": name, "before": old, "after": new}


def _months(told: Any) -> int:
    return sum(count for count in (told or {}).values() if isinstance(count, int))


def _worth_telling(change: dict[str, Any]) -> bool:
    name = str(change["path"]).partition(".")[0].partition("/")[0]
    said = [change[side] for side in ("before", "after")]
    return name not in UNTOLD and not all(each in NOTHING for each in said)


def _learned(
    ledger: Ledger, city: str, person: str, before: date, after: date
) -> tuple[tuple[date, int], ...]:
    days: dict[date, int] = {}
    for row in ledger.store.stream(city, f"person:{person}"):
        if before < row.recorded.day <= after:
            days[row.recorded.day] = days.get(row.recorded.day, 0) + 1
    return tuple(days.items())
