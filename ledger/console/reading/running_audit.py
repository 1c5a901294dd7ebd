"""Audits of a city that run beside the pages: one at a time, each kept until the next."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from msgspec import Struct

from ledger.audit import Audit, audit
from ledger.store import Store


class Running(Struct, frozen=True):
    """An audit as a page shows it: under way, done, or failed."""

    done: bool
    share: int = 0
    """Per cent of the log that is behind it."""
    found: Audit | None = None
    problem: str = ""


class Audits:
    """At most one audit at a time; threads may share it."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="audit")
        self._lock = Lock()
        self._runs: dict[str, Future[Audit]] = {}
        self._shares: dict[str, int] = {}

    def start(self, store: Store, city: str) -> None:
        """Start an audit of a city unless one is under way."""

        def told(position: int, of: int) -> None:
            self._shares[city] = 100 * position // max(of, 1)

        with self._lock:
            if city in self._runs and not self._runs[city].done():
                return
            self._shares[city] = 0
            self._runs[city] = self._pool.submit(audit, store, [city], progress=told)

    def of(self, city: str) -> Running | None:
        """How the last audit of a city stands; None when there was none."""
        run = self._runs.get(city)
        if run is None:
            return None
        if not run.done():
            return Running(False, self._shares.get(city, 0))
        problem = run.exception()
        return Running(True, 100, problem=str(problem)) if problem else Running(True, 100, run.result())

    def close(self) -> None:
        """Let nothing new begin; what runs comes to its end."""
        self._pool.shutdown(wait=True, cancel_futures=True)
