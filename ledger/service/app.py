"""The application: routes, door, limits, and what is opened and closed around them."""

from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

from litestar import Litestar, Request
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.datastructures import State
from litestar.middleware import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.types import ControllerRouterHandler

from ledger.rights.access import AccessLog
from ledger.rights.caller import NOBODY
from ledger.rights.keys import checking_key
from ledger.rights.tokens import Checker
from ledger.service import (
    evidence,
    feed,
    health,
    openapi,
    questions,
    reasons,
    recording,
    resolving,
    streaming,
    subscribing,
)
from ledger.service.desk import Desk
from ledger.service.entrance import OPEN, Entrance
from ledger.service.metrics import Metrics
from ledger.service.problems import answered
from ledger.service.settings import Limits, Settings
from ledger.service.slots import Slots
from ledger.service.watching import Watch

ROOMS = (health, recording, streaming, questions, reasons, resolving, feed, subscribing, evidence, openapi)
RECORDERS = 2
"""Threads for calls that take the lock of the log: one works while the next is being prepared."""
FROM_ONE_ADDRESS = 5
"""Times the calls of one caller may come from one address, where many callers sit behind it."""


def create_app(settings: Settings, handlers: Sequence[ControllerRouterHandler] = (), **more: Any) -> Litestar:
    """The service over a ledger that exists; DatabaseProblem or InputRefused when it cannot be served.

    `handlers` are further routes, behind the same door unless marked OPEN; `more` goes to Litestar. The state of
    the application holds `settings`, `desk` (ledgers for a thread each), `checker` (of tokens), `access` (the access
    log), `metrics`, `threads`, and `stopping`, which is set when the service is told to stop.
    """
    keys = [checking_key(path) for path in settings.token_keys]
    checker = Checker(keys, settings.provider, _revoked(settings.revoked))
    desk = Desk.open(settings.database, settings.clock)
    access = AccessLog(desk.store)
    app = Litestar(
        route_handlers=[*(handler for room in ROOMS for handler in room.HANDLERS), *handlers],
        middleware=[*_limited(settings.limits), *more.pop("middleware", ())],
        exception_handlers={Exception: answered},
        request_max_body_size=settings.limits.body_bytes,
        allowed_hosts=AllowedHostsConfig(list(settings.allowed_hosts)) if settings.allowed_hosts else None,
        openapi_config=None,
        logging_config=None,
        state=State(
            {
                "settings": settings,
                "desk": desk,
                "checker": checker,
                "access": access,
                "metrics": Metrics(desk, access),
                "threads": ThreadPoolExecutor(settings.limits.threads, "yibao-call"),
                "recorders": ThreadPoolExecutor(RECORDERS, "yibao-recorder"),
                "slots": Slots(settings.limits.streams),
                "stopping": Event(),
            }
        ),
        lifespan=[_opened],
        **more,
    )
    app.asgi_handler = Watch(app.asgi_handler)
    return app


@asynccontextmanager
async def _opened(app: Litestar) -> AsyncIterator[None]:
    try:
        yield
    finally:
        app.state.stopping.set()
        for threads in (app.state.recorders, app.state.threads):
            threads.shutdown(wait=True, cancel_futures=True)
        app.state.access.close()
        app.state.desk.close()


def _limited(limits: Limits) -> list[DefineMiddleware]:
    """The door, and how often one may come: from one address before it, as one caller behind it."""
    by_address = RateLimitConfig(
        ("second", limits.calls_per_second * FROM_ONE_ADDRESS),
        identifier_for_request=lambda request: f"address {_address(request)}",
        set_rate_limit_headers=False,
    )
    by_caller = RateLimitConfig(
        ("second", limits.calls_per_second),
        identifier_for_request=lambda request: f"caller {(request.scope.get('user') or NOBODY).name}",
        exclude_opt_key=OPEN,
    )
    return [
        by_address.middleware,
        DefineMiddleware(Entrance, exclude_from_auth_key=OPEN),
        by_caller.middleware,
    ]


def _address(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


def _revoked(path: Path | None) -> list[str]:
    return [] if path is None else path.read_text("utf-8").split()
