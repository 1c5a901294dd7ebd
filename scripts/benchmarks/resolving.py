"""Back-payments before they are recorded: a person with thirty years of history, and everyone of a large employer."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, cast

from domain.facts import Fact
from domain.facts.reading import read_fact
from ledger.resolve import Resolution, resolve
from scripts.benchmarks.ours import filled, person_of, told
from scripts.benchmarks.workload import CITY, paid, registered


def person(folder: Path, tries: int) -> dict[str, float]:
    """Milliseconds for one person of about 1,600 events: each try takes back another month's payment."""
    ledger, _, events = person_of(folder, 1500)
    with ledger:
        payments = [
            cast(Fact, row.event).id
            for row in ledger.store.fact_rows_of(CITY, "employer:E0", "contribution_paid")
        ]
        spent = []
        for number in range(tries):
            told_late = _void(payments[number * 37 % len(payments)], number)
            start = perf_counter()
            found = _resolved(ledger.store, told_late)
            spent.append((perf_counter() - start) * 1000)
            if not found.changes:
                raise AssertionError("a payment taken back must change something")
    return {"events": events, "median_ms": median(spent), "p99_ms": quantiles(spent, n=100)[98]}


def employer(folder: Path, members: int) -> dict[str, float]:
    """Seconds for an employer's month that was paid late, with everyone on its roll."""
    with filled(folder, "employer", registered(1, members)) as ledger:
        months = list(paid(1, 4))
        told(ledger, months[:3])
        late = {**months[3], "on": "2018-06-20", "recorded": "2018-06-20", "id": "late"}
        start = perf_counter()
        found = _resolved(ledger.store, late)
        spent = perf_counter() - start
        if found.subjects < members:
            raise AssertionError("everyone on the roll must be concerned")
        return {"members": members, "seconds": spent, "changes": len(found.changes)}


def _resolved(store: Any, fact: Mapping[str, Any]) -> Resolution:
    return resolve(store, [(1, read_fact(fact, CITY))], keep_recorded=True)


def _void(identifier: str, number: int) -> dict[str, Any]:
    told_late = {"fact": "contribution_paid", "on": "2048-02-01", "recorded": "2048-02-02"}
    return {**told_late, "id": f"late{number}", "corrects": identifier, "void": True}


def lines(folder: Path, tries: int, members: int) -> Iterator[str]:
    """The figures as text."""
    one = person(folder, tries)
    yield (
        f"resolve, a person of {one['events']} events: median {one['median_ms']:.0f} ms,"
        f" p99 {one['p99_ms']:.0f} ms (target p99 100 ms)"
    )
    all_of_them = employer(folder, members)
    yield f"resolve, an employer of {members:,}: {all_of_them['seconds']:.1f} s (target 60 s for 10,000)"
