"""How a claim is settled, when it was filed, and which papers are missing (chapter 14)."""

from collections.abc import Sequence
from datetime import date

from domain.facts import ClaimSubmitted, ProviderRegistered
from domain.municipalities.luzhou.area import POOLING_AREA, inside_pooling_area, registration_at
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.referral import filed_referral
from domain.municipalities.luzhou.submitted import admitted, tellings
from domain.municipalities.luzhou.trail import Denied, Trail
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import Month
from domain.values.identity import same_province
from domain.values.terms import CauseOfCare, Paper, SettlementWay


@rule("LZ-40c", article="第四十条（二）1")
def connected(provider: ProviderRegistered, filed: bool) -> bool:
    """Joint settlement needs a connected designated hospital; outside the province also a filing."""
    online = provider.direct_settlement and provider.designated
    return online and (filed or same_province(provider.place, POOLING_AREA))


@rule("LZ-40d", article="第四十条（二）2")
def papers_complete(missing: Sequence[Paper], injury: bool, total: int, on: date) -> bool:
    """The standard papers; a stamped copy of the records for injuries and bills of 30,000 yuan or more."""
    threshold: int = figure("filing.records_from_yuan", on)
    records_needed = injury or total >= threshold
    return Paper.STANDARD not in missing and not (Paper.MEDICAL_RECORD_COPY in missing and records_needed)


@rule("LZ-40d", article="第四十条（二）2")
def filed_by_hand(missing: Sequence[Paper], filed_on: date | None, on: date) -> bool:
    """Whoever files after discharge, or has papers to hand in, was not settled online."""
    return bool(missing) or (filed_on is not None and filed_on > on)


@rule("LZ-41f", article="第四十一条第三款")
def filed_in_time(year: int, filed_on: date, on: date) -> bool:
    """Costs of a year are filed by 31 March of the next year, that day included."""
    month: int = figure("filing.deadline_month", on)
    return filed_on <= Month.at(year + 1, month).last_day


@rule("LZ-40a", article="第四十条（一）")
def first_filing(told: Sequence[tuple[date | None, date, bool]]) -> date:
    """The day of first filing: given, or the day on which the claim was first told; papers may follow later.

    Each telling: day of filing if given, day of recording, and whether papers were missing.
    """
    given, recorded, _ = told[-1]
    started = min(filed or day for filed, day, _ in told)
    completed = any(missing for _, _, missing in told[:-1])
    if given is None:
        return min(started, recorded)
    return min(given, started) if completed else given


def settled_directly(view: View, claim: ClaimSubmitted, provider: ProviderRegistered, trail: Trail) -> bool:
    """Whether the claim is settled online at discharge."""
    if claim.settlement is not None:
        return claim.settlement is SettlementWay.DIRECT
    if filed_by_hand(claim.papers_missing, claim.filed_on, claim.on).value:
        return False
    if inside_pooling_area(provider).value:
        return provider.direct_settlement and provider.designated
    filed = registration_at(view, claim.person, provider, admitted(claim)) is not None
    return trail.take(connected(provider, filed or filed_referral(view, claim, provider)))


def check_filing(
    view: View, claim: ClaimSubmitted, direct: bool, year: int, total: int, trail: Trail
) -> None:
    """Denied `filed_late` or `documents_missing`; online settlement counts as filed on discharge (LZ-41f)."""
    if direct:
        return
    filed_on = first_filing(_tellings(view, claim)).value
    timely = filed_in_time(year, filed_on, claim.on)
    if not trail.take(timely):
        raise Denied("filed_late")
    injury = claim.cause is CauseOfCare.ACCIDENT
    complete = papers_complete(claim.papers_missing, injury, total, claim.on)
    if not complete.value:
        trail.note(complete.because)
        raise Denied("documents_missing")


def _tellings(view: View, claim: ClaimSubmitted) -> list[tuple[date | None, date, bool]]:
    """What was told about a claim from the first time on, replaced versions included."""
    known = sorted(tellings(view, claim.claim), key=view.order)
    chain: list[ClaimSubmitted] = []
    for fact in known:
        earlier: list[ClaimSubmitted] = [fact]
        while earlier[0].corrects is not None:
            before = view.sources.fact(earlier[0].corrects)
            if not isinstance(before, ClaimSubmitted):
                break
            earlier.insert(0, before)
        chain += earlier
    return [(fact.filed_on, fact.recorded.day, bool(fact.papers_missing)) for fact in chain]
