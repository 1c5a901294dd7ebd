"""The plain library used the ordinary way: an aggregate with decorated commands, its own JSON, its own recorders."""

import os
import sqlite3
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Transcoding


class DateAsISO(Transcoding):
    """What the library's documentation shows for a type it does not know."""

    type = date
    name = "date_iso"

    def encode(self, obj: date) -> str:
        """To text."""
        return obj.isoformat()

    def decode(self, data: str) -> date:
        """From text."""
        return date.fromisoformat(data)


class Account(Aggregate):
    """A personal account credited every month."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.balance = Decimal(0)
        self.months: list[str] = []

    @event("Credited")
    def credit(self, month: str, amount: Decimal, paid_on: date) -> None:
        """One month's credit."""
        self.balance += amount
        self.months.append(month)


class Accounts(Application[UUID]):
    """The ordinary application."""

    def register_transcodings(self, transcoder: Any) -> None:
        """The library's own, and dates."""
        super().register_transcodings(transcoder)
        transcoder.register(DateAsISO())


def application(folder: Path, name: str) -> Accounts:
    """A durable application in its own SQLite file."""
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SQLITE_DBNAME": os.fspath(folder / f"{name}.db"),
    }
    return Accounts(env=environment)


def account(person: str, months: int) -> Account:
    """An account with pending events."""
    made = Account(person)
    for number in range(months):
        made.credit(f"20{number // 12:02d}-{number % 12 + 1:02d}", Decimal("124.70"), date(2018, 1, 31))
    return made


def one_at_a_time(folder: Path, commands: int) -> float:
    """Commands a second: load a history of 12 events, decide, save one more; durable."""
    with application(folder, "single") as app:
        people = [account(f"P{number}", 11) for number in range(50)]
        app.save(*people)
        start = perf_counter()
        for number in range(commands):
            one: Account = app.repository.get(people[number % 50].id)
            one.credit("2030-01", Decimal("124.70"), date(2018, 1, 31))
            app.save(one)
        return commands / (perf_counter() - start)


def in_hundreds(folder: Path, events: int) -> float:
    """Events a second: new events saved a hundred a save."""
    with application(folder, "hundreds") as app:
        people = [account(f"P{number}", 99) for number in range(events // 100)]
        start = perf_counter()
        for one in people:
            app.save(one)
        return events / (perf_counter() - start)


def read_and_fold(folder: Path, events: int) -> float:
    """Events a second: read the log, decode with the library's mapper, fold a sum."""
    with application(folder, "log") as app:
        app.save(*(account(f"P{number}", 99) for number in range(events // 100)))
        total = Decimal(0)
        start = perf_counter()
        position = 0
        while rows := app.recorder.select_notifications(position + 1, 1000):
            for row in rows:
                decoded: Any = app.mapper.to_domain_event(row)
                total += getattr(decoded, "amount", Decimal(0))
            position = rows[-1].id
        assert total
        return events / (perf_counter() - start)


def replay_one(folder: Path, events: int) -> float:
    """Seconds to replay one aggregate of so many events."""
    with application(folder, "replay") as app:
        one = account("P", events - 1)
        app.save(one)
        start = perf_counter()
        app.repository.get(one.id)
        return perf_counter() - start


def rebuild_loop(folder: Path, events: int) -> float:
    """Events a second: a hand-made loop that fills a table, one transaction per 2,000 events."""
    with application(folder, "loop") as app:
        app.save(*(account(f"P{number}", 99) for number in range(events // 100)))
        view = sqlite3.connect(folder / "view.db")
        view.execute("CREATE TABLE credit (id INTEGER PRIMARY KEY, account TEXT, amount TEXT)")
        start = perf_counter()
        position = 0
        while rows := app.recorder.select_notifications(position + 1, 2000):
            decoded = [(row.id, app.mapper.to_domain_event(row)) for row in rows]
            view.executemany(
                "INSERT INTO credit VALUES (?, ?, ?)",
                [(i, str(e.originator_id), str(getattr(e, "amount", 0))) for i, e in decoded],
            )
            view.commit()
            position = rows[-1].id
        return events / (perf_counter() - start)


PATHS: dict[str, Callable[..., float]] = {
    "one fact at a time, durable": one_at_a_time,
    "import in order": in_hundreds,
    "read, decode, fold the log": read_and_fold,
    "replay of one person": replay_one,
    "rebuild of all tables": rebuild_loop,
}
