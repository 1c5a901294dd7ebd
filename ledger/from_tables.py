"""The book as known at a moment, read from the tables instead of replayed."""

from collections.abc import Sequence
from datetime import date

from domain.decisions.as_known import AsKnown
from domain.state.held import Held, Line
from domain.values.calendar import Moment
from ledger.stored_book import StoredBook
from projections.tables.reading import ALL, Tables

Needs = tuple[tuple[str, ...], bool]
"""Tables that a question needs (kinds of record), and whether it needs the journal."""
EVERYTHING: Needs = (ALL, True)
NEEDS: dict[str, Needs] = {
    "benefit_status": (("period", "stalled"), False),
    "benefit_periods": (("period", "stalled"), False),
    "supplement_status": (("layer", "stalled"), False),
    "contribution_months": (("months", "stalled"), False),
    "personal_account": (("standing", "entry", "stalled"), True),
    "claim": (("claim", "stalled"), False),
    "year_totals": (("year", "stalled"), False),
    "allowance": (("allowance", "stalled"), False),
    "acceptance": (("decided", "stalled"), False),
}
"""By kind of question; every other kind needs everything."""


class FromTables(AsKnown):
    """The same book, but what was recorded by the moment is read from the tables instead of replayed.

    Where time has changed nothing, only the tables that a kind of question needs are read.
    """

    def __init__(
        self, book: StoredBook, moment: Moment, needs: Needs = EVERYTHING, until: date = date.max
    ) -> None:
        super().__init__(book, moment)
        self._needs = needs
        self._until = until
        self._partly: dict[str, Held] = {}

    def current(self, subject: str) -> Held:
        """What holds at the moment, as far as the question needs it."""
        settled = not self.pending or self.book.due_by(subject, self.moment) > self.moment.day
        if not settled or self._needs is EVERYTHING:
            return super().current(subject)
        if subject not in self._partly:
            kinds, journal = self._needs
            until = self._until if journal else None
            self._partly[subject] = self._tables().partly(subject, self.moment, kinds, until)
        return self._partly[subject]

    def waiting(self) -> set[str]:
        """The same from the index of days on which time matters."""
        if not self.pending:
            return set()
        book = self.book
        assert isinstance(book, StoredBook)
        return set(book.store.due_subjects(book.city, self.moment.day, self.moment))

    def journal(self, account: str) -> Sequence[Line]:
        """Journal lines of an account recorded by the moment, read once and not kept: a fund has very many."""
        return self._tables().lines(account, self.moment)

    def _tables(self) -> Tables:
        book = self.book
        assert isinstance(book, StoredBook)
        return Tables(book.store.select, book.store.dialect, book.city)

    def held(self, subject: str) -> Held:
        """What the tables say was recorded about a subject by the moment."""
        if subject not in self._recorded:
            self._recorded[subject] = self._tables().held(subject, self.moment)
        return self._recorded[subject]
