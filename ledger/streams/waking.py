"""One watcher a ledger: it notices new events and wakes whoever follows, so that a follower costs no connection.

Waking only shortens the wait. Whoever follows looks again by himself after POLL seconds, so a lost wake-up, a lost
connection or a dead watcher delays by that much and never for good.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary, ref

from ledger.store import Store

POLL = 1.0
"""Seconds after which a follower looks for himself."""
_watchers: "WeakKeyDictionary[Store, Watcher]" = WeakKeyDictionary()
_guard = threading.Lock()


class Watcher:
    """Waits for the log to grow, in one thread that lives as long as somebody follows."""

    def __init__(self, store: Store) -> None:
        self._store = ref(store)
        self._news = threading.Condition()
        self._followers = 0
        self._running = False
        self._thread: threading.Thread | None = None
        self.head = 0
        """The last position that was noticed; reading it costs nothing."""

    def wait(self, beyond: int, seconds: float) -> bool:
        """Sleep until the log is known to reach beyond a position, at most so long; whether it does."""
        with self._news:
            if self.head <= beyond:
                self._news.wait(seconds)
            return self.head > beyond

    @contextmanager
    def following(self, *, rest: bool = True) -> Iterator["Watcher"]:
        """Keep watching for as long as the block lasts; the last to leave waits until the thread has ended."""
        with self._news:
            self._followers += 1
            if not self._running:
                self._running = True
                self._thread = threading.Thread(target=self._watch, name="yibao-watcher", daemon=True)
                self._thread.start()
        try:
            yield self
        finally:
            with self._news:
                self._followers -= 1
                last, thread = self._followers == 0, self._thread
            if rest and last and thread is not None:  # so that the store may be closed
                thread.join(POLL)

    def _watch(self) -> None:
        while self._needed():
            store = self._store()
            try:
                head = self.head if store is None else store.wait_for(self.head + 1, POLL / 10)
            except Exception:  # the database is away, or was closed under us: followers see for themselves
                head = self.head
                time.sleep(POLL / 4)
            del store
            with self._news:
                if head != self.head:
                    self.head = head
                    self._news.notify_all()

    def _needed(self) -> bool:
        with self._news:
            self._running = self._followers > 0 and self._store() is not None
            return self._running


def watcher(store: Store) -> Watcher:
    """The watcher of a store."""
    with _guard:
        found = _watchers.get(store)
        if found is None:
            found = _watchers[store] = Watcher(store)
        return found
