"""Running the service: uvicorn, with a stop that open streams hear of."""

import asyncio
from ipaddress import ip_address
from pathlib import Path
from types import FrameType

import uvicorn
from litestar import Litestar
from msgspec import Struct

from ledger.service.logs import configure
from ledger.service.problems import Refused

STOP_SECONDS = 2
"""Given to open calls once the service is told to stop; uvicorn itself takes a little more."""


class Place(Struct, frozen=True, kw_only=True):
    """Where the service listens, and how it is protected there."""

    host: str = "127.0.0.1"
    port: int = 8420
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False

    @property
    def on_loopback(self) -> bool:
        """True when nobody else on the network can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def refuse_unsafe(self, *, tokens: bool, anyone: bool) -> None:
        """Refused (`unsafe_place`) when somebody on the network could read along or come in."""
        if self.on_loopback:
            if not tokens and not anyone:
                raise Refused(
                    "unsafe_place",
                    "nobody could call: give --token-key (made by `yibao key new`),"
                    " or --open-loopback for whoever works on this machine",
                    "token-key",
                )
            return
        if anyone:
            raise Refused(
                "unsafe_place", f"--open-loopback is for this machine only, not for {self.host}", "host"
            )
        if not tokens:
            raise Refused("unsafe_place", f"on {self.host} tokens are needed: give --token-key", "token-key")
        if not self.behind_proxy and (self.certificate is None or self.key is None):
            raise Refused(
                "unsafe_place",
                f"on {self.host} tokens would travel in the open: give --tls-certificate and --tls-key,"
                " or say --behind-proxy when a proxy in front does TLS",
                "tls-certificate",
            )


class Server(uvicorn.Server):
    """Tells the application at once when it is told to stop, so that streams end by themselves."""

    def __init__(self, config: uvicorn.Config, app: Litestar) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to stop."""
        super().handle_exit(sig, frame)
        self._app.state.stopping.set()


def server(app: Litestar, place: Place) -> Server:
    """A server for the application, not yet running."""
    config = uvicorn.Config(
        app,
        host=place.host,
        port=place.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=place.behind_proxy,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
        timeout_graceful_shutdown=STOP_SECONDS,
        lifespan="on",
    )
    return Server(config, app)


def serve_until_told(app: Litestar, place: Place) -> bool:
    """Serve until a signal comes; False when it could not start."""
    configure()
    running = server(app, place)
    asyncio.run(running.serve())
    return running.started
