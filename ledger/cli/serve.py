"""`yibao serve`: the HTTP service."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from domain.errors import InputRefused, LedgerError
from ledger.cli import DATABASE, OK
from ledger.cli.options import EVERYWHERE, DatabaseMissing, Everywhere
from ledger.cli.screen import say

if TYPE_CHECKING:
    from ledger.rights.caller import Caller
    from ledger.rights.tokens import Provider
    from ledger.service.running import Place
    from ledger.service.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine for itself; a page elsewhere that points its own name here is not let in."""


class ServiceMissing(LedgerError):
    """The packages of the `service` extra are not installed."""

    code = "service_not_installed"

    def __init__(self) -> None:
        super().__init__("the service needs its packages: `pip install 'yibao-ledger[service]'`")


@Parameter(name="*", group="Where")
@dataclass(frozen=True)
class Where:
    """Where it listens, and how that is protected."""

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 8420
    """Port to listen on."""
    tls_certificate: str | None = None
    """Certificate chain (PEM) for TLS."""
    tls_key: str | None = None
    """Key of the certificate (PEM)."""
    behind_proxy: Annotated[bool, Parameter(negative="")] = False
    """A proxy in front does TLS and says in X-Forwarded-For who calls."""

    def place(self) -> "Place":
        """As the service wants it."""
        from ledger.service.running import Place

        return Place(
            host=self.host,
            port=self.port,
            certificate=_path(self.tls_certificate),
            key=_path(self.tls_key),
            behind_proxy=self.behind_proxy,
        )


@Parameter(name="*", group="Who")
@dataclass(frozen=True)
class Who:
    """Who is let in."""

    token_key: Annotated[tuple[str, ...], Parameter(env_var="YIBAO_TOKEN_KEY", negative="")] = ()
    """File with a key whose tokens count, public or private, made by `yibao key new`; may be given several times."""
    open_loopback: Annotated[bool, Parameter(negative="")] = False
    """Let everybody on this machine in without a token, in every role, without identifiers."""
    jwks_url: str | None = None
    """Where the keys of the agency's identity provider are (JWKS, https)."""
    issuer: str | None = None
    """The identity provider's name, as its tokens say it (`iss`)."""
    audience: str = "yibao-ledger"
    """What its tokens are for (`aud`)."""
    revoked: str | None = None
    """File of token ids (`jti`), one a line, that no longer count."""

    def provider(self) -> "Provider | None":
        """The identity provider, if there is one."""
        from ledger.rights.tokens import Provider

        if self.jwks_url is None:
            return None
        if self.issuer is None:
            raise InputRefused("field_missing", "issuer", "--jwks-url needs --issuer: whose tokens count")
        if not self.jwks_url.startswith("https://"):
            raise InputRefused("value_not_allowed", "jwks-url", "keys are fetched over https only")
        return Provider(jwks_url=self.jwks_url, issuer=self.issuer, audience=self.audience)

    def anyone(self) -> "Caller | None":
        """Who a call without a token is."""
        from ledger.rights.caller import EVERY_CITY, Caller, Role

        if not self.open_loopback:
            return None
        return Caller(name="loopback", roles=tuple(Role), cities=(EVERY_CITY,))


WHERE, WHO = Where(), Who()


def serve(
    *,
    where: Where = WHERE,
    who: Who = WHO,
    signing_key: Annotated[str | None, Parameter(env_var="YIBAO_SIGNING_KEY")] = None,
    calls_per_second: int = 200,
    seconds: float = 30.0,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Serve the ledger over HTTP: facts, questions, reasons, streams, and the console. Ends on Ctrl-C or SIGTERM.

    On this machine only, and with tokens, unless told otherwise. Beyond this machine it starts only with tokens
    and TLS, or with tokens behind a proxy that does TLS.

    Examples: `yibao serve --token-key yibao-token.pem.pub`; `yibao serve --open-loopback`;
    `yibao serve --host 0.0.0.0 --token-key k.pem --tls-certificate c.pem --tls-key c.key`.

    Parameters
    ----------
    signing_key
        File of the private key 私钥 that signs proofs.
    calls_per_second
        Calls of one caller in a second; more are told to wait.
    seconds
        Time for one answer.
    """
    try:
        from ledger.console.router import console_routers
        from ledger.service.app import create_app
        from ledger.service.running import serve_until_told
    except ImportError as missing:
        if missing.name and missing.name.partition(".")[0] in ("domain", "ledger", "projections"):
            raise
        raise ServiceMissing from None
    if not everywhere.on_a_server and not Path(everywhere.database).exists():
        raise DatabaseMissing(everywhere.database)
    place = where.place()
    settings = _settings(where, who, _path(signing_key), everywhere, calls_per_second, seconds)
    tokens = bool(settings.token_keys) or settings.provider is not None
    place.refuse_unsafe(tokens=tokens, anyone=settings.anyone is not None)
    app = create_app(settings, console_routers())
    at = f"{'https' if place.certificate else 'http'}://{where.host}:{where.port}"
    say(f"serving 服务地址: {at}, console 控制台: {at}/console")
    return OK if serve_until_told(app, place) else DATABASE


def _settings(
    where: Where, who: Who, signing_key: Path | None, everywhere: Everywhere, calls: int, seconds: float
) -> "Settings":
    from ledger.service.settings import Limits, Settings

    return Settings(
        database=everywhere.database,
        city=everywhere.city_code(),
        token_keys=tuple(Path(each) for each in who.token_key),
        signing_key=signing_key,
        provider=who.provider(),
        revoked=_path(who.revoked),
        anyone=who.anyone(),
        allowed_hosts=tuple(f"{name}:{where.port}" for name in LOOPBACK) if who.open_loopback else (),
        limits=Limits(calls_per_second=calls, seconds=seconds),
    )


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
