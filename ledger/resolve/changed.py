"""What differs about one subject between two positions of the log: old, new, difference, rule, cause."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from domain.events.consequences import (
    AccountStanding,
    AllowanceGranted,
    Consequence,
    CountedMonths,
    FactDecided,
    Settlement,
    YearTotal,
)
from domain.events.recorded import AnyConsequenceEvent, Determined, Posted, Withdrawn
from domain.facts import Fact
from domain.questions.writing import answer_json
from domain.state.held import Held, folded
from domain.values.calendar import Moment
from domain.values.money import SignedFen, yuan_text
from domain.values.terms import Scheme
from ledger.differing import different
from ledger.store import Recorded
from projections.folds.months import contribution_months

WHAT = {
    "period": "status",
    "months": "month",
    "entry": "account",
    "standing": "account_standing",
    "claim": "claim",
    "year": "year_total",
    "layer": "layer",
    "allowance": "allowance",
    "decided": "fact",
    "stalled": "stalled",
}
"""What a change is about, by the first part of its key."""
UNTOLD = ("person", "claim", "scheme", "month", "because", "steps", "answer", "payers", "counters")
NOT_COUNTED = ("year", "rate", "cap", "age", "tier", "level", "order")
"""Numbers that are not amounts: the new one less the old one means nothing."""
_YUAN = re.compile(r"-?\d+\.\d\d", re.ASCII)


class Change(Struct, frozen=True, kw_only=True):
    """One value that changes; `old` or `new` is None where there is nothing."""

    city: str
    subject: str
    what: str
    key: str
    field: str = ""
    old: Any = None
    new: Any = None
    difference: str | None = None
    """New less old: yuan with its sign, or a count."""
    rules: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    """The facts behind it, in order; `time` for what the passing of time had changed."""
    position: int = 0
    """Of the event that decides it."""
    supersedes: int | None = None
    """Position of the event that held until then."""


class _Place(Struct):
    """Where one key was decided: last before, and last of all; why."""

    before: int | None = None
    after: int = 0
    causes: dict[str, None] = {}


def changed(city: str, subject: str, rows: Sequence[Recorded], start: int) -> Iterator[Change]:
    """Everything that the rows after position `start` change about a subject; `rows` are all of its rows."""
    before, after = _held(rows, start), _held(rows, None)
    places = _places(rows, start)
    for key, place in places.items():
        old, new = before.records.get(key), after.records.get(key)
        common = {
            "city": city,
            "subject": subject,
            "key": key,
            "cause": tuple(place.causes),
            "position": place.after,
            "supersedes": place.before,
        }
        if key in after.net:
            yield from _entry(common, before, after)
        if old != new:
            yield from _record(common, old, new)
    if places:
        last = max(place.after for place in places.values())
        moment = next(row.recorded for row in rows if row.position == last)
        causes = {
            cause for key, place in places.items() if key.startswith("months/") for cause in place.causes
        }
        common = {"city": city, "subject": subject, "position": last, "cause": tuple(sorted(causes))}
        yield from _totals(common, before, after, moment)


def _held(rows: Iterable[Recorded], end: int | None) -> Held:
    events: list[tuple[AnyConsequenceEvent, Moment]] = [
        (row.event, row.recorded)
        for row in rows
        if not isinstance(row.event, Fact) and (end is None or row.position <= end)
    ]
    return folded(events)


def _places(rows: Iterable[Recorded], start: int) -> dict[str, _Place]:
    """Every key decided after `start`, with the position before and the causes."""
    last: dict[str, int] = {}
    found: dict[str, _Place] = {}
    for row in rows:
        key = key_of(row.event)
        if key is None:
            continue
        if row.position > start:
            place = found.get(key) or found.setdefault(key, _Place(before=last.get(key), causes={}))
            place.after = row.position
            place.causes[row.cause or ""] = None
        last[key] = row.position
    return found


def key_of(event: object) -> str | None:
    """The key under which an event decides something."""
    if isinstance(event, Determined):
        return event.record.key
    return event.key if isinstance(event, (Withdrawn, Posted)) else None


def _entry(common: dict[str, Any], before: Held, after: Held) -> Iterator[Change]:
    """Each account that an entry touches: what was posted to it under this key, and what is."""
    key = common["key"]
    old, new = _by_account(before, key), _by_account(after, key)
    for account in dict.fromkeys([*old, *new]):
        was, now = old.get(account, 0), new.get(account, 0)
        if was != now:
            yield Change(
                **common,
                what="account",
                field=account,
                old=yuan_text(was),
                new=yuan_text(now),
                difference=signed(now - was),
                rules=after.entries[key].because,
            )


def _by_account(held: Held, key: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for (_, account, _), fen in held.net.get(key, {}).items():
        sums[account] = sums.get(account, 0) + fen
    return sums


def _record(common: dict[str, Any], old: Consequence | None, new: Consequence | None) -> Iterator[Change]:
    what = WHAT[common["key"].split("/", 1)[0]]
    because = (new or old or Consequence()).because
    was, now = told(old), told(new)
    if isinstance(new or old, CountedMonths):
        count = getattr(new, "count", 0) - getattr(old, "count", 0)
        yield Change(
            **common,
            what="month",
            old=was,
            new=now,
            difference=f"{count:+d}" if count else None,
            rules=because,
        )
    elif isinstance(new or old, (Settlement, YearTotal, AllowanceGranted)):
        for each in different(was or {}, now or {}):
            if each["before"] in (None, [], {}) and each["after"] in (None, [], {}):
                continue
            one, other = each["before"], each["after"]
            yield Change(
                **common,
                what=what,
                field=each["path"],
                old=one,
                new=other,
                difference=_difference(each["path"], one, other),
                rules=because,
            )
    else:
        yield Change(**common, what=what, old=was, new=now, rules=because)


def told(record: Consequence | None) -> dict[str, Any] | None:
    """A record as plain values: its answer where it has one, or the problem that stands instead."""
    if record is None:
        return None
    written = answer_json(record)
    answer = getattr(record, "answer", None)
    if answer is not None:
        written |= answer_json(answer)
    if isinstance(record, AccountStanding) and record.monthly_credit is not None:
        written["monthly_credit"] = yuan_text(record.monthly_credit)
    if isinstance(record, FactDecided):
        return {name: value for name, value in written.items() if name not in ("because", "answer")}
    return {
        name: value
        for name, value in written.items()
        if name not in UNTOLD and (value is not False and value != "")
    }


def _totals(common: dict[str, Any], before: Held, after: Held, moment: Moment) -> Iterator[Change]:
    """Contribution totals of each scheme, on the day of the recording."""
    for scheme in Scheme:
        old = answer_json(contribution_months(before, scheme, moment.day).value)
        found = contribution_months(after, scheme, moment.day)
        for each in different(old, answer_json(found.value)):
            was, now = each["before"] or 0, each["after"] or 0
            yield Change(
                **common,
                what="total",
                key=f"total/{scheme}",
                field=each["path"],
                old=was,
                new=now,
                difference=f"{now - was:+d}",
                rules=found.because,
            )


def _difference(path: str, old: Any, new: Any) -> str | None:
    if any(name in NOT_COUNTED for name in path.split(".")):
        return None
    texts = [each for each in (old, new) if each is not None]
    if all(isinstance(each, str) and _YUAN.fullmatch(each) for each in texts):
        was, now = (0 if each is None else int(SignedFen.parse(each)) for each in (old, new))
        return signed(now - was)
    if all(isinstance(each, int) and not isinstance(each, bool) for each in texts):
        return f"{(new or 0) - (old or 0):+d}"
    return None


def signed(fen: int) -> str:
    """Yuan with a sign in any case."""
    return f"+{yuan_text(fen)}" if fen > 0 else yuan_text(fen)
