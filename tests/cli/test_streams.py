"""The stream on the command line: a treasury reads settlements, an administrator looks after the subscriptions."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import CODE, Yibao
from tests.streams.brokers import events_of, nats_server


def lines(out: str) -> list[dict[str, object]]:
    """JSON Lines."""
    return [json.loads(line) for line in out.splitlines()]


def test_the_stream_is_printed_from_the_beginning_or_a_day(told: Yibao) -> None:
    everything = lines(told("subscribe", "--json").out)
    assert [event["id"] for event in everything] == [str(number + 1) for number in range(len(everything))]

    since = lines(told("subscribe", "--from", "2018-05-01", "--json").out)
    assert since == everything[-len(since) :]
    assert str(since[0]["recordedtime"]).startswith("2018-05-02")
    after = lines(told("subscribe", "--from", "3", "--type", "fact", "--json").out)
    assert after == [e for e in everything[3:] if str(e["type"]).startswith("yibao.fact.")]
    one = told("subscribe", "--type", "determined.settlement").out.splitlines()
    assert "2018-03-10" in one[0]
    assert "replaces 取代" in one[-1]


def test_names_are_shown_only_when_asked_for(told: Yibao) -> None:
    assert "person:P1" not in told("subscribe", "--json").out
    assert "person:P1" in told("subscribe", "--json", "--identifiers").out
    of = told("subscribe", "--subject", "person:P1", "--identifiers", "--city", CODE, "--json")
    assert {event["subject"] for event in lines(of.out)} == {"person:P1"}


def test_a_named_subscription_goes_on_where_it_stopped(told: Yibao) -> None:
    first = lines(told("subscribe", "treasury", "--type", "posted", "--json").out)
    assert first
    assert told("subscribe", "treasury", "--json").out == ""
    again = told("subscriptions", "replay", "treasury", "--from", "0", "--json").json
    assert (again["state"], again["position"]) == ("behind", 0)
    assert lines(told("subscribe", "treasury", "--json").out) == first
    refused = told("subscribe", "treasury", "--type", "fact")
    assert (refused.code, "subscription_exists" in refused.err) == (2, True)


def test_subscriptions_are_made_paused_resumed_and_deleted(told: Yibao) -> None:
    made = told(
        "subscriptions", "create", "wh", "--type", "posted", "--from", "4", "--park-after", "3", "--json"
    )
    assert made.json["wanted"] == {"types": ["posted"]}
    assert made.json["park_after"] == 3
    assert told("subscriptions", "pause", "wh", "--json").json["state"] == "paused"
    assert told("subscribe", "wh", "--json").out == ""
    assert "behind 滞后" in told("subscriptions", "resume", "wh").out
    listed = told("subscriptions", "list")
    assert "wh" in listed.out
    assert told("subscriptions", "list", "--json").json[0]["lag"] > 0
    assert told("subscriptions", "parked", "wh").out.strip() == "nothing is parked 无搁置"
    assert told("subscriptions", "retry", "wh", "--json").json == {"name": "wh", "again": 0}
    assert told("subscriptions", "retry", "wh", "--position", "7").code == 2
    assert told("subscriptions", "delete", "wh").code == 0
    assert "subscription_unknown" in told("subscriptions", "pause", "wh").err


def test_the_contract_is_shown_and_written(yibao: Yibao, tmp_path: Path) -> None:
    assert "yibao.determined.settlement: " in yibao("contract").out
    assert yibao("contract", "posted").json["$id"] == "urn:yibao:contract:1:posted"
    assert yibao("contract", "--write", str(tmp_path)).code == 0
    assert json.loads((tmp_path / "asyncapi.json").read_text("utf-8"))["asyncapi"].startswith("3.")
    assert "value_not_allowed" in yibao("contract", "nothing").err


@pytest.mark.parametrize("word", ["beginning", "99999"])
def test_a_place_that_is_none_is_refused(told: Yibao, word: str) -> None:
    assert told("subscribe", "--from", word).code == 2


def test_publishing_ends_when_everything_is_published(told: Yibao, tmp_path: Path) -> None:
    with nats_server(tmp_path / "jetstream") as server:
        words = ("publish", "nats", "--subscription", "wh", "--url", server.url, "--once", "--json")
        count = told(*words).json["published"]
        assert [event.id for event in events_of(server.messages())] == [str(n + 1) for n in range(count)]
        assert told(*words).json["published"] == 0


def test_following_prints_what_is_recorded_meanwhile_and_ends_when_told(told: Yibao, database: str) -> None:
    before = len(told("subscribe", "--json").out.splitlines())
    words = [
        sys.executable,
        "-c",
        "from ledger.cli import main; main()",
        "subscribe",
        "--follow",
        "--json",
        "--from",
        str(before),
    ]
    own = {**os.environ, "YIBAO_DATABASE": database}
    fact = {"fact": "person_registered", "on": "2018-06-01", "person": "P9", "id": "late", "city": CODE}
    with subprocess.Popen(words, env=own, stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdout is not None
        time.sleep(0.3)
        told("record", json.dumps(fact))
        assert json.loads(follower.stdout.readline())["id"] == str(before + 1)
        follower.send_signal(signal.SIGTERM)
        assert follower.wait(10) == 0
