"""Streams that are open: how many there may be, and how many there are."""

from collections.abc import AsyncIterator
from typing import TypeVar

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
    return _taken(app, events)


async def _taken(app: Litestar, events: AsyncIterator[T]) -> AsyncIterator[T]:
    slots: Slots = app.state.slots
    slots.open += 1
    app.state.metrics.streams.inc()
    try:
        async for event in events:
            yield event
    finally:
        slots.open -= 1
        app.state.metrics.streams.dec()
