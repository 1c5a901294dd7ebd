"""Delivering a durable subscription: in order, never past an event that the consumer could not take.

Within: the consumer writes to our database, in the transaction that moves his position: exactly once.
Outside: the consumer is elsewhere; the position moves when he has confirmed. A crash between the two delivers
again, with the same ids: he keeps the ids, or the sequence, that he has had.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from domain.errors import LedgerError
from ledger.store import DatabaseLocked, DatabaseProblem, DatabaseUnreachable, Effects, beside
from ledger.streams.envelope import CloudEvent, Filter, Page
from ledger.streams.feed import Reader
from ledger.streams.subscriptions import Row, first_marked, locked, seen
from ledger.streams.waking import POLL, watcher

if TYPE_CHECKING:
    from ledger.handle import Ledger

BATCH = 100
Handle = Callable[[Effects, CloudEvent], None]
"""Takes one event; what it writes through `Effects` stands or falls with the position."""
Deliver = Callable[[Sequence[CloudEvent]], None]
"""Takes events in order; returns when the receiver has confirmed all of them, else raises (`NotDelivered`)."""


class ConsumerFailed(LedgerError):
    """The consumer refused an event; the subscription stands before it."""

    code = "consumer_failed"

    def __init__(self, name: str, position: int, error: str) -> None:
        said = (
            f"the consumer of `{name}` could not take the event at {position} ({error}); nothing was skipped: "
            "mend the cause and start it again"
        )
        super().__init__(said)
        self.position = position


class SubscriptionMoved(LedgerError):
    """Somebody else delivers the same subscription, or it was replayed meanwhile."""

    code = "subscription_moved"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"`{name}` was moved by somebody else meanwhile; let only one consumer run at a time"
        )


class NotDelivered(Exception):
    """The receiver did not confirm everything: `done` of the events are safe, the next one is not."""

    def __init__(self, done: int, reason: str) -> None:
        super().__init__(reason)
        self.done = done


class ToldToStop(Exception):
    """The consumer was told to stop in the middle: nothing is noted, it all comes again the next time."""


class Delivery:
    """Delivers one subscription. One of `handle` (Within) and `deliver` (Outside)."""

    def __init__(
        self,
        ledger: "Ledger",
        name: str,
        *,
        handle: Handle | None = None,
        deliver: Deliver | None = None,
        identifiers: bool = False,
        batch: int = BATCH,
    ) -> None:
        if (handle is None) == (deliver is None):
            raise AssertionError("a consumer either writes within our database or stands outside")
        self._store = ledger.store
        self._name = name
        self._handle = handle
        self._deliver = deliver
        self._identifiers = identifiers
        self._batch = batch
        self._readers: dict[str, Reader] = {}

    def step(self) -> bool:
        """Deliver one batch; whether there may be more at once. ConsumerFailed stops before the event that failed."""
        row = seen(self._store, self._name)
        if row.paused:
            return False
        if self._retried(row):
            return True
        found = self._reader(row).page(row.position, self._batch)
        if found.next == row.position:
            return False
        return self._within(row, found) if self._handle else self._outside(row, found)

    def run(self, stop: threading.Event, *, until_caught_up: bool = False) -> None:
        """Deliver until told to stop, waiting for what comes; a database that is away for a while is waited for."""
        with suppress(ToldToStop):
            self._run(stop, until_caught_up)

    def _run(self, stop: threading.Event, until_caught_up: bool) -> None:
        with watcher(self._store).following() as news:
            away = 0
            while not stop.is_set():
                known = news.head
                try:
                    more = self.step()
                    away = 0
                except (DatabaseUnreachable, DatabaseLocked):
                    away += 1
                    if away > 30 / POLL:
                        raise
                    more = False
                    with suppress(DatabaseProblem):
                        self._store.machine.refresh()
                if not more and until_caught_up and not away:
                    return
                if not more:
                    news.wait(known, POLL)

    def _reader(self, row: Row) -> Reader:
        if row.wanted not in self._readers:
            wanted = msgspec.json.decode(row.wanted, type=Filter)
            self._readers = {row.wanted: Reader(self._store, wanted, identifiers=self._identifiers)}
        return self._readers[row.wanted]

    # Within

    def _within(self, before: Row, found: Page) -> bool:
        failed: tuple[CloudEvent, str] | None = None
        with beside(self._store) as effects:
            row = locked(self._store, effects, self._name)
            if row.position != before.position or row.paused or row.wanted != before.wanted:
                return True  # somebody else was here: look again
            done = 0
            for event in found.events:
                if error := self._taken(effects, event):
                    failed = event, error
                    break
                done += 1
            self._settle(effects, row, found, done, failed)
        return self._after(row, failed)

    def _taken(self, effects: Effects, event: CloudEvent) -> str:
        """Let the consumer take one event; why he could not. What he wrote of it is undone then."""
        assert self._handle is not None
        effects.execute("SAVEPOINT event")
        try:
            self._handle(effects, event)
        except Exception as error:  # whatever a consumer may do wrong
            effects.execute("ROLLBACK TO SAVEPOINT event")
            effects.execute("RELEASE SAVEPOINT event")
            return _said(error)
        effects.execute("RELEASE SAVEPOINT event")
        return ""

    # Outside

    def _outside(self, before: Row, found: Page) -> bool:
        assert self._deliver is not None
        failed: tuple[CloudEvent, str] | None = None
        done = len(found.events)
        try:
            if found.events:
                self._deliver(found.events)
        except NotDelivered as error:
            done = error.done
            failed = found.events[done], _said(error)
        except ToldToStop:
            raise
        except Exception as error:
            done, failed = 0, (found.events[0], _said(error))
        with beside(self._store) as effects:
            row = locked(self._store, effects, self._name)
            if row.position != before.position:
                raise SubscriptionMoved(self._name)
            self._settle(effects, row, found, done, failed)
        return self._after(row, failed)

    # Both

    def _settle(
        self, effects: Effects, row: Row, found: Page, done: int, failed: tuple[CloudEvent, str] | None
    ) -> None:
        """Note how far it went, and what failed; park that if the policy says so."""
        now = int(self._store.clock.read())
        text = (
            "UPDATE subscription SET position = ?, failures = ?, failed_at = ?, error = ?, delivered = delivered + ?,"
            " changed_at = ? WHERE name = ?"
        )
        if failed is None:
            effects.execute(text, (found.next, 0, None, "", done, now, row.name))
            return
        event, error = failed
        times = row.failures + 1 if row.failed_at == event.position else 1
        if row.park_after is not None and times >= row.park_after:
            effects.execute(
                "INSERT INTO parked_event (subscription, position, failures, error, parked_at, again)"
                " VALUES (?, ?, ?, ?, ?, 0)",
                (row.name, event.position, times, error, now),
            )
            effects.execute(text, (event.position, 0, None, "", done, now, row.name))
            return
        safe = found.events[done - 1].position if done else row.position
        effects.execute(text, (safe, times, event.position, error, done, now, row.name))

    def _after(self, row: Row, failed: tuple[CloudEvent, str] | None) -> bool:
        if failed is not None and row.park_after is None:
            raise ConsumerFailed(row.name, failed[0].position, failed[1])
        return True

    # What was parked

    def _retried(self, row: Row) -> bool:
        """Take the first parked event that is marked; whether there was one."""
        marked = first_marked(self._store, row.name)
        if marked is None:
            return False
        event = next(iter(self._reader(row).page(marked - 1, 1).events), None)
        if event is None or event.position != marked:
            return False  # wanted by an identifier that this consumer may not see
        error = self._delivered(event) if self._deliver else ""
        text = "SELECT again FROM parked_event WHERE subscription = ? AND position = ?"
        with beside(self._store) as effects:
            locked(self._store, effects, row.name)
            if effects.execute(text, (row.name, marked)).fetchone() == (1,):
                error = error or (self._taken(effects, event) if self._handle else "")
                self._note(effects, row.name, event, error)
        return True

    def _note(self, effects: Effects, name: str, event: CloudEvent, error: str) -> None:
        where = "WHERE subscription = ? AND position = ?"
        if error:
            text = f"UPDATE parked_event SET failures = failures + 1, again = 0, error = ? {where}"
            effects.execute(text, (error, name, event.position))
            return
        effects.execute(f"DELETE FROM parked_event {where}", (name, event.position))
        effects.execute("UPDATE subscription SET delivered = delivered + 1 WHERE name = ?", (name,))

    def _delivered(self, event: CloudEvent) -> str:
        assert self._deliver is not None
        try:
            self._deliver([event])
        except ToldToStop:
            raise
        except Exception as error:
            return _said(error)
        return ""


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
