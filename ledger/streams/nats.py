"""Events to NATS JetStream, one after the other: the stream holds everything up to its last message."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, Self

import msgspec

from ledger.streams.envelope import CloudEvent
from ledger.streams.publishing import BrokerAway, Held, PublisherFailed
from ledger.streams.types import PREFIX

try:
    import nats
    from nats.errors import Error as NatsError
    from nats.js.api import RetentionPolicy, StorageType, StreamConfig
    from nats.js.errors import APIError, NotFoundError, ServerError, ServiceUnavailableError
except ImportError as error:
    raise PublisherFailed("nats-py is not installed: `pip install 'yibao-ledger[service]'`") from error

OWNER = "Yibao-Subscription"
PATIENCE = 5.0
"""Seconds within which the server answers, or counts as away."""
DUPLICATE_WINDOW = 3600.0
"""Seconds for which a stream that we make remembers ids; what is older is found by asking for the last message."""


class NatsPublisher:
    """A JetStream stream. Its connection lives in a thread of its own, so that it is kept alive between batches."""

    def __init__(self, url: str, stream: str = "yibao", credentials: str | None = None) -> None:
        self._url = url
        self._credentials = credentials
        self._stream = stream
        self._connection: Any = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="yibao-nats", daemon=True)

    def publish(self, events: Sequence[CloudEvent], owner: str) -> None:
        """Publish in order, each confirmed before the next."""
        self._run(self._publish(events, owner))

    def last(self) -> Held | None:
        """The last message of the stream; None when it has none."""
        held: Held | None = self._run(self._last())
        return held

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        with suppress(Exception):
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        if not self._thread.is_alive():
            self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except (ServerError, ServiceUnavailableError) as error:  # it is starting, or has no leader
            raise BrokerAway(str(error)) from error
        except APIError as error:
            raise PublisherFailed(
                f"JetStream at {self._url} refuses: {error.description or error}"
            ) from error
        except (TimeoutError, NatsError, OSError) as error:
            with suppress(Exception):
                asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(PATIENCE)
            raise BrokerAway(str(error) or type(error).__name__) from error

    async def _publish(self, events: Sequence[CloudEvent], owner: str) -> None:
        stream = await self._jetstream()
        for event in events:
            subject = f"{self._stream}.{event.city}.{event.type.removeprefix(PREFIX)}"
            headers = {
                "Nats-Msg-Id": f"{event.source}:{event.id}",
                "Content-Type": "application/cloudevents+json",
                OWNER: owner,
            }
            told = msgspec.json.encode(event)
            await stream.publish(subject, told, timeout=PATIENCE, stream=self._stream, headers=headers)

    async def _last(self) -> Held | None:
        stream = await self._jetstream()
        state = (await stream.stream_info(self._stream)).state
        if not state.messages:
            return None
        message = await stream.get_msg(self._stream, state.last_seq)
        event = msgspec.json.decode(message.data or b"", type=CloudEvent)
        return Held((message.headers or {}).get(OWNER, "somebody else"), event)

    async def _jetstream(self) -> Any:
        """The stream's server; connects, and makes the stream where there is none."""
        if self._connection is None or not self._connection.is_connected:
            await self._close()
            self._connection = await asyncio.wait_for(
                nats.connect(
                    self._url,
                    name="yibao-ledger",
                    user_credentials=self._credentials,
                    allow_reconnect=False,
                    connect_timeout=2,
                    error_cb=_quiet,
                ),
                PATIENCE,
            )
            stream = self._connection.jetstream(timeout=PATIENCE)
            try:
                await stream.stream_info(self._stream)
            except NotFoundError:
                await stream.add_stream(
                    StreamConfig(
                        name=self._stream,
                        subjects=[f"{self._stream}.>"],
                        storage=StorageType.FILE,
                        retention=RetentionPolicy.LIMITS,
                        duplicate_window=DUPLICATE_WINDOW,
                    )
                )
        return self._connection.jetstream(timeout=PATIENCE)

    async def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                await connection.close()


async def _quiet(_: Exception) -> None:
    """Errors come back from the calls themselves."""
