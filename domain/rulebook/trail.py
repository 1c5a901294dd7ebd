"""What a computation looked at: keys of facts, and the first day on which time alone may change it."""

from datetime import date
from typing import Any


class Frame:
    """One kept result: what it read itself, and the kept results it used."""

    __slots__ = ("_closed", "due", "read", "used", "value")

    def __init__(self) -> None:
        self.value: Any = None
        self.read: set[str] = set()
        self.used: set[Frame] = set()
        self.due: date | None = None
        self._closed: tuple[frozenset[str], date | None] | None = None

    def note(self, due: date) -> None:
        """Time may change the result on that day."""
        if self.due is None or due < self.due:
            self.due = due

    def closed(self) -> tuple[frozenset[str], date | None]:
        """Everything read, directly or through what was used, and the first day of them all."""
        if self._closed is None:
            read, due = set(self.read), self.due
            for frame in self.used:
                inner, inner_due = frame.closed()
                read |= inner
                if inner_due is not None and (due is None or inner_due < due):
                    due = inner_due
            self._closed = (frozenset(read), due)
        return self._closed


class Trail:
    """The frame that is being computed; results asked for meanwhile become part of it."""

    __slots__ = ("current",)

    def __init__(self) -> None:
        self.current = Frame()

    def started(self) -> Frame:
        """Begin anew, for another subject."""
        self.current = Frame()
        return self.current
