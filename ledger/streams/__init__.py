"""The event stream for consumers: pages, following live, durable subscriptions. See docs/streams.md.

page(ledger, after, filter, limit, identifiers=, hindsight=) -> Page(events, next, head)
follow(ledger, after, filter, stop, identifiers=, heartbeat=) -> Iterator[CloudEvent | Heartbeat]
follow_async(...)                       the same for an event loop, without holding a thread while it waits
position_of(ledger, recorded)           where to start for a recorded date
"""

from ledger.streams.envelope import EVERYTHING, CloudEvent, Filter, Heartbeat, Page
from ledger.streams.feed import LIMIT, MOST, Reader, page, position_of
from ledger.streams.following import HEARTBEAT, follow, follow_async

__all__ = [
    "EVERYTHING",
    "HEARTBEAT",
    "LIMIT",
    "MOST",
    "CloudEvent",
    "Filter",
    "Heartbeat",
    "Page",
    "Reader",
    "follow",
    "follow_async",
    "page",
    "position_of",
]
