"""Identifiers and counts as the contract limits them (facts v1, section 1)."""

from typing import Annotated

from msgspec import Meta

Id = Annotated[str, Meta(min_length=1, max_length=128)]
"""The sender's identifier of a person, employer, provider, household, claim or fact."""
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.]+$")]
"""A code: letters, digits, `_` and `.`."""
Division = Annotated[str, Meta(pattern=r"^[0-9]{6}$")]
"""Six digits; a prefecture ends in 00, a province in 0000."""
Year = Annotated[int, Meta(ge=1949, le=2200)]
"""A calendar year."""
Count = Annotated[int, Meta(ge=0)]
"""A number of things, never negative."""


def same_prefecture(place: str, other: str) -> bool:
    """True when two division codes lie in the same prefecture (first four digits)."""
    return place[:4] == other[:4]


def same_province(place: str, other: str) -> bool:
    """True when two division codes lie in the same province (first two digits)."""
    return place[:2] == other[:2]
