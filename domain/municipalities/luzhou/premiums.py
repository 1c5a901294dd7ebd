"""What a resident's year costs and when it is paid in full, subsidies included (第四条（三）、第十五条). Money in fen."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from domain.errors import AnnouncementMissing
from domain.facts import ResidentContributionPaid
from domain.municipalities.luzhou.eligibility import in_group
from domain.rulebook.announcements import announced, announcements, fen_in, ratio_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.money import share
from domain.values.terms import Scheme

STANDARD = "resident_contribution"
SUBSIDY = "contribution_subsidy"


class Received(Struct, frozen=True):
    """Own part and subsidy of one payment for one person; None while the standard is not announced."""

    own: int | None
    subsidy: int


@rule("LZ-04d", article="第四条（三）")
def paid_in_full(own: int, subsidy: int, standard: int) -> bool:
    """The year counts as paid only when own part and subsidy together reach the premium."""
    return own + subsidy >= standard


@rule("LZ-15b", article="第十五条（二）")
def standard_of(view: View, year: int, tier: int | None) -> int:
    """The local premium of the tier, also for outside-registered residents with a permit, in fen."""
    start = date(year, 1, 1)
    told = announced(view, STANDARD, start, ("LZ-15a",), scheme=Scheme.RESIDENT, year=year, tier=tier)
    return fen_in(told)


def subsidy_of(view: View, person: str, year: int, day: date, standard: int) -> int:
    """The largest announced subsidy of a group to which the person belongs, in fen."""
    found = [0]
    for fact in announcements(view, SUBSIDY):
        if fact.group is None or fact.year not in (None, year):
            continue
        if in_group(view, person, fact.group, day):
            found.append(_subsidy(fact.value, standard))
    return min(max(found), standard)


def _subsidy(value: object, standard: int) -> int:
    if not isinstance(value, Mapping):
        return fen_in(value)
    if value.get("full") in (True, "true"):
        return standard
    if "own_share" in value:
        return standard - share(standard, 1 - (1 - ratio_in(value["own_share"])))
    return share(standard, ratio_in(value["rate"])) if "rate" in value else 0


def received(view: View, fact: ResidentContributionPaid, person: str) -> Received:
    """What one payment brought for one of its persons; without an amount the full own part was paid."""
    count = len(fact.persons)
    try:
        standard = standard_of(view, fact.year, fact.tier).value
    except AnnouncementMissing:
        if fact.amount is not None:
            return Received(fact.amount // count, (fact.subsidy or 0) // count)
        return Received(None, (fact.subsidy or 0) // count)
    told = None if fact.subsidy is None else fact.subsidy // count
    subsidy = subsidy_of(view, person, fact.year, fact.on, standard) if told is None else told
    own = fact.amount // count if fact.amount is not None else max(0, standard - subsidy)
    return Received(own, subsidy)
