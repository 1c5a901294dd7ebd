"""Several writers at once, each a process: overlapping people, the same facts from several sides, some contradicting.

    python -m tests.faults.crowd DATABASE WRITERS SEED

Forks the writers and prints, as JSON Lines, what each was told: fact id, and position or code.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import date
from typing import Any

from domain.errors import InputRefused
from ledger.handle import Ledger
from ledger.receipts import Rejected
from tests.faults.jobs import JOBS

DAYS = (date(2019, 6, 30), date(2020, 12, 31), date(2025, 12, 31))
Fact = dict[str, Any]


def facts() -> list[Fact]:
    """An invented family and its colleagues, in the order in which it happened; nothing carries a time of recording."""
    family = [*JOBS["resolve"].before, *JOBS["resolve"].told]
    told = [fact for fact in family if "corrects" not in fact]
    return [{name: value for name, value in fact.items() if name != "recorded"} for fact in told]


def share(rng: random.Random, number: int, writers: int) -> list[Fact]:
    """What one writer tells: its own facts, some of everybody's, some of them with other content; a little shuffled."""
    mine = []
    for place, fact in enumerate(facts()):
        if place % writers == number or rng.random() < 0.3:
            other = rng.random() < 0.1 and place % writers != number
            mine.append(
                (place + rng.random() * 6, {**fact, "note": f"as {number} heard it"} if other else fact)
            )
    return [fact for _, fact in sorted(mine, key=lambda each: each[0])]


def write(database: str, rng: random.Random, told: list[Fact]) -> list[dict[str, Any]]:
    """One writer's day: one fact, a few together, or a run of time, as it comes."""
    heard: list[dict[str, Any]] = []
    with Ledger.open(database) as ledger:
        while told:
            if rng.random() < 0.08:
                ledger.advance(rng.choice(DAYS))
            many = rng.choice((1, 1, 2, 5))
            some, told = told[:many], told[many:]
            heard += recorded(ledger, some)
    return heard


def recorded(ledger: Ledger, some: list[Fact]) -> list[dict[str, Any]]:
    """Tell the ledger, and note what it answers."""
    if len(some) > 1:
        outcomes = ledger.import_facts(enumerate(some), city="510500", keep_recorded=False)
        return [
            {"id": fact["id"], "code": outcome.code}
            if isinstance(outcome, Rejected)
            else {"id": outcome.id, "position": outcome.position}
            for fact, outcome in zip(some, outcomes, strict=True)
        ]
    try:
        receipt = ledger.record(some[0], city="510500")
    except InputRefused as refusal:
        return [{"id": some[0]["id"], "code": refusal.code}]
    return [{"id": receipt.id, "position": receipt.position}]


def main(database: str, writers: int, seed: int) -> int:
    """Fork the writers; 1 when one of them failed."""
    from ledger.store import postgres  # noqa: F401

    children = []
    for number in range(writers):
        pid = os.fork()
        if pid == 0:
            rng = random.Random(f"{seed} {number}")
            heard = write(database, rng, share(rng, number, writers))
            os.write(1, "".join(json.dumps(each) + "\n" for each in heard).encode())
            os._exit(0)
        children.append(pid)
    ends = [os.waitpid(pid, 0)[1] for pid in children]  # of all of them, also when one has failed
    return int(any(ends))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
