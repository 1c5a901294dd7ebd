"""This project's paths on the real store, with the rules of a real city."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from domain.events.recorded import Posted
from domain.values.calendar import Moment
from ledger.clock import SystemClock
from ledger.collecting import collector_paused
from ledger.handle import Ledger
from ledger.receipts import Rejected
from ledger.store import open_store
from scripts.benchmarks.workload import CITY, joined, paid, registered


def filled(folder: Path, name: str, facts: Iterable[Mapping[str, Any]]) -> Ledger:
    """A durable ledger in its own SQLite file with some facts in it."""
    ledger = Ledger.open(str(folder / f"{name}.db"), migrate=True)
    told(ledger, facts)
    return ledger


def told(ledger: Ledger, facts: Iterable[Mapping[str, Any]]) -> None:
    """Import facts; a refusal is a fault of the benchmark."""
    for result in ledger.import_facts(enumerate(facts, 1), city=CITY):
        if isinstance(result, Rejected):
            raise AssertionError(result)


def one_at_a_time(folder: Path, facts: int) -> float:
    """Facts a second: each durable with its decision, consequences and tables; histories of about 12 events."""
    with filled(folder, "single", [*registered(1, 0), *_members(facts)]) as ledger:
        months = list(paid(facts, 6))
        told(ledger, months[: 3 * facts])
        fresh = islice(months, 3 * facts, 4 * facts)
        start = perf_counter()
        for fact in fresh:
            ledger.record(fact, city=CITY, keep_recorded=True)
        return facts / (perf_counter() - start)


def _members(employers: int) -> Iterable[Mapping[str, Any]]:
    for number in range(employers):
        yield from joined(f"E{number}", f"E{number}P0")


def in_order(folder: Path, events: int) -> float:
    """Events a second: monthly contributions of employers in order, consequences and tables included."""
    employers, members = 10, 50
    months = max(2, events // (employers * members * 3))
    with filled(folder, "order", registered(employers, members)) as ledger:
        before = ledger.store.last_position()
        start = perf_counter()
        told(ledger, paid(employers, months))
        return (ledger.store.last_position() - before) / (perf_counter() - start)


def read_and_fold(folder: Path, events: int) -> float:
    """Events a second: read the log, decode every event, fold the balances of all accounts."""
    database = folder / "order.db"
    with open_store(str(database), clock=SystemClock()) as store, collector_paused():
        balances: dict[str, int] = defaultdict(int)
        start = perf_counter()
        count = store.last_position()
        for event in store.events():
            if isinstance(event, Posted):
                for posting in event.postings:
                    balances[posting.account] += posting.fen
        assert sum(balances.values()) == 0
        return count / (perf_counter() - start)


def person_of(folder: Path, events: int) -> tuple[Ledger, str, int]:
    """A ledger with one person who worked for 30 years: about 1,500 events, some bills among them."""
    ledger = filled(folder, "person", [*registered(1, 1)])
    told(ledger, paid(1, 360))
    told(ledger, (_visit(number) for number in range(1, 121)))
    return ledger, "E0P0", len(ledger.store.stream(CITY, "person:E0P0"))


def _visit(number: int) -> Mapping[str, Any]:
    return {
        "fact": "claim_submitted",
        "on": f"2047-{number % 12 + 1:02d}-25",
        "recorded": "2048-01-10",
        "claim": f"V{number}",
        "person": "E0P0",
        "provider": "H1",
        "kind": "ordinary_outpatient",
        "lines": [{"class": "A", "amount": "1.00"}],
    }


def replay_one(ledger: Ledger, person: str, rounds: int) -> list[float]:
    """Seconds per answer at any (E, K), the person replayed from the log each time."""
    return [_asked(ledger, person, day, "replay") for day in range(rounds)]


def from_tables(ledger: Ledger, person: str, rounds: int) -> list[float]:
    """Seconds per answer from the tables."""
    return [_asked(ledger, person, day, "tables") for day in range(rounds)]


def _asked(ledger: Ledger, person: str, number: int, source: Any) -> float:
    month = number * 7 % 360
    on = f"{2018 + month // 12}-{month % 12 + 1:02d}-15"
    dates = {"on": on, "known": "2048-01-31"}
    questions: tuple[dict[str, Any], ...] = (
        {"ask": "benefit_status", "person": person, **dates},
        {"ask": "contribution_months", "person": person, **dates},
        {"ask": "claim", "claim": f"V{number % 120 + 1}", "known": "2048-01-31"},
        {"ask": "personal_account", "person": person, **dates},
    )
    if source == "replay":
        ledger.forget()
    start = perf_counter()
    ledger.ask(questions[number % 4], city=CITY, source=source)
    return perf_counter() - start


def rebuild(folder: Path, events: int) -> float:
    """Events a second: all tables anew, beside the live ones, and switched."""
    with Ledger.open(str(folder / "order.db")) as ledger:
        total = ledger.store.last_position()
        start = perf_counter()
        ledger.rebuild()
        return total / (perf_counter() - start)


PATHS: dict[str, Callable[[Path, int], float]] = {
    "one fact at a time, durable": one_at_a_time,
    "import in order": in_order,
    "read, decode, fold the log": read_and_fold,
    "rebuild of all tables": rebuild,
}
LAST = Moment.parse("2024-01-31")
