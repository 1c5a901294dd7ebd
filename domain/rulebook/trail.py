"""What a computation looked at: keys of facts, shared results, and the first day on which time alone may change it."""

from collections.abc import Hashable, Iterable
from datetime import date
from typing import Any

Looked = tuple[frozenset[str], date | None]
"""Keys that were read, and the first day on which time alone may change the result."""


class Frame:
    """One kept result: what it read itself, and the kept results it used.

    A frame with a `name` is a shared result: whoever uses it depends on the result, not on what it read.
    """

    __slots__ = ("_closed", "due", "fact", "name", "read", "used", "value")

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.value: Any = None
        self.read: set[str] = set()
        self.used: set[Frame] = set()
        self.due: date | None = None
        self.fact = 0
        """The number of the fact after which the result was first computed."""
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


RECORDED = "recorded"
"""The key of everything that was recorded before: it changes with every fact."""
_MOST = 400_000


class Memory:
    """Results kept from view to view while nothing they looked at has changed: the checkpoint of a book."""

    def __init__(self) -> None:
        self.fact = 0
        """How many facts were told."""
        self._frames: dict[Hashable, Frame] = {}
        self._looking: dict[str, set[Hashable]] = {}

    def tell(self, keys: Iterable[str]) -> None:
        """One more fact was told."""
        self.fact += 1
        self.change(keys)

    def change(self, keys: Iterable[str]) -> None:
        """Results that looked at these keys are no longer known to be right."""
        for key in keys:
            for frame in self._looking.pop(key, ()):
                self._frames.pop(frame, None)

    def keep(self, key: Hashable, frame: Frame) -> None:
        """Keep a result that was computed on all that is known now, unless it looked at what was recorded."""
        read, _ = frame.closed()
        if RECORDED in read:
            return
        if len(self._frames) > _MOST:
            self._frames.clear()
            self._looking.clear()
        frame.fact = self.fact
        self._frames[key] = frame
        for each in read:
            looking = self._looking.get(each)
            if looking is None:
                looking = self._looking[each] = set()
            looking.add(key)

    def recall(self, key: Hashable, today: date, *, before: bool = False) -> Frame | None:
        """A kept result that is still right on a day, or None; `before`: only if it was so before the last fact."""
        frame = self._frames.get(key)
        if frame is None or (before and frame.fact == self.fact):
            return None
        due = frame.closed()[1]
        return None if due is not None and due <= today else frame
