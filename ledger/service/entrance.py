"""The door: who calls. Every route but the open ones asks for a token before anything else."""

import asyncio
from http.cookies import SimpleCookie

from litestar.connection import ASGIConnection
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from ledger.rights.caller import Caller
from ledger.rights.refusals import TokenMissing, TokenRefused
from ledger.rights.tokens import Checker

OPEN = "open_to_everybody"
"""The mark (`opt`) of a route that needs no token."""
COOKIE = "yibao_token"
COOKIE_PATH = "/console"
"""Only the console takes a token from a cookie, and guards itself against forged requests."""


class Entrance(AbstractAuthenticationMiddleware):
    """Puts the caller into `request.user`; the app's state holds the checker of tokens."""

    async def authenticate_request(self, connection: ASGIConnection) -> AuthenticationResult:  # type: ignore[type-arg]
        """The caller of a token, or who a call without one is; RightsRefused otherwise."""
        checker: Checker = connection.app.state.checker
        if checker.asks_elsewhere:
            user = await asyncio.to_thread(caller_of, connection)
        else:
            user = caller_of(connection)
        return AuthenticationResult(user=user, auth=None)


def caller_of(connection: ASGIConnection) -> Caller:  # type: ignore[type-arg]
    """Who calls, by the header `Authorization`, in the console also by the cookie."""
    state = connection.app.state
    token = _token(connection)
    if token is None:
        anyone: Caller | None = state.settings.anyone
        if anyone is None:
            raise TokenMissing
        return anyone
    checker: Checker = state.checker
    return checker.caller(token)


def _token(connection: ASGIConnection) -> str | None:  # type: ignore[type-arg]
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise TokenRefused("token_invalid", "the header is not `Bearer TOKEN`")
        return token.strip()
    if connection.scope["path"].startswith(COOKIE_PATH):
        crumbs = SimpleCookie(connection.headers.get("cookie", ""))
        return crumbs[COOKIE].value if COOKIE in crumbs else None
    return None
