"""Events to a Kafka topic, by the key of their subject: at least once, in order for each subject.

Kafka puts aside what one producer sends twice, not what another sends again after a crash: consumers keep the ids,
or the `sequence` of each `partitionkey`, that they have had. Over several partitions nothing follows from a last
message, so the broker is not asked for one.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self

import msgspec

from ledger.streams.envelope import CloudEvent
from ledger.streams.publishing import BrokerAway, Held, PublisherFailed

try:
    from confluent_kafka import KafkaException, Producer
except ImportError as error:
    raise PublisherFailed("confluent-kafka is not installed: `pip install 'yibao-ledger[kafka]'`") from error

PATIENCE = 30.0
"""Seconds within which the brokers confirm a batch, or count as away."""
_SETTINGS = {"enable.idempotence": True, "acks": "all", "linger.ms": 5, "client.id": "yibao-ledger"}


class KafkaPublisher:
    """A topic of a Kafka cluster, written by an idempotent producer. `settings` are librdkafka's, e.g. for TLS."""

    def __init__(self, servers: str, topic: str = "yibao", settings: dict[str, Any] | None = None) -> None:
        self._settings = {"bootstrap.servers": servers, **_SETTINGS, **(settings or {})}
        self._topic = topic
        self._producer: Any = None

    def publish(self, events: Sequence[CloudEvent], owner: str) -> None:
        """Hand over a batch and wait until every event of it is confirmed by all replicas in step."""
        failed: list[Any] = []

        def told(problem: Any, _: Any) -> None:
            if problem is not None:
                failed.append(problem)

        headers = [("content-type", b"application/cloudevents+json"), ("yibao-subscription", owner.encode())]
        producer = self._open()
        try:
            for event in events:
                key, value = event.partitionkey.encode(), msgspec.json.encode(event)
                producer.produce(self._topic, value, key, headers=headers, on_delivery=told)
            left = producer.flush(PATIENCE)
        except (KafkaException, BufferError) as error:
            self._drop()
            raise BrokerAway(str(error)) from error
        if left or failed:
            self._drop()
            if failed and not failed[0].retriable() and failed[0].name() in _FOR_GOOD:
                raise PublisherFailed(f"the Kafka topic `{self._topic}` refuses: {failed[0].str()}")
            raise BrokerAway(failed[0].str() if failed else f"{left} events were not confirmed in time")

    def last(self) -> Held | None:
        """Not known, see above."""
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self._drop()

    def _open(self) -> Any:
        if self._producer is None:
            self._producer = Producer(self._settings)
        return self._producer

    def _drop(self) -> None:
        """Let go of a producer and of what it may still hold: it will all be published again."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaException):
                producer.purge()
                producer.flush(1)


_FOR_GOOD = frozenset(
    {
        "TOPIC_AUTHORIZATION_FAILED",
        "CLUSTER_AUTHORIZATION_FAILED",
        "MSG_SIZE_TOO_LARGE",
        "TOPIC_EXCEPTION",
        "INVALID_RECORD",
        "UNKNOWN_TOPIC_OR_PART",
    }
)
"""Errors that waiting does not mend."""
