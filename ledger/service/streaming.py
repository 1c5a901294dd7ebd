"""A stream of facts in, progress out: JSON Lines both ways, for as long as the sender goes on."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import ASGIApp, Receive, Send
from msgspec import UNSET, Struct, UnsetType

from domain.errors import LedgerError
from ledger.imports import json_lines
from ledger.imports.sources import LONGEST_LINE, Line, Refused
from ledger.rights.caller import Right
from ledger.service.call import Call
from ledger.service.operations import JSON_LINES, Operation, called, handle, in_thread, need_media
from ledger.service.problems import Refused as Interrupted
from ledger.service.problems import described
from ledger.service.queries import Recording
from ledger.service.recording import Told, keeping, recorded, rejected
from ledger.service.slots import slot

CHUNK = 500
"""Facts that share a transaction; what a lost connection leaves behind is a whole number of these."""
DELAY = 0.3
"""Seconds after which what has come is recorded, though more may follow."""


class Count(Struct, frozen=True, kw_only=True):
    """How far it has come: everything counted here is safe."""

    lines: int
    recorded: int
    repeated: int
    rejected: int
    consequences: int


class Progress(Count, frozen=True, kw_only=True, tag_field="is", tag="progress"):
    """After every few hundred facts, and whenever the sender is slow."""


class Rejection(Struct, frozen=True, kw_only=True, tag_field="is", tag="rejected"):
    """A line that was not recorded; it stops no other."""

    line: int
    code: str
    field: str
    message: str


class End(Count, frozen=True, kw_only=True, tag_field="is", tag="end"):
    """The last line. Without `complete` the rest was not looked at: send the same again to go on."""

    complete: bool
    code: str | UnsetType = UNSET
    message: str | UnsetType = UNSET


Reported = Progress | Rejection | End
OPERATION = Operation(
    says="Record a stream of facts 流式记录事实",
    right=Right.RECORD,
    query=Recording,
    body="FactLines",
    body_media=(JSON_LINES, "application/x-ndjson"),
    answer=Reported,
    answer_media=JSON_LINES,
    problems=(403,),
)


@handle("post", "/v1/facts/stream", OPERATION, request_max_body_size=None)
async def record_stream(request: Request[Any, Any, Any]) -> ASGIApp:
    """One fact a line, in order. A line without `id` gets one from its content, so that sending again adds nothing."""
    call = await called(request, OPERATION)
    need_media(request, OPERATION.body_media)
    keep = keeping(call)
    city = await in_thread(request.app, call.default_city)
    work = _Import(request.app, call, city, keep)
    return _TwoWay(iterator=slot(request.app, work.reports(request)), media_type=JSON_LINES, status_code=200)


class _TwoWay(ASGIStreamingResponse):
    """An answer that begins while the request is still being read: Litestar's own would swallow the rest of it."""

    async def send_body(self, send: Send, receive: Receive) -> None:
        """The reports; whoever reads the request notices that the sender is gone."""
        await self._stream(send)


