"""Ledgers for many threads: one store, one ledger that writes in turns, and a few that read.

The store may be shared by threads, a `Ledger` may not: it keeps books in memory. So each call gets one to itself.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from queue import Empty, LifoQueue

from ledger.clock import Clock, SystemClock
from ledger.handle import Ledger
from ledger.store import Store, open_store

USES = 2_000
"""Calls after which a ledger lets go of what it remembers, so that memory has an end."""


class Desk:
    """Hands out ledgers over one store, to one thread each."""

    def __init__(self, store: Store, clock: Clock, database: str | None) -> None:
        self.store = store
        self.clock = clock
        self._database = database
        self._free: LifoQueue[Ledger] = LifoQueue()
        self._uses: dict[int, int] = {}
        self._turn = threading.Lock()
        self._writer = self._new()

    @classmethod
    def open(cls, database: str | None, clock: Clock | None = None) -> "Desk":
        """Open a database that holds a ledger of this version; None = an empty one in memory."""
        time = clock or SystemClock()
        with ExitStack() as opened:
            store = opened.enter_context(open_store(database, clock=time, migrate=database is None))
            desk = cls(store, time, database)
            opened.pop_all()  # else nobody would close a store whose end cannot be read
        return desk

    @contextmanager
    def reading(self) -> Iterator[Ledger]:
        """A ledger to ask; the one used last, because it remembers most."""
        try:
            ledger = self._free.get_nowait()
        except Empty:
            ledger = self._new()
        try:
            yield ledger
        finally:
            self._rest(ledger)
            self._free.put(ledger)

    @contextmanager
    def writing(self, name: str) -> Iterator[Ledger]:
        """The ledger that records, in turns, in the name of whoever calls."""
        with self._turn, self._writer.signed(name):
            try:
                yield self._writer
            finally:
                self._rest(self._writer)

    def close(self) -> None:
        """Let go of the database, once nobody reads or writes."""
        with self._turn:
            self.store.close()

    def _new(self) -> Ledger:
        return Ledger(self.store, clock=self.clock, recorded_by="service", database=self._database)

    def _rest(self, ledger: Ledger) -> None:
        used = self._uses.get(id(ledger), 0) + 1
        if used >= USES:
            ledger.forget()
            used = 0
        self._uses[id(ledger)] = used
