"""The access log: who was refused, and who read what identifies persons. It only grows.

One thread writes it, many entries in one transaction. A refusal is noted and the caller answered at once; a read of
identifiers is answered only after its entry is safe, so that nobody reads unrecorded.
"""

import queue
import threading
from concurrent.futures import Future
from typing import Literal

from msgspec import Struct, structs

from domain.errors import LedgerError
from domain.values.calendar import Moment
from ledger.store import Store, beside

MOST_WAITING = 10_000
"""Refusals beyond this are counted and not written: a flood must not fill the memory."""
_INSERT = (
    "INSERT INTO access_log"
    " (happened_at, what, code, caller, token, address, method, route, about, request)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_READ = "SELECT number, happened_at, what, code, caller, token, address, method, route, about, request FROM access_log"


class Entry(Struct, frozen=True, kw_only=True):
    """What happened at the door."""

    what: Literal["refused", "identifiers"]
    code: str = ""
    """Why it was refused."""
    caller: str = ""
    token: str = ""
    address: str = ""
    method: str = ""
    route: str = ""
    """The address as the API knows it, without identifiers."""
    about: str = ""
    """Whom or what was asked about."""
    request: str = ""


class Kept(Struct, frozen=True, kw_only=True):
    """An entry as it stands in the log."""

    number: int
    happened: str
    entry: Entry


class AccessLog:
    """Writes and reads the access log of a ledger. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: queue.Queue[tuple[Moment, Entry, Future[None]] | None] = queue.Queue(MOST_WAITING)
        self.lost = 0
        """Entries that could not be written: too many at once, or the database was away."""
        self._thread = threading.Thread(target=self._write, name="access-log", daemon=True)
        self._thread.start()

    def note(self, entry: Entry) -> Future[None]:
        """Have an entry written; the future is done once it is safe, and carries whatever went wrong."""
        future: Future[None] = Future()
        try:
            self._waiting.put_nowait((self._store.clock.read(), entry, future))
        except queue.Full:
            self.lost += 1
            future.set_exception(AccessLogFull())
        return future

    def entries(self, after: int = 0, limit: int = 500) -> list[Kept]:
        """Entries after a number, in order."""
        text = f"{_READ} WHERE number > ? ORDER BY number LIMIT ?"
        rows = self._store.query(text, (after, limit))
        names = [field.name for field in structs.fields(Entry)]
        return [
            Kept(
                number=row[0],
                happened=str(Moment(row[1])),
                entry=Entry(**dict(zip(names, row[2:], strict=True))),
            )
            for row in rows
        ]

    def close(self) -> None:
        """Write what waits, and stop."""
        self._waiting.put(None)
        self._thread.join()

    def _write(self) -> None:
        going = True
        while going:
            some = [self._waiting.get()]
            while len(some) < 500 and not self._waiting.empty():
                some.append(self._waiting.get())
            going = None not in some
            batch = [each for each in some if each is not None]
            if batch:
                self._write_batch(batch)

    def _write_batch(self, batch: list[tuple[Moment, Entry, "Future[None]"]]) -> None:
        try:
            rows = [(int(at), *structs.astuple(entry)) for at, entry, _ in batch]
            with beside(self._store) as effects:
                for row in rows:
                    effects.execute(_INSERT, row)
        except Exception as problem:
            self.lost += len(batch)
            for _, _, future in batch:
                future.set_exception(problem)
            return
        for _, _, future in batch:
            future.set_result(None)


class AccessLogFull(LedgerError):
    """So many calls are refused that not all can be recorded: reads of identifiers wait until it is over."""

    code = "access_log_full"

    def __init__(self) -> None:
        super().__init__("too many calls are being refused at once; try again in a moment")
