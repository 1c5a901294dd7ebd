"""An operation of the API: what it needs and gives, once, for the handler and for the OpenAPI document."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import msgspec
from litestar import HttpMethod, Litestar, Request, Response
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct
from msgspec.structs import fields

from domain.errors import InputRefused
from ledger.rights.caller import NOBODY, Caller, Right
from ledger.service.call import Call, read_as
from ledger.service.entrance import OPEN
from ledger.service.problems import Refused, body_of
from ledger.service.watching import entry_of

JSON = "application/json"
JSON_LINES = "application/jsonl"
EVENT_STREAM = "text/event-stream"
TEXT = "text/plain"
T = TypeVar("T")
S = TypeVar("S", bound=Struct)


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters."""


class Operation(Struct, frozen=True, kw_only=True):
    """One method of one address."""

    says: str
    """English and Chinese, in one line."""
    right: Right | None
    """What the caller needs; None = open to everybody."""
    query: type[Struct] = Nothing
    body: Any = None
    """The type of the JSON body, or its name in the published schemas; None = no body."""
    body_media: tuple[str, ...] = (JSON,)
    answer: Any = dict[str, Any]
    answer_media: str = JSON
    status: int = 200
    also: tuple[int, ...] = ()
    """Further statuses with the same answer."""
    locks: bool = False
    """It takes the lock of the log: such calls wait for each other, but not in the way of those that only read."""
    problems: tuple[int, ...] = ()
    """Statuses beside those that every operation can have."""


Work = Callable[[Call], Any]
Decorator = Callable[[Work], HTTPRouteHandler]


def operation(method: str, path: str, **told: Any) -> Decorator:
    """Make a function of a `Call` the handler of an address; it runs in a thread, and only so long."""
    of = Operation(**told)

    def handler(work: Work) -> HTTPRouteHandler:
        async def endpoint(request: Request[Any, Any, Any]) -> Response[Any]:
            seconds = request.app.state.settings.limits.seconds
            try:
                async with asyncio.timeout(seconds):
                    call = await called(request, of)
                    result = await in_thread(request.app, _done, work, call, locks=of.locks)
            except TimeoutError:
                said = (
                    f"no answer within {seconds:g} seconds; a fact sent again with its `id` is recorded once"
                )
                raise Refused("took_too_long", said) from None
            if isinstance(result, Response):
                return result
            return Response(result, media_type=of.answer_media, status_code=of.status)

        endpoint.__name__, endpoint.__doc__ = work.__name__, work.__doc__
        return handle(method, path, of)(endpoint)

    return handler


async def in_thread(app: Litestar, work: Callable[..., T], *given: Any, locks: bool = False) -> T:
    """Run something in one of the service's threads; what takes the lock of the log has threads of its own."""
    threads = app.state.recorders if locks else app.state.threads
    return await asyncio.get_running_loop().run_in_executor(threads, partial(work, *given))


def handle(method: str, path: str, of: Operation, **more: Any) -> Callable[[Any], HTTPRouteHandler]:
    """Litestar's handler for an operation; the function is asynchronous and takes the request."""
    return HTTPRouteHandler(
        path,
        http_method=HttpMethod(method.upper()),
        status_code=of.status,
        include_in_schema=False,
        opt={"operation": of, **({OPEN: True} if of.right is None else {})},
        **more,
    )


async def called(request: Request[Any, Any, Any], of: Operation) -> Call:
    """The call, once its rights, parameters and body are looked at."""
    caller: Caller = request.scope.get("user") or NOBODY
    if of.right is not None:
        caller.need(of.right)
    query = parameters(request, of.query)
    told = None
    if of.body is not None and JSON in of.body_media:
        need_media(request, of.body_media)
        told = body_of(await request.body())
    state = request.app.state
    return Call(
        caller=caller,
        desk=state.desk,
        settings=state.settings,
        metrics=state.metrics,
        access=state.access,
        entry=entry_of(request.scope),
        path=dict(request.path_params),
        query=query,
        told=told,
        notes=request.scope["state"]["notes"],
    )


def need_media(request: Request[Any, Any, Any], media: tuple[str, ...]) -> None:
    """Refuse a body of another media type: a page elsewhere can send `text/plain` unasked, but not JSON."""
    given = request.content_type[0]
    if given not in media:
        raise Refused("wrong_media_type", f"send {' or '.join(media)}, not `{given or 'nothing'}`")


def parameters(request: Request[Any, Any, Any], kind: type[S]) -> S:
    """The query string as a struct; unknown names, and names given twice, are refused like unknown fields."""
    given: dict[str, Any] = {}
    for name in request.query_params:
        values = request.query_params.getall(name)
        given[name] = values[0] if len(values) == 1 else values
    found = read_as(given, kind, strict=False)
    for field in fields(kind):
        if given.get(field.encode_name) is not None and getattr(found, field.name) is None:
            raise InputRefused(
                "wrong_type", field.encode_name, "leave out what is not meant; `null` says nothing"
            )
    return found


def _done(work: Work, call: Call) -> Any:
    result = work(call)
    if isinstance(result, (Response, bytes)):
        return result
    return msgspec.json.encode(call.shown(result))
