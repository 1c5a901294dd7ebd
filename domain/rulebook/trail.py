"""What a computation looked at: keys of facts, shared results, and the first day on which time alone may change it."""

from datetime import date
from typing import Any

Looked = tuple[frozenset[str], date | None]
"""Keys that were read, and the first day on which time alone may change the result."""


class Frame:
    """One kept result: what it read itself, and the kept results it used.

    A frame with a `name` is a shared result: whoever uses it depends on the result, not on what it read.
    """

    __slots__ = ("_closed", "due", "name", "read", "used", "value")

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.value: Any = None
        self.read: set[str] = set()
        self.used: set[Frame] = set()
        self.due: date | None = None
        self._closed: Looked | None = None

    def note(self, due: date) -> None:
        """Time may change the result on that day."""
        if self.due is None or due < self.due:
            self.due = due

    def closed(self) -> Looked:
        """Everything read, directly or through what was used, and the first day of them all."""
        if self._closed is None:
            read, due = set(self.read), self.due
            for frame in self.used:
                inner, inner_due = frame.closed()
                if frame.name:
                    read.add(frame.name)
                else:
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
