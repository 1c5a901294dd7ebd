"""The contract that a stranger reads: generated, current, valid, kept by every event, and changed only by adding."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker

from domain.facts import AnyFact, Withdrawal
from domain.values.calendar import Moment
from ledger.handle import Ledger
from ledger.store.encoding import decode
from ledger.streams import CloudEvent, Filter, Page, page
from ledger.streams.contract import asyncapi, data_schema, documents, envelope_schema, text_of
from ledger.streams.roles import role_of
from ledger.streams.types import NAMES, RECORDS, type_of
from ledger.streams.wire import plan, written
from tests.streams.additive import breaches
from tests.streams.conftest import CITY, DEMO, demo_facts

HERE = Path(__file__).parent
COMMITTED = HERE.parents[1] / "docs" / "contract"
RELEASED = sorted((COMMITTED / "released").glob("*.json"))
GOLDEN = HERE.parent / "golden" / "events.jsonl"
FIVE_CITIES = HERE.parent / "imports" / "five_cities.jsonl"


WORDS = {"household", "employer", "hospital", "pharmacy"}
"""Identifiers of the demonstration that are words of the contract as well."""


def schemas() -> dict[str, Any]:
    """The contract as a release stores it."""
    return {"cloudevent": envelope_schema(), **{name: data_schema(name) for name in NAMES}}


@pytest.fixture(scope="module")
def story() -> list[tuple[CloudEvent, CloudEvent]]:
    """Every event of a family's story, once as everybody sees it and once with the right to identifiers."""
    with Ledger.open(None) as book:
        list(book.import_facts(enumerate(demo_facts(), 1), city=CITY))
        return list(
            zip(page(book, limit=5_000).events, page(book, limit=5_000, identifiers=True).events, strict=True)
        )


def test_the_committed_contract_is_the_one_that_the_types_generate() -> None:
    stale = [
        name for name, told in documents().items() if (COMMITTED / name).read_text("utf-8") != text_of(told)
    ]
    strange = {path.relative_to(COMMITTED).as_posix() for path in COMMITTED.glob("[!r]*/*.json")} - set(
        documents()
    )
    assert not stale, f"run: yibao contract --write docs/contract ({stale})"
    assert not strange, strange


def test_the_asyncapi_document_is_valid_by_the_official_schema() -> None:
    # @asyncapi/specs 6.11.1, schemas/3.0.0.json without descriptions, examples and bindings.
    official = Draft7Validator(json.loads((HERE / "vendored" / "asyncapi-3.0.0.json").read_text("utf-8")))
    assert not list(official.iter_errors(asyncapi()))
    broken = copy.deepcopy(asyncapi())
    broken["operations"]["tellEvents"]["action"] = "shout"
    assert list(official.iter_errors(broken))


def test_every_event_keeps_the_contract(story: list[tuple[CloudEvent, CloudEvent]]) -> None:
    envelope = Draft202012Validator(envelope_schema(), format_checker=FormatChecker())
    data = {name: Draft202012Validator(data_schema(name), format_checker=FormatChecker()) for name in NAMES}
    for event in (event for both in story for event in both):
        told = json.loads(msgspec.json.encode(event))
        assert not [error.message for error in envelope.iter_errors(told)], told
        name = event.type.removeprefix("yibao.")
        assert not [error.message for error in data[name].iter_errors(told["data"])], told


@pytest.mark.parametrize("line", GOLDEN.read_text("utf-8").splitlines(), ids=lambda line: line[11:40])
def test_every_kind_of_event_ever_stored_keeps_the_contract(line: str) -> None:
    row = json.loads(line)
    event: Any = decode(row["topic"], json.dumps(row["state"]).encode(), Moment(row["recorded_at"]))
    name = type_of(event)
    schema = data_schema(name)
    told = json.loads(msgspec.json.encode(written(getattr(event, "record", event), None)))
    own = {key: value for key, value in schema["properties"].items() if key in told}
    complaints = Draft202012Validator({**schema, "required": []}).iter_errors(told)
    assert not [error.message for error in complaints]
    if name != "fact.withdrawal":
        assert own.keys() == told.keys(), "the data holds what the schema does not know"


def test_attributes_are_named_as_cloudevents_asks() -> None:
    names = [field.encode_name for field in msgspec.structs.fields(CloudEvent)]
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in names)


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_against_every_release_the_contract_has_only_grown(path: Path) -> None:
    assert list(breaches(json.loads(path.read_text("utf-8")), schemas())) == []


def test_there_is_a_release_to_compare_with() -> None:
    assert RELEASED


def test_a_change_that_takes_something_from_consumers_is_noticed() -> None:
    old = schemas()
    new = json.loads(json.dumps(old))
    del new["advanced"]
    del new["posted"]["properties"]["kind"]
    new["posted"]["required"].remove("postings")
    new["posted"]["$defs"]["MovementKind"]["enum"].pop()
    new["posted"]["$defs"]["Posting"]["properties"]["amount"]["type"] = "number"
    new["fact.enrolled"]["properties"]["fresh"] = {"type": "string"}
    found = list(breaches(old, new))
    assert len([each for each in found if each.startswith("posted")]) == 3
    assert "advanced: the type is gone" in found
    assert not [each for each in found if "fresh" in each]


def test_every_text_field_of_the_contract_has_a_role() -> None:
    unknown = []
    for kind in (*AnyFact.__args__, Withdrawal, *RECORDS.values()):
        for name, parent in text_fields(kind, set()):
            if role_of(parent, name) is None:
                unknown.append(f"{parent.__name__}.{name}")
    assert not unknown, f"ledger/streams/roles.py must say whom these may identify: {unknown}"


