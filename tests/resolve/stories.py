"""The invented family of the demo: an employer pays six months late, after a hospital stay in the gap."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from domain.facts.reading import read_fact
from domain.values.calendar import Moment
from ledger.handle import Ledger
from projections.rebuild import ALL

PAID = "2019-09-16"
CITY = "510500"


def demo_facts() -> list[dict[str, Any]]:
    """Every fact of the demo, in order."""
    lines = files("ledger.demo").joinpath("facts.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def told_when(fact: dict[str, Any]) -> Moment:
    """When a fact became known."""
    return Moment.parse(str(fact.get("recorded") or fact["on"]))


def before_payment(ledger: Ledger, colleagues: Iterable[str] = ()) -> list[tuple[int, Any]]:
    """Record all that was known before the late payment; the payment itself comes back, read.

    Each colleague has the same history at the same employer, without household and bills.
    """
    day = Moment.parse(PAID).day
    facts = [each for fact in demo_facts() for each in (fact, *_alike(fact, colleagues))]
    known = [fact for fact in facts if told_when(fact).day < day]
    for fact in known:
        ledger.record(fact, keep_recorded=True)
    late = [fact for fact in facts if told_when(fact).day == day]
    return [(number, read_fact(fact)) for number, fact in enumerate(late, 1)]


def _alike(fact: dict[str, Any], colleagues: Iterable[str]) -> Iterator[dict[str, Any]]:
    if fact.get("person") == "mother" and fact["fact"] != "claim_submitted":
        for who in colleagues:
            yield {**fact, "id": f"{fact['id']}-{who}", "person": who}


def digests(ledger: Ledger) -> dict[str, str]:
    """A hash of every row of every table of the database that holds events or answers."""
    names = [
        *(table.name for table in ALL),
        "stored_events",
        "log_head",
        "fact_reference",
        "subject_dependency",
        "subject_due",
    ]
    return {name: _digest(sorted(map(repr, _rows(ledger, name)))) for name in names}


def _rows(ledger: Ledger, table: str) -> Iterator[Any]:
    yield from ledger.store.select(f"SELECT * FROM {table}", {})


def _digest(rows: list[str]) -> str:
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
