"""A small town in a ledger of its own, and the console over it for whoever a test says."""

import asyncio
import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from ledger.clock import SystemClock
from ledger.console.router import console_routers
from ledger.demo.showing import fill, key_of
from ledger.demo.town import plan
from ledger.proof.keys import new_pair
from ledger.rights.caller import Caller, Role
from ledger.rights.keys import signing_key
from ledger.rights.tokens import issue
from ledger.service.app import create_app
from ledger.service.running import Place, server
from ledger.service.settings import Limits, Settings

CITY = "510500"
AUDITOR = Caller(name="Auditor Zhou", roles=(Role.AUDITOR,), cities=(CITY,), identifiers=True)
OPERATOR = Caller(name="Operator Wu", roles=(Role.OPERATOR,), cities=(CITY,), identifiers=True)
BLIND = replace(AUDITOR, name="Auditor Qian", identifiers=False)
UNHURRIED = Limits(calls_per_second=1_000_000)
"""Tests read faster than anybody looks."""
Client = TestClient[Any]
Visiting = Callable[[Caller | None], Client]


def small_plan() -> dict[str, Any]:
    """The invented town with only those few people about whom something is told."""
    told = plan()
    kept = {"press": 2, "restaurant": 3, "weavers": 3}
    told["employers"] = [
        {**each, "people": kept[each["id"]]} for each in told["employers"] if each["id"] in kept
    ]
    told["residents"] = {"households": 19, "flexible": 1}
    return told


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a ledger that holds the small town, with a signed checkpoint at its end."""
    file = tmp_path_factory.mktemp("town") / "town.db"
    fill(file, lambda done, of: None, small_plan())
    return file


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """A ledger with the one family of the story."""
    told = plan()
    file = tmp_path / "story.db"
    fill(
        file, lambda done, of: None, {**told, "employers": [], "residents": {"households": 0, "flexible": 0}}
    )
    return file


@pytest.fixture
def own_town(town: Path, tmp_path: Path) -> Path:
    """A copy of the town for a test that records something."""
    for each in town.parent.iterdir():
        shutil.copy2(each, tmp_path / each.name)
    return tmp_path / town.name


@pytest.fixture(scope="session")
def token_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key whose tokens count."""
    key = tmp_path_factory.mktemp("keys") / "token.pem"
    new_pair(key)
    return key


def settings(file: Path, anyone: Caller | None, token_key: Path) -> Settings:
    """The service over a town, for somebody, or for whoever has a token."""
    return Settings(
        database=str(file),
        token_keys=(token_key,),
        signing_key=key_of(file),
        anyone=anyone,
        city=CITY,
        limits=UNHURRIED,
    )


def token_for(caller: Caller, key: Path) -> str:
    """A token that makes its bearer this caller."""
    return issue(signing_key(key), caller, days=1, clock=SystemClock())


@pytest.fixture
def visiting(town: Path, token_key: Path) -> Iterator[Visiting]:
    """The console as one caller sees it; None = whoever has a token."""
    opened: list[Client] = []

    def visit(caller: Caller | None) -> Client:
        app = create_app(settings(town, caller, token_key), console_routers())
        client = TestClient(app, base_url="http://console.local")
        opened.append(client.__enter__())
        return client

    yield visit
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture(scope="session")
def auditor(town: Path, token_key: Path) -> Iterator[Client]:
    """The console for an auditor who may read names; he records nothing, so all tests share it."""
    app = create_app(settings(town, AUDITOR, token_key), console_routers())
    with TestClient(app, base_url="http://console.local") as client:
        yield client


@contextmanager
def serving(file: Path, caller: Caller | None, token_key: Path) -> Iterator[str]:
    """A real server on this machine: the address of its console."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(settings(file, caller, token_key), console_routers())
    running = server(app, Place(port=port))
    thread = threading.Thread(target=lambda: asyncio.run(running.serve()))
    thread.start()
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}/console/"
    finally:
        running.should_exit = True
        thread.join(20)


def _wait(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("the console did not start")


FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


def chromium() -> str | None:
    """Where a Chromium is: said by the environment, on the path, or None."""
    told = os.environ.get("YIBAO_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    return told or next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(
    scope="module"
)  # while it is open a loop of events runs in this thread, and nobody else can have one
def browser() -> Iterator[Callable[..., Any]]:
    """Opens fresh windows of a real Chromium, for the test to close; skipped, saying how to get one, where there is none."""
    found = chromium()
    if found is None:
        pytest.skip(
            "no Chromium: `apt-get install -y --no-install-recommends chromium`, or set YIBAO_CHROMIUM"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:

        def window(**options: Any) -> Any:
            data = tempfile.mkdtemp(dir=folder)
            given = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", **options}
            return play.chromium.launch_persistent_context(
                data, executable_path=found, args=FLAGS.split(), **given
            )

        yield window
