"""Which rules a result rests on, collected while it is worked out; and how a rule says no."""

from typing import TypeVar

from domain.rulebook.citation import Finding

T = TypeVar("T")


class Trail:
    """Rule IDs in the order in which they were applied, each once."""

    def __init__(self) -> None:
        self._rules: dict[str, None] = {}

    def take(self, finding: Finding[T]) -> T:
        """The value of a finding; its rules are noted."""
        self.note(finding.because)
        return finding.value

    def note(self, because: tuple[str, ...]) -> None:
        """Note rules that were applied elsewhere."""
        self._rules.update(dict.fromkeys(because))

    @property
    def because(self) -> tuple[str, ...]:
        """The rules noted so far."""
        return tuple(self._rules)


class Denied(Exception):
    """A test of a claim that failed: the outcome code of facts v1 and further codes beside it."""

    def __init__(self, reason: str, notes: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.notes = notes
