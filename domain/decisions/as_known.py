"""The book as it stood at a moment of knowledge, with what the passing of time had changed by then."""

from collections.abc import Sequence

from domain.decisions.book import Book
from domain.decisions.consequences import changes, scope
from domain.facts import Fact
from domain.rulebook.view import View
from domain.state.held import Held, Line, evolve, folded
from domain.values.calendar import Moment


class AsKnown:
    """Sources of a view at `moment`: facts as recorded, consequences recorded by then and no later."""

    def __init__(self, book: Book, moment: Moment) -> None:
        self.book = book
        self.moment = moment
        self._recorded: dict[str, Held] = {}
        self._current: dict[str, Held] = {}

    def facts(self, key: str) -> Sequence[Fact]:
        """Facts under a key; the view cuts at the moment."""
        return self.book.facts(key)

    def fact(self, identifier: str) -> Fact | None:
        """A fact by id."""
        return self.book.fact(identifier)

    def replaced(self, identifier: str) -> tuple[Moment, str] | None:
        """When and by what a fact was replaced."""
        return self.book.replaced(identifier)

    def order(self, identifier: str) -> int:
        """Place in the order of recording."""
        return self.book.order(identifier)

    def held(self, subject: str) -> Held:
        """What was recorded about a subject by the moment."""
        if subject not in self._recorded:
            events = self.book.events_of(subject)
            past = [(event, recorded) for event, recorded in events if recorded <= self.moment]
            whole = len(past) == len(events)
            self._recorded[subject] = self.book.held(subject) if whole else folded(past)
        return self._recorded[subject]

    def subjects(self, kind: str) -> list[str]:
        """Every subject of a kind."""
        return self.book.subjects(kind)

    def journal(self, account: str) -> Sequence[Line]:
        """Journal lines of an account recorded by the moment, over all subjects."""
        return [line for line in self.book.journal(account) if line.recorded <= self.moment]

    def view(self) -> View:
        """What the rules may see at the moment."""
        return View(self, self.moment)

    @property
    def pending(self) -> bool:
        """True when no run had recorded the passing of time up to the day of the moment."""
        day = self.moment.day
        return not any(run.to >= day and recorded <= self.moment for run, recorded in self.book.runs)

    def current(self, subject: str) -> Held:
        """What holds at the moment: recorded consequences and those that the passing of time has due."""
        if not self.pending or self.book.due_by(subject, self.moment) > self.moment.day:
            return self.held(subject)
        if subject not in self._current:
            view = self.view()
            for each in scope(self.book.municipality, view, (subject,)):
                due = changes(self.book.municipality, view, each, "time")
                held = self.held(each).copy() if due else self.held(each)
                for event in due:
                    evolve(held, event, self.moment)
                self._current.setdefault(each, held)
        return self._current[subject]

    def waiting(self) -> set[str]:
        """Subjects about whom the passing of time has something due that no run had recorded."""
        if not self.pending:
            return set()
        return {each for each in self.everybody() if self.book.due_by(each, self.moment) <= self.moment.day}

    def everybody(self) -> list[str]:
        """Every subject of the city, for questions about whole funds."""
        return self.book.everybody()
