"""Which result replaced which, read from the log itself: the versions of each result of a subject, in order."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from domain.events.recorded import Determined, Posted, Withdrawn
from domain.facts import Fact
from ledger.store import Recorded, Store

Subject = tuple[str, str]
"""City and subject."""


class Lineage:
    """What stood before and after the events of a page, and where the facts behind them stand."""

    def __init__(self, store: Store, rows: Sequence[Recorded], *, hindsight: bool = False) -> None:
        self._versions: dict[tuple[str, str, str], list[int]] = {}
        self._facts: dict[tuple[str, str], int] = {}
        for city in dict.fromkeys(row.city for row in rows):
            mine = [row for row in rows if row.city == city]
            subjects = {row.subject for row in mine if hindsight or _replaces(row)}
            for stream in store.streams(city, sorted(subjects)).values():
                self._take(stream)
            self._find_facts(store, city, mine)

    def before(self, row: Recorded) -> int | None:
        """The position of the event that this one replaces, withdraws or corrects."""
        positions = self._of(row)
        place = bisect_left(positions, row.position)
        return positions[place - 1] if place and _replaces(row) else None

    def after(self, row: Recorded) -> int | None:
        """The position of the event that replaced this one."""
        positions = self._of(row)
        place = bisect_right(positions, row.position)
        superseded = isinstance(row.event, Determined) and place < len(positions)
        return positions[place] if superseded else None

    def fact(self, row: Recorded) -> int | None:
        """The position of the fact behind an event."""
        if isinstance(row.event, Fact):
            return row.position
        return self._facts.get((row.city, row.event.cause))

    def _of(self, row: Recorded) -> list[int]:
        key = _identity(row)
        return self._versions.get((row.city, row.subject, key), []) if key else []

    def _take(self, stream: Iterable[Recorded]) -> None:
        for row in stream:
            if key := _identity(row):
                self._versions.setdefault((row.city, row.subject, key), []).append(row.position)

    def _find_facts(self, store: Store, city: str, rows: Iterable[Recorded]) -> None:
        causes = {row.event.cause for row in rows if not isinstance(row.event, Fact)}
        found = store.facts_known(city, sorted(causes - {"time"}))
        self._facts.update(((city, fact_id), row.position) for fact_id, row in found.items())


def _identity(row: Recorded) -> str:
    """What the versions of one thing share: the key of a result, or that of the entry that is posted."""
    event = row.event
    if isinstance(event, Determined):
        return event.record.key
    if isinstance(event, Posted):
        return f"posted/{event.key}"
    return event.key if isinstance(event, Withdrawn) else ""


def _replaces(row: Recorded) -> bool:
    event = row.event
    return isinstance(event, (Withdrawn, Posted)) or (isinstance(event, Determined) and event.replaces)
