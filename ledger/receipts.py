"""What the ledger says back: receipts, rejections, verifications."""

from msgspec import Struct


class Receipt(Struct, frozen=True, kw_only=True):
    """What became of one recorded fact: its id and position, and how many consequences it had."""

    id: str
    city: str
    position: int
    recorded: str
    consequences: int
    repeated: bool = False
    """The same fact was recorded before; nothing changed."""


class Rejected(Struct, frozen=True, kw_only=True):
    """One line of an import that was refused: nothing of it was recorded."""

    line: int
    code: str
    field: str
    message: str


class Verification(Struct, frozen=True, kw_only=True):
    """Whether the log is whole; otherwise the first row at which it is not, and what is wrong there."""

    ok: bool
    rows: int
    problem: str | None = None
    position: int | None = None
    code: str | None = None
    """What is wrong, as a stable code (docs/errors.md): `row_altered`, `log_truncated` and so on."""
