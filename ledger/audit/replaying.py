"""One city from an empty book: every fact and every run of time again, in recorded order, beside what was recorded."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from msgspec import Struct
from msgspec.structs import replace

from domain.decisions.book import FUNDS, Book
from domain.events.recorded import Advanced, AnyConsequenceEvent, Determined, Posted, Withdrawn
from domain.facts import Fact
from domain.values.calendar import Moment
from ledger.store import Recorded


class Pair(Struct, frozen=True, kw_only=True):
    """A recorded consequence and the recomputed one that should be the same; either may be missing."""

    subject: str
    key: str
    moment: Moment
    row: Recorded | None
    event: AnyConsequenceEvent | None
    version: str
    """Version of the rulebook under which it was recorded, or that wrote last."""
    due: bool = False
    """Time had brought it by the end, and nobody recorded it."""


class Replay:
    """A book that grows again as the log did. `pairs` gives what differs, moment by moment."""

    def __init__(self, book: Book, known: Moment | None) -> None:
        self.book = book
        self.known = known
        self.facts = 0
        self.events = 0
        self._version = ""
        self._moment = Moment(0)
        self._rows: list[Recorded] = []
        self._made: list[AnyConsequenceEvent] = []

    def pairs(self, rows: Iterable[Recorded]) -> Iterator[Pair]:
        """Take in the rows of the city, in order, and give every difference."""
        for row in rows:
            if self.known is not None and row.recorded > self.known:
                break
            if row.recorded != self._moment:
                yield from self._compared()
                self._moment = row.recorded
            self._take(row)
        yield from self._compared()
        yield from self._due()

    def _take(self, row: Recorded) -> None:
        event = row.event
        if isinstance(event, Fact):
            self.facts += 1
            self.book.knowledge.next_place = row.position
            recording = self.book.record(event)
            self._made += [*recording.due, *recording.consequences]
        elif isinstance(event, Advanced):
            for subject in self._waiting(row.recorded):
                self._made += self.book.advance(row.recorded, (subject,))
            self.book.runs.append((event, row.recorded))
        else:
            self.events += 1
            self._rows.append(row)

    def _waiting(self, moment: Moment) -> list[str]:
        """Subjects that a run computes, in the order of a run."""
        due = self.book.due_subjects(moment)
        funds = [subject for subject in self.book.everybody() if subject == FUNDS]
        return [*sorted(subject for subject in due if subject != FUNDS), *funds]

    def _compared(self) -> Iterator[Pair]:
        """What was recorded at one moment against what was made of it, by subject and key."""
        places: dict[tuple[str, str], tuple[list[Recorded], list[AnyConsequenceEvent]]] = {}
        for row in self._rows:
            places.setdefault((row.subject, key_of(row.event)), ([], []))[0].append(row)
            self._version = getattr(row.event, "rules", "")
        for event in self._made:
            places.setdefault((event.subject, key_of(event)), ([], []))[1].append(event)
        self._rows, self._made = [], []
        for (subject, key), (rows, events) in places.items():
            yield from self._unequal(subject, key, rows, events)

    def _unequal(
        self, subject: str, key: str, rows: list[Recorded], events: list[AnyConsequenceEvent]
    ) -> Iterator[Pair]:
        left = list(events)
        odd: list[Recorded] = []
        for row in rows:
            same = next((event for event in left if alike(row.event, event)), None)
            if same is None:
                odd.append(row)
            else:
                left.remove(same)
        for found, made in zip_longest(odd, left):
            yield Pair(
                subject=subject,
                key=key,
                moment=self._moment,
                row=found,
                event=made,
                version=self._version if found is None else getattr(found.event, "rules", ""),
            )

    def _due(self) -> Iterator[Pair]:
        """What time alone had brought by the end."""
        last = self._moment if self.known is None else self.known
        for subject in self._waiting(last):
            for event in self.book.advance(last, (subject,)):
                yield Pair(
                    subject=event.subject,
                    key=key_of(event),
                    moment=last,
                    row=None,
                    event=event,
                    version=self._version,
                    due=True,
                )


def key_of(event: object) -> str:
    """The key under which a consequence decides something."""
    if isinstance(event, Determined):
        return event.record.key
    return event.key if isinstance(event, (Withdrawn, Posted)) else ""


def alike(one: object, other: AnyConsequenceEvent) -> bool:
    """Whether two consequences say the same, whatever the version of the rulebook."""
    if one == other:
        return True
    if type(one) is not type(other) or isinstance(one, Fact):
        return False
    return replace(one, rules="") == replace(other, rules="")
