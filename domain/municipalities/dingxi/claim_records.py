"""Settlements, their postings, and yearly counters as records (arts. 26, 29, 64). Money in fen."""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from domain.errors import NotComputed
from domain.events.consequences import Entry, LayerCover, Posting, Settlement, YearTotal
from domain.facts import (
    ApprovalEnded,
    ClaimSubmitted,
    OpeningCounters,
    SpecialDiseaseApproved,
    SpecialDiseasesSelected,
    SupplementContributionPaid,
)
from domain.municipalities.dingxi.answering import with_member
from domain.municipalities.dingxi.cases_of_care import recovered
from domain.municipalities.dingxi.counters import Result, opening_used, used
from domain.municipalities.dingxi.places import direct_payee
from domain.municipalities.dingxi.policy import figure, require_force
from domain.municipalities.dingxi.sanctions import recovery_postings
from domain.municipalities.dingxi.settling import settled
from domain.municipalities.dingxi.special_diseases import used as diseases_used
from domain.municipalities.dingxi.special_diseases import yearly_limit
from domain.municipalities.dingxi.supplement import fee_counts_from
from domain.questions.answers import ClaimAnswer, YearTotalsAnswer
from domain.questions.kinds import YearTotals
from domain.rulebook.citation import Finding, joined
from domain.rulebook.view import View
from domain.values.terms import ClaimOutcome, Debtor, Layer, MovementKind, Scheme

POOLED = "fund:employee_pooled"
LARGE = "fund:large_amount"


def records(view: View, person: str) -> Iterator[Settlement | Entry]:
    """The settlement and the posting of every claim of a person."""
    for claim in view.facts(ClaimSubmitted, person=person):
        if claim.person != person:
            continue
        result = settled(view, claim.insured_through or person).get(claim.claim)
        if result is not None:
            yield from _of(view, person, claim, result)


def _of(view: View, person: str, claim: ClaimSubmitted, result: Result) -> Iterator[Settlement | Entry]:
    if result.answer is None:
        yield Settlement(
            claim=claim.claim, person=person, on=claim.on, problem=result.problem, because=result.because
        )
        return
    drawn = _drawn(view, person, claim, result)
    shared = with_member(result.answer, drawn)
    answer = replace(shared.value, receivable=_receivable(view, claim))
    payers = {
        "employee_pooled": answer.pooled,
        "large_amount": sum(answer.supplement.values()),
        "member": answer.member,
        **answer.other_payers,
    }
    counters = dict(result.counters)
    if answer.personal_account:
        counters["drawn"] = answer.personal_account
    yield Settlement(
        claim=claim.claim,
        person=person,
        on=claim.on,
        answer=answer,
        payers={name: fen for name, fen in payers.items() if fen},
        counters=counters,
        because=joined(result.because, shared.because),
    )
    yield from _posted(view, person, claim, result, answer)
    yield from _recovered(view, person, claim, answer)


def _posted(
    view: View, person: str, claim: ClaimSubmitted, result: Result, answer: ClaimAnswer
) -> Iterator[Entry]:
    supplement = sum(answer.supplement.values())
    postings = []
    because = result.because
    if answer.pooled or supplement:
        provider = view.provider(claim.provider, result.case.day)
        to = direct_payee(claim, provider, person)
        postings = [
            Posting(POOLED, -answer.pooled, "claims"),
            Posting(LARGE, -supplement, "claims"),
            Posting(to.value, answer.pooled + supplement),
        ]
        because = joined(because, to.because)
    if answer.personal_account:
        account = answer.personal_account
        postings += [
            Posting(f"personal_account:{person}", -account),
            Posting(f"provider:{claim.provider}", account),
        ]
    wanted = tuple(posting for posting in postings if posting.fen)
    if wanted:
        yield Entry(
            name=f"claim/{claim.claim}",
            on=result.case.on,
            kind=MovementKind.CLAIM,
            postings=wanted,
            person=person,
            because=because,
        )


def _drawn(view: View, person: str, claim: ClaimSubmitted, result: Result) -> int:
    """What the bill may take from the personal account: what it held when the bill was first settled."""
    if not claim.draw_account or result.case.into is not None:
        return 0
    held = view.held(f"person:{person}")
    before = held.settlement(claim.claim)
    if before is not None and before.answer is not None:
        return before.counters.get("drawn", 0)
    return max(0, held.balance(f"personal_account:{person}", view.moment.day))


