"""Yearly allocations to the family outpatient account (LZ-26a)."""

from datetime import date

from msgspec import Struct

from domain.events.consequences import Posting
from domain.facts import OpeningAccount
from domain.municipalities.luzhou.critical_illness import first_days
from domain.municipalities.luzhou.households import candidates, household_of
from domain.municipalities.luzhou.policy import START
from domain.rulebook.announcements import announcement, fen_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.terms import Account, AnnouncementKey

KEY = AnnouncementKey.FAMILY_ACCOUNT_ALLOCATION


class Allocation(Struct, frozen=True):
    """What a covered member brings to the account on a day; fen, None while it is not announced."""

    person: str
    on: date
    fen: int | None


@rule("LZ-26a", article="第二十六条")
def allocated(household: str, amount: int) -> tuple[Posting, ...]:
    """The full yearly amount of the tier for each covered member, out of the resident pooled fund (fen)."""
    return (
        Posting("fund:resident_pooled", -amount, "account_credits"),
        Posting(f"family_account:{household}", amount),
    )


@per_view
def allocations(view: View, household: str) -> tuple[Allocation, ...]:
    """Every member's allocation, on the first day of the member's cover in each year."""
    openings = [f for f in view.facts(OpeningAccount, household=household) if f.account is Account.FAMILY]
    opened = openings[-1] if openings else None
    found = []
    for person in candidates(view, household):
        for day, tier in first_days(view, person):
            if day < START or household_of(view, person, day) != household:
                continue
            if opened is not None and _inside_opening(opened, day):
                continue
            tier = tier if tier is not None else (opened.tier if opened else None)
            told = announcement(view, KEY, day, tier=tier)
            found.append(Allocation(person, day, None if told is None else fen_in(told.value)))
    return tuple(found)


def first_unknown(view: View, household: str) -> Allocation | None:
    """The earliest allocation that is not announced: from its day on the balance cannot be told."""
    unknown = [each for each in allocations(view, household) if each.fen is None]
    return min(unknown, key=lambda each: each.on, default=None)


def unknown_by(view: View, person: str, day: date) -> Allocation | None:
    """An allocation to a person's household that should have come by a day and is not announced."""
    household = household_of(view, person, day)
    unknown = first_unknown(view, household) if household is not None else None
    return unknown if unknown is not None and unknown.on <= day else None


def _inside_opening(opened: OpeningAccount, day: date) -> bool:
    """Whether a credit is already inside the balance taken over."""
    if day.year < opened.on.year:
        return True
    return opened.allocation_included and day.year == opened.on.year and day <= opened.on
