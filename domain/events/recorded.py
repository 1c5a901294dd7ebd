"""The events of the ledger: a fact was recorded, a consequence was determined or withdrawn, money was posted.

Stored names are the tags; they are permanent, and fields are only ever added.
"""

from datetime import date

from msgspec import Struct

from domain.events.consequences import AnyConsequence, Posting
from domain.values.calendar import Month
from domain.values.terms import MovementKind


class Event(Struct, frozen=True, gc=False, kw_only=True, tag_field="event", omit_defaults=True):
    """Something recorded about one subject. `cause` is the id of the fact behind it, or `time`.

    `rules` is the version of the rulebook under which it was decided; empty in logs older than the field.
    """

    subject: str
    cause: str = "time"
    rules: str = ""


class Determined(Event, frozen=True, kw_only=True, tag="determined"):
    """A consequence holds from now on; it replaces the one recorded under the same key."""

    record: AnyConsequence
    replaces: bool = False
    """Whether another record held under the same key until now."""


class Withdrawn(Event, frozen=True, kw_only=True, tag="withdrawn"):
    """The consequence under `key` no longer holds and nothing takes its place."""

    key: str


class Posted(Event, frozen=True, kw_only=True, tag="posted"):
    """Balanced postings entered the journal: an entry, or the difference to what was posted before."""

    key: str
    on: date
    postings: tuple[Posting, ...]
    kind: MovementKind | None = None
    month: Month | None = None
    person: str | None = None
    age: int | None = None
    other: str | None = None
    reversed_as: MovementKind = MovementKind.REVERSAL
    because: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        total = 0
        for posting in self.postings:  # a plain loop: this runs for every posting that is ever read
            total += posting.fen
        if total:
            raise AssertionError(f"postings of {self.key} on {self.on} do not sum to zero")


class Advanced(Event, frozen=True, kw_only=True, tag="advanced"):
    """A run recorded everything that the passing of time had changed up to the end of the day `to`."""

    to: date


AnyConsequenceEvent = Determined | Withdrawn | Posted | Advanced
