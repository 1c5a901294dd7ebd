"""Find a person, employer, household, provider or claim by its identifier, and people by name where that is allowed."""

from collections.abc import Iterator, Mapping
from threading import Lock

from msgspec import Struct

from domain.facts import EmployerRegistered, PersonRegistered, ProviderRegistered
from ledger.store import Store

KINDS = ("person", "employer", "household", "claim", "provider")
NAMED: dict[str, str] = {
    "person": "person_registered",
    "employer": "employer_registered",
    "provider": "provider_registered",
}
"""The kind of fact that names a subject."""
SHOWN = 25
"""Hits of a kind on one page."""
MOST_ROWS = 300_000
"""Rows of the log that are read for names; in a longer one everybody is found by identifier only."""

LEAST = 4
"""Characters of an identifier that must be said in such a log: fewer would begin too many."""


class Hit(Struct, frozen=True):
    """One subject found."""

    kind: str
    identifier: str
    name: str = ""


class Names:
    """Names of one city's people and organisations, kept up to date from the log. Threads may share it."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, str]] = {}
        self._seen: dict[str, int] = {}
        self._lock = Lock()

    def of(self, store: Store, city: str) -> dict[str, str] | None:
        """Name by subject, as last told; None where the log is too long to be read for it."""
        if store.last_position() > MOST_ROWS:
            return None
        with self._lock:
            fresh: dict[str, str] = {}
            for row in store.since(self._seen.get(city, 0)):
                self._seen[city] = row.position
                if row.city == city:
                    fresh.update(_named(row.event))
            if fresh or city not in self._names:  # a new one: other threads go through the old
                self._names[city] = {**self._names.get(city, {}), **fresh}
            return self._names[city]


def _named(event: object) -> Iterator[tuple[str, str]]:
    match event:
        case PersonRegistered(person=who, name=str(name)):
            yield f"person:{who}", name
        case EmployerRegistered(employer=who, name=str(name)):
            yield f"employer:{who}", name
        case ProviderRegistered(provider=who, name=str(name)):
            yield f"provider:{who}", name


def name_of(store: Store, city: str, subject: str) -> str:
    """The name of one subject as last told, or empty."""
    kind = NAMED.get(subject.partition(":")[0])
    rows = store.fact_rows_of(city, subject, kind) if kind else []
    told = [name for row in rows for key, name in _named(row.event) if key == subject]
    return told[-1] if told else ""


def found(
    store: Store, city: str, asked: str, names: Mapping[str, str] | None, *, by_name: bool
) -> list[Hit]:
    """Subjects whose identifier begins with what is asked, then those whose name has it, each kind bounded.

    Names of persons are only searched with `by_name`; those of organisations always are.
    """
    wanted = asked.strip()
    if names is None and len(wanted) < LEAST:
        return []
    keys = dict.fromkeys(key for kind in KINDS for key in store.keys(city, f"{kind}:{wanted}")[:SHOWN])
    if wanted and names is not None:
        for key, name in names.items():
            if wanted.casefold() in name.casefold() and (by_name or not key.startswith("person:")):
                keys.setdefault(key)
    counts = dict.fromkeys(KINDS, 0)
    kept = []
    for kind, identifier in sorted(
        (_split(key) for key in keys), key=lambda hit: (KINDS.index(hit[0]), hit[1])
    ):
        counts[kind] += 1
        if counts[kind] <= SHOWN:
            subject = f"{kind}:{identifier}"
            name = name_of(store, city, subject) if names is None else names.get(subject, "")
            kept.append(Hit(kind, identifier, name))
    return kept


def _split(key: str) -> tuple[str, str]:
    kind, _, identifier = key.partition(":")
    return kind, identifier
