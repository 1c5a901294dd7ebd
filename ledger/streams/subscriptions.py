"""Durable subscriptions: the ledger keeps the position of a named consumer, and what he could not take."""

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import Struct

from domain.errors import InputRefused
from domain.values.calendar import Moment
from ledger.store import Effects, Store, beside
from ledger.streams.envelope import EVERYTHING, Filter, position_refused
from ledger.streams.types import wanted_types

if TYPE_CHECKING:
    from ledger.handle import Ledger

_COLUMNS = "name, wanted, position, paused, park_after, failures, failed_at, error, delivered, changed_at"
_NAME_LENGTH = 128


class Subscription(Struct, frozen=True, kw_only=True):
    """A named consumer as the ledger knows him."""

    name: str
    wanted: Filter
    position: int
    """Everything up to here has been taken, was not wanted, or is parked."""
    head: int
    """The end of the log."""
    state: str
    """`live`, `behind`, `paused`, or `failing`: the event at `failed_at` was refused by the consumer."""
    park_after: int | None
    """Failures after which an event is parked; None: never, the consumer stops at it."""
    failures: int
    failed_at: int | None
    error: str
    delivered: int
    """Events taken so far, replays counted again."""
    changed: str
    parked: int
    """Events that lie parked."""

    @property
    def lag(self) -> int:
        """Positions between the consumer and the end of the log."""
        return self.head - self.position


class Parked(Struct, frozen=True):
    """An event that was passed over by the subscription's policy, until it is retried by command."""

    position: int
    failures: int
    error: str
    parked: str
    again: bool
    """Marked: the consumer takes it before anything else."""


class Row(NamedTuple):
    """A subscription as it is stored."""

    name: str
    wanted: str
    position: int
    paused: int
    park_after: int | None
    failures: int
    failed_at: int | None
    error: str
    delivered: int
    changed_at: int


def locked(store: Store, effects: Effects, name: str) -> Row:
    """A subscription, held until the end of the transaction; InputRefused when there is none."""
    hold = "" if store.dialect == "sqlite" else " FOR UPDATE"
    found = effects.execute(f"SELECT {_COLUMNS} FROM subscription WHERE name = ?{hold}", (name,)).fetchone()
    if found is None:
        raise unknown(name)
    return Row(*found)


def seen(store: Store, name: str) -> Row:
    """A subscription as it stands, without holding it; InputRefused when there is none."""
    found = store.query(f"SELECT {_COLUMNS} FROM subscription WHERE name = ?", (name,))
    if not found:
        raise unknown(name)
    return Row(*found[0])


def first_marked(store: Store, name: str) -> int | None:
    """The position of the first parked event that is to be delivered again."""
    text = "SELECT min(position) FROM parked_event WHERE again = 1 AND subscription = ?"
    found = store.query(text, (name,))
    position: int | None = found[0][0]
    return position


def unknown(name: str) -> InputRefused:
    """There is no such subscription."""
    said = f"there is no subscription `{name}`; `yibao subscriptions list` shows them"
    return InputRefused("subscription_unknown", name, said)


def create(
    ledger: "Ledger",
    name: str,
    wanted: Filter = EVERYTHING,
    *,
    after: int = 0,
    park_after: int | None = None,
) -> Subscription:
    """Make a subscription that starts after a position. Refused: `subscription_exists`, `position_unknown`."""
    if not 1 <= len(name) <= _NAME_LENGTH:
        raise InputRefused("wrong_type", "name", f"a name has 1 to {_NAME_LENGTH} characters")
    if park_after is not None and park_after < 1:
        raise InputRefused("value_not_allowed", "park_after", "park after at least 1 failure, or never")
    wanted_types(wanted.types)
    _check(ledger, after)
    told = msgspec.json.encode(wanted).decode()
    with beside(ledger.store) as effects:
        effects.execute(
            f"INSERT INTO subscription ({_COLUMNS}) VALUES (?, ?, ?, 0, ?, 0, NULL, '', 0, ?)"
            " ON CONFLICT (name) DO NOTHING",
            (name, told, after, park_after, int(ledger.store.clock.read())),
        )
        row = locked(ledger.store, effects, name)
    if (row.wanted, row.position, row.park_after) != (told, after, park_after):
        raise InputRefused("subscription_exists", name, f"there is a subscription `{name}`; delete it first")
    return one(ledger, name)


