"""Who is meant, without saying who: a keyed hash in place of what identifies a person (decision 0010).

The key belongs to the ledger and stands in its database, beside the identifiers themselves: it protects those who
get the stream, not those who hold the database.
"""

import hmac
import re
import secrets
from base64 import b32encode
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from ledger.store import Store

_PERSONS = frozenset({"personal_account", "member", "bank", "heirs", "person"})
_HOUSEHOLDS = frozenset({"family_account", "household"})
_OPEN = frozenset(
    {"fund", "employer", "provider", "treasury", "insurer", "area", "announcements", "run", "kind"}
)
_PLAIN_KEYS = frozenset({"period", "year", "layer", "stalled"})
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_REMEMBERED = 1 << 16


class Identity(NamedTuple):
    """Which ledger this is: its name in `source`, and the key of its pseudonyms."""

    name: str
    key: bytes

    @property
    def source(self) -> str:
        """`source` of its events."""
        return f"urn:yibao:ledger:{self.name}"


def identity(store: Store) -> Identity:
    """The identity of a ledger; made at random when it is first needed, and never changed."""
    text = "SELECT name, secret FROM stream_identity"
    found = store.select(text, {})
    if not found:
        made = (secrets.token_hex(8), secrets.token_bytes(32))
        insert = "INSERT INTO stream_identity (one, name, secret) VALUES (1, ?, ?) ON CONFLICT DO NOTHING"
        with store.transaction() as writing:
            writing.cursor().execute(store.machine.sql(insert), made)
        found = store.select(text, {})
    name, key = found[0]
    return Identity(name, bytes(key))


class Pseudonyms:
    """Pseudonyms under one key. Equal identifiers have equal pseudonyms; nothing leads back without the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._of = lru_cache(maxsize=_REMEMBERED)(self._made)

    def of(self, kind: str, identifier: str) -> str:
        """The pseudonym of an identifier of a kind: person, household, claim, fact, key."""
        return self._of(kind, identifier)

    def _made(self, kind: str, identifier: str) -> str:
        made = hmac.new(self._key, f"{kind}:{identifier}".encode(), sha256).digest()[:15]
        return f"{kind[0]}-{b32encode(made).decode().lower()}"

    def subject(self, subject: str) -> str:
        """A subject or an account (`kind:identifier`): those of persons and households are hidden."""
        kind, colon, identifier = subject.partition(":")
        if not colon and kind in _OPEN:
            return subject
        if kind in _PERSONS:
            return f"{kind}:{self.of('person', identifier)}"
        if kind in _HOUSEHOLDS:
            return f"{kind}:{self.of('household', identifier)}"
        return subject if kind in _OPEN else self.of("other", subject)

    def cause(self, cause: str) -> str:
        """The id of a fact, or `time`."""
        return cause if cause == "time" else self.of("fact", cause)

    def key(self, key: str) -> str:
        """The key of a result, still unique within its subject. Whatever part may name somebody is hidden."""
        kind, _, rest = key.partition("/")
        if kind in _PLAIN_KEYS:
            return key
        if kind == "claim":
            return f"claim/{self.of('claim', rest)}"
        if kind == "allowance":
            return f"allowance/{self.of('fact', rest)}"
        if kind == "months" and _MONTH.fullmatch(rest.partition("/")[2]):
            return key
        if kind == "standing":
            account, _, day = rest.rpartition("/")
            return f"standing/{self.subject(account)}/{day}"
        known = kind in ("months", "entry", "decided")
        return f"{kind}/{self.of('key', key)}" if known else self.of("key", key)
