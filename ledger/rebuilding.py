"""Rebuild on two cores: another process reads and decodes the log while this one writes the tables."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from ledger.clock import SystemClock
from ledger.collecting import collector_paused
from ledger.store import Store, open_store
from projections.rebuild import CHUNK, collected
from projections.tables.writing import Batch

SMALL = 3 * CHUNK
"""A shorter log is rebuilt before another process could start."""
_AHEAD = 2


def batches(store: Store, database: str | None, total: int) -> Iterator[tuple[Batch, int]]:
    """What the log up to a position brings to the tables, a chunk at a time, in order."""
    if database is None or total < SMALL:
        reached = 0
        while reached < total:
            batch, reached = collected(store, reached, CHUNK)
            yield batch, reached
        return
    # A forked child must not share a server's connection; a file it opens for itself.
    way = "fork" if store.dialect == "sqlite" else "spawn"
    with ProcessPoolExecutor(1, mp_context=get_context(way)) as pool:
        starts = iter(range(0, total, CHUNK))
        waiting: deque[Future[tuple[Batch, int]]] = deque()
        for start in starts:
            waiting.append(pool.submit(_read, database, start))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _read(database: str, start: int) -> tuple[Batch, int]:
    with open_store(database, clock=SystemClock()) as store, collector_paused():
        return collected(store, start, CHUNK)
