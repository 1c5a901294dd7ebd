"""Python's search for garbage in cycles, put off while something large is built that stays anyway.

Measured: it takes nearly half the time of resolving a payment for a thousand people (3.1 s with it, 1.7 s without).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 20_000
"""So many objects more than before, and what was built is large."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """No search for cycles inside; one who has paused it already is left alone."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        _grown_old()
        gc.enable()


def _grown_old() -> None:
    """What was built inside counts as old at once: else the next searches walk through all of it, three times."""
    if gc.get_count()[0] > YOUNG and not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


def swept() -> None:
    """Let go of recent cycles, where the collector is paused for long; it looks at new objects only."""
    gc.collect(1)
