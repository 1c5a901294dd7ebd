"""A seeded bad day: eight writers, four subscribers, and everything that can go wrong between them.

The plan of a day (who writes what, who hesitates before the commit, who takes back, who is killed where, which
connections are cut) follows from its seed alone; how the threads interleave is left to the machine.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from msgspec import Struct

from domain.errors import LedgerError
from ledger.clock import SystemClock
from ledger.handle import Ledger
from ledger.store import DatabaseProblem, Effects, Store, beside, open_store
from ledger.streams import CloudEvent, Filter, Heartbeat, follow, page
from ledger.streams.consuming import ConsumerFailed, Delivery
from ledger.streams.subscriptions import create
from tests.store.facts import CITY, credited, registered

WRITERS = 8
OTHER_CITY = "421300"
DEADLINE = 60.0
"""Seconds after which a day that does not end is a failure (the machine may be busy; a day takes 0.3)."""
FILTERS = (
    Filter(),
    Filter(types=("posted",)),
    Filter(cities=(OTHER_CITY,)),
    Filter(types=("fact",), subjects=("person:W1", "person:W5")),
    Filter(subjects=("person:W2",)),
)


class Killed(BaseException):
    """The consumer's process ends here, between two of its statements."""


class Say(Struct, frozen=True):
    """One transaction of a writer."""

    events: int
    city: str
    hesitates: float
    ends: str
    """`commit`, or `rollback` after everything was written."""


def plan_of_writer(rng: random.Random) -> list[Say]:
    """What a writer will do."""
    return [
        Say(
            events=rng.randint(1, 4),
            city=rng.choice((CITY, OTHER_CITY)),
            hesitates=rng.choice((0.0, 0.0, 0.0, rng.random() * 0.006)),
            ends=rng.choices(("commit", "rollback"), (4, 1))[0],
        )
        for _ in range(rng.randint(2, 5))
    ]


def write(store: Store, number: int, plan: list[Say]) -> None:
    """A writer's day. A lost connection loses what was not committed; he goes on with the next."""
    for turn, say in enumerate(plan):
        with suppress(LedgerError, Hesitation), store.transaction() as writing:
            events = [
                credited(f"W{number}", 100 + each)
                if each % 2
                else registered(f"W{number}", f"w{number}-{turn}-{each}")
                for each in range(say.events)
            ]
            writing.append(events, city=say.city, recorded_by=f"writer {number}")
            writing.flush()
            time.sleep(say.hesitates)
            if say.ends == "rollback":
                raise Hesitation


class Hesitation(Exception):
    """The writer takes everything back."""


class Subscriber:
    """A consumer that is killed, restarted, cut off and refused, and must have had every event once in the end."""

    def __init__(self, place: str, number: int, rng: random.Random) -> None:
        self.place, self.name = place, f"subscriber {number}"
        self.rng = random.Random(rng.random())
        self.wanted = rng.choice(FILTERS)
        self.hindrances = rng.randint(0, 3)
        self.problem: BaseException | None = None

    def hindered(self) -> None:
        """Now and then: killed, or unable to take an event."""
        if self.hindrances and self.rng.random() < 0.15:
            self.hindrances -= 1
            raise self.rng.choice((Killed, RuntimeError))("hindered")

    def dies(self) -> None:
        """Now and then: killed between two transactions."""
        if self.hindrances and self.rng.random() < 0.15:
            self.hindrances -= 1
            raise Killed

    def live(self, finished: Callable[[], int | None]) -> None:
        """Restart whatever happens, until everything up to the end of the day has been taken."""
        _living.subscriber = self
        give_up = time.monotonic() + DEADLINE
        while time.monotonic() < give_up:
            try:
                with Ledger.open(self.place) as own:
                    while time.monotonic() < give_up:
                        if self.session(own, finished()):
                            return
            except (Killed, RuntimeError, ConsumerFailed, DatabaseProblem):
                continue
            except BaseException as problem:
                self.problem = problem
                return
        self.problem = AssertionError(f"{self.name} never came to the end")

    def session(self, own: Ledger, end: int | None) -> bool:
        """Take what there is; whether the end of the day has been reached."""
        raise NotImplementedError

    def had(self, truth: Ledger) -> list[int]:
        """The positions taken, in the order in which they were taken."""
        raise NotImplementedError


