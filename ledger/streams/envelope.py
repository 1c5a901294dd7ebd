"""What a consumer gets: CloudEvents 1.0 with our extension attributes, pages of them, and signs of life."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from domain.errors import InputRefused


class CloudEvent(Struct, frozen=True, kw_only=True):
    """One event of the log as the contract writes it (CloudEvents 1.0, JSON format; docs/streams.md).

    `source` and `id` name it for ever; `id` is its position in the log, `sequence` the same as 20 digits that
    sort as text. Money in `data` is decimal yuan.
    """

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: str | UnsetType = UNSET
    """Effective: the day in force, 00:00 in China. Left out where a result holds for no single day."""
    datacontenttype: str = "application/json"
    dataschema: str
    recordedtime: str
    """When the ledger learned it (CloudEvents extension `recordedtime`)."""
    sequence: str
    partitionkey: str
    city: str
    cause: str
    """The id of the fact behind it, or `time`. A fact is its own cause."""
    causationid: str | UnsetType = UNSET
    """`id` of the event of that fact; left out for `time`."""
    supersedes: str | UnsetType = UNSET
    """`id` of the result that this one replaces or withdraws, or of the posting whose entry it corrects."""
    supersededby: str | UnsetType = UNSET
    """`id` of the event that replaced this one; only in pages read with hindsight."""
    data: dict[str, Any]

    @property
    def position(self) -> int:
        """Where it stands in the log."""
        return int(self.id)


class Heartbeat(Struct, frozen=True):
    """Nothing new for a while. Everything up to `position` has been looked at: a reader may go on from there."""

    position: int


class Filter(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which events are wanted: every list that is not empty must contain the event.

    `types` name a type or everything under it: `fact`, `determined.settlement`, `posted` (the prefix
    `yibao.` may be left out). `subjects` are written as the reader sees them: pseudonymous without the right.
    """

    types: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


EVERYTHING = Filter()


class Page(Struct, frozen=True):
    """Events after a position. `next` is where to go on from; at `next == head` the reader has caught up."""

    events: list[CloudEvent]
    next: int
    head: int


def position_refused(after: int, head: int) -> InputRefused:
    """A reader stands where the log does not reach: it was restored from an older copy, or is another one."""
    said = (
        f"position {after} does not exist: the log ends at {head}; was it restored from a copy? replay from 0"
    )
    return InputRefused("position_unknown", "after", said)
