"""The warehouse reads from NATS JetStream: a real server, killed and started again in the middle."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from ledger.handle import Ledger
from ledger.streams import CloudEvent, Filter, page
from ledger.streams.consuming import ConsumerFailed
from ledger.streams.nats import NatsPublisher
from ledger.streams.publishing import publish
from ledger.streams.subscriptions import create, one, replay
from tests.streams.brokers import NatsServer, events_of, nats_server
from tests.streams.conftest import CITY


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    """A NATS server with JetStream."""
    with nats_server(tmp_path / "jetstream") as running:
        yield running


def published(told: Ledger, server: NatsServer, name: str = "warehouse") -> int:
    """Publish everything recorded so far."""
    with NatsPublisher(server.url) as publisher:
        return publish(told, name, publisher, threading.Event(), until_caught_up=True)


def test_every_event_arrives_once_in_order_under_its_subject(told: Ledger, server: NatsServer) -> None:
    create(told, "warehouse")
    wanted = page(told, limit=5_000).events

    assert published(told, server) == len(wanted)
    messages = server.messages()

    assert [msgspec.to_builtins(event) for event in events_of(messages)] == [
        msgspec.to_builtins(event) for event in wanted
    ]
    subject, headers, _ = messages[0]
    assert subject == f"yibao.{CITY}.{wanted[0].type.removeprefix('yibao.')}"
    assert headers["Nats-Msg-Id"] == f"{wanted[0].source}:1"
    assert one(told, "warehouse").lag == 0


class Slow(NatsPublisher):
    """Takes its time, so that something can happen meanwhile."""

    def publish(self, events: Sequence[CloudEvent], owner: str) -> None:
        for event in events:
            super().publish([event], owner)
            time.sleep(0.001)


def test_a_server_killed_twice_in_the_middle_has_everything_once_in_the_end(
    told: Ledger, server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.streams.nats.PATIENCE", 1.0)
    create(told, "warehouse")
    wanted = [event.id for event in page(told, limit=5_000).events]
    with Slow(server.url) as publisher:
        work = threading.Thread(
            target=publish,
            args=(told, "warehouse", publisher, threading.Event()),
            kwargs={"until_caught_up": True},
        )
        work.start()
        for pause in (0.3, 0.2):
            time.sleep(pause)
            server.kill()
            time.sleep(0.1)
            server.start()
        work.join(60)
        assert not work.is_alive()
    assert [event.id for event in events_of(server.messages())] == wanted
    assert one(told, "warehouse").lag == 0


def test_a_publisher_that_died_before_noting_its_place_publishes_nothing_twice(
    told: Ledger, server: NatsServer
) -> None:
    create(told, "warehouse", Filter(types=("posted",)))
    published(told, server)
    before = server.messages()
    replay(told, "warehouse", 0)  # as if no confirmation had been noted

    assert published(told, server) == 0
    assert server.messages() == before


def test_what_the_server_confirmed_and_lost_is_noticed_and_published_again(
    told: Ledger, server: NatsServer
) -> None:
    create(told, "warehouse")
    published(told, server)
    wanted = [event.id for event in page(told, limit=5_000).events]
    server.purge("yibao", keep_up_to=100)
    told.record({"fact": "person_registered", "on": "2026-03-02", "person": "N1", "id": "new"}, city=CITY)

    with pytest.raises(ConsumerFailed, match="--from 100"):
        published(told, server)
    replay(told, "warehouse", 100)
    published(told, server)
    had = [event.id for event in events_of(server.messages())]
    assert had[: len(wanted)] == wanted
    assert len(had) == told.store.last_position()


def test_two_subscriptions_do_not_share_a_stream(told: Ledger, server: NatsServer) -> None:
    create(told, "warehouse", Filter(types=("posted",)))
    create(told, "treasury")
    published(told, server)
    with pytest.raises(ConsumerFailed, match="one subscription and filter, one stream"):
        published(told, server, "treasury")


def test_told_to_stop_while_the_server_is_away_nothing_is_noted_as_failed(
    told: Ledger, server: NatsServer
) -> None:
    create(told, "warehouse")
    server.kill()
    stop, said = threading.Event(), list[str]()
    threading.Timer(0.5, stop.set).start()
    with NatsPublisher(server.url) as publisher:
        assert publish(told, "warehouse", publisher, stop, waiting=said.append) == 0
    assert len(said) == 1
    stands = one(told, "warehouse")
    assert (stands.position, stands.failures) == (0, 0)
