"""`yibao publish`: the events of a durable subscription to a broker."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, say

if TYPE_CHECKING:
    from ledger.streams.publishing import Publisher

app = App(
    name="publish",
    help_format="plaintext",
    help="""Publish events to a message broker, in order; the ledger keeps the position.

Example: yibao publish nats --subscription warehouse --url nats://127.0.0.1:4222
""",
)
Once = Annotated[bool, Parameter(negative="")]


@Parameter(name="*")
@dataclass(frozen=True)
class Publication:
    """Options of every broker: what is published."""

    subscription: str
    """A durable subscription; made for every event when it is new."""
    once: Once = False
    """End when everything recorded so far is published."""
    identifiers: Once = False
    """Publish identifiers and names instead of pseudonyms."""


@app.command
def nats(
    *,
    what: Publication,
    url: str = "nats://127.0.0.1:4222",
    stream: str = "yibao",
    credentials: str | None = None,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Publish to NATS JetStream until Ctrl-C. Example: `yibao publish nats --subscription warehouse`.

    The stream is made for subjects `STREAM.>` where there is none. An event is published on `STREAM.CITY.TYPE`; its
    `Nats-Msg-Id` is source and id, by which the server puts aside what comes twice.

    Parameters
    ----------
    url
        Address of the server.
    stream
        Name of the stream, and first part of its subjects.
    credentials
        File with the user's credentials (.creds).
    """
    from ledger.streams.nats import NatsPublisher

    return _publish(NatsPublisher(url, stream, credentials), what, everywhere)


@app.command
def kafka(
    *,
    what: Publication,
    servers: str = "127.0.0.1:9092",
    topic: str = "yibao",
    settings: Path | None = None,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Publish to a Kafka topic until Ctrl-C. Example: `yibao publish kafka --subscription warehouse`.

    The key is `partitionkey`, so that what concerns one subject stays in order; an idempotent producer.

    Parameters
    ----------
    servers
        Addresses of brokers, with commas.
    topic
        The topic, which must exist.
    settings
        File with further settings of librdkafka, one `name=value` a line: TLS, user, password.
    """
    from ledger.streams.kafka import KafkaPublisher

    return _publish(KafkaPublisher(servers, topic, _settings(settings)), what, everywhere)


def _waiting(why: str) -> None:
    print(
        f"yibao: the broker is away 等待消息服务器 ({why}); waiting for it, nothing is skipped",
        file=sys.stderr,
    )


def _settings(file: Path | None) -> dict[str, Any]:
    lines = [] if file is None else file.read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, _, value in pairs}


def _publish(publisher: "Publisher", what: Publication, everywhere: Everywhere) -> int:
    from ledger.cli.subscribe import until_told
    from ledger.streams.publishing import publish
    from ledger.streams.subscriptions import create, listed

    name = what.subscription
    with opened(everywhere) as ledger, until_told() as stop, publisher:
        if name not in {each.name for each in listed(ledger)}:
            create(ledger, name)
        count = publish(
            ledger,
            name,
            publisher,
            stop,
            identifiers=what.identifiers,
            until_caught_up=what.once,
            waiting=_waiting,
        )
    if everywhere.json:
        print_json({"subscription": name, "published": count})
    else:
        say(f"{name}: {count} events published 已发布")
    return OK
