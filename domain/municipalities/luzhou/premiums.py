"""What a resident's year costs and when it is paid in full, subsidies included (第四条（三）、第十五条). Money in fen."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from domain.errors import AnnouncementMissing
from domain.facts import GroupRecognised, ResidentContributionPaid
from domain.municipalities.luzhou.eligibility import in_group
from domain.rulebook.announcements import announced, announcement, fen_in, ratio_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.money import share
from domain.values.terms import Group, Scheme

STANDARD = "resident_contribution"
SUBSIDY = "contribution_subsidy"
WITHOUT_SUBSIDY = (
    Group.LAND_EXPROPRIATED,
    Group.PRE_1949_WORKER,
    Group.VETERAN_CADRE,
    Group.RED_ARMY_VETERAN,
    Group.DISABLED_SOLDIER,
    Group.UNIVERSITY_STUDENT,
    Group.SCHOOL_PUPIL,
    Group.RESIDENCE_PERMIT_HOLDER,
)
"""Groups that the document knows for other reasons; every other one has a government-paid share (LZ-04d)."""


class Received(Struct, frozen=True):
    """Own part and subsidy of one payment for one person; `own` is None while it cannot be known."""

    own: int | None
    subsidy: int
    missing: AnnouncementMissing | None = None
    """What has to be announced before all of it is known."""


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
    """The largest announced subsidy of a group to which the person belongs, in fen; never guessed for one."""
    start = date(year, 1, 1)
    groups = dict.fromkeys(fact.group for fact in view.facts(GroupRecognised, person=person))
    own = [group for group in groups if in_group(view, person, group, day)]
    told = [announcement(view, SUBSIDY, start, year=year, group=group) for group in own]
    found = [_subsidy(fact.value, standard) for fact in told if fact is not None]
    asked = [group for group in own if group not in WITHOUT_SUBSIDY]
    if asked and not found:
        raise AnnouncementMissing(f"{SUBSIDY}[{asked[0]}]", start, ("LZ-04d",))
    return min(max(found, default=0), standard)


def _subsidy(value: object, standard: int) -> int:
    if not isinstance(value, Mapping):
        return fen_in(value)
    if value.get("full") in (True, "true"):
        return standard
    if "own_share" in value:
        return standard - share(standard, ratio_in(value["own_share"]))
    return share(standard, ratio_in(value["rate"])) if "rate" in value else 0


def received(view: View, fact: ResidentContributionPaid, person: str) -> Received:
    """What one payment brought for one of its persons; without an amount the full own part was paid."""
    count = len(fact.persons)
    try:
        standard = standard_of(view, fact.year, fact.tier).value
    except AnnouncementMissing as missing:
        own = None if fact.amount is None else fact.amount // count
        return Received(own, (fact.subsidy or 0) // count, missing)
    try:
        return _of_several(view, fact, person, standard) or _of_one(view, fact, person, standard)
    except AnnouncementMissing as missing:
        return Received(None if fact.amount is None else fact.amount // count, 0, missing)


def _of_one(view: View, fact: ResidentContributionPaid, person: str, standard: int) -> Received:
    """Amounts for several persons are equal parts, unless the parts are known to differ."""
    count, told = len(fact.persons), fact.subsidy
    subsidy = subsidy_of(view, person, fact.year, fact.on, standard) if told is None else told // count
    return Received(fact.amount // count if fact.amount is not None else max(0, standard - subsidy), subsidy)


def _of_several(view: View, fact: ResidentContributionPaid, person: str, standard: int) -> Received | None:
    """One sum for a household of which some are subsidised: exactly the own parts of all its members."""
    if fact.amount in (None, standard * len(fact.persons)) or len(fact.persons) == 1:
        return None
    parts = {who: subsidy_of(view, who, fact.year, fact.on, standard) for who in fact.persons}
    whole = sum(standard - part for part in parts.values())
    if fact.amount != whole or fact.subsidy not in (None, sum(parts.values())):
        return None
    return Received(standard - parts[person], parts[person])
