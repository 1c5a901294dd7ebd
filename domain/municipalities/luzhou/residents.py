"""Resident payments judged one by one, and the cover that they give (第四条、第十条、第十一条、第十五条、第十六条)."""

from datetime import date
from typing import Any

from msgspec import Struct

from domain.errors import AnnouncementMissing
from domain.events.consequences import Problem
from domain.facts import OtherCoverRecorded, ResidentContributionPaid, TransferredIn
from domain.municipalities.luzhou import premiums, roll
from domain.municipalities.luzhou.affiliation import continuity_limit
from domain.municipalities.luzhou.eligibility import in_group, not_a_resident, outside_the_system
from domain.municipalities.luzhou.households import candidates, listed_household
from domain.municipalities.luzhou.policy import figure
from domain.rulebook.announcements import announced
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, Moment, Month, add_days
from domain.values.money import Ratio
from domain.values.terms import Channel, Group, OtherCover, Scheme


class Year(Struct, frozen=True):
    """A resident year of a person: cover [from_, to), waiting from the payment when it came late."""

    year: int
    tier: int | None
    paid_on: date
    from_: date
    to: date
    because: tuple[str, ...]
    waiting_from: date | None = None
    problem: Problem | None = None
    fact: str = ""
    household: str | None = None


class Verdict(Struct, frozen=True):
    """What became of a payment for one person: a code when refused."""

    fact: ResidentContributionPaid
    refusal: str | None
    because: tuple[str, ...]
    exempt_from: date | None = None
    """First day of cover without waiting, where an exemption or the window gives one."""


@rule("LZ-15a", article="第十五条（一）")
def in_window(day: date, year: int) -> bool:
    """A coverage year is collected from 1 September to 31 December of the year before."""
    opens = int(figure("resident.window_first_month", day))
    return date(year - 1, opens, 1) <= day < date(year, 1, 1)


@rule("LZ-10b", article="第十条第二款")
def from_employment(ended: date, year: int) -> date:
    """Within 90 days of employment cover begins on the 1st of its last month, in years whose premium is paid."""
    return max(Month.of(ended).first_day, date(year, 1, 1))


@rule("LZ-16a", article="第十六条第一款")
def from_elsewhere(cover_ended: date, year: int) -> date:
    """Residents from another pooling area go on from the day after their cover ended."""
    return max(add_days(cover_ended, 1), date(year, 1, 1))


@rule("LZ-16b", article="第十六条第二款")
def newborn(born: date, year: int) -> date:
    """Newborns are covered from birth; a limit in the next year exempts that year's premium too."""
    return max(born, date(year, 1, 1))


@rule("LZ-16c", "LZ-16d", article="第十六条")
def late_entry(paid_on: date, days: Ratio) -> date:
    """Late or new residents wait for the announced days, counted from the payment."""
    return add_days(paid_on, int(days))


@rule("LZ-04a", article="第四条（一）")
def same_tier(fixed: int | None, tier: int | None) -> bool:
    """A household pays one tier for all its members in a coverage year."""
    return fixed is None or tier is None or fixed == tier


@rule("LZ-11b", article="第十一条")
def overlaps(benefits_end: date, cover_from: date) -> bool:
    """A resident payment is barred when it buys cover inside the period of employee benefits."""
    return benefits_end > cover_from


@rule("LZ-04c", article="第四条（二）")
def household_of_payment(view: View, fact: ResidentContributionPaid, person: str) -> str:
    """The household that pays; a student enrolled through a school is a household of one unless listed."""
    if fact.household is not None and fact.channel is not Channel.SCHOOL:
        return fact.household
    listed = listed_household(view, person, fact.on)
    return listed or f"alone:{person}"


@per_view
def verdicts(view: View, person: str) -> tuple[Verdict, ...]:
    """Every payment for a person in order of effect, judged."""
    return tuple(
        _with_tier(view, person, _without_tier(view, person, fact))
        for fact in view.facts(ResidentContributionPaid, person=person)
        if person in fact.persons
    )


def _with_tier(view: View, person: str, verdict: Verdict) -> Verdict:
    fact = verdict.fact
    if verdict.refusal or fact.tier is None:
        return verdict
    household = household_of_payment(view, fact, person)
    fixed = fixed_tier(view, household.value, fact.year) if not household.value.startswith("alone:") else None
    same = same_tier(fixed, fact.tier)
    if same.value:
        return verdict
    return Verdict(fact, "tier_mismatch", (*household.because, *same.because))


@per_view
def fixed_tier(view: View, household: str, year: int) -> int | None:
    """The tier of the household's first accepted payment for a coverage year."""
    paid = {
        fact.id: fact
        for fact in (
            *view.facts(ResidentContributionPaid, household=household),
            *(
                f
                for who in candidates(view, household)
                for f in view.facts(ResidentContributionPaid, person=who)
            ),
        )
        if fact.year == year and fact.tier is not None
    }
    for fact in sorted(paid.values(), key=lambda each: (each.on, view.order(each))):
        own = [p for p in fact.persons if household_of_payment(view, fact, p).value == household]
        if any(_without_tier(view, person, fact).refusal is None for person in own):
            return fact.tier
    return None


def _without_tier(view: View, person: str, fact: ResidentContributionPaid) -> Verdict:
    refused: Finding[bool]
    for refused in (
        outside_the_system(view, person, fact.on),
        not_a_resident(view, person, fact.on),
    ):
        if refused.value:
            return Verdict(fact, "not_eligible", refused.because)
    start = _start(view, person, fact)
    if start is None:
        return Verdict(fact, "outside_window", ("LZ-15a",))
    barred = _barred(view, person, fact, start[0])
    if barred:
        return Verdict(fact, "duplicate_cover", barred)
    return Verdict(fact, None, start[1], start[0] if start[2] else None)