class Within(Subscriber):
    """Writes what it takes into our database, with its position."""

    def take(self, effects: Effects, event: CloudEvent) -> None:
        effects.execute("INSERT INTO taken (subscriber, position) VALUES (?, ?)", (self.name, event.position))
        self.hindered()

    def session(self, own: Ledger, end: int | None) -> bool:
        delivery = Delivery(
            own, self.name, handle=self.take, identifiers=True, batch=self.rng.choice((1, 7, 100))
        )
        delivery.run(threading.Event(), until_caught_up=True)
        return end is not None and own.store.last_position() >= end

    def had(self, truth: Ledger) -> list[int]:
        text = "SELECT number, subscriber, position FROM taken ORDER BY number"
        return [position for _, name, position in truth.store.select(text, {}) if name == self.name]


class Outside(Subscriber):
    """Stands elsewhere and keeps the ids it has had: what comes twice after a crash is put aside."""

    def __init__(self, place: str, number: int, rng: random.Random) -> None:
        super().__init__(place, number, rng)
        self.kept: list[int] = []

    def deliver(self, events: list[CloudEvent]) -> None:
        for event in events:
            self.hindered()
            if not self.kept or event.position > self.kept[-1]:
                self.kept.append(event.position)
        self.hindered()

    def session(self, own: Ledger, end: int | None) -> bool:
        delivery = Delivery(own, self.name, deliver=self.deliver, identifiers=True, batch=20)  # type: ignore[arg-type]
        delivery.run(threading.Event(), until_caught_up=True)
        return end is not None and own.store.last_position() >= end

    def had(self, truth: Ledger) -> list[int]:
        return self.kept


class Following(Subscriber):
    """Follows live and keeps its own position, as a reader of the HTTP stream does."""

    def __init__(self, place: str, number: int, rng: random.Random) -> None:
        super().__init__(place, number, rng)
        self.position, self.kept = 0, list[int]()

    def session(self, own: Ledger, end: int | None) -> bool:
        stop = threading.Event()
        for event in follow(own, self.position, self.wanted, stop, identifiers=True, heartbeat=0.02):
            if isinstance(event, Heartbeat):
                self.position = event.position
                return bool(end is not None and event.position >= end)
            self.hindered()
            self.kept.append(event.position)
            self.position = event.position
        return False

    def had(self, truth: Ledger) -> list[int]:
        return self.kept


_living = threading.local()


@contextmanager
def deadly(store: Store) -> Iterator[Effects]:
    """Transactions of the subscribers: some die before one begins, some after it is safe and before they know."""
    subscriber: Subscriber | None = getattr(_living, "subscriber", None)
    if subscriber is not None:
        subscriber.dies()
    with beside(store) as effects:
        yield effects
    if subscriber is not None:
        subscriber.dies()


def bad_day(place: str, seed: int, cut: Callable[[random.Random], None]) -> list[str]:
    """Live through one day; whatever any subscriber missed, doubled or disordered. `cut` cuts a connection."""
    rng = random.Random(seed)
    subscribers = [
        kind(place, number, rng) for number, kind in enumerate((Within, Within, Outside, Following))
    ]
    plans = [plan_of_writer(rng) for _ in range(WRITERS)]
    cuts = [rng.random() * 0.02 for _ in range(rng.choice((0, 0, 1, 3)))]
    stores = [open_store(place, clock=SystemClock()) for _ in range(2)]
    writers = [
        threading.Thread(target=write, args=(stores[number % 2], number, plan))
        for number, plan in enumerate(plans)
    ]
    book = Ledger(stores[0], clock=SystemClock(), recorded_by="")
    for each in subscribers:
        if not isinstance(each, Following):
            create(book, each.name, each.wanted)
    end: list[int] = []
    readers = [
        threading.Thread(target=each.live, args=(lambda: end[0] if end else None,)) for each in subscribers
    ]
    for each in (*readers, *writers):
        each.start()
    for pause in cuts:
        time.sleep(pause)
        cut(rng)
    for each in writers:
        each.join()
    end.append(_end(book.store))
    for each in readers:
        each.join()
    found = [complaint for each in subscribers for complaint in _complaints(each, book)]
    for store in stores:
        store.close()
    return found


def _end(store: Store) -> int:
    for _ in range(20):
        with suppress(LedgerError):
            return store.last_position()
    raise AssertionError("the database never came back")


def _complaints(subscriber: Subscriber, truth: Ledger) -> list[str]:
    if subscriber.problem is not None:
        return [f"{subscriber.name}: {subscriber.problem!r}"]
    wanted = [event.position for event in page(truth, 0, subscriber.wanted, 5_000, identifiers=True).events]
    had = subscriber.had(truth)
    return [] if had == wanted else [f"{subscriber.name} {subscriber.wanted} wanted {wanted}, had {had}"]
