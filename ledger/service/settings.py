"""What the service is told at its start."""

from pathlib import Path

from msgspec import Struct

from ledger.clock import Clock
from ledger.rights.caller import Caller
from ledger.rights.tokens import Provider


class Limits(Struct, frozen=True, kw_only=True):
    """How much one caller may ask for."""

    body_bytes: int = 4_000_000
    """Of one request; a stream of JSON Lines has no limit but that of a line (16 MB)."""
    calls_per_second: int = 200
    """Of one caller."""
    seconds: float = 30.0
    """For one answer; after it the caller is told `took_too_long`. Streams have no such limit."""
    idle: float = 120.0
    """Seconds for which a sender of a stream may be silent."""
    streams: int = 200
    """Open at once, of all callers."""
    heartbeat: float = 15.0
    """Seconds between signs of life in a quiet stream."""
    threads: int = 4
    """Calls that only read and are worked on at once; the others wait. Each has books of its own in memory."""


class Settings(Struct, frozen=True, kw_only=True):
    """Which ledger is served, to whom, and within which limits."""

    database: str | None = None
    """SQLite file or PostgreSQL URL; None = a ledger in memory."""
    city: str = ""
    """The city of facts and questions that name none; empty = the only one held."""
    token_keys: tuple[Path, ...] = ()
    """Files with the keys (private or public) whose tokens count."""
    signing_key: Path | None = None
    """File of the key that signs proofs; None = the service gives none."""
    provider: Provider | None = None
    revoked: Path | None = None
    """A file of token ids, one a line, that no longer count."""
    anyone: Caller | None = None
    """Who a call without a token is; None = it is refused."""
    limits: Limits = Limits()
    clock: Clock | None = None
    allowed_hosts: tuple[str, ...] = ()
    """Names under which the service may be called (`Host`); empty = any."""
