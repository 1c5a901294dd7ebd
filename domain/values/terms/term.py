"""One term of the public vocabulary: the stored value and its Chinese label."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A value of an enumeration of facts v1; `label` is what a Chinese reader sees."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label
        return term
