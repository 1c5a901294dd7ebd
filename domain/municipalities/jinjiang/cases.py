"""A claim as it stands for adjudication: its place in the order, its filing, and findings against it."""

from datetime import date

from msgspec import Struct

from domain.facts import ClaimSubmitted, SanctionDecided
from domain.municipalities.jinjiang.figures import PARAMETERS, START
from domain.rulebook.citation import rule
from domain.rulebook.view import View, claims_of, per_view
from domain.values.calendar import Moment, add_months
from domain.values.terms import SanctionReason, SettlementWay


class Case(Struct, frozen=True, kw_only=True):
    """A claim, when it was first adjudicated, and the counters it was given then."""

    claim: ClaimSubmitted
    place: Moment
    """When it was first payable: the moment of the view if it never was."""
    settled: bool
    counters: dict[str, int]
    filed_on: date
    falsified: Moment | None
    barred: frozenset[int]
    """Settlement years cancelled for this claim."""
    answered_before: bool
    """It was adjudicated, if only to be refused, before the day of such a finding."""


@per_view
def cases_of(view: View, person: str) -> list[Case]:
    """Every claim of a person in the order of adjudication (JJ-6.1g, JJ-7.1h)."""
    latest = {claim.claim: claim for claim in claims_of(view, person)}
    sanctions = findings(view, person, tuple(latest))
    cases = [_case(view, person, claim, sanctions) for claim in latest.values()]
    return in_order(cases).value


@rule("JJ-7.1h", article="七（一）")
def in_order(cases: list[Case]) -> list[Case]:
    """By the moment a claim became payable, then discharge or service date, then identifier; never re-ordered.

    Of bills payable from the same moment the one that is continued comes before the one that continues it.
    """
    waiting = sorted(cases, key=lambda case: (case.place, case.claim.on, case.claim.claim))
    done: list[Case] = []
    while waiting:
        together = [case for case in waiting if case.place == waiting[0].place]
        names = {case.claim.claim for case in together}
        free = (case for case in together if case.claim.continues not in names - {case.claim.claim})
        done.append(next(free, waiting[0]))
        waiting.remove(done[-1])
    return done


def _case(view: View, person: str, claim: ClaimSubmitted, sanctions: list[SanctionDecided]) -> Case:
    versions = view.held(f"person:{person}").settlements.get(claim.claim, [])
    before = [version for version in versions if version.recorded < view.moment]
    paid = [version for version in before if version.settlement.counters.get("settled")]
    place = paid[0].recorded if paid else view.moment
    return Case(
        claim=claim,
        place=place,
        settled=bool(paid),
        counters=before[-1].settlement.counters if before else {},
        filed_on=filing_date(view, claim),
        falsified=_falsified(sanctions, claim.claim),
        barred=_barred(sanctions, place),
        answered_before=any(
            version.settlement.answer is not None and version.recorded.day < finding.recorded.day
            for version in before[:1]
            for finding in sanctions
            if finding.barred_year is not None
        ),
    )


def findings(view: View, person: str, claims: tuple[str, ...]) -> list[SanctionDecided]:
    """Decisions about a person or any of the person's claims."""
    found = {fact.id: fact for fact in view.facts(SanctionDecided, person=person)}
    for claim in claims:
        found.update({fact.id: fact for fact in view.facts(SanctionDecided, claim=claim)})
    return list(found.values())


def _falsified(sanctions: list[SanctionDecided], claim: str) -> Moment | None:
    moments = [
        fact.recorded
        for fact in sanctions
        if fact.reason is SanctionReason.FRAUD and claim in (fact.claims or ())
    ]
    return min(moments, default=None)


def _barred(sanctions: list[SanctionDecided], place: Moment) -> frozenset[int]:
    return frozenset(
        fact.barred_year
        for fact in sanctions
        if fact.barred_year is not None and place.day >= fact.recorded.day
    )


def filing_date(view: View, claim: ClaimSubmitted) -> date:
    """The first filing, also when the claim was completed or corrected later (JJ-7.3c)."""
    dates: list[date] = []
    fact: object = claim
    while isinstance(fact, ClaimSubmitted):
        by_provider = claim.on if fact.settlement is SettlementWay.DIRECT else fact.recorded.day
        dates.append(fact.filed_on or by_provider)
        fact = view.sources.fact(fact.corrects) if fact.corrects else None
    return min(dates)


@rule("JJ-7.4a", article="七（四）")
def filed_late(discharged_on: date, filed_on: date) -> bool:
    """The last day of filing is 30 November of the year after the discharge or service, inclusive."""
    last = PARAMETERS["filing.last_day"].on(START)
    return filed_on > date(discharged_on.year + 1, last["month"], last["day"])


def outside_normal_month(discharged_on: date, filed_on: date) -> bool:
    """True when filed more than a month after discharge: a flag only."""
    return filed_on > add_months(discharged_on, PARAMETERS["filing.normal_months"].on(START))
