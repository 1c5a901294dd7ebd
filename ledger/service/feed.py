"""The event stream over HTTP: in pages, and live as server-sent events."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage
from msgspec import Meta, Struct

from domain import municipalities as towns
from domain.errors import InputRefused
from ledger.rights.caller import EVERY_CITY, Caller, Right
from ledger.service.call import Call
from ledger.service.operations import EVENT_STREAM, Operation, called, handle, in_thread, operation
from ledger.service.queries import After
from ledger.service.slots import slot
from ledger.streams import CloudEvent, Filter, Page, follow_async, page, position_of
from ledger.streams.types import wanted_types

Names = Annotated[str, Meta(description="Separated by commas 以逗号分隔")]
RETRY = 2_000
"""Milliseconds after which a client that lost the stream comes back."""


class Wanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which events: after a position or since a recorded day, of some types, cities, subjects."""

    after: After = 0
    since: Annotated[
        date | None, Meta(description="From the first event recorded on this day 自该记录日起")
    ] = None
    types: Names = ""
    cities: Names = ""
    subjects: Names = ""


class Paged(Wanted, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same, a page at a time."""

    limit: Annotated[int, Meta(ge=1, le=5000)] = 500
    hindsight: bool = False


@operation(
    "get",
    "/v1/events",
    says="The event stream in pages 事件流（分页）",
    right=Right.FOLLOW,
    query=Paged,
    answer=Page,
    problems=(403, 404),
)
def events_page(call: Call) -> Page:
    """CloudEvents after a position, in order. Go on from `next`; at `next == head` you have caught up."""
    of: Paged = call.query
    wanted = filter_of(call.caller, of)
    with call.desk.reading() as ledger:
        after = of.after if of.since is None else position_of(ledger, of.since)
        found = page(
            ledger, after, wanted, of.limit, identifiers=call.caller.identifiers, hindsight=of.hindsight
        )
    if found.events:
        call.note_identifiers(f"events {found.events[0].id} to {found.events[-1].id}")
    return found


FOLLOWING = Operation(
    says="The event stream, live 事件流（实时）",
    right=Right.FOLLOW,
    query=Wanted,
    answer=CloudEvent,
    answer_media=EVENT_STREAM,
    problems=(403, 404),
)


@handle("get", "/v1/events/stream", FOLLOWING)
async def events_stream(request: Request[Any, Any, Any]) -> ServerSentEvent:
    """Server-sent events: `id` is the position, `data` a CloudEvent; after a loss send it as `Last-Event-ID`.

    A quiet stream sends `event: heartbeat` with the position up to which everything has been looked at.
    """
    call = await called(request, FOLLOWING)
    of: Wanted = call.query
    wanted = filter_of(call.caller, of)
    after = await in_thread(request.app, _start, call, request.headers.get("last-event-id"))
    with call.desk.reading() as ledger:  # only its store is used, which threads may share
        events = follow_async(
            ledger,
            after,
            wanted,
            request.app.state.stopping,
            identifiers=call.caller.identifiers,
            heartbeat=call.settings.limits.heartbeat,
        )
    return ServerSentEvent(slot(request.app, _messages(events)), retry_duration=RETRY)


def _start(call: Call, last: str | None) -> int:
    """Where the stream begins; the right to identifiers is recorded before."""
    of: Wanted = call.query
    call.note_identifiers(f"stream after {last or of.after}")
    if last is not None:
        if not (last.isascii() and last.isdigit() and len(last) < 19):
            raise InputRefused("wrong_type", "Last-Event-ID", "send the `id` of the last event, a number")
        after = int(last)
    elif of.since is not None:
        with call.desk.reading() as ledger:
            return position_of(ledger, of.since)
    else:
        after = of.after
    with call.desk.reading() as ledger:
        page(
            ledger, after, Filter(), 1
        )  # a position beyond the end of the log is refused before the stream begins
    return after


async def _messages(events: AsyncIterator[Any]) -> AsyncIterator[ServerSentEventMessage]:
    async for event in events:
        if isinstance(event, CloudEvent):
            yield ServerSentEventMessage(data=msgspec.json.encode(event).decode(), id=event.id)
        else:
            told = f'{{"position":{event.position}}}'
            yield ServerSentEventMessage(data=told, id=str(event.position), event="heartbeat")


def filter_of(caller: Caller, of: Wanted) -> Filter:
    """What is wanted, within the cities of the token; CityOutOfScope for any other, InputRefused for no such type."""
    cities, types = tuple(towns.municipality(each).code for each in _names(of.cities)), _names(of.types)
    wanted_types(types)  # a stream that has begun can refuse nothing
    return within(caller, Filter(types=types, cities=cities, subjects=_names(of.subjects)))


def within(caller: Caller, wanted: Filter) -> Filter:
    """A filter within the cities of a token: without a city of its own it takes all of these."""
    for city in wanted.cities:
        caller.need_city(city)
    if not wanted.cities and EVERY_CITY not in caller.cities:
        if not caller.cities:
            caller.need_city("")
        return msgspec.structs.replace(wanted, cities=caller.cities)
    return wanted


def _names(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


HANDLERS = (events_page, events_stream)
