"""The Kafka adapter against librdkafka's own mock cluster: its real protocol, but no real broker (docs/streams.md says so)."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import msgspec
import pytest
from confluent_kafka import Consumer, Producer

from ledger.handle import Ledger
from ledger.streams import CloudEvent, page
from ledger.streams.kafka import KafkaPublisher
from ledger.streams.publishing import publish
from ledger.streams.subscriptions import create, one, replay

QUIET = {"log_level": 0}


@pytest.fixture
def brokers() -> Iterator[str]:
    """Addresses of a mock cluster that lives as long as its producer."""
    keeper = Producer({"bootstrap.servers": "none", "test.mock.num.brokers": 3, **QUIET})
    yield ",".join(f"{each.host}:{each.port}" for each in keeper.list_topics(timeout=10).brokers.values())
    keeper.flush(1)


def published(told: Ledger, brokers: str) -> int:
    """Publish everything recorded so far."""
    with KafkaPublisher(brokers, settings=QUIET) as publisher:
        return publish(told, "warehouse", publisher, threading.Event(), until_caught_up=True)


def consumed(brokers: str, count: int) -> list[tuple[bytes, CloudEvent]]:
    """So many messages of the topic, as they come."""
    reader = Consumer(
        {"bootstrap.servers": brokers, "group.id": "t", "auto.offset.reset": "earliest", **QUIET}
    )
    reader.subscribe(["yibao"])
    found = []
    try:
        while len(found) < count:
            message = reader.poll(20)
            assert message is not None, f"only {len(found)} of {count} messages came"
            assert message.error() is None, message.error()
            found.append((message.key(), msgspec.json.decode(message.value(), type=CloudEvent)))
    finally:
        reader.close()
    return found


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_every_event_arrives_in_order_for_each_subject(told: Ledger, brokers: str) -> None:
    create(told, "warehouse")
    wanted = page(told, limit=5_000).events

    assert published(told, brokers) == len(wanted)
    found = consumed(brokers, len(wanted))

    assert sorted(event.position for _, event in found) == [event.position for event in wanted]
    for subject in {event.partitionkey for event in wanted}:
        had = [event.id for key, event in found if key == subject.encode()]
        assert had == [event.id for event in wanted if event.partitionkey == subject]
    assert one(told, "warehouse").lag == 0


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_after_a_crash_events_come_again_with_the_same_ids(told: Ledger, brokers: str) -> None:
    create(told, "warehouse")
    count = published(told, brokers)
    replay(told, "warehouse", count - 10)
    assert published(told, brokers) == 10
    found = consumed(brokers, count + 10)
    assert len({event.id for _, event in found}) == count
