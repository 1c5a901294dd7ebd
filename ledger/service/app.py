"""The application: routes, door, limits, and what is opened and closed around them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from threading import Event

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.middleware import DefineMiddleware

from ledger.rights.keys import public_key
from ledger.rights.tokens import Checker
from ledger.service import health, questions, recording
from ledger.service.desk import Desk
from ledger.service.entrance import OPEN, Entrance
from ledger.service.problems import answered
from ledger.service.settings import Settings

ROOMS = (health, recording, questions)


def create_app(settings: Settings, routers: Sequence[Router] = ()) -> Litestar:
    """The service over a ledger that exists; DatabaseProblem or KeyProblem when it cannot be served.

    Its state holds `settings`, `desk` (ledgers for a thread), `checker` (of tokens) and `stopping` (an event).
    """
    checker = Checker([public_key(path) for path in settings.token_keys], settings.provider)
    desk = Desk.open(settings.database, settings.clock)
    return Litestar(
        route_handlers=[*(handler for room in ROOMS for handler in room.HANDLERS), *routers],
        middleware=[DefineMiddleware(Entrance, exclude_from_auth_key=OPEN)],
        exception_handlers={Exception: answered},
        request_max_body_size=settings.limits.body_bytes,
        openapi_config=None,
        state=State({"settings": settings, "desk": desk, "checker": checker, "stopping": Event()}),
        lifespan=[_open],
    )


@asynccontextmanager
async def _open(app: Litestar) -> AsyncIterator[None]:
    yield
    desk: Desk = app.state.desk
    desk.close()
