"""The port to brokers, and what every broker has in common: a durable subscription is delivered to it, in order."""

import threading
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

import msgspec

from domain.errors import LedgerError
from ledger.streams.consuming import Delivery, ToldToStop
from ledger.streams.envelope import CloudEvent, Filter
from ledger.streams.feed import Reader
from ledger.streams.subscriptions import seen

if TYPE_CHECKING:
    from ledger.handle import Ledger

BATCH = 200
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds to wait before trying a broker again that is away; the last one for as long as it takes."""


class PublisherFailed(LedgerError):
    """The broker refuses, holds something else than it should, or a package for it is missing."""

    code = "publisher_failed"


class BrokerAway(Exception):
    """The broker did not confirm; whether it has the events is not known. They are published again."""


class Held(NamedTuple):
    """The last event that a broker holds."""

    owner: str
    """Which subscription published it."""
    event: CloudEvent


class Publisher(Protocol):
    """A broker. Publishing the same event twice must leave one in it, as far as the broker can tell."""

    def publish(self, events: Sequence[CloudEvent], owner: str) -> None:
        """Publish in order; returns when the broker holds all of them. BrokerAway, or PublisherFailed for good."""

    def last(self) -> Held | None:
        """The last event that the broker holds, of which it follows that it holds all before; None: cannot tell."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *problem: object) -> None: ...


def publish(
    ledger: "Ledger",
    name: str,
    publisher: Publisher,
    stop: threading.Event,
    *,
    identifiers: bool = False,
    until_caught_up: bool = False,
    waiting: Callable[[str], object] | None = None,
) -> int:
    """Publish a durable subscription until told to stop; how many events were confirmed.

    A broker that is away is waited for: nothing is skipped, and the subscription's position moves only with its
    confirmations. Whenever it comes back it is asked what it holds: that is not published again, however long ago
    it was; and what it confirmed but lost is noticed (PublisherFailed). `waiting` is told once why it is waited for.
    """
    courier = _Courier(ledger, name, publisher, stop, waiting, identifiers=identifiers)
    Delivery(ledger, name, deliver=courier.deliver, identifiers=identifiers, batch=BATCH).run(
        stop, until_caught_up=until_caught_up
    )
    return courier.confirmed


class _Courier:
    def __init__(
        self,
        ledger: "Ledger",
        name: str,
        publisher: Publisher,
        stop: threading.Event,
        waiting: Callable[[str], object] | None,
        *,
        identifiers: bool,
    ) -> None:
        row = seen(ledger.store, name)
        self._store = ledger.store
        self._name = name
        self._publisher = publisher
        self._stop = stop
        self._waiting = waiting
        self._owner = f"{name} {sha256(row.wanted.encode()).hexdigest()[:12]}"
        wanted = msgspec.json.decode(row.wanted, type=Filter)
        self._reader = Reader(ledger.store, wanted, identifiers=identifiers)
        self._asked = False
        self._has = 0
        self.confirmed = 0

    def deliver(self, events: Sequence[CloudEvent]) -> None:
        """Publish what the broker does not have; tries for as long as the broker is away."""
        tries = 0
        while True:
            try:
                if not self._asked:
                    self._has = self._held()
                    self._asked = True
                fresh = [event for event in events if event.position > self._has]
                if fresh:
                    self._publisher.publish(fresh, self._owner)
                    self.confirmed += len(fresh)
                    self._has = fresh[-1].position
                return
            except BrokerAway as away:
                self._asked = False
                if not tries and self._waiting is not None:
                    self._waiting(str(away))
                if self._stop.wait(_PAUSES[min(tries, len(_PAUSES) - 1)]):
                    raise ToldToStop from away
                tries += 1

    def _held(self) -> int:
        """Up to where the broker holds everything that is wanted; PublisherFailed when that cannot be right."""
        row, held = seen(self._store, self._name), self._publisher.last()
        if held is None:
            return 0
        position = held.event.position
        if held.owner != self._owner:
            raise PublisherFailed(
                f"the broker's last event was published by `{held.owner}`: one subscription and filter, one stream"
            )
        if position > self._store.last_position() or not self._same(held.event):
            raise PublisherFailed(
                f"the broker holds an event at {position} that this ledger does not have: was the ledger restored "
                "from an older copy? publish into a new stream, with a new subscription"
            )
        if row.delivered and self._lost(position, row.position):
            raise PublisherFailed(
                f"the broker confirmed events up to {row.position} and holds them up to {position}: it has lost some; "
                f"publish them again with `yibao subscriptions replay {self._name} --from {position}`"
            )
        return position

    def _lost(self, held: int, confirmed: int) -> bool:
        """Whether anything wanted stands between what the broker holds and what it had confirmed."""
        while held < confirmed:
            found = self._reader.page(held, 1)
            if found.events:
                return found.events[0].position <= confirmed
            held = found.next
        return False

    def _same(self, held: CloudEvent) -> bool:
        own = self._reader.page(held.position - 1, 1).events
        return bool(own) and (own[0].source, own[0].id, own[0].type, own[0].recordedtime) == (
            held.source,
            held.id,
            held.type,
            held.recordedtime,
        )
