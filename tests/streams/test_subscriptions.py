"""A hospital, a treasury and a warehouse subscribe: where each stands, what each could not take, and what is done about it."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from domain.errors import InputRefused
from domain.values.calendar import Moment
from ledger.handle import Ledger
from ledger.streams import CloudEvent, Filter, page, position_of
from ledger.streams.consuming import ConsumerFailed, Delivery, NotDelivered, SubscriptionMoved
from ledger.streams.subscriptions import (
    Effects,
    create,
    delete,
    listed,
    one,
    parked,
    pause,
    replay,
    resume,
    retry,
)
from tests.streams.conftest import CITY

NEWCOMER = {"fact": "person_registered", "on": "2026-03-02", "person": "N1", "id": "newcomer"}


class Warehouse:
    """Keeps in our database the positions it has taken; refuses those it was told to."""

    def __init__(self, told: Ledger, name: str = "warehouse") -> None:
        self.ledger, self.refuses = told, set[int]()
        self.delivery = Delivery(told, name, handle=self.take, batch=50)
        with told.store.transaction() as writing:
            writing.cursor().execute("CREATE TABLE IF NOT EXISTS taken (position BIGINT)")

    def take(self, effects: Effects, event: CloudEvent) -> None:
        effects.execute("INSERT INTO taken VALUES (?)", (event.position,))
        if event.position in self.refuses:
            raise RuntimeError("the shelf is full")

    def work(self) -> None:
        while self.delivery.step():
            pass

    @property
    def taken(self) -> list[int]:
        return [position for (position,) in self.ledger.store.select("SELECT position FROM taken", {})]


def everything(told: Ledger) -> list[int]:
    return list(range(1, told.store.last_position() + 1))


def test_a_consumer_takes_everything_once_and_then_what_comes(told: Ledger) -> None:
    create(told, "warehouse")
    warehouse = Warehouse(told)
    assert one(told, "warehouse").state == "behind"

    warehouse.work()
    assert warehouse.taken == everything(told)
    assert (one(told, "warehouse").state, one(told, "warehouse").lag) == ("live", 0)

    told.record(NEWCOMER, city=CITY)
    assert one(told, "warehouse").lag == len(everything(told)) - len(warehouse.taken) > 0
    warehouse.work()
    assert sorted(warehouse.taken) == everything(told)


def test_a_consumer_that_fails_stops_before_the_event_and_goes_on_there(told: Ledger) -> None:
    create(told, "warehouse")
    warehouse = Warehouse(told)
    warehouse.refuses = {70}

    for times in (1, 2):
        with pytest.raises(ConsumerFailed, match="at 70"):
            warehouse.work()
        stands = one(told, "warehouse")
        assert (stands.state, stands.position, stands.failed_at, stands.failures) == (
            "failing",
            69,
            70,
            times,
        )
        assert "the shelf is full" in stands.error
        assert sorted(warehouse.taken) == list(range(1, 70))

    warehouse.refuses = set()
    warehouse.work()
    assert sorted(warehouse.taken) == everything(told)
    assert one(told, "warehouse").state == "live"


def test_by_policy_an_event_is_parked_after_three_failures_and_retried_by_command(told: Ledger) -> None:
    create(told, "warehouse", park_after=3)
    warehouse = Warehouse(told)
    warehouse.refuses = {5, 6}

    warehouse.work()
    assert sorted(warehouse.taken) == [each for each in everything(told) if each not in (5, 6)]
    assert [(each.position, each.failures, each.again) for each in parked(told, "warehouse")] == [
        (5, 3, False),
        (6, 3, False),
    ]

    warehouse.refuses = {6}
    assert retry(told, "warehouse") == 2
    warehouse.work()
    assert [(each.position, each.failures) for each in parked(told, "warehouse")] == [(6, 4)]
    warehouse.refuses = set()
    assert retry(told, "warehouse", 6) == 1
    warehouse.work()
    assert parked(told, "warehouse") == []
    assert sorted(warehouse.taken) == everything(told)
    with pytest.raises(InputRefused) as refused:
        retry(told, "warehouse", 6)
    assert refused.value.code == "parked_unknown"


def test_paused_nothing_is_delivered_and_resumed_nothing_is_missing(told: Ledger) -> None:
    create(told, "warehouse")
    warehouse = Warehouse(told)
    assert pause(told, "warehouse").state == "paused"
    warehouse.work()
    assert warehouse.taken == []
    resume(told, "warehouse")
    warehouse.work()
    assert sorted(warehouse.taken) == everything(told)


def test_a_replay_delivers_again_from_a_position(told: Ledger) -> None:
    create(told, "warehouse")
    warehouse = Warehouse(told)
    warehouse.work()
    replay(told, "warehouse", 200)
    warehouse.work()
    assert sorted(warehouse.taken) == sorted(everything(told) + everything(told)[200:])
    assert one(told, "warehouse").delivered == len(warehouse.taken)


def test_two_consumers_of_one_subscription_take_nothing_twice(told: Ledger) -> None:
    create(told, "warehouse")
    both = Warehouse(told), Warehouse(told)
    threads = [threading.Thread(target=each.work) for each in both]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(both[0].taken) == everything(told)


def test_outside_the_position_moves_when_the_receiver_has_confirmed(told: Ledger) -> None:
    create(told, "treasury", Filter(types=("posted",)))
    got: list[CloudEvent] = []
    down = True

    def deliver(events: list[CloudEvent]) -> None:
        for number, event in enumerate(events):
            if down and number == 3:
                raise NotDelivered(number, "the line is down")
            got.append(event)

    courier = Delivery(told, "treasury", deliver=deliver)  # type: ignore[arg-type]
    with pytest.raises(ConsumerFailed):
        courier.step()
    assert one(told, "treasury").position == got[-1].position
    down = False
    courier.run(threading.Event(), until_caught_up=True)
    wanted = page(told, 0, Filter(types=("posted",)), 5_000).events
    assert got == wanted
    assert one(told, "treasury").lag == 0


def test_outside_a_subscription_that_was_moved_meanwhile_is_not_moved_back(told: Ledger) -> None:
    create(told, "treasury")
    courier = Delivery(told, "treasury", deliver=lambda events: void(replay(told, "treasury", 7)))
    with pytest.raises(SubscriptionMoved):
        courier.step()
    assert one(told, "treasury").position == 7


def void(_: object) -> None:
    """Nothing."""


def test_a_subscription_starts_at_a_recorded_date(told: Ledger) -> None:
    start = position_of(told, date(2018, 6, 1))
    events = page(told, start, limit=5_000).events
    earlier = page(told, 0, limit=start).events
    assert events[0].recordedtime[:10] >= "2018-06-01"
    assert all(event.recordedtime[:10] < "2018-06-01" for event in earlier)
    assert create(told, "late", after=start).position == start
    assert position_of(told, date(2090, 1, 1)) == told.store.last_position()
    assert position_of(told, Moment(0)) == position_of(told, date.min) == 0


def test_what_does_not_fit_is_refused(told: Ledger) -> None:
    create(told, "one")
    create(told, "one")  # the same again changes nothing
    head = told.store.last_position()
    refusals = {
        "subscription_exists": lambda: create(told, "one", after=3),
        "position_unknown": lambda: create(told, "two", after=head + 1),
        "value_not_allowed": lambda: create(told, "two", Filter(types=("nothing",))),
        "subscription_unknown": lambda: pause(told, "nobody"),
    }
    for code, attempt in refusals.items():
        with pytest.raises(InputRefused) as refused:
            attempt()
        assert refused.value.code == code
    delete(told, "one")
    assert listed(told) == []
