"""`yibao serve`: the HTTP service."""

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


LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""What a browser on this machine may call it; another name in `Host` would be somebody else's page."""


LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine for itself; a page elsewhere that points its own name here is not let in."""


class ServiceMissing(LedgerError):
    """The packages of the `service` extra are not installed."""

    code = "service_not_installed"

    def __init__(self) -> None:
        super().__init__("the service needs its packages: `pip install 'yibao-ledger[service]'`")


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8420,
    token_key: Annotated[tuple[str, ...], Parameter(env_var="YIBAO_TOKEN_KEY")] = (),
    signing_key: Annotated[str | None, Parameter(env_var="YIBAO_SIGNING_KEY")] = None,
    open_loopback: Annotated[bool, Parameter(negative="")] = False,
    tls_certificate: str | None = None,
    tls_key: str | None = None,
    behind_proxy: Annotated[bool, Parameter(negative="")] = False,
    jwks_url: str | None = None,
    issuer: str | None = None,
    audience: str = "yibao-ledger",
    revoked: str | None = None,
    calls_per_second: int = 200,
    seconds: float = 30.0,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Serve the ledger over HTTP: facts, questions, reasons, streams, the console. Ends on Ctrl-C or SIGTERM.

    On this machine only, and with tokens, unless told otherwise. Beyond this machine it starts only with tokens
    and TLS, or with tokens behind a proxy that does TLS.

    Examples: `yibao serve --token-key yibao-token.pem.pub`; `yibao serve --open-loopback`;
    `yibao serve --host 0.0.0.0 --token-key k.pem --tls-certificate c.pem --tls-key c.key`.

    Parameters
    ----------
    host
        Address to listen on.
    port
        Port to listen on.
    token_key
        File with a key whose tokens count, public or private, made by `yibao key new`; may be given several times.
    signing_key
        File of the private key 私钥 that signs proofs.
    open_loopback
        Let everybody on this machine in without a token, in every role, without identifiers.
    tls_certificate
        Certificate chain (PEM) for TLS.
    tls_key
        Key of the certificate (PEM).
    behind_proxy
        A proxy in front does TLS and says in X-Forwarded-For who calls.
    jwks_url
        Where the keys of the agency's identity provider are (JWKS).
    issuer
        The identity provider's name, as its tokens say it (`iss`).
    audience
        What its tokens are for (`aud`).
    revoked
        File of token ids (`jti`), one a line, that no longer count.
    calls_per_second
        Calls of one caller in a second; more are told to wait.
    seconds
        Time for one answer.
    """
    try:
        from ledger.console.router import console_routers
        from ledger.service.app import create_app
        from ledger.service.running import Place, serve_until_told
        from ledger.service.settings import Limits, Settings
    except ImportError as missing:
        if missing.name and missing.name.partition(".")[0] in ("domain", "ledger", "projections"):
            raise
        raise ServiceMissing from None
    if not everywhere.on_a_server and not Path(everywhere.database).exists():
        raise DatabaseMissing(everywhere.database)
    place = Place(
        host=host,
        port=port,
        certificate=_path(tls_certificate),
        key=_path(tls_key),
        behind_proxy=behind_proxy,
    )
    provider = _provider(jwks_url, issuer, audience)
    place.refuse_unsafe(tokens=bool(token_key) or provider is not None, anyone=open_loopback)
    app = create_app(
        Settings(
            database=everywhere.database,
            city=everywhere.city_code(),
            token_keys=tuple(Path(each) for each in token_key),
            signing_key=_path(signing_key),
            provider=provider,
            revoked=_path(revoked),
            anyone=_everybody() if open_loopback else None,
            allowed_hosts=tuple(f"{name}:{port}" for name in LOOPBACK) if open_loopback else (),
            limits=Limits(calls_per_second=calls_per_second, seconds=seconds),
        ),
        console_routers(),
    )
    at = f"{'https' if place.certificate else 'http'}://{host}:{port}"
    say(f"serving 服务地址: {at}, console 控制台: {at}/console")
    return OK if serve_until_told(app, place) else DATABASE


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


def _provider(jwks_url: str | None, issuer: str | None, audience: str) -> "Provider | None":
    from ledger.rights.tokens import Provider

    if jwks_url is None:
        return None
    if issuer is None:
        raise InputRefused("field_missing", "issuer", "--jwks-url needs --issuer: whose tokens count")
    if not jwks_url.startswith("https://"):
        raise InputRefused("value_not_allowed", "jwks-url", "keys are fetched over https only")
    return Provider(jwks_url=jwks_url, issuer=issuer, audience=audience)


def _everybody() -> "Caller":
    from ledger.rights.caller import EVERY_CITY, Caller, Role

    return Caller(name="loopback", roles=tuple(Role), cities=(EVERY_CITY,))
