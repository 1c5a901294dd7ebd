"""`yibao demo --serve`: the invented town in a ledger of its own, and the console over it."""

import asyncio
import logging
import socket
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from typing import Any

import structlog

from domain.values.calendar import Month
from ledger.cli.options import DatabaseMissing
from ledger.console.drawing import ROOT
from ledger.console.router import console_routers
from ledger.demo.town import plan, pointers, told_on, town_facts
from ledger.handle import Ledger
from ledger.proof.checkpoints import write
from ledger.proof.keys import new_pair
from ledger.receipts import Rejected
from ledger.rights.caller import EVERY_CITY, Caller, Role
from ledger.rights.keys import signing_key
from ledger.service.app import create_app
from ledger.service.running import Place, Server, server
from ledger.service.settings import Settings

HOST, PORT = "127.0.0.1", 8420
WAIT = 60
"""Seconds until the service must answer, or no browser is opened."""
Progress = Callable[[int, int], None]


@contextmanager
def town(database: str | None, progress: Progress) -> Iterator[Path]:
    """The file of a ledger that holds the town: filled now, or as it was left. Without a name it is gone afterwards."""
    if database is not None:
        if "://" in database:
            raise DatabaseMissing(database)
        fill(Path(database), progress)
        yield Path(database)
        return
    with tempfile.TemporaryDirectory(prefix="yibao-demo-") as folder:
        file = Path(folder) / "town.db"
        fill(file, progress)
        yield file


def key_of(file: Path) -> Path:
    """Where the key stands that signs the town's checkpoints and proofs; made when it is missing."""
    key = file.with_name(f"{file.name}.key")
    if not key.exists():
        new_pair(key)
    return key


def fill(file: Path, progress: Progress, of: dict[str, Any] | None = None) -> None:
    """Tell the ledger a town's facts month by month, each with a run of time; a filled one is left as it is."""
    told = of or plan()
    facts = town_facts(told)
    done = 0
    with Ledger.open(str(file), migrate=True) as ledger:
        if ledger.store.fact(told["city"], facts[-1]["id"]) is not None:
            return
        for month, some in groupby(facts, key=lambda fact: told_on(fact)[:7]):
            batch = list(some)
            for outcome in ledger.import_facts(enumerate(batch, done + 1), city=told["city"]):
                if isinstance(outcome, Rejected):
                    raise AssertionError(f"the town's own facts are refused: {outcome}")
            done += len(batch)
            progress(done, len(facts))
            ledger.advance(Month.parse(month).last_day)
        write(ledger.store, signing_key(key_of(file)))


def show(file: Path, port: int | None, told: Callable[[str], None], *, browser: bool) -> bool:
    """Serve the console over the town to this machine until told to stop; False when that could not begin."""
    place = Place(host=HOST, port=port if port is not None else _free_port())
    address = f"http://{HOST}:{place.port}{ROOT}/"
    app = create_app(
        Settings(
            database=str(file),
            signing_key=key_of(file),
            anyone=Caller(name="demo", roles=tuple(Role), cities=(EVERY_CITY,), identifiers=True),
            allowed_hosts=(f"{HOST}:{place.port}", f"localhost:{place.port}"),
        ),
        console_routers([{**each, "href": f"{ROOT}/{each['page']}"} for each in pointers(plan())]),
    )
    told(address)
    if browser:
        threading.Thread(target=_open, args=(place.port, address), daemon=True).start()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    return _serve(server(app, place))


def _serve(running: Server) -> bool:
    """Serve until Ctrl-C, which is how one leaves a demonstration."""
    with suppress(KeyboardInterrupt):
        asyncio.run(running.serve())
    return running.started


def _free_port() -> int:
    """The usual port, or any other when somebody has it."""
    with socket.socket() as probe, suppress(OSError):
        probe.bind((HOST, PORT))
        return PORT
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        found: int = probe.getsockname()[1]
        return found


def _open(port: int, address: str) -> None:
    """Open a browser once somebody answers."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            webbrowser.open(address)
            return
        time.sleep(0.1)
