"""The annual cap: announced figure, and room used in the order of settlement (LZ-30f)."""

from datetime import date

from msgspec import Struct

from domain.errors import AnnouncementMissing
from domain.rulebook.announcements import announced_fen
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.terms import AnnouncementKey, Scheme


class Use(Struct, frozen=True):
    """What one claim wanted from the cap of a year, the ceiling then, and what it got (fen)."""

    wanted: int
    ceiling: int
    used: int


@rule("LZ-30f", "LZ-41d", article="第三十条、第四十一条第一款")
def cap_of(view: View, scheme: Scheme, year: int, tier: int | None, day: date) -> int:
    """The announced cap of a scheme and calendar year, in fen; each segment uses the cap of its own year."""
    return announced_cap(view, scheme, year, tier, day)


def announced_cap(view: View, scheme: Scheme, year: int, tier: int | None, day: date) -> int:
    """The cap in force on a day of the year; AnnouncementMissing names the first day of the year."""
    try:
        return announced_fen(
            view, AnnouncementKey.ANNUAL_CAP, day, ("LZ-30f",), scheme=scheme, year=year, tier=tier
        )
    except AnnouncementMissing:
        raise AnnouncementMissing(AnnouncementKey.ANNUAL_CAP.value, date(year, 1, 1), ("LZ-30f",)) from None


@rule("LZ-30f", article="第三十条")
def cap_use(wanted: int, ceiling: int, before: Use | None, earlier: int, others: int) -> int:
    """A claim keeps the room it used; an addition comes out of the room left when it is settled again.

    `earlier`: used by claims settled before this one, `others`: by all other claims, both less what was
    recovered. A claim whose own figures have not changed is not reopened.
    """
    if before is not None and (before.wanted, before.ceiling) == (wanted, ceiling):
        return before.used
    kept = min(before.used, max(0, ceiling - earlier)) if before is not None else 0
    return min(wanted, max(kept, ceiling - others, 0))