def text_fields(kind: type, met: set[type]) -> list[tuple[str, type]]:
    """Fields of a struct, and of the structs inside it, that hold text of the sender's choice."""
    found: list[tuple[str, type]] = []
    wanted = {line.attribute for line in plan(kind)}
    for field in msgspec.structs.fields(kind):
        if field.name not in wanted:
            continue
        for leaf in leaves(field.type):
            if isinstance(leaf, type) and issubclass(leaf, msgspec.Struct) and leaf not in met:
                found += text_fields(leaf, {*met, leaf})
            elif leaf is str:
                found.append((field.name, kind))
    return found


def leaves(kind: Any) -> list[Any]:
    """The plain types inside a type."""
    arguments = getattr(kind, "__args__", ())
    if hasattr(kind, "__metadata__"):
        arguments = (kind.__origin__,)
    return [leaf for each in arguments for leaf in leaves(each)] if arguments else [kind]


def test_without_the_right_nothing_in_the_stream_identifies_anybody() -> None:
    told = [json.loads(line) for path in (DEMO, FIVE_CITIES) for line in path.read_text("utf-8").splitlines()]
    for number, fact in enumerate(told):
        if "person" in fact and fact["fact"] == "person_registered":
            fact |= {"name": f"张三{number}", "note": f"电话 1390000{number:04d}"}
    with Ledger.open(None) as book:
        for code in ("510500", "421300", "621100", "510400", "350582"):
            mine = [fact for fact in told if fact.get("city", CITY) == code]
            list(book.import_facts(enumerate(mine, 1), city=code))
        hidden, clear = everything(book, identifiers=False), everything(book, identifiers=True)
    secrets = {text for event in clear for text in identifying(event.data)} - WORDS
    assert len(secrets) > 60
    assert any("张三" in secret for secret in secrets)
    words = set(re.findall(r'[^":/,{}\[\]\s]+', msgspec.json.encode(hidden).decode()))
    assert not words & secrets
    assert "张三" not in msgspec.json.encode(hidden).decode()
    assert len(hidden) == len(clear)


def everything(book: Ledger, *, identifiers: bool) -> list[CloudEvent]:
    """Every event of a ledger."""
    found: list[CloudEvent] = []
    more = Page([], 0, 1)
    while more.next < more.head:
        more = page(book, more.next, limit=5_000, identifiers=identifiers)
        found += more.events
    return found


def identifying(data: Any, name: str = "") -> set[str]:
    """What a clerk would recognise somebody by: ids of persons, households, claims and facts, names, notes."""
    ids = ("person", "persons", "members", "relative", "household", "claim", "claims", "id", "corrects")
    if isinstance(data, dict):
        own = {each for each in data if name in ("bases", "persons")}
        return own.union(*(identifying(value, key) for key, value in data.items()))
    if isinstance(data, list):
        return set().union(*(identifying(value, name) for value in data))
    named = name in (*ids, "note") or "张三" in str(data)
    return {str(data)} if named and isinstance(data, str) else set()


def test_the_same_person_has_the_same_pseudonym_everywhere_and_another_in_another_ledger() -> None:
    fact = {"fact": "person_registered", "on": "2020-01-01", "person": "P1", "id": "a"}
    seen = []
    for _ in range(2):
        with Ledger.open(None) as book:
            for number, city in enumerate((CITY, "421300")):
                book.record({**fact, "id": f"a{number}"}, city=city)
            seen.append({event.subject for event in page(book, filter=Filter(types=("fact",))).events})
    assert [len(each) for each in seen] == [1, 1]
    assert seen[0] != seen[1]


def test_whoever_may_not_see_identifiers_cannot_ask_by_them_either(
    story: list[tuple[CloudEvent, CloudEvent]],
) -> None:
    with Ledger.open(None) as book:
        list(book.import_facts(enumerate(demo_facts(), 1), city=CITY))
        clear = next(e for e in page(book, identifiers=True).events if e.subject.startswith("person:"))
        hidden = page(book, clear.position - 1, limit=1).events[0]
        asked, pseudonymous = Filter(subjects=(clear.subject,)), Filter(subjects=(hidden.subject,))
        assert page(book, 0, asked).events == []
        positions = [event.position for event in page(book, 0, pseudonymous).events]
        assert positions == [event.position for event in page(book, 0, asked, identifiers=True).events]
        assert positions


def test_a_replaced_result_says_by_what_and_because_of_which_fact(
    story: list[tuple[CloudEvent, CloudEvent]],
) -> None:
    events = {event.id: event for event, _ in story}
    holds: dict[tuple[str, str], str] = {}
    replaced = 0
    for event in events.values():
        key = (event.subject, event.data.get("key", ""))
        if event.type.startswith(("yibao.determined", "yibao.withdrawn")):
            earlier = holds.pop(key, None)
            if earlier is not None:
                assert event.supersedes == earlier
                replaced += 1
            else:
                assert event.supersedes is msgspec.UNSET
            if event.type.startswith("yibao.determined"):
                holds[key] = event.id
        if event.causationid is not msgspec.UNSET:
            fact = events[event.causationid]
            assert fact.type.startswith("yibao.fact")
            assert fact.cause == event.cause == fact.data["id"]
    assert replaced > 20


def test_with_hindsight_a_result_says_what_replaced_it() -> None:
    with Ledger.open(None) as book:
        list(book.import_facts(enumerate(demo_facts(), 1), city=CITY))
        events = page(book, limit=5_000, hindsight=True).events
    by = {
        e.supersedes: e.id for e in events if e.type != "yibao.posted" and e.supersedes is not msgspec.UNSET
    }
    assert {e.id: e.supersededby for e in events if e.supersededby is not msgspec.UNSET} == by
    assert by
