"""Find a person, employer, household, provider or claim by its identifier, and people by name where that is allowed."""

from collections.abc import Iterator
from threading import Lock

from msgspec import Struct

from domain.facts import EmployerRegistered, PersonRegistered, ProviderRegistered
from ledger.store import Store

KINDS = ("person", "employer", "household", "claim", "provider")
SHOWN = 25
"""Hits of a kind on one page."""
MOST_NAMES = 200_000
"""Names kept in memory for a city; beyond it people are found by identifier only."""


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

    def of(self, store: Store, city: str) -> dict[str, str]:
        """Name by subject, as last told."""
        with self._lock:
            names = self._names.setdefault(city, {})
            for row in store.since(self._seen.get(city, 0)):
                self._seen[city] = row.position
                if row.city == city and len(names) < MOST_NAMES:
                    names.update(_named(row.event))
            return names


def _named(event: object) -> Iterator[tuple[str, str]]:
    match event:
        case PersonRegistered(person=who, name=str(name)):
            yield f"person:{who}", name
        case EmployerRegistered(employer=who, name=str(name)):
            yield f"employer:{who}", name
        case ProviderRegistered(provider=who, name=str(name)):
            yield f"provider:{who}", name


def found(store: Store, city: str, asked: str, names: dict[str, str], *, by_name: bool) -> list[Hit]:
    """Subjects whose identifier begins with what is asked, then those whose name has it, each kind bounded.

    Names of persons are only searched with `by_name`; those of organisations always are.
    """
    wanted = asked.strip()
    hits = {
        key: Hit(kind, key.partition(":")[2], names.get(key, ""))
        for kind in KINDS
        for key in store.keys(city, f"{kind}:{wanted}")[:SHOWN]
    }
    if wanted:
        for key, name in names.items():
            kind = key.partition(":")[0]
            if wanted.casefold() in name.casefold() and (by_name or kind != "person"):
                hits.setdefault(key, Hit(kind, key.partition(":")[2], name))
    counts = dict.fromkeys(KINDS, 0)
    kept = []
    for hit in sorted(hits.values(), key=lambda each: (KINDS.index(each.kind), each.identifier)):
        counts[hit.kind] += 1
        if counts[hit.kind] <= SHOWN:
            kept.append(hit)
    return kept
