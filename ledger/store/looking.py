"""Who looked at what, and when time matters to whom: the write path's own indexes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from domain.values.calendar import Moment

_MANY = 500
LATEST = Moment(2**63 - 1)
"""Later than anything that was ever recorded."""


class Looking:
    """Reads of the indexes that say whom a fact, or a day, concerns."""

    def query(self, text: str, params: Sequence[Any] = ()) -> list[Any]:
        """Rows of a statement with `?` for its parameters."""
        raise NotImplementedError

    def due(self, city: str, subject: str, moment: Moment) -> date:
        """The first day on which time alone could change something about a subject, as known at a moment.

        date.min when the subject was never computed by then, date.max when time changes nothing.
        """
        text = "SELECT day FROM subject_due WHERE city = ? AND subject = ? AND known_from <= ?"
        found = self.query(f"{text} ORDER BY known_from DESC LIMIT 1", (city, subject, int(moment)))
        if not found:
            return date.min
        return date.max if found[0][0] is None else date.fromisoformat(found[0][0])

    def due_subjects(self, city: str, day: date, moment: Moment = LATEST) -> list[str]:
        """Subjects about which time alone may have changed something by the end of a day, as known at a moment."""
        text = (
            "SELECT d.subject FROM subject_due d WHERE d.city = ? AND d.day <= ? AND d.known_from <= ?"
            " AND NOT EXISTS (SELECT 1 FROM subject_due l WHERE l.city = d.city AND l.subject = d.subject"
            " AND l.known_from > d.known_from AND l.known_from <= ?) ORDER BY d.subject"
        )
        found = self.query(text, (city, day.isoformat(), int(moment), int(moment)))
        return [subject for (subject,) in found]

    def dependents(self, city: str, keys: Iterable[str]) -> dict[str, list[str]]:
        """For each key, the subjects whose results were drawn from it."""
        found: dict[str, list[str]] = {}
        for some in portions(keys):
            text = (
                f"SELECT key, subject FROM subject_dependency WHERE city = ? AND key IN ({marks(some)})"
                " ORDER BY key, subject"
            )
            for key, subject in self.query(text, (city, *some)):
                found.setdefault(key, []).append(subject)
        return found

    def dependencies(self, city: str) -> dict[str, list[str]]:
        """For every subject and shared result of a city, the keys it was drawn from."""
        found: dict[str, list[str]] = {}
        text = "SELECT subject, key FROM subject_dependency WHERE city = ?"
        for subject, key in self.query(text, (city,)):
            found.setdefault(subject, []).append(key)
        return found

    def watched_accounts(self, city: str) -> list[str]:
        """Kinds of account whose journal some subject's results were drawn from."""
        found: list[str] = []
        text = (
            "SELECT key FROM subject_dependency WHERE city = ? AND key >= ? AND key < ? ORDER BY key LIMIT 1"
        )
        start = "account:"
        while rows := self.query(text, (city, start, "account;")):
            kind = rows[0][0].split(":")[1]
            found.append(kind)
            start = f"account:{kind};"
        return found


def portions(values: Iterable[str]) -> Iterator[list[str]]:
    """Values, each once, a few hundred at a time."""
    given = list(dict.fromkeys(values))
    return (given[start : start + _MANY] for start in range(0, len(given), _MANY))


def marks(values: Sequence[str]) -> str:
    """Question marks for a list of values."""
    return ",".join("?" * len(values))
