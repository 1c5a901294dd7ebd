"""Partial expectations against answers, as facts v1 says under *Case file*."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from domain.values.calendar import Months

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}(/\d{4}-\d{2})?", re.ASCII)

Mismatch = dict[str, Any]


def compared(expected: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[Mismatch]:
    """Mismatches between a partial expectation and an answer object (`answer` or `error`)."""
    if set(expected) == {"error"}:
        if "error" in got:
            yield from differences(expected["error"], got["error"], "error")
        else:
            yield {"path": "error", "expected": expected["error"], "got": got.get("answer")}
    elif "error" in got:
        yield {"path": "", "expected": expected, "got": {"error": got["error"]}}
    else:
        yield from differences(expected, got.get("answer", {}), "")


def differences(expected: Any, got: Any, path: str) -> Iterator[Mismatch]:
    """Every place where what was got is not what was expected; objects by their given fields."""
    if isinstance(expected, Mapping) and (expected or not isinstance(got, Mapping)):
        if not isinstance(got, Mapping) and not _only_nulls(expected):
            yield {"path": path, "expected": expected, "got": got}
            return
        for name, value in expected.items():
            inner = got.get(name) if isinstance(got, Mapping) else None
            yield from differences(value, inner, f"{path}.{name}" if path else str(name))
    elif not isinstance(expected, Mapping) and not equal(expected, got):
        yield {"path": path, "expected": expected, "got": got}


def equal(expected: Any, got: Any) -> bool:
    """Lists as the contract compares them; money and decimals as numbers; everything else exactly."""
    if isinstance(expected, list):
        return isinstance(got, list) and _lists_equal(expected, got)
    if isinstance(expected, Mapping):
        return not list(differences(expected, got, ""))
    if isinstance(expected, str) and isinstance(got, str):
        return expected == got or _same_number(expected, got)
    return type(expected) is type(got) and bool(expected == got)


def _only_nulls(expected: Mapping[str, Any]) -> bool:
    """True when every field expected is null: then an object that is not there will do."""
    return all(v is None or (isinstance(v, Mapping) and _only_nulls(v)) for v in expected.values())


def _same_number(expected: str, got: str) -> bool:
    if not _NUMBER.fullmatch(expected) or not _NUMBER.fullmatch(got):
        return False
    return Decimal(expected) == Decimal(got)


def _lists_equal(expected: Sequence[Any], got: Sequence[Any]) -> bool:
    if expected and all(isinstance(each, Mapping) for each in expected):
        return _each_finds_its_own(expected, got)
    if _are_months(expected) and (not got or _are_months(got)):
        return set(Months.parse(expected)) == set(Months.parse(got) if got else ())
    same = (equal(one, other) for one, other in zip(expected, got, strict=False))
    return len(expected) == len(got) and all(same)


def _are_months(values: Sequence[Any]) -> bool:
    if not values or not all(isinstance(each, str) and _MONTH.fullmatch(each) for each in values):
        return False
    try:
        Months.parse(values)
    except ValueError:
        return False
    return True


def _each_finds_its_own(expected: Sequence[Any], got: Sequence[Any]) -> bool:
    """True when each expected object matches a different element (a matching by augmenting paths)."""
    fits = [[n for n, each in enumerate(got) if equal(wanted, each)] for wanted in expected]
    taken: dict[int, int] = {}

    def place(wanted: int, tried: set[int]) -> bool:
        for element in fits[wanted]:
            if element in tried:
                continue
            tried.add(element)
            if element not in taken or place(taken[element], tried):
                taken[element] = wanted
                return True
        return False

    return all(place(wanted, set()) for wanted in range(len(expected)))
