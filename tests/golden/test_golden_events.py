"""What was stored once decodes for ever: one row of every kind, append-only (new kinds are added below)."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.events.consequences import AnyConsequence
from domain.events.recorded import AnyConsequenceEvent
from domain.facts import AnyFact, Fact
from domain.values.calendar import Moment
from ledger.store.encoding import decode, encode

GOLDEN = [
    json.loads(line) for line in Path(__file__).with_name("events.jsonl").read_text("utf-8").splitlines()
]


def tags(union: Any) -> set[str]:
    """The stored names of a tagged union."""
    return {str(kind.__struct_config__.tag) for kind in union.__args__}


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['topic']}-{row['state'].get('id', '')}")
def test_a_stored_row_decodes_and_says_the_same_again(row: dict[str, Any]) -> None:
    event = decode(row["topic"], json.dumps(row["state"]).encode(), Moment(row["recorded_at"]))

    again = encode(event)

    assert json.loads(again.state) == row["state"]
    assert again.topic == row["topic"]
    if isinstance(event, Fact):
        assert event.recorded == row["recorded_at"]


def test_every_kind_of_fact_and_event_stands_in_the_golden_file() -> None:
    topics = {row["topic"] for row in GOLDEN}
    records = {row["state"]["record"]["is"] for row in GOLDEN if row["topic"] == "determined"}

    assert tags(AnyFact) | tags(AnyConsequenceEvent) | {"withdrawal"} <= topics
    assert tags(AnyConsequence) - {"stalled"} <= records
