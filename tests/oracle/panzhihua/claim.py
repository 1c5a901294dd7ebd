"""Answers about claims and yearly counters."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.panzhihua.announcing import lookup
from tests.oracle.panzhihua.bills import billed
from tests.oracle.panzhihua.settling import Settled, books
from tests.oracle.telling import Fact, Unsure, World, fen, of, yuan

Answer = dict[str, Any]


def claim(world: World, question: Fact) -> Answer:
    """Settlement of a claim."""
    told = of(world.facts, "claim_submitted", claim=question["claim"])
    if len(told) != 1:
        raise Unsure
    book = books(world, told[0]["person"])
    one = next(s for s in book.done if s.claim["claim"] == question["claim"])
    before = book.done[: book.done.index(one)]
    if one.unsure or any(s.unsure for s in before):
        raise Unsure
    if one.missing and one.missing.code == "fact_missing":
        raise Unsure  # which of several missing things is named first is not said
    if one.missing:
        raise one.missing
    return _paid(one) if one.paid else _refused(one)


def _refused(one: Settled) -> Answer:
    total = yuan(billed(one.claim))
    assert one.terms
    none = {"critical_illness": "0.00", "medical_assistance": "0.00"}
    refused = {"outcome": "refused", "reason": one.terms.reason, "supplement": none}
    return {**refused, "total": total, "pooled": "0.00", "member": total}


def _paid(one: Settled) -> Answer:
    told = one.terms
    assert told
    others = told.bill.third_party + one.pooled + one.critical + one.aid
    result: Answer = {
        "outcome": "payable",
        "year": told.bill.at.year,
        "total": yuan(told.bill.total),
        "pooled": yuan(one.pooled),
        "supplement": {"critical_illness": yuan(one.critical), "medical_assistance": yuan(one.aid)},
        "member": yuan(max(0, told.bill.total - others)),
        "provider_surplus": yuan(one.surplus),
        "left_after_pooled": yuan(max(0, told.bill.total - one.pooled)),
    }
    if told.bill.third_party:
        result["other_payers"] = {"third_party": yuan(told.bill.third_party)}
    if told.fixed is not None:
        return result
    result["in_scope"] = yuan(told.bill.in_scope)
    result["rate"] = str(Decimal(told.rate))
    result["deductible_charged"] = yuan(one.charged)
    if one.claim["kind"] == "inpatient":
        result["deductible"] = yuan(told.deductible)
        result["area"] = told.area
        result["uncovered"] = yuan(told.bill.uncovered)
        result["cap_left"] = yuan(one.cap_left or 0)
    return result


def year_totals(world: World, question: Fact) -> Answer:
    """Counters of a year."""
    year = question["year"]
    book = books(world, question["person"])
    opening, done = book.opening(year), book.of_year(year)
    stays = [s for s in done if s.claim["kind"] == "inpatient"]
    visits = [s for s in done if s.claim["kind"] == "ordinary_outpatient"]
    pooled = opening.pooled + sum(s.pooled for s in stays)
    result: Answer = {
        "pooled": yuan(pooled),
        "burden": yuan(opening.burden + sum(s.burden for s in done)),
        "ordinary_outpatient": yuan(opening.outpatient + sum(s.pooled for s in visits)),
    }
    critical = opening.critical + sum(s.critical for s in done)
    if critical:
        result["supplement"] = {"critical_illness": yuan(critical)}
    caps = {_cap(world, at) for at in [date(year, 1, 1), date(year, 12, 31), *_attributed(stays)]}
    if stays and len(caps) == 1:
        result["cap_left"] = yuan(max(0, caps.pop() - pooled))
    return result


def _attributed(stays: list[Settled]) -> list[date]:
    return [one.terms.bill.at for one in stays if one.terms]


def _cap(world: World, at: date) -> int:
    told = lookup(world, "inpatient_terms", at)
    return fen(told["annual_cap"]) if told else -1
