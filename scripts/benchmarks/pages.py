"""The console's page of a person with thirty years of history, as the server spends its time on it."""

import random
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

import structlog
from litestar.testing import TestClient

from ledger.console.router import console_routers
from ledger.rights.caller import EVERY_CITY, Caller, Role
from ledger.service.app import create_app
from ledger.service.settings import Settings
from scripts.benchmarks.ours import person_of
from scripts.benchmarks.workload import CITY


def lines(folder: Path, tries: int) -> Iterator[str]:
    """The figures as text: pages at random pairs of dates, whole, with their templates."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    ledger, person, events = person_of(folder, 1500)
    file = ledger.store.place
    ledger.close()
    auditor = Caller(name="bench", roles=(Role.AUDITOR,), cities=(EVERY_CITY,), identifiers=True)
    app = create_app(Settings(database=file, anyone=auditor), console_routers())
    chance = random.Random(1)
    with TestClient(app, base_url="http://console.local") as client:
        spent, worked = [], []
        for _ in range(tries + 1):
            on, known = (f"{chance.randint(2019, 2047)}-{chance.randint(1, 12):02d}-15" for _ in range(2))
            start, began = perf_counter(), process_time()
            page = client.get(
                f"/console/{CITY}/person", params={"id": person, "on": on, "known": max(on, known)}
            )
            spent.append((perf_counter() - start) * 1000)
            worked.append((process_time() - began) * 1000)
            page.raise_for_status()
    first, *others = spent
    yield f"console: page of a person of {events} events ({len(page.content) // 1024} KB)"
    yield f"  first {first:.0f} ms, then median {median(others):.0f} ms, p99 {quantiles(others, n=100)[98]:.0f} ms"
    yield f"  of which processor: median {median(worked):.0f} ms, p99 {quantiles(worked, n=100)[98]:.0f} ms"
