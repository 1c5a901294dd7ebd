"""Where two JSON values differ."""

from collections.abc import Iterator
from typing import Any


def different(before: Any, after: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Every place at which two values differ; what is missing is None. Lists are told as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys([*before, *after]):
            inner = f"{path}.{name}" if path else str(name)
            yield from different(before.get(name), after.get(name), inner)
    elif before != after:
        yield {"path": path, "before": before, "after": after}
