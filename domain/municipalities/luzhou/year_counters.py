"""Yearly totals of a person and scheme: payments that count against the annual cap (LZ-30f)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from domain.errors import AnnouncementMissing
from domain.events.consequences import YearTotal
from domain.facts import OpeningCounters
from domain.municipalities.luzhou.caps import announced_cap
from domain.municipalities.luzhou.standing import resident_periods
from domain.municipalities.luzhou.submitted import EMERGENCIES, STAYS
from domain.questions.answers import YearTotalsAnswer
from domain.rulebook.citation import Finding
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Layer, Scheme

if TYPE_CHECKING:
    from domain.municipalities.luzhou.claims import Settled

Year = tuple[Scheme, int]


def opening(view: View, person: str, year: Year) -> OpeningCounters | None:
    """The counters taken over for a scheme and year (LZ-54b)."""
    found = [fact for fact in view.facts(OpeningCounters, person=person) if (fact.scheme, fact.year) == year]
    return found[-1] if found else None


def opening_use(view: View, person: str, year: Year) -> int:
    """Cap room used before the ledger, in fen."""
    fact = opening(view, person, year)
    return int(fact.pooled_paid or 0) if fact is not None else 0


def year_total_records(
    view: View, person: str, settled: Mapping[str, "Settled"], restored: Mapping[Year, int]
) -> Iterator[YearTotal]:
    """One record for every scheme and year in which something happened."""
    years: dict[Year, None] = {(f.scheme, f.year): None for f in view.facts(OpeningCounters, person=person)}
    years.update(dict.fromkeys(restored))
    for each in settled.values():
        for part in each.draft.payable:
            years[(part.period.scheme, part.year)] = None
    for scheme, year in years:
        finding = year_answer(view, person, (scheme, year), settled, restored)
        yield YearTotal(
            person=person, scheme=scheme, year=year, answer=finding.value, because=finding.because
        )


def year_answer(
    view: View,
    person: str,
    year: Year,
    settled: Mapping[str, "Settled"],
    restored: Mapping[Year, int],
) -> Finding[YearTotalsAnswer]:
    """Pooled payments, stays and what is left of the cap of one year; the cap only where it is announced."""
    before = opening(view, person, year)
    pooled = opening_use(view, person, year) - restored.get(year, 0)
    stays = int(before.stays or 0) if before is not None else 0
    special = int(before.special_disease_paid or 0) if before is not None else 0
    layers: dict[Layer, int] = {}
    for each in settled.values():
        pooled += each.net_uses().get(year, 0)
        if each.draft.joined or (each.draft.scheme, each.draft.year) != year or not each.draft.payable:
            continue
        stays += 1 if each.draft.claim.kind in (*STAYS, *EMERGENCIES) and not each.draft.visit else 0
        special += each.gross - each.recovered if each.draft.special else 0
        for layer, fen in each.above.paid.items():
            layers[layer] = layers.get(layer, 0) + fen
    cap = _cap(view, person, year, settled)
    answer = YearTotalsAnswer(
        stays=stays,
        pooled=max(0, pooled),
        cap=cap,
        cap_left=None if cap is None else max(0, cap - max(0, pooled)),
        supplement=layers,
        special_disease=special,
    )
    return Finding(answer, ("LZ-30f",) if before is None else ("LZ-30f", "LZ-54b"))


def assess_year_totals(view: View, question: Any) -> Finding[YearTotalsAnswer]:
    """`year_totals` of a year in which nothing happened."""
    return year_answer(view, question.person, (question.scheme, question.year), {}, {})


def _cap(view: View, person: str, year: Year, settled: Mapping[str, "Settled"]) -> int | None:
    scheme, number = year
    day = date(number, 12, 31)
    tiers = [
        part.period.tier
        for each in settled.values()
        for part in each.draft.payable
        if (part.period.scheme, part.year) == year
    ]
    if not tiers and scheme is Scheme.RESIDENT:
        tiers = [
            period.tier
            for period in resident_periods(view, person)
            if period.from_ <= day and (period.to or FAR_FUTURE) > date(number, 1, 1)
        ]
    try:
        return announced_cap(view, scheme, number, tiers[-1] if tiers else None, day)
    except AnnouncementMissing:
        return None
