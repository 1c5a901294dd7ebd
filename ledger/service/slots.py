"""Streams that are open: how many there may be, and how many there are."""

from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from litestar import Litestar

from ledger.service.problems import Refused

T = TypeVar("T")


class Slots:
    """Counts open streams; used by the event loop only."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.open = 0


def slot(app: Litestar, events: AsyncIterator[T]) -> AsyncIterator[T]:
    """The same events, while one of the slots is taken; Refused (`too_many_streams`, `stopping`) when none is left."""
    slots: Slots = app.state.slots
    if app.state.stopping.is_set():
        raise Refused("stopping", "the service is stopping; try again in a moment")
    if slots.open >= slots.most:
        raise Refused("too_many_streams", f"{slots.most} streams are open; close some or try again later")
    return _Taken(app, events)


class _Taken(Generic[T]):
    """Takes a slot at once and gives it back once, also when nobody ever reads or the reader just goes away."""

    def __init__(self, app: Litestar, events: AsyncIterator[T]) -> None:
        self._state = app.state
        self._events = events
        self._taken = True
        self._state.slots.open += 1
        self._state.metrics.streams.inc()

    def __aiter__(self) -> "_Taken[T]":
        return self

    async def __anext__(self) -> T:
        try:
            return await anext(self._events)
        except BaseException:  # its end, a defect, or the loss of the reader
            self._release()
            raise

    def _release(self) -> None:
        if self._taken:
            self._taken = False
            self._state.slots.open -= 1
            self._state.metrics.streams.dec()

    def __del__(self) -> None:
        self._release()
