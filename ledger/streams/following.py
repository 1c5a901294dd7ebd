"""Following the log: everything from a position on, then whatever is recorded, as it is recorded."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from ledger.store import DatabaseLocked, DatabaseUnreachable
from ledger.streams.envelope import EVERYTHING, CloudEvent, Filter, Heartbeat, Page
from ledger.streams.feed import LIMIT, Reader
from ledger.streams.waking import POLL, watcher

if TYPE_CHECKING:
    from ledger.handle import Ledger

HEARTBEAT = 15.0
PATIENCE = 30.0
"""Seconds for which a database that is away is asked again before the follower gives up with its refusal."""
_SLICE = 0.2
"""A follower that waits notices within this time that it shall stop."""


def follow(
    ledger: "Ledger",
    after: int = 0,
    filter: Filter = EVERYTHING,  # noqa: A002
    stop: threading.Event | None = None,
    *,
    identifiers: bool = False,
    heartbeat: float = HEARTBEAT,
    limit: int = LIMIT,
) -> Iterator[CloudEvent | Heartbeat]:
    """Every wanted event after a position, in order and once each, live after catching up, until `stop` is set.

    A heartbeat comes after so many seconds of silence; its position is a place to go on from. A database that is
    away for less than PATIENCE costs nothing but time; after that its refusal (DatabaseProblem) comes through.
    """
    given_up = stop or threading.Event()
    follower = _Follower(Reader(ledger.store, filter, identifiers=identifiers), after, limit)
    spoke = time.monotonic()
    with watcher(ledger.store).following() as news:
        while not given_up.is_set():
            found = follower.look()
            for event in found.events:
                yield event
                spoke = time.monotonic()
                if given_up.is_set():
                    return
            if time.monotonic() - spoke >= heartbeat:
                yield Heartbeat(follower.position)
                spoke = time.monotonic()
            if found.next >= found.head:
                until = min(time.monotonic() + POLL, spoke + heartbeat)
                while (left := until - time.monotonic()) > 0 and not given_up.is_set():
                    if news.wait(follower.position, min(left, _SLICE)):
                        break


async def follow_async(
    ledger: "Ledger",
    after: int = 0,
    filter: Filter = EVERYTHING,  # noqa: A002
    stop: threading.Event | None = None,
    *,
    identifiers: bool = False,
    heartbeat: float = HEARTBEAT,
    limit: int = LIMIT,
) -> AsyncIterator[CloudEvent | Heartbeat]:
    """The same for an event loop: reads in a thread, and holds neither thread nor connection while it waits."""
    given_up = stop or threading.Event()
    reader = await asyncio.to_thread(Reader, ledger.store, filter, identifiers=identifiers)
    follower = _Follower(reader, after, limit)
    spoke = looked = time.monotonic()
    with watcher(ledger.store).following(rest=False) as news:
        while not given_up.is_set():
            found = await asyncio.to_thread(follower.look)
            looked = time.monotonic()
            for event in found.events:
                yield event
                spoke = time.monotonic()
                if given_up.is_set():
                    return
            while found.next >= found.head and news.head <= follower.position and not given_up.is_set():
                now = time.monotonic()
                if now - spoke >= heartbeat:
                    yield Heartbeat(follower.position)
                    spoke = now
                if now - looked >= POLL:
                    break
                await asyncio.sleep(min(0.05, heartbeat))


class _Follower:
    """Where one reader stands."""

    def __init__(self, reader: Reader, after: int, limit: int) -> None:
        self._reader = reader
        self._limit = limit
        self._away_since: float | None = None
        self.position = after

    def look(self) -> Page:
        """The next page; an empty one while the database is away."""
        try:
            found = self._reader.page(self.position, self._limit)
        except (DatabaseUnreachable, DatabaseLocked):
            now = time.monotonic()
            self._away_since = self._away_since or now
            if now - self._away_since >= PATIENCE:
                raise
            time.sleep(_SLICE)
            return Page([], self.position, self.position)
        self._away_since = None
        self.position = found.next
        return found
