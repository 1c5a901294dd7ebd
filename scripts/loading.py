"""`scripts/load`: a ledger with some people, the service as a process of its own, and callers who do not wait."""

import argparse
import asyncio
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
from msgspec import Struct, structs

from domain.values.calendar import Month
from ledger.clock import SystemClock
from ledger.handle import Ledger
from ledger.proof.keys import new_pair, private_key
from ledger.receipts import Rejected
from ledger.rights.caller import Caller, Role
from ledger.rights.tokens import issue
from scripts.benchmarks.workload import CITY, registered

TODAY = SystemClock().read().day
KNOWN = TODAY.isoformat()
QUESTIONS = {
    "status": f"/v1/status?person={{person}}&on={KNOWN}&known={KNOWN}",
    "account": f"/v1/account?person={{person}}&on={KNOWN}&known={KNOWN}",
}
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
LUA = """
local n = 0
request = function()
  n = n + 1
  local person = "E0P" .. (n % {people})
  {body}
end
"""
ASK = 'return wrk.format("GET", (string.gsub("{path}", "{{person}}", person)))'
TELL = """wrk.headers["Content-Type"] = "application/json"
  return wrk.format("POST", "/v1/facts", nil, string.format(
    '{{"fact":"personal_account_spent","on":"{today}","person":"%s","provider":"H1","amount":"0.01","purpose":"pharmacy","id":"{run}-%d"}}',
    person, n))"""


class Measured(Struct, frozen=True):
    """One path under load. Times in milliseconds."""

    path: str
    connections: int
    calls: int
    per_second: float
    p50: float
    p99: float
    failed: int


def main() -> int:
    """Fill, serve, measure, print."""
    asked = arguments()
    with tempfile.TemporaryDirectory() as folder:
        database = asked.database or str(Path(folder) / "load.db")
        fill(database, asked.people, asked.months)
        key = Path(folder) / "key.pem"
        public, _ = new_pair(key)
        caller = Caller(name="load", roles=(Role.OPERATOR,), cities=(CITY,))
        token = issue(private_key(key), caller, days=1, clock=SystemClock())
        with serving(database, public) as url:
            found = list(measured(url, token, asked, Path(folder)))
    if asked.json:
        print(json.dumps([structs.asdict(each) for each in found], indent=1))
    else:
        print(f"{'path':10} {'conn':>5} {'calls':>8} {'per s':>8} {'p50 ms':>8} {'p99 ms':>8} {'failed':>7}")
        for each in found:
            head = f"{each.path:10} {each.connections:5} {each.calls:8} {each.per_second:8.0f}"
            print(f"{head} {each.p50:8.2f} {each.p99:8.2f} {each.failed:7}")
    return 1 if any(each.failed for each in found) else 0


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="scripts/load", description=__doc__)
    parser.add_argument("--database", help="an empty PostgreSQL database; else a SQLite file that passes")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--months", type=int, default=24, help="of history of each")
    parser.add_argument("--seconds", type=int, default=5, help="for each measurement")
    parser.add_argument("--connections", default="1,8")
    parser.add_argument("--client", action="store_true", help="our own client even where wrk is on PATH")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def fill(database: str, people: int, months: int) -> None:
    """An employer, its people, their payments up to today, and the daily run as of today."""
    with Ledger.open(database, migrate=True) as ledger:
        told = enumerate(history(people, months), 1)
        wrong = [each for each in ledger.import_facts(told, city=CITY) if isinstance(each, Rejected)]
        assert not wrong, wrong[0]
        ledger.advance(TODAY, city=CITY)


def history(people: int, months: int) -> Iterator[dict[str, Any]]:
    """The workload of the benchmarks, moved so that it ends today."""
    start = Month.of(TODAY).plus(-months)
    for year in range(2018, TODAY.year + 1):
        wage = {"key": "average_annual_wage", "value": "61860", "year": year}
        yield {"fact": "parameter_announced", "on": "2018-01-01", **wage}
    for fact in registered(1, people):
        began = {"on": start.first_day.isoformat()} if "person" in fact else {}
        yield {**fact, **began, "recorded": start.first_day.isoformat()}
    for month in (start.plus(number) for number in range(months)):
        day = f"{month}-20"
        yield {"fact": "contribution_paid", "on": day, "employer": "E0", "months": [str(month)]}


