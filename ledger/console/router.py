"""The console as one router of the service: addresses, its own door for forged forms, and what its pages may load."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, Router
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import ResponseHeader
from litestar.di import Provide
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.middleware import DefineMiddleware
from litestar.middleware.csrf import CSRFMiddleware
from litestar.response import Redirect
from litestar.static_files import create_static_files_router

from domain.errors import InputRefused, LedgerError
from ledger.console.drawing import ROOT, url
from ledger.console.routes import changing, entering, keeping, looking
from ledger.console.visit import Room, Visit, in_city
from ledger.rights.refusals import NotAllowed, TokenMissing, TokenRefused
from ledger.service.codes import meaning
from ledger.service.entrance import OPEN
from ledger.service.problems import described

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Nothing is loaded from, or sent to, anywhere else; no script or style inside a page counts."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STATIC = Path(__file__).with_name("static")


def console_routers(pointers: Sequence[dict[str, str]] = ()) -> list[Router]:
    """The console for `create_app(settings, routers=...)`: its pages, and the files they load.

    `pointers` are shown on the start page: `href`, and `title_` and `says_` in each language.
    """
    room = Room(tuple(pointers))

    def visit(request: Request[Any, Any, Any]) -> Visit:
        return Visit(request, room)

    def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        return _failed(Visit(request, room), error)

    guarded = CSRFConfig(
        secret=secrets.token_urlsafe(32),
        cookie_name="yibao_form",
        cookie_path=ROOT,
        cookie_httponly=True,
        cookie_samesite="strict",
    )
    rooms = (entering, looking, changing, keeping)
    pages = Router(
        ROOT,
        route_handlers=[handler for each in rooms for handler in each.HANDLERS],
        dependencies={
            "visit": Provide(visit, sync_to_thread=False),
            "there": Provide(in_city, sync_to_thread=True),
        },
        middleware=[DefineMiddleware(CSRFMiddleware, config=guarded)],
        exception_handlers={Exception: failed},
        response_headers=[ResponseHeader(name=name, value=value) for name, value in HEADERS.items()],
        include_in_schema=False,
    )
    files = create_static_files_router(
        f"{ROOT}/static", directories=[STATIC], opt={OPEN: True}, include_in_schema=False
    )
    return [pages, files]


def _failed(visit: Visit, error: Exception) -> Response[Any]:
    """Whatever goes wrong: to the sign-in page where a token is missing, else said in words with its code."""
    if isinstance(error, (TokenMissing, TokenRefused)):
        return _to_sign_in(visit)
    if isinstance(error, PermissionDeniedException):
        error = NotAllowed("the form is too old, or not this console's own: load the page anew")
    state: Any = visit.request.scope["state"]
    if not isinstance(error, (LedgerError, HTTPException)):
        state["error"] = error
    told = state["problem"] = described(error, str(state.get("request_id", "")))
    words = meaning(told.code)
    title = words.label if visit.language == "zh" and words.label else words.title
    name = error.name if isinstance(error, InputRefused) else ""
    page = visit.page("problem.html", status=told.status, title=title, problem=told, name=name)
    page.headers.update(HEADERS)
    return page


def _to_sign_in(visit: Visit) -> Response[Any]:
    asked = visit.request.url
    back = f"{asked.path}?{asked.query}" if asked.query else asked.path
    address = (
        f"{url('', 'login')}?{urlencode({'next': back})}"
        if visit.request.method == "GET"
        else url("", "login")
    )
    if "HX-Request" in visit.request.headers:
        return Response("", status_code=401, headers={"HX-Redirect": address, **HEADERS})
    return Redirect(address, status_code=303, headers=HEADERS)
