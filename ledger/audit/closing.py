"""Whose facts and results bear on some subjects: what must be computed again to audit them alone."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from domain.decisions.book import Book
from domain.facts import Fact
from domain.rulebook.contract import Municipality
from domain.rulebook.view import RESULT, View
from ledger.store import Store

OWN = ("person:", "household:")
ACCOUNTS = {"account:personal_account:": "person:", "account:family_account:": "household:"}


def closure(store: Store, city: str, subjects: Iterable[str]) -> frozenset[str]:
    """The subjects, everybody whose facts or accounts they looked at, and so on."""
    names, keys = set(subjects), set[str]()
    waiting = set(names)
    while waiting:
        read = store.drawn_from(city, waiting) - keys
        keys |= read
        found = {name for key in read for name in _subjects_of(key)}
        waiting = found - names
        names |= waiting
    return frozenset(name for name in names if not name.startswith(RESULT))


def _subjects_of(key: str) -> Iterator[str]:
    """Whoever must be computed too because somebody looked at a key."""
    if key.startswith(RESULT):
        yield key
    elif key.startswith(OWN):
        yield key.partition("|")[0]
    else:
        yield from (
            owner + key.removeprefix(account)
            for account, owner in ACCOUNTS.items()
            if key.startswith(account)
        )


class PartBook(Book):
    """A book that computes some subjects only."""

    def __init__(self, town: Municipality, only: frozenset[str]) -> None:
        self._only = only

        def related(view: View, subject: str) -> list[str]:
            return [each for each in town.related(view, subject) if each in only]

        super().__init__(replace(town, related=related))

    def everybody(self) -> list[str]:
        """Every subject that is computed."""
        return [subject for subject in super().everybody() if subject in self._only]

    def _concerned(self, fact: Fact, before: View, after: View) -> list[str]:
        return [subject for subject in super()._concerned(fact, before, after) if subject in self._only]
