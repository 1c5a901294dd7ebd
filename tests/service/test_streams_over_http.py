"""Streams of facts in and of events out, on a real socket."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from ledger.handle import Ledger
from ledger.rights.caller import Role
from ledger.service.settings import Settings
from ledger.service.streaming import Reported
from tests.service.conftest import CITY, FACTS, Keys, problem, served

LINES = {"Content-Type": "application/jsonl"}
report = msgspec.json.Decoder(Reported).decode


def registered(count: int, first: int = 0) -> list[bytes]:
    """Facts, one a line."""
    facts = (
        {"fact": "person_registered", "on": "2019-01-01", "person": f"N{first + n}"} for n in range(count)
    )
    return [json.dumps(fact).encode() + b"\n" for fact in facts]


@pytest.fixture
def caller(address: str, keys: Keys) -> Iterator[httpx.Client]:
    """An operator who also follows the stream."""
    headers = keys.headers(Role.OPERATOR, Role.CONSUMER)
    with httpx.Client(base_url=address, headers=headers, timeout=20) as client:
        yield client


def events_of(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """Server-sent events as they arrive."""
    event: dict[str, str] = {}
    for line in lines:
        if not line and event:
            yield event
            event = {}
        elif line:
            name, _, value = line.partition(":")
            event[name] = value.strip()


def test_facts_are_recorded_while_they_still_come(address: str, keys: Keys) -> None:
    place = urlsplit(address)
    sender = HTTPConnection(str(place.hostname), place.port, timeout=20)
    sender.putrequest("POST", "/v1/facts/stream")
    for name, value in {**LINES, **keys.headers(Role.OPERATOR), "Transfer-Encoding": "chunked"}.items():
        sender.putheader(name, value)
    sender.endheaders()

    def send(content: bytes) -> None:
        sender.send(b"%x\r\n%b\r\n" % (len(content), content))

    send(b"".join(registered(3)))
    answer = sender.getresponse()
    first = report(answer.readline())  # comes while the request is still open
    assert (type(first).__name__, first.recorded) == ("Progress", 3)
    send(b'{"fact": "person_died"}\nrubbish\n')
    send(b"".join(registered(1, first=3)))
    send(b"")
    *told, end = [report(line) for line in answer.read().splitlines()]
    sender.close()
    assert end.complete
    assert (end.lines, end.recorded, end.rejected) == (6, 4, 2)
    assert [(each.line, each.code) for each in told if type(each).__name__ == "Rejection"] == [
        (4, "field_missing"),
        (5, "not_json"),
    ]


def test_sending_the_same_again_records_nothing_twice(caller: httpx.Client) -> None:
    body = b"".join(registered(1200))
    first, again = (
        report(caller.post("/v1/facts/stream", content=body, headers=LINES).text.splitlines()[-1].encode())
        for _ in range(2)
    )
    assert (first.recorded, first.repeated) == (1200, 0)
    assert (again.recorded, again.repeated) == (0, 1200)


def test_a_lost_connection_leaves_whole_facts(caller: httpx.Client, database: str) -> None:
    def body() -> Iterator[bytes]:
        yield from registered(700)
        yield b'{"fact": "person_reg'
        raise ConnectionError("the line went dead")

    with pytest.raises(ConnectionError):
        caller.post("/v1/facts/stream", content=body(), headers=LINES)
    sent = caller.post("/v1/facts/stream", content=b"".join(registered(700)), headers=LINES)
    end = report(sent.text.splitlines()[-1].encode())
    assert end.recorded + end.repeated == 700
    with Ledger.open(database) as ledger:
        assert ledger.verify().ok
        assert len([key for key in ledger.store.keys(CITY) if key.startswith("person:N")]) == 700


def test_a_silent_sender_is_let_go(with_limits: Callable[..., Settings], keys: Keys) -> None:
    def body() -> Iterator[bytes]:
        yield from registered(1)
        time.sleep(1.0)
        yield from registered(1, first=1)

    with served(with_limits(idle=0.4)) as (_, url):
        answer = httpx.post(
            f"{url}/v1/facts/stream", content=body(), headers={**LINES, **keys.headers(Role.OPERATOR)}
        )
        end = report(answer.text.splitlines()[-1].encode())
    assert (end.complete, end.code, end.recorded) == (False, "took_too_long", 1)


def test_a_stream_of_another_media_type_is_refused(caller: httpx.Client) -> None:
    problem(
        caller.post("/v1/facts/stream", content=b"{}", headers={"Content-Type": "text/csv"}),
        415,
        "wrong_media_type",
    )


def test_pages_lead_from_the_beginning_to_the_end(caller: httpx.Client) -> None:
    after, seen = 0, []
    while True:
        page = caller.get("/v1/events", params={"after": after, "limit": 2}).json()
        seen += [int(event["id"]) for event in page["events"]]
        after = page["next"]
        if after == page["head"]:
            break
    assert seen == list(range(1, page["head"] + 1))
    facts = caller.get("/v1/events", params={"types": "fact"}).json()["events"]
    assert len(facts) == len(FACTS)
    assert caller.get("/v1/events", params={"since": "2090-01-01"}).json()["events"] == []
    problem(caller.get("/v1/events", params={"after": 10**6}), 404, "position_unknown")
    problem(caller.get("/v1/events", params={"types": "weather"}), 422, "value_not_allowed")


def test_the_live_stream_goes_on_where_it_was_lost(caller: httpx.Client) -> None:
    head = caller.get("/v1/events").json()["head"]
    with caller.stream("GET", "/v1/events/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = events_of(answer.iter_lines())
        had = [next(events) for _ in range(3)]
    assert [event["id"] for event in had if "id" in event] == ["1", "2", "3"][: len(had)]
    last = had[-1]["id"]
    with caller.stream("GET", "/v1/events/stream", headers={"Last-Event-ID": last}) as answer:
        events = events_of(answer.iter_lines())
        rest = [next(events)["id"] for _ in range(head - int(last))]
        assert rest == [str(n) for n in range(int(last) + 1, head + 1)]
        caller.post(
            "/v1/facts", json={"fact": "person_registered", "on": "2019-01-01", "person": "N", "id": "live"}
        )
        fresh = next(events)
    assert int(fresh["id"]) == head + 1
    assert json.loads(fresh["data"])["specversion"] == "1.0"


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [("x", 422, "wrong_type"), ("-1", 422, "wrong_type"), ("999999", 404, "position_unknown")],
)
def test_a_stream_cannot_begin_nowhere(caller: httpx.Client, header: str, status: int, code: str) -> None:
    problem(caller.get("/v1/events/stream", headers={"Last-Event-ID": header}), status, code)


@pytest.mark.parametrize("wanted", ["types=nonsense", "types=posted,nonsense&since=2018-01-01"])
def test_a_stream_of_no_such_type_never_begins(caller: httpx.Client, wanted: str) -> None:
    problem(caller.get(f"/v1/events/stream?{wanted}"), 422, "value_not_allowed")


def test_a_quiet_stream_shows_that_it_lives(with_limits: Callable[..., Settings], keys: Keys) -> None:
    headers = keys.headers(Role.CONSUMER)
    with served(with_limits(heartbeat=0.2)) as (_, url):
        head = httpx.get(f"{url}/v1/events", headers=headers).json()["head"]
        with httpx.stream("GET", f"{url}/v1/events/stream?after={head}", headers=headers) as answer:
            beat = next(
                event for event in events_of(answer.iter_lines()) if event.get("event") == "heartbeat"
            )
    assert json.loads(beat["data"]) == {"position": head}


def test_only_so_many_streams_are_open_at_once(with_limits: Callable[..., Settings], keys: Keys) -> None:
    headers = keys.headers(Role.CONSUMER)
    with served(with_limits(streams=1)) as (app, url):
        with httpx.stream("GET", f"{url}/v1/events/stream", headers=headers) as first:
            lines = first.iter_lines()
            next(lines)
            problem(httpx.get(f"{url}/v1/events/stream", headers=headers), 503, "too_many_streams")
        until = time.monotonic() + 10
        while app.state.slots.open and time.monotonic() < until:
            time.sleep(0.02)
        assert app.state.slots.open == 0
        with httpx.stream("GET", f"{url}/v1/events/stream", headers=headers) as again:
            assert again.status_code == 200


def test_limits_of_rate_and_time(with_limits: Callable[..., Settings], keys: Keys, monkeypatch: Any) -> None:
    headers = keys.headers(Role.OPERATOR)
    asked = {"claim": "c1", "known": "2099-01-01"}
    hasty = with_limits(calls_per_second=1, seconds=0.3)
    with served(hasty) as (_, url), httpx.Client(base_url=url, headers=headers) as client:
        answers = [client.get("/v1/claim", params=asked) for _ in range(12)]
        problem(next(each for each in answers if each.status_code == 429), 429, "too_many_calls")
        time.sleep(1.1)
        original = Ledger.ask
        monkeypatch.setattr(Ledger, "ask", lambda *a, **k: (time.sleep(0.8), original(*a, **k))[1])
        problem(client.get("/v1/claim", params=asked), 504, "took_too_long")


def test_what_happens_is_counted(caller: httpx.Client, address: str, keys: Keys) -> None:
    caller.post("/v1/facts/batch", json=[{"fact": "person_died", "on": "2019-01-01", "person": "P1"}, {}])
    caller.post("/v1/subscriptions", json={"name": "wang.all"})
    page = httpx.get(f"{address}/metrics", headers=keys.headers(Role.ADMINISTRATOR)).text
    assert 'yibao_facts_total{outcome="recorded"} 1.0' in page
    assert 'yibao_facts_total{outcome="rejected"} 1.0' in page
    assert 'yibao_http_requests_total{method="POST",route="/v1/facts/batch",status="200"} 1.0' in page
    head = caller.get("/readyz").json()["position"]
    assert f'yibao_position{{of="log"}} {float(head)}' in page
    assert f'yibao_subscription_lag{{subscription="wang.all"}} {float(head)}' in page
