"""What schemathesis does not know of itself: JSON Lines are text, sent as it is."""

from __future__ import annotations

import json

import schemathesis


@schemathesis.serializer("application/jsonl", "application/x-ndjson")
def json_lines(context: schemathesis.SerializationContext, value: object) -> bytes:
    """Text goes as it is; what should not be a body at all goes as JSON."""
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")
