"""Settlements as records: the answer on a claim, what it posts, and the year's counters."""

from collections.abc import Iterator
from datetime import date

from domain.events.consequences import Entry, Settlement, YearTotal
from domain.facts import RecoveryReceived
from domain.municipalities.jinjiang import hospitals
from domain.municipalities.jinjiang.bills import over_year_end, undated
from domain.municipalities.jinjiang.cases import cases_of
from domain.municipalities.jinjiang.counters import Counters
from domain.municipalities.jinjiang.cover import capacity_of, status_on
from domain.municipalities.jinjiang.figures import START, figure
from domain.municipalities.jinjiang.layers import Layers, together
from domain.municipalities.jinjiang.notes import notes_of
from domain.municipalities.jinjiang.postings import NOT_FUNDS, claim_entry
from domain.municipalities.jinjiang.settle import Settled, settlements
from domain.questions.answers import ClaimAnswer, Segment, Step, YearTotalsAnswer
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View
from domain.values.money import yuan_text
from domain.values.terms import (
    CareArea,
    ClaimKind,
    ClaimOutcome,
    Layer,
    Scheme,
    Status,
)

FUNDS = {
    Layer.CRITICAL_ILLNESS: "critical_illness",
    Layer.SPECIAL_GROUP: "special_protection",
    Layer.SERIOUS_DISEASE: "special_protection",
}
"""Layers with a fund of their own; every other is named by itself."""


def payers_of(settled: Settled, answer: ClaimAnswer) -> dict[str, int]:
    """Who bears the bill, in fen."""
    basic_fund = "resident_pooled"
    if settled.case.claim.kind is ClaimKind.ORDINARY_OUTPATIENT:
        basic_fund = "ordinary_outpatient"
    payers = {basic_fund: answer.pooled}
    for layer, fen in answer.supplement.items():
        name = FUNDS.get(layer, str(layer))
        payers[name] = payers.get(name, 0) + fen
    payers.update(answer.other_payers)
    payers["member"] = answer.member
    return {payer: fen for payer, fen in payers.items() if fen}


def claim_records(view: View, person: str) -> Iterator[Settlement | Entry | YearTotal]:
    """Settlements, their postings and the totals of every year in which something was adjudicated."""
    done, years = settlements(view, person)
    for settled in done:
        record = _settlement(view, person, settled)
        yield record
        entry = claim_entry(view, person, settled, record)
        if entry is not None:
            yield entry
    supplements: dict[int, dict[Layer, int]] = {}
    for settled in done:
        for year, layers in settled.layers.items():
            sums = supplements.setdefault(year, {})
            for layer, fen in layers.paid.items():
                sums[layer] = sums.get(layer, 0) + fen
    for year in sorted({*years, *(y for y, sums in supplements.items() if sums)}):
        counters = years.get(year, Counters())
        found = year_totals(view, year, counters, supplements.get(year, {}))
        yield YearTotal(
            person=person, scheme=Scheme.RESIDENT, year=year, answer=found.value, because=found.because
        )


@rule("JJ-6.1a", "JJ-6.1d", article="六（一）1")
def year_totals(view: View, year: int, counters: Counters, supplement: dict[Layer, int]) -> YearTotalsAnswer:
    """Counters run from 1 January to 31 December."""
    cap = figure(view, "inpatient.annual_cap_yuan", date(year, 12, 31)).value
    return YearTotalsAnswer(
        stays=counters.stays,
        pooled=counters.cap_used,
        cap=cap,
        cap_left=max(0, cap - counters.cap_used),
        burden=counters.burden,
        supplement={layer: fen for layer, fen in supplement.items() if fen},
        ordinary_outpatient=counters.outpatient,
        special_disease=counters.special,
    )


def _settlement(view: View, person: str, settled: Settled) -> Settlement:
    claim = settled.case.claim
    counters = _counters(settled)
    if settled.problem is not None:
        return Settlement(
            claim=claim.claim,
            person=person,
            on=claim.on,
            problem=settled.problem,
            counters=counters,
            because=settled.because,
        )
    notes = notes_of(view, person, settled)
    answer = _answer(view, person, settled, notes.value)
    return Settlement(
        claim=claim.claim,
        person=person,
        on=claim.on,
        answer=answer,
        payers=payers_of(settled, answer),
        counters=counters,
        because=joined(settled.because, notes.because),
    )


def _counters(settled: Settled) -> dict[str, int]:
    """What must be remembered: that it was once settled, and numbers given, which never change (JJ-6.1g)."""
    counters = dict(settled.case.counters)
    for year, paid in settled.paid.items():
        if paid.number is not None:
            counters[f"number/{year}"] = paid.number
            counters[f"deductible/{year}"] = paid.deductible
    if settled.reason is None and settled.problem is None:
        counters["settled"] = 1
    return counters


