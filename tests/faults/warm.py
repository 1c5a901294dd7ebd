"""A warm process that runs `yibao` in forked children, so that two hundred kills do not start Python two hundred times.

One JSON object a line comes in (Order), one goes out when the child runs ({"pid": ...}) and one when it has ended. It has
one thread, so forking is safe. The child tells what it has acknowledged in a file, unbuffered, as a user would see it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from msgspec import Struct

ROOT = Path(__file__).parent.parent.parent


class Order(Struct):
    """One command to run, and on which operation of the disk the child shall be killed."""

    words: list[str]
    told: str
    """File into which the child writes what it acknowledges, one JSON object a line."""
    at: int = 0
    way: str = "kill"


class Ended(Struct):
    """How a child ended: its exit code (negative: the signal), what it had acknowledged, operations of the disk."""

    code: int
    acknowledged: list[dict[str, Any]]
    operations: int = 0
    said: str = ""


class Warm:
    """The warm process, seen from outside."""

    def __init__(self, folder: Path) -> None:
        self._told = folder / "told"
        words = [sys.executable, "-m", "tests.faults.warm"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe)

    def run(
        self, words: list[str], at: int = 0, way: str = "kill", started: Callable[[int], None] | None = None
    ) -> Ended:
        """Run `yibao`; killed at an operation of the disk when `at` is not 0. `started` is told the pid."""
        assert self._process.stdin is not None
        self._told.write_bytes(b"")
        order = Order(words, str(self._told), at, way)
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        self._process.stdin.flush()
        pid = self._heard()["pid"]
        if started is not None:
            started(pid)
        code = self._heard()["code"]
        lines = [json.loads(line) for line in self._told.read_bytes().splitlines()]
        operations = next((each["operations"] for each in lines if "operations" in each), 0)
        said = Path(f"{self._told}.said").read_text("utf-8")
        return Ended(code, [each for each in lines if "operations" not in each], operations, said)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the warm process has died"
        found: dict[str, Any] = json.loads(line)
        return found


def serve() -> None:
    """Take orders until there are no more."""
    _warm_up()
    orders = msgspec.json.Decoder(Order)
    for line in sys.stdin.buffer:
        order = orders.decode(line)
        pid = os.fork()
        if pid == 0:
            os._exit(_child(order))
        _say({"pid": pid})
        _, status = os.waitpid(pid, 0)
        _say({"code": os.waitstatus_to_exitcode(status)})


def _say(told: dict[str, int]) -> None:
    os.write(1, json.dumps(told).encode() + b"\n")


def _warm_up() -> None:
    """Import and compute what every child needs, without opening anything that a child would inherit."""
    import ledger.audit
    import ledger.cli.advance
    import ledger.cli.importing
    import ledger.cli.rebuild
    import ledger.cli.resolve  # noqa: F401
    from ledger.handle import Ledger
    from ledger.store import postgres  # noqa: F401
    from tests.faults.jobs import JOBS, make_small

    make_small(_put)
    for fact in (*JOBS["advance"].before, *JOBS["resolve"].before):
        with Ledger.fresh() as passing:
            passing.record(fact, keep_recorded=True)
            break
    with Ledger.fresh() as passing:
        for fact in JOBS["advance"].before:
            passing.record(fact, keep_recorded=True)


def _put(where: Any, name: Any, value: Any = None) -> None:
    """As MonkeyPatch.setattr, for good: this process does nothing else."""
    if isinstance(where, str):
        module, _, attribute = where.rpartition(".")
        where, name, value = sys.modules[module], attribute, name
    setattr(where, name, value)


def _child(order: Order) -> int:
    """The command in the forked child; the exit code."""
    from ledger.cli import importing, run
    from tests.faults.disk import Disk, Fault, NoFaults

    told = os.open(order.told, os.O_WRONLY | os.O_APPEND)
    said = os.open(f"{order.told}.said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    count = importing._count

    def acknowledge(outcome: Any, *rest: Any) -> None:
        os.write(told, msgspec.json.encode({"imported": outcome}) + b"\n")
        count(outcome, *rest)

    importing._count = acknowledge
    fault = Fault(at=order.at, way=order.way)  # type: ignore[arg-type]
    try:
        disk = Disk()
    except NoFaults:
        assert not order.at
        code = run(order.words)
    else:
        with disk.registered(), disk.failing(fault):
            code = run(order.words)
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(told, json.dumps({"ended": code}).encode() + b"\n")
    os.write(told, json.dumps({"operations": fault.count}).encode() + b"\n")
    return code


if __name__ == "__main__":
    serve()
