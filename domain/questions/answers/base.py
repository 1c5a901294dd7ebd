"""The form of every answer. Money in fen; None = does not apply."""

from msgspec import Struct


class Answer(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One answer; its fields are those of the contract."""
