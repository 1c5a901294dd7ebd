"""A line to a PostgreSQL server that is cut, or whose caller is killed, at a chosen message."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

Cut = Literal["before", "half", "unheard"]
"""The message never arrives; half of it does; it arrives, and the answer is lost on the way."""
CUTS: tuple[Cut, ...] = ("before", "half", "unheard")


class Line:
    """A relay between callers and a server; counts what callers send, and breaks at one such message, once.

    With `kill` the caller's process is killed at that moment; otherwise its connections are cut.
    """

    def __init__(self, url: str) -> None:
        told = conninfo_to_dict(url)
        if not told.get("host") or str(told["host"]).startswith("/"):
            pytest.skip("the server is not reached by TCP, so there is no line to cut")
        self._server = (str(told["host"]), int(str(told.get("port", 5432))))
        self._door = socket.create_server(("127.0.0.1", 0))
        self._port = self._door.getsockname()[1]
        self._ways = selectors.DefaultSelector()
        self._ways.register(self._door, selectors.EVENT_READ)
        self._across: dict[socket.socket, socket.socket] = {}
        self._callers: set[socket.socket] = set()
        self._waiting: set[socket.socket] = set()
        self._ended = threading.Event()
        self._victim: int | None = None
        self._known = threading.Event()
        self.count, self.at, self.how, self.kill = 0, 0, CUTS[0], False
        self.broken = False
        self._thread = threading.Thread(target=self._relay, daemon=True)
        self._thread.start()

    def url(self, of: str) -> str:
        """The address of a database through this line."""
        told = conninfo_to_dict(of)
        user, password, name = told["user"], told.get("password") or "", told["dbname"]
        assert make_conninfo(of)
        return (
            f"postgresql://{user}:{password}@127.0.0.1:{self._port}/{name}?sslmode=disable&gssencmode=disable"
        )

    def set(self, at: int = 0, how: Cut = "before", *, kill: bool = False) -> None:
        """Break at this message, counted from 1 and from now on; 0: never."""
        self._victim = None
        self._known.clear()
        self.count, self.at, self.how, self.kill, self.broken = 0, at, how, kill, False

    def caller(self, pid: int) -> None:
        """Whose process it is that is killed."""
        self._victim = pid
        self._known.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self._port), 1).close()
        self._thread.join(10)
        for each in [*self._across, self._door]:
            each.close()
        self._ways.close()

    def _relay(self) -> None:
        while not self._ended.is_set():
            for key, _ in self._ways.select():
                one = key.fileobj
                assert isinstance(one, socket.socket)
                if one is self._door:
                    self._accept()
                elif one in self._across:
                    self._pass_on(one)

    def _accept(self) -> None:
        caller, _ = self._door.accept()
        if self._ended.is_set():
            caller.close()
            return
        server = socket.create_connection(self._server)
        for each in (caller, server):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._ways.register(each, selectors.EVENT_READ)
        self._across |= {caller: server, server: caller}
        self._callers.add(caller)

    def _pass_on(self, one: socket.socket) -> None:
        try:
            data = one.recv(1 << 16)
        except OSError:
            data = b""
        other = self._across[one]
        if not data or (other in self._waiting):  # the answer that is not to be heard has come
            if other in self._waiting:
                self._strike()
            self._cut(one)
            return
        if one in self._callers and data[:1] != b"X":  # a farewell is no message
            self.count += 1
            if self.count == self.at:
                self._break(one, other, data)
                return
        with suppress(OSError):
            other.sendall(data)

    def _break(self, caller: socket.socket, server: socket.socket, data: bytes) -> None:
        self.broken = True
        part = {"before": 0, "half": len(data) // 2, "unheard": len(data)}[self.how]
        server.sendall(data[:part])
        if self.how == "unheard":
            self._waiting.add(caller)
            return
        self._strike()
        self._cut(caller)

    def _strike(self) -> None:
        if self.kill:
            assert self._known.wait(10)
            assert self._victim is not None
            with suppress(ProcessLookupError):
                os.kill(self._victim, signal.SIGKILL)

    def _cut(self, one: socket.socket) -> None:
        other = self._across.pop(one)
        self._across.pop(other)
        for each in (one, other):
            self._ways.unregister(each)
            self._callers.discard(each)
            self._waiting.discard(each)
            each.close()
