"""A service over a ledger of its own, called in this process or over a real socket."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from msgspec.structs import replace

from ledger.clock import SystemClock
from ledger.handle import Ledger
from ledger.proof.keys import new_pair, private_key
from ledger.rights.caller import Caller, Role
from ledger.rights.tokens import issue
from ledger.service.app import create_app
from ledger.service.running import Place, server
from ledger.service.settings import Settings

CITY, OTHER = "510500", "421300"
LATER = "2099-01-01"
NAME, NUMBER = "王小明", "510502198805052341"

FACTS: list[dict[str, Any]] = [
    {"fact": "person_registered", "id": "who", "on": "2018-01-01", "person": "P1", "name": NAME},
    {
        "fact": "person_registered",
        "id": "card",
        "on": "2018-01-01",
        "person": NUMBER,
        "note": "call her mother",
    },
    {
        "fact": "provider_registered",
        "id": "clinic",
        "on": "2018-01-01",
        "provider": "H1",
        "place": CITY,
        "level": 2,
    },
    {
        "fact": "claim_submitted",
        "id": "bill",
        "on": "2018-03-10",
        "claim": "c1",
        "person": "P1",
        "provider": "H1",
        "kind": "inpatient",
        "lines": [{"class": "A", "amount": "500.00"}],
    },
]
"""A person with a name, another called by an identity number, and a bill nobody is covered for."""


class Keys:
    """Issues tokens with a key of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "token.pem"
        self.public, _ = new_pair(self.file)

    def token(self, *roles: Role, days: int = 1, **of: Any) -> str:
        """A token for these roles in CITY, unless said otherwise."""
        caller = Caller(roles=roles, **{"name": "wang", "cities": (CITY,), **of})
        return issue(private_key(self.file), caller, days=days, clock=SystemClock())

    def headers(self, *roles: Role, **of: Any) -> dict[str, str]:
        """The header that brings such a token."""
        return {"Authorization": f"Bearer {self.token(*roles, **of)}"}


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """A key, and tokens signed with it."""
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A ledger in a file, with FACTS."""
    place = str(tmp_path / "ledger.db")
    with Ledger.open(place, migrate=True) as ledger:
        for fact in FACTS:
            ledger.record(fact, city=CITY)
    return place


@pytest.fixture
def settings(database: str, keys: Keys) -> Settings:
    """The service over that ledger."""
    return Settings(database=database, token_keys=(keys.public,), signing_key=keys.file)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient[Litestar]]:
    """Calls the service in this process."""
    with TestClient(create_app(settings)) as found:
        yield found


@contextmanager
def served(settings: Settings) -> Iterator[tuple[Litestar, str]]:
    """The service on a real socket of this machine: the application and its address."""
    app = create_app(settings)
    with listening(app, Place(port=0)) as port:
        yield app, f"http://127.0.0.1:{port}"


@contextmanager
def listening(app: Litestar, place: Place) -> Iterator[int]:
    """An application that listens, in a thread; its port."""
    running = server(app, place)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield running.servers[0].sockets[0].getsockname()[1]
    finally:
        running.handle_exit(15, None)
        thread.join(10)
        assert not thread.is_alive(), "the server did not stop"


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """The address of a service on a real socket."""
    with served(settings) as (_, url):
        yield url


@pytest.fixture
def with_limits(settings: Settings) -> Callable[..., Settings]:
    """The same service with other limits."""
    return lambda **limits: replace(settings, limits=replace(settings.limits, **limits))


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem details of a refusal, which must be this one."""
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert (response.status_code, told["status"], told["code"]) == (status, status, code), told
    assert told["type"] == f"urn:yibao:problem:{code}"
    assert told["title"]
    assert told["label"]
    assert told["request"] == response.headers["x-request-id"]
    return told