def _answer(view: View, person: str, settled: Settled, notes: tuple[str, ...]) -> ClaimAnswer:
    claim, paid = settled.case.claim, list(settled.paid.values())
    refused = settled.reason is not None
    total = sum(item.billed for item in settled.items)
    layers = together(settled.layers.values())
    supplement = dict(layers.paid)
    member = max(0, total - settled.pooled - sum(supplement.values()) - settled.third_party)
    last = paid[-1] if paid else None
    piece = status_on(view, person, claim.on)
    covered = not refused or (piece is not None and piece.status is Status.COVERED)
    status = Status.COVERED if covered else (piece.status if piece else Status.NONE)
    return ClaimAnswer(
        outcome=ClaimOutcome.REFUSED if refused else ClaimOutcome.PAYABLE,
        reason=settled.reason,
        notes=notes,
        area=_area(view, person, settled),
        stay_number=last.number if last else None,
        scheme=Scheme.RESIDENT,
        status=status,
        capacity=capacity_of(piece.enrolment) if piece else None,
        year=claim.on.year,
        total=total,
        in_scope=sum(part.in_scope for part in settled.parts),
        out_of_scope=sum(part.out_of_scope for part in settled.parts),
        uncovered=sum(part.uncovered for part in settled.parts),
        upfront_share=sum(part.upfront for part in settled.parts),
        deductible=sum(each.deductible for each in paid),
        deductible_charged=sum(each.charged for each in paid),
        rate=last.rate if last else None,
        limit=last.limit if last else None,
        cap_left=last.cap_left if last else None,
        segments=_segments(settled),
        pooled=settled.pooled,
        left_after_pooled=total - settled.pooled,
        supplement=supplement,
        pending_layers=layers.pending,
        other_payers={"third_party": settled.third_party} if settled.third_party else {},
        member=member,
        cash=member,
        receivable=_receivable(view, person, settled),
        steps=_steps(settled, layers),
    )


def _area(view: View, person: str, settled: Settled) -> CareArea | None:
    claim = settled.case.claim
    if settled.provider is None:
        return None
    return hospitals.area_of(view, person, settled.provider, claim.emergency, claim.on)


def _segments(settled: Settled) -> tuple[Segment, ...]:
    """One line per year of a stay over the end of a year (JJ-7.1d); none while nobody can split it."""
    if not over_year_end(settled.case.claim) or undated(settled.case.claim):
        return ()
    lines = []
    for part in settled.parts:
        paid = settled.paid.get(part.year)
        payable = paid is not None
        reason = None if payable else _part_reason(settled, part.year)
        lines.append(
            Segment(
                year=part.year,
                total=part.total,
                in_scope=part.in_scope,
                deductible_charged=paid.charged if paid else 0,
                rate=paid.rate if paid else None,
                pooled=paid.pooled if paid else 0,
                outcome=ClaimOutcome.PAYABLE if payable else ClaimOutcome.REFUSED,
                reason=reason,
            )
        )
    return tuple(lines)


def _part_reason(settled: Settled, year: int) -> str:
    if year in settled.case.barred and settled.reason != "falsified":
        return "claims_barred"
    if settled.reason is not None:
        return settled.reason
    return "rules_not_in_force" if year < START.year else "not_covered"


def _steps(settled: Settled, layers: Layers) -> tuple[Step, ...]:
    steps = [
        Step(
            step="basic",
            amount=paid.pooled,
            formula=f"{year}: ({yuan_text(paid.use.burden + paid.pooled)} - {yuan_text(paid.charged)}) x {paid.rate}",
            rules=paid.because,
        )
        for year, paid in settled.paid.items()
        if paid.rate is not None
    ]
    if layers.in_scope_left is not None:
        steps.append(Step(step="in_scope_left", amount=layers.in_scope_left, rules=("JJ-7.1e",)))
    return tuple(steps)


def _before(view: View, person: str, claim: str) -> int:
    """What funds and layers had paid for a claim when it was found to be falsified, in fen."""
    versions = view.held(f"person:{person}").settlements.get(claim, [])
    for settlement in (version.settlement for version in reversed(versions)):
        if settlement.answer is None or settlement.answer.reason != "falsified":
            return sum(fen for payer, fen in settlement.payers.items() if payer not in NOT_FUNDS)
    return 0


def _receivable(view: View, person: str, settled: Settled) -> int:
    if settled.reason != "falsified":
        return 0
    claim = settled.case.claim.claim
    owed = _before(view, person, claim)
    named = {fact.id: fact for fact in view.facts(RecoveryReceived, claim=claim)}
    for fact in view.facts(RecoveryReceived, person=person):
        if not fact.claims:
            named[fact.id] = fact
    for fact in named.values():
        left = fact.amount - _owed_earlier(view, person, fact, claim)
        owed -= max(0, min(owed, left))
    return owed


def _owed_earlier(view: View, person: str, fact: RecoveryReceived, claim: str) -> int:
    """What a recovery for several falsified claims first makes good, in their order."""
    claims = fact.claims or tuple(c.claim.claim for c in cases_of(view, person) if c.falsified)
    earlier = claims[: claims.index(claim)] if claim in claims else claims
    return sum(_before(view, person, each) for each in earlier)
