"""What the ledger holds about one subject: a fold of its consequence events."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from msgspec import Struct

from domain.events.consequences import Consequence, Entry, Settlement
from domain.events.recorded import AnyConsequenceEvent, Determined, Posted, Withdrawn
from domain.values.calendar import Moment

R = TypeVar("R", bound=Consequence)


class Line(Struct, frozen=True, gc=False):
    """A posted movement as it stands in the journal."""

    event: Posted
    recorded: Moment


class Version(Struct, frozen=True, gc=False):
    """One version of a settlement and when it was recorded."""

    settlement: Settlement
    recorded: Moment
    cause: str


class Held:
    """Consequences that hold, by key; every journal line; every version of every settlement in order."""

    __slots__ = ("causes", "entries", "journal", "net", "records", "settlements", "wanted")

    def __init__(self) -> None:
        self.records: dict[str, Consequence] = {}
        self.entries: dict[str, Posted] = {}
        """Per entry key: the posting recorded last."""
        self.causes: dict[str, str] = {}
        """Per key: the cause of the event that was recorded last, of withdrawn ones too."""
        self.wanted: dict[str, Entry] = {}
        """Per entry key: the entry that the journal was last brought in line with (spares comparing again)."""
        self.journal: list[Line] = []
        self.settlements: dict[str, list[Version]] = {}
        self.net: dict[str, dict[tuple[date, str, str], int]] = {}
        """Per entry key: what has been posted in all, by day, account and use."""

    def of(self, kind: type[R]) -> Iterator[R]:
        """The records of one kind that hold."""
        return (record for record in self.records.values() if isinstance(record, kind))

    def settlement(self, claim: str) -> Settlement | None:
        """The settlement of a claim that holds, or None."""
        record = self.records.get(f"claim/{claim}")
        return record if isinstance(record, Settlement) else None

    def balance(self, account: str, on: date) -> int:
        """Sum of this subject's postings to an account up to the end of a day, in fen."""
        return sum(
            posting.fen
            for line in self.journal
            if line.event.on <= on
            for posting in line.event.postings
            if posting.account == account
        )

    def copy(self) -> "Held":
        """An independent copy to try something on."""
        twin = Held()
        twin.records = dict(self.records)
        twin.entries = dict(self.entries)
        twin.causes = dict(self.causes)
        twin.journal = list(self.journal)
        twin.settlements = {claim: list(versions) for claim, versions in self.settlements.items()}
        twin.net = {key: dict(amounts) for key, amounts in self.net.items()}
        return twin


def evolve(held: Held, event: AnyConsequenceEvent, recorded: Moment) -> None:
    """Apply one consequence event, in place: the state belongs to its owner alone."""
    match event:
        case Determined(record=record):
            held.records[record.key] = record
            held.causes[record.key] = event.cause
            if isinstance(record, Settlement):
                version = Version(record, recorded, event.cause)
                held.settlements.setdefault(record.claim, []).append(version)
        case Withdrawn(key=key):
            held.records.pop(key, None)
            held.causes[key] = event.cause
        case Posted():
            held.entries[event.key] = event
            held.wanted.pop(event.key, None)
            held.journal.append(Line(event, recorded))
            amounts = held.net.setdefault(event.key, {})
            for posting in event.postings:
                place = (event.on, posting.account, posting.use)
                amounts[place] = amounts.get(place, 0) + posting.fen


def folded(events: Iterable[tuple[AnyConsequenceEvent, Moment]]) -> Held:
    """The state after some events."""
    held = Held()
    for event, recorded in events:
        evolve(held, event, recorded)
    return held