class _Import:
    """One stream of facts: a task reads, the answer tells how far it is; neither waits for the other to be read."""

    def __init__(self, app: Litestar, call: Call, city: str, keep: bool) -> None:
        self._app = app
        self._call = call
        self._city = city
        self._keep = keep
        self._count: Counter[str] = Counter()
        self._told: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def reports(self, request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
        """Lines about progress, until the end."""
        work = asyncio.create_task(self._work(request))
        try:
            while (line := await self._told.get()) is not None:
                yield line
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    async def _work(self, request: Request[Any, Any, Any]) -> None:
        complete, problem = False, None
        try:
            complete = await self._record(_Lines(request, self._call.settings.limits.idle))
        except Exception as error:
            problem = described(error, self._call.entry.request)
            if problem.status >= 500 and not isinstance(error, LedgerError):
                request.scope["state"]["error"] = error
        finally:
            told: dict[str, Any] = {}
            if problem is not None:
                told = {"code": problem.code, "message": problem.detail}
            elif not complete:
                told = {
                    "code": "stopping",
                    "message": "the service is stopping; send the same again to go on",
                }
            self._tell(End(**self._counts(), complete=complete, **told))
            self._told.put_nowait(None)

    async def _record(self, lines: "_Lines") -> bool:
        """Record until the sender is done; False when the service stops before that."""
        reader = asyncio.create_task(lines.read())
        try:
            while not self._app.state.stopping.is_set():
                some, more = await lines.some()
                if some:
                    for told in await in_thread(self._app, self._recorded, some, locks=True):
                        self._take(told)
                    self._tell(Progress(**self._counts()))
                if not more:
                    await reader  # raises what went wrong with the connection
                    return True
            return False
        finally:
            reader.cancel()

    def _recorded(self, lines: list[Line | Refused]) -> list[Told]:
        """Lines through the write path, in a thread."""
        read = list(json_lines.facts(lines))
        good = [(each.line, each.fact) for each in read if isinstance(each, json_lines.Told)]
        bad = [each for each in read if isinstance(each, Refused)]
        found = recorded(self._call, good, self._city, self._keep) if good else []
        found += [rejected(self._call, each.line, each.code, each.field, each.message) for each in bad]
        return sorted(found, key=lambda told: told.line)

    def _take(self, told: Told) -> None:
        self._count["lines"] = max(self._count["lines"], told.line)
        self._count[told.outcome] += 1
        if told.receipt is not UNSET and told.outcome == "recorded":
            self._count["consequences"] += told.receipt.consequences
        if told.outcome == "rejected":
            self._tell(
                Rejection(
                    line=told.line,
                    code=str(told.code),
                    field=str(told.field or ""),
                    message=str(told.message),
                )
            )

    def _counts(self) -> dict[str, Any]:
        return {name: self._count[name] for name in Count.__struct_fields__}

    def _tell(self, report: Reported) -> None:
        self._told.put_nowait(msgspec.json.encode(report) + b"\n")


class _Lines:
    """The body of a request as lines, some at a time."""

    def __init__(self, request: Request[Any, Any, Any], patience: float) -> None:
        self._request = request
        self._patience = patience
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=8)
        self._rest = b""
        self._number = 0
        self._waiting: list[Line | Refused] = []
        self._ended = False

    async def read(self) -> None:
        """Take the body in, at most a few pieces ahead."""
        try:
            body = self._request.stream()
            while True:
                async with asyncio.timeout(self._patience):
                    chunk = await anext(body, None)
                if chunk is None:
                    return
                await self._chunks.put(chunk)
        except TimeoutError:
            said = f"nothing came for {self._patience:g} seconds; send the same again to go on"
            raise Interrupted("took_too_long", said) from None
        finally:
            await self._chunks.put(None)

    async def some(self) -> tuple[list[Line | Refused], bool]:
        """The next lines, at most CHUNK, and whether there may be more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DELAY):
                while len(self._waiting) < CHUNK and not self._ended:
                    chunk = await self._chunks.get()
                    self._waiting += self._last() if chunk is None else self._split(chunk)
        some, self._waiting = self._waiting[:CHUNK], self._waiting[CHUNK:]
        return some, not (self._ended and not self._waiting)

    def _split(self, chunk: bytes) -> Iterator[Line | Refused]:
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        for content in whole:
            self._number += 1
            if content.strip():
                yield Line(self._number, content.rstrip(b"\r"))
        if len(self._rest) > LONGEST_LINE:
            self._ended = True
            said = f"longer than {LONGEST_LINE} bytes; one fact is one line; the rest is not read"
            yield Refused(line=self._number + 1, code="line_too_long", message=said)

    def _last(self) -> Iterator[Line | Refused]:
        self._ended = True
        if self._rest.strip():
            yield Line(self._number + 1, self._rest, whole=False)


HANDLERS = (record_stream,)