@contextmanager
def serving(database: str, key: Path) -> Iterator[str]:
    """The service as a process of its own; its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-c", "from ledger.cli import main; main()", "serve", "--database", database]
    options = ["--port", port, "--token-key", str(key), "--calls-per-second", "100000"]
    process = subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
    try:
        while not answers(url):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("scripts/load: the service did not start")
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def answers(url: str) -> bool:
    """Whether anybody is there."""
    try:
        return httpx.get(f"{url}/healthz").is_success
    except httpx.TransportError:
        return False


def measured(url: str, token: str, asked: argparse.Namespace, folder: Path) -> Iterator[Measured]:
    """Each path with each number of connections: with wrk, or with our own client."""
    wrk = None if asked.client else shutil.which("wrk")
    for connections in map(int, asked.connections.split(",")):
        for path in (*QUESTIONS, "record"):
            run = f"{path}-{connections}"
            if wrk is not None:
                body = TELL if path == "record" else ASK.replace("{path}", QUESTIONS[path])
                script = folder / f"{run}.lua"
                text = LUA.replace("{body}", body.replace("{run}", run).replace("{today}", KNOWN)).replace(
                    "{people}", str(asked.people)
                )
                script.write_text(text.replace("{{", "{").replace("}}", "}"))
                yield with_wrk(wrk, url, token, path, connections, asked.seconds, script)
            else:
                yield asyncio.run(with_client(url, token, path, connections, asked, run))


def with_wrk(
    wrk: str, url: str, token: str, path: str, connections: int, seconds: int, script: Path
) -> Measured:
    """One run of wrk."""
    said = subprocess.run(
        [
            *(wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script)),
            *("-H", f"Authorization: Bearer {token}", url),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    calls = re.search(r"(\d+) requests in", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert calls is not None
    assert rate is not None
    return Measured(
        path,
        connections,
        int(calls[1]),
        float(rate[1]),
        latency(said, "50"),
        latency(said, "99"),
        int(bad[1]) if bad else 0,
    )


def latency(said: str, percent: str) -> float:
    """A percentile of wrk's report, in milliseconds."""
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)\b", said)
    assert found is not None, said
    return float(found[1]) * UNITS[found[2]]


async def with_client(
    url: str, token: str, path: str, connections: int, asked: argparse.Namespace, run: str
) -> Measured:
    """As many callers, each with one call at a time. The client is slower than the service: read its times so."""
    numbers, times, failed = count(), [0.0][:0], 0
    until = time.perf_counter() + asked.seconds

    async def call(client: httpx.AsyncClient) -> None:
        nonlocal failed
        while time.perf_counter() < until:
            number = next(numbers)
            started = time.perf_counter()
            method, place, body = one(path, number, asked.people, run)
            answer = await client.request(method, place, json=body)
            times.append((time.perf_counter() - started) * 1000)
            failed += not answer.is_success

    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        await asyncio.gather(*(call(client) for _ in range(connections)))
    cuts = quantiles(times, n=100)
    return Measured(path, connections, len(times), len(times) / asked.seconds, cuts[49], cuts[98], failed)


def one(path: str, number: int, people: int, run: str) -> tuple[str, str, dict[str, Any] | None]:
    """Method, address and body of one call."""
    person = f"E0P{number % people}"
    if path != "record":
        return "GET", QUESTIONS[path].replace("{person}", person), None
    spent = {"fact": "personal_account_spent", "on": KNOWN, "person": person, "purpose": "pharmacy"}
    fact = {**spent, "provider": "H1", "amount": "0.01"}
    return "POST", "/v1/facts", {**fact, "id": f"{run}-{number}"}


if __name__ == "__main__":
    sys.exit(main())