def one(ledger: "Ledger", name: str) -> Subscription:
    """The subscription of this name; InputRefused `subscription_unknown`."""
    found = [each for each in listed(ledger) if each.name == name]
    if not found:
        raise unknown(name)
    return found[0]


def listed(ledger: "Ledger") -> list[Subscription]:
    """Every subscription, by name."""
    store = ledger.store
    head = store.last_position()
    rows = store.select(f"SELECT {_COLUMNS} FROM subscription ORDER BY name", {})
    counts: list[tuple[str, int]] = store.select(
        "SELECT subscription, count(*) FROM parked_event GROUP BY subscription", {}
    )
    held = dict(counts)
    return [_told(Row(*row), head, held.get(row[0], 0)) for row in rows]


def pause(ledger: "Ledger", name: str) -> Subscription:
    """Nothing more is delivered until it is resumed."""
    return _changed(ledger, name, "paused = 1")


def resume(ledger: "Ledger", name: str) -> Subscription:
    """Go on where it was paused, or try again where its consumer failed."""
    return _changed(ledger, name, "paused = 0, failures = 0, failed_at = NULL, error = ''")


def replay(ledger: "Ledger", name: str, after: int) -> Subscription:
    """Deliver again everything after a position; what was parked beyond it comes again in its place."""
    _check(ledger, after)
    with beside(ledger.store) as effects:
        locked(ledger.store, effects, name)
        effects.execute("DELETE FROM parked_event WHERE subscription = ? AND position > ?", (name, after))
        _set(ledger, effects, name, "position = ?, failures = 0, failed_at = NULL, error = ''", (after,))
    return one(ledger, name)


def delete(ledger: "Ledger", name: str) -> None:
    """Forget a subscription, its position and what it had parked."""
    with beside(ledger.store) as effects:
        locked(ledger.store, effects, name)
        effects.execute("DELETE FROM parked_event WHERE subscription = ?", (name,))
        effects.execute("DELETE FROM subscription WHERE name = ?", (name,))


def parked(ledger: "Ledger", name: str) -> list[Parked]:
    """The parked events of a subscription, in order."""
    one(ledger, name)
    text = (
        "SELECT position, failures, error, parked_at, again FROM parked_event WHERE subscription = ?"
        " ORDER BY position"
    )
    rows = ledger.store.query(text, (name,))
    return [
        Parked(place, times, error, str(Moment(at)), bool(again)) for place, times, error, at, again in rows
    ]


def retry(ledger: "Ledger", name: str, position: int | None = None) -> int:
    """Mark a parked event, or all: the consumer takes them before anything else. How many; `parked_unknown`."""
    with beside(ledger.store) as effects:
        locked(ledger.store, effects, name)
        where, which = ("", ()) if position is None else (" AND position = ?", (position,))
        text = f"UPDATE parked_event SET again = 1 WHERE subscription = ?{where}"
        count: int = effects.execute(text, (name, *which)).rowcount
    if not count and position is not None:
        raise InputRefused("parked_unknown", "position", f"`{name}` has parked nothing at {position}")
    return count


def _changed(ledger: "Ledger", name: str, what: str) -> Subscription:
    with beside(ledger.store) as effects:
        locked(ledger.store, effects, name)
        _set(ledger, effects, name, what)
    return one(ledger, name)


def _set(ledger: "Ledger", effects: Effects, name: str, what: str, values: tuple[Any, ...] = ()) -> None:
    now = int(ledger.store.clock.read())
    effects.execute(f"UPDATE subscription SET {what}, changed_at = ? WHERE name = ?", (*values, now, name))


def _check(ledger: "Ledger", after: int) -> None:
    head = ledger.store.last_position()
    if not 0 <= after <= head:
        raise position_refused(after, head)


def _told(row: Row, head: int, held: int) -> Subscription:
    state = "live" if row.position >= head else "behind"
    if row.failures:
        state = "failing"
    if row.paused:
        state = "paused"
    return Subscription(
        name=row.name,
        wanted=msgspec.json.decode(row.wanted, type=Filter),
        position=row.position,
        head=head,
        state=state,
        park_after=row.park_after,
        failures=row.failures,
        failed_at=row.failed_at,
        error=row.error,
        delivered=row.delivered,
        changed=str(Moment(row.changed_at)),
        parked=held,
    )
