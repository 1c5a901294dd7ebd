"""A book without the fact that was just filed: what would hold had it not been told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.facts import Fact
from domain.state.held import Held, Line
from domain.values.calendar import Moment

if TYPE_CHECKING:
    from domain.decisions.book import Book


class Without:
    """A book as it would be without the fact recorded last."""

    def __init__(self, book: Book, fact: Fact) -> None:
        self._book = book
        self._fact = fact

    def facts(self, key: str) -> Sequence[Fact]:
        """Facts under a key but the one."""
        found = self._book.facts(key)
        return found if not found or found[-1].id != self._fact.id else found[:-1]

    def replaced(self, identifier: str) -> tuple[Moment, str] | None:
        """When and by what a fact was replaced, unless by the one."""
        found = self._book.replaced(identifier)
        return None if found is not None and found[1] == self._fact.id else found

    def fact(self, identifier: str) -> Fact | None:
        """A fact by id."""
        return self._book.fact(identifier)

    def order(self, identifier: str) -> int:
        """Place in the order of recording."""
        return self._book.order(identifier)

    def held(self, subject: str) -> Held:
        """What is held about a subject now."""
        return self._book.held(subject)

    def subjects(self, kind: str) -> list[str]:
        """Every subject of a kind."""
        return self._book.subjects(kind)

    def journal(self, account: str) -> Sequence[Line]:
        """Recorded lines that touch an account."""
        return self._book.journal(account)