def _receivable(view: View, claim: ClaimSubmitted) -> int:
    facts = [fact for fact in recovered(view, claim.claim) if fact.debtor is Debtor.MEMBER]
    return sum(int(fact.recovered or 0) for fact in facts)


def _recovered(view: View, person: str, claim: ClaimSubmitted, answer: ClaimAnswer) -> Iterator[Entry]:
    for fact in recovered(view, claim.claim):
        found = recovery_postings(
            fact, person, claim.provider, answer.pooled, sum(answer.supplement.values())
        )
        if found.value:
            yield Entry(
                name=f"recovery/{fact.id}",
                on=fact.on,
                postings=found.value,
                person=person,
                because=found.because,
            )


def layer_covers(view: View, person: str) -> Iterator[LayerCover]:
    """The years for which the large-amount fee counts."""
    facts = view.facts(SupplementContributionPaid, person=person)
    for year in sorted({fact.year for fact in facts if fact.layer is Layer.LARGE_AMOUNT}):
        found = fee_counts_from(view, person, year)
        if found.value is not None:
            yield LayerCover(
                person=person,
                layer=Layer.LARGE_AMOUNT,
                from_=date(year, 1, 1),
                to=date(year + 1, 1, 1),
                because=found.because,
            )


def year_records(view: View, person: str) -> Iterator[YearTotal]:
    """Counters of every year in which something happened."""
    years = {result.year for result in settled(view, person).values() if result.answer is not None}
    years.update(fact.year for fact in view.facts(OpeningCounters, person=person))
    for year in sorted(years):
        found = year_totals(view, person, year)
        yield YearTotal(
            person=person, scheme=Scheme.EMPLOYEE, year=year, answer=found.value, because=found.because
        )


def year_totals(view: View, person: str, year: int) -> Finding[YearTotalsAnswer]:
    """What the person's entitlement used in a year, and what is left."""
    results = settled(view, person)
    day = date(year, 12, 31)
    cap: int = figure(view, "inpatient.annual_cap_yuan", day)
    pooled = used(view, person, "inpatient", year, results, "")
    mine = [r for r in results.values() if r.year == year and r.answer is not None]
    paid = [r for r in mine if r.answer is not None and r.answer.outcome is ClaimOutcome.PAYABLE]
    stays = sum(1 for r in paid if r.counter == "inpatient" and r.case.into is None)
    opening = [f for f in view.facts(OpeningCounters, person=person) if f.year == year]
    supplement = sum(sum(r.answer.supplement.values()) for r in paid if r.answer is not None)
    supplement += sum(int(f.supplement_paid or 0) for f in opening)
    when = _last_change(view, person, year)
    diseases = diseases_used(view, person, when)
    limit = yearly_limit(view, person, when)
    answer = YearTotalsAnswer(
        stays=stays + sum(f.stays or 0 for f in opening),
        pooled=pooled,
        cap=cap,
        cap_left=max(0, cap - pooled),
        burden=opening_used(view, person, year, "burden")
        + sum(r.counters.get("own", 0) for r in paid if r.counter == "special"),
        supplement={Layer.LARGE_AMOUNT: supplement} if supplement else {},
        ordinary_outpatient=used(view, person, "outpatient", year, results, ""),
        special_disease=used(view, person, "special", year, results, ""),
        special_disease_limit=limit.value if diseases.value else None,
    )
    because = joined(("DX-22c", "DX-26c"), limit.because if diseases.value else ())
    return Finding(answer, because)


def _last_change(view: View, person: str, year: int) -> date:
    """The last day of the year, among those reached, on which diseases were entered, chosen or left."""
    kinds = (SpecialDiseaseApproved, SpecialDiseasesSelected, ApprovalEnded)
    facts = [fact for fact in view.known(f"person:{person}") if isinstance(fact, kinds)]
    days = [fact.on for fact in facts]
    days += [fact.to for fact in facts if isinstance(fact, SpecialDiseaseApproved) and fact.to is not None]
    return max([date(year, 1, 1), *(day for day in days if day.year == year and view.reached(day))])


def asked_year(view: View, question: YearTotals) -> Finding[YearTotalsAnswer]:
    """Counters of a year without a record."""
    if question.scheme is not Scheme.EMPLOYEE:
        raise NotComputed("year_totals.resident", date(question.year, 12, 31))
    require_force(view, date(question.year, 12, 31))
    return year_totals(view, question.person, question.year)