def _start(
    view: View, person: str, fact: ResidentContributionPaid
) -> tuple[date, tuple[str, ...], bool] | None:
    """First day of the cover that a payment buys, its rules, and whether it needs no waiting; None if refused."""
    exempt = exemption(view, person, fact.year, fact.on)
    window = in_window(fact.on, fact.year)
    if window.value:
        return date(fact.year, 1, 1), window.because, True
    if exempt is not None:
        return exempt.value, exempt.because, True
    if fact.on.year != fact.year:
        return None
    return fact.on, (), False


def exemption(view: View, person: str, year: int, day: date) -> Finding[date] | None:
    """The earliest start that LZ-10b, 16a or 16b gives to a payment for a year, if one of them applies."""
    found: list[Finding[date]] = []
    for stint in roll.stints(view, person):
        if stint.ended is None or str(stint.reason) in ("died", "retired"):
            continue
        limit = continuity_limit(stint.ended)
        in_time = Month.of(stint.ended).first_day <= day <= limit
        if in_time and stint.ended.year <= year <= limit.year:
            found.append(from_employment(stint.ended, year))
    for ended in _ended_elsewhere(view, person):
        limit = continuity_limit(ended)
        if ended <= day <= limit and add_days(ended, 1).year <= year <= limit.year:
            found.append(from_elsewhere(ended, year))
    born = view.person(person).born_on
    if (
        born is not None
        and born <= day <= (limit := continuity_limit(born))
        and born.year <= year <= limit.year
    ):
        found.append(newborn(born, year))
    return min(found, key=lambda finding: finding.value, default=None)


def _ended_elsewhere(view: View, person: str) -> list[date]:
    found = []
    for told in view.facts(OtherCoverRecorded, person=person):
        if told.cover is OtherCover.RESIDENT:
            ended = add_days(told.to, -1) if told.to else told.on if told.from_ is None else None
            found += [ended] if ended else []
    for moved in view.facts(TransferredIn, person=person):
        if moved.scheme is Scheme.RESIDENT and moved.cover_ended_on:
            found.append(moved.cover_ended_on)
    return found


def _barred(view: View, person: str, fact: ResidentContributionPaid, cover_from: date) -> tuple[str, ...]:
    """LZ-11b: judged on what was known on the payment date; land-expropriated people are never barred."""
    from domain.municipalities.luzhou.standing import benefits_end

    if in_group(view, person, Group.LAND_EXPROPRIATED, fact.on):
        return ()
    then = view.at(Moment.end_of(fact.on))
    end = benefits_end(then, person, fact.on)
    if end is None:
        return ()
    for stint in roll.stints(then, person):
        last = Month.of(stint.ended).first_day if stint.ended is not None else FAR_FUTURE
        if stint.cover_end == end and cover_from >= last:
            cover_from = max(cover_from, stint.cover_end)
    barred = overlaps(end, cover_from)
    return barred.because if barred.value else ()


@per_view
def years_of(view: View, person: str) -> tuple[Year, ...]:
    """Resident years of a person that are paid in full, in order."""
    found: dict[int, Year] = {}
    sums: dict[int, tuple[int, int]] = {}
    for verdict in verdicts(view, person):
        fact = verdict.fact
        if verdict.refusal or (fact.year in found and found[fact.year].problem is None):
            continue
        own, subsidy = sums.get(fact.year, (0, 0))
        told = premiums.received(view, fact, person)
        sums[fact.year] = (own + (told.own or 0), max(subsidy, told.subsidy))
        if told.own is not None and fact.amount is not None:
            try:
                standard = premiums.standard_of(view, fact.year, fact.tier).value
            except AnnouncementMissing as missing:
                found[fact.year] = _unknown(fact, missing)
                continue
            if not premiums.paid_in_full(*sums[fact.year], standard).value:
                if told.missing is not None:
                    found[fact.year] = _unknown(fact, told.missing)
                continue
        found[fact.year] = _year(view, person, verdict)
    return tuple(found[year] for year in sorted(found))


def _unknown(fact: ResidentContributionPaid, missing: AnnouncementMissing) -> Year:
    problem = Problem(code=missing.code, name=missing.name, date=missing.on)
    start, end = date(fact.year, 1, 1), date(fact.year + 1, 1, 1)
    return Year(fact.year, fact.tier, fact.on, start, end, ("LZ-04d",), problem=problem, fact=fact.id)


def _year(view: View, person: str, verdict: Verdict) -> Year:
    fact, end = verdict.fact, date(verdict.fact.year + 1, 1, 1)
    fields: dict[str, Any] = {
        "year": fact.year,
        "tier": fact.tier,
        "paid_on": fact.on,
        "to": end,
        "fact": fact.id,
        "household": fact.household or listed_household(view, person, fact.on),
    }
    if verdict.exempt_from is not None:
        return Year(from_=verdict.exempt_from, because=verdict.because, **fields)
    try:
        days = announced(view, "waiting_days", fact.on, ("LZ-16d",), scheme=Scheme.RESIDENT, year=fact.year)
    except AnnouncementMissing as missing:
        problem = Problem(code=missing.code, name=missing.name, date=missing.on)
        return Year(from_=fact.on, because=("LZ-16d",), problem=problem, waiting_from=fact.on, **fields)
    begins = late_entry(fact.on, Ratio.parse(str(days)))
    return Year(from_=begins.value, because=joined(begins.because), waiting_from=fact.on, **fields)
