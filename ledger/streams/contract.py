"""The contract of the stream, generated from the event types: JSON Schemas and an AsyncAPI 3 document.

What is written for consumers and what the schemas say come from one plan (`wire`), so they cannot part.
"""

import json
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import InputRefused
from domain.events.recorded import Advanced, Posted, Withdrawn
from domain.facts import Withdrawal
from ledger.streams.envelope import CloudEvent
from ledger.streams.types import FACTS, NAMES, PREFIX, RECORDS, SCHEMA
from ledger.streams.wire import struct_type

VERSION = "1"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_RESULT = {
    "key": {
        "type": "string",
        "description": "Unique within the subject; a later result under it replaces this.",
    },
    "replaces": {"type": "boolean", "description": "Whether another result held under the key until now."},
    "rules": {"type": "string", "description": "Version of the rules under which it was decided."},
}
_ALWAYS = ("specversion", "id", "source", "type", "subject", "datacontenttype", "dataschema")
_KINDS: dict[str, type[msgspec.Struct]] = {"posted": Posted, "advanced": Advanced}


def documents() -> dict[str, Any]:
    """Every file of docs/contract, by its path there."""
    return {
        "asyncapi.json": asyncapi(),
        "cloudevent.json": envelope_schema(),
        **{f"types/{name}.json": data_schema(name) for name in NAMES},
    }


def write(folder: Path) -> list[Path]:
    """Write the contract into a folder; the files written."""
    written = []
    for name, document in documents().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(document), "utf-8")
        written.append(path)
    return written


def text_of(document: Any) -> str:
    """A document as the files hold it."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


@cache
def envelope_schema() -> dict[str, Any]:
    """The JSON Schema of the envelope: CloudEvents 1.0 and our extension attributes."""
    found = msgspec.json.schema(CloudEvent)
    schema: dict[str, Any] = found["$defs"]["CloudEvent"]
    schema["properties"]["specversion"] = {"const": "1.0"}
    schema["properties"]["type"] = {"enum": [PREFIX + name for name in NAMES]}
    schema["properties"]["sequence"]["pattern"] = "^[0-9]{20}$"
    for name in ("time", "recordedtime"):
        schema["properties"][name]["format"] = "date-time"
    schema["required"] = sorted({*schema["required"], *_ALWAYS})
    schema["description"] = cleandoc(schema["description"])
    return {"$schema": _DIALECT, "$id": f"{SCHEMA}cloudevent", **schema}


@cache
def data_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of `data` of one type; InputRefused for a name that is none."""
    bare = name.removeprefix(PREFIX)
    if bare not in NAMES:
        raise InputRefused("value_not_allowed", "type", f"no event type `{name}`; see `yibao contract`")
    schema = _schema_of(bare)
    return {"$schema": _DIALECT, "$id": SCHEMA + bare, **schema}


def _schema_of(name: str) -> dict[str, Any]:
    group, _, kind = name.partition(".")
    if name in FACTS:
        return _with({"fact": {"const": kind}}, FACTS[name])
    if name == "fact.withdrawal":
        return _with({"fact": {"type": "string"}, "void": {"const": True}}, Withdrawal, without="withdraws")
    if group == "determined":
        return _with(_RESULT, RECORDS[kind])
    return _with({}, Withdrawn if group == "withdrawn" else _KINDS[name])


def _with(given: dict[str, Any], kind: type[msgspec.Struct], without: str = "") -> dict[str, Any]:
    """The schema of a struct, with properties before its own."""
    whole = msgspec.json.schema(struct_type(kind))
    parts = whole["$defs"]
    schema = parts.pop(kind.__name__)
    properties = {**given, **schema["properties"]}
    properties.pop(without, None)
    required = [*given, *(each for each in schema.get("required", []) if each != without)]
    said = {"title": schema["title"], "description": schema.get("description", ""), "type": "object"}
    told = {**said, "properties": properties, "required": sorted(required)}
    return {**told, "$defs": parts} if parts else told


@cache
def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3 document: one channel with every message, over HTTP (feed, server-sent events), NATS and Kafka."""
    messages = {name: {"$ref": f"#/components/messages/{name}"} for name in NAMES}
    channel: dict[str, Any] = {
        "address": "/v1/events/stream",
        "description": "Every event once, in the order of `sequence`: live as server-sent events (`Last-Event-ID` is "
        "the `id` of the last), and in pages at `/v1/events?after=`.",
        "messages": messages,
    }
    broker = {
        **channel,
        "address": "yibao.{city}.{type}",
        "description": "The same events on NATS JetStream, `Nats-Msg-Id` = source and id. On Kafka the topic is "
        "`yibao`, the key `partitionkey`.",
        "parameters": {
            "city": {"description": "Division code of the pooling area."},
            "type": {"description": "The type without `yibao.`, dots kept."},
        },
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "yibao-ledger", "version": VERSION, "description": _ABOUT},
        "defaultContentType": "application/cloudevents+json",
        "channels": {"events": channel, "broker": broker},
        "operations": {
            "tellEvents": {"action": "send", "channel": {"$ref": "#/channels/events"}},
            "publishEvents": {"action": "send", "channel": {"$ref": "#/channels/broker"}},
        },
        "components": {"messages": {name: _message(name) for name in NAMES}},
    }


_ABOUT = (
    "Facts, results of the rules and postings of a city's medical insurance as CloudEvents 1.0. `time` is when a thing "
    "is in force, `recordedtime` when the ledger learned it. Changes to this contract are additive: expect fields and "
    "values that you do not know."
)


def _message(name: str) -> dict[str, Any]:
    whole = {
        "allOf": [
            {"$ref": "cloudevent.json"},
            {"properties": {"type": {"const": PREFIX + name}, "data": {"$ref": f"types/{name}.json"}}},
        ]
    }
    return {
        "name": PREFIX + name,
        "title": data_schema(name)["title"],
        "contentType": "application/cloudevents+json",
        "payload": {"schemaFormat": "application/schema+json;version=2020-12", "schema": whole},
    }
