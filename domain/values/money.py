"""Money: integer fen inside, decimal strings of yuan outside, never float."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Self

from msgspec import Meta

_YUAN = re.compile(r"\d+(\.\d{1,2})?", re.ASCII)
_SIGNED_YUAN = re.compile(r"-?\d+(\.\d{1,2})?", re.ASCII)
_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_CENT = Decimal(100)

Amount = Annotated[int, Meta(extra={"unit": "fen"})]
"""An amount in fen inside answers and events: a plain integer that is written as decimal yuan at the edge."""


class SignedFen(int):
    """An amount in fen that may be negative; written as decimal yuan."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read decimal yuan such as `-12.30`; ValueError for anything else."""
        if not _SIGNED_YUAN.fullmatch(text):
            raise ValueError("expected a decimal string of yuan with at most two decimals")
        return cls(fen_of(Decimal(text)))


class Fen(SignedFen):
    """An amount in fen, never negative at the edge; written as decimal yuan."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read decimal yuan such as `12.30`; ValueError for anything else."""
        if not _YUAN.fullmatch(text):
            raise ValueError("expected a non-negative decimal string of yuan with at most two decimals")
        return cls(fen_of(Decimal(text)))


class Ratio(Decimal):
    """A decimal from outside (rate, quantity, months); only ever read from text."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a plain decimal; exponents, NaN and infinities are refused (ValueError)."""
        if not _DECIMAL.fullmatch(text):
            raise ValueError("expected a decimal string")
        return cls(text)


class Share(Ratio):
    """A decimal from 0 to 1 (a part of something)."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a decimal from 0 to 1; ValueError otherwise."""
        value = super().parse(text)
        if not 0 <= value <= 1:
            raise ValueError("expected a decimal from 0 to 1")
        return value


def fen_of(yuan: Decimal) -> int:
    """Yuan to fen, half-up: the only rounding of money."""
    return round_fen(yuan * _CENT)


def round_fen(fen: Decimal) -> int:
    """Round an exact amount in fen half-up (away from zero at one half) to whole fen."""
    return int(fen.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share(fen: int, rate: Decimal) -> int:
    """The part `rate` of an amount, in fen, rounded half-up once."""
    return round_fen(Decimal(fen) * rate)


def divide(fen: int, parts: int) -> int:
    """One of `parts` equal parts of an amount, in fen, rounded half-up."""
    return round_fen(Decimal(fen) / parts)


def whole_yuan(fen: int) -> int:
    """An amount rounded half-up to whole yuan, in fen."""
    return int((Decimal(fen) / _CENT).quantize(Decimal(1), rounding=ROUND_HALF_UP)) * 100


def yuan_text(fen: int) -> str:
    """Fen as decimal yuan with two places: 123450 -> `1234.50`."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def ratio_text(value: Decimal) -> str:
    """A decimal in plain notation, without exponent."""
    return format(value, "f")


def allot(fen: int, weights: Iterable[int]) -> list[int]:
    """Split an amount by integer weights so that the parts add up; the last part takes the rest."""
    given = list(weights)
    whole = sum(given)
    parts = [round_fen(Decimal(fen) * weight / whole) for weight in given[:-1]]
    return [*parts, fen - sum(parts)]
