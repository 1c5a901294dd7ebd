"""Names and identity numbers of persons, hidden from whoever has no right to read them.

What identifies a person in facts v1: the name in `person_registered`, free text (`note`), and identity numbers
(18 characters, GB 11643, or the older 15 digits), which a sender may have used as identifiers anywhere.
"""

import re
from typing import Any

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])(?:[1-9][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]|[1-9][0-9]{{7}}{_DAY}[0-9]{{3}})"
    r"(?![0-9A-Za-z])",
    re.ASCII,
)
NAMED = "person_registered"
HIDDEN = "***"


def masked(value: Any) -> tuple[Any, int]:
    """A JSON value with what identifies persons hidden, and how many places that were."""
    counted = [0]
    return _masked(value, counted, ""), counted[0]


def _masked(value: Any, counted: list[int], kind: str) -> Any:
    if isinstance(value, dict):
        of = str(value.get("fact") or kind)
        return {_text(name, counted): _field(name, each, counted, of) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(each, counted, kind) for each in value]
    return _text(value, counted) if isinstance(value, str) else value


def _field(name: str, value: Any, counted: list[int], kind: str) -> Any:
    if isinstance(value, str) and ((name == "name" and kind == NAMED) or (name == "note" and kind)):
        counted[0] += 1
        return hidden_name(value) if name == "name" else HIDDEN
    return _masked(value, counted, kind)


def _text(text: Any, counted: list[int]) -> Any:
    if not isinstance(text, str) or len(text) < 15:
        return text
    shown, found = _NUMBER.subn(lambda number: hidden_number(number[0]), text)
    counted[0] += found
    return shown


def hidden_name(name: str) -> str:
    """A name with the family name only: `王小明` -> `王**`."""
    return name[:1] + "*" * max(1, len(name) - 1)


def hidden_number(number: str) -> str:
    """An identity number with the county and the last two characters only."""
    return f"{number[:6]}{'*' * (len(number) - 8)}{number[-2:]}"
