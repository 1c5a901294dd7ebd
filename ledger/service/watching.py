"""Around every call: its id, one log line, its metrics, and the entry in the access log when it was refused."""

import re
import time
import uuid
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from msgspec import structs

from ledger.rights.access import Entry
from ledger.service.problems import Problem

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
ELSEWHERE = "elsewhere"
"""The route of a call to an address that does not exist."""
REFUSED = (401, 403)


class Watch:
    """The outermost layer; it also sees calls that reach no route."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner
        self._log = structlog.get_logger("yibao.service")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call."""
        if scope["type"] != ScopeType.HTTP:
            await self._inner(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope["state"] = {**(scope.get("state") or {}), "request_id": request, "notes": {}}
        started, status = time.perf_counter(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request.encode())]
            await send(message)

        try:
            await self._inner(scope, receive, sent)
        finally:
            self._done(scope, status, time.perf_counter() - started)

    def _done(self, scope: Scope, status: int, seconds: float) -> None:
        state: dict[str, Any] = scope["state"]
        entry, problem = entry_of(scope), state.get("problem")
        app = scope["litestar_app"].state
        app.metrics.calls.labels(entry.method, entry.route, str(status)).inc()
        app.metrics.seconds.labels(entry.method, entry.route).observe(seconds)
        told = {
            "request": entry.request,
            "method": entry.method,
            "route": entry.route,
            "status": status,
            "ms": round_ms(seconds),
            "caller": entry.caller,
            **state["notes"],
        }
        if isinstance(problem, Problem):
            told |= {"code": problem.code, "field": problem.field}
            if status in REFUSED:
                app.access.note(structs.replace(entry, what="refused", code=problem.code))
        if state["notes"].get("out_of_scope"):
            app.access.note(structs.replace(entry, what="refused", code="city_out_of_scope"))
        error = state.get("error")
        if error is not None:
            self._log.error("call", **told, exc_info=error)
        else:
            self._log.info("call", **told)


def entry_of(scope: Any) -> Entry:
    """Who calls which address, for the access log."""
    user = scope.get("user")
    client = scope.get("client")
    return Entry(
        what="identifiers",
        caller=getattr(user, "name", ""),
        token=getattr(user, "token", ""),
        address=client[0] if client else "",
        method=scope["method"],
        route=scope.get("path_template") or ELSEWHERE,
        request=scope["state"]["request_id"],
    )


def round_ms(seconds: float) -> float:
    """Seconds as milliseconds with three places."""
    return int(seconds * 1_000_000) / 1000
