"""Answers about claims and the year's cap."""

from datetime import date
from typing import Any

from tests.oracle.luzhou.caps import Settled, used
from tests.oracle.luzhou.days import yuan
from tests.oracle.luzhou.knowledge import Fact, Missing, World
from tests.oracle.luzhou.settling import settle
from tests.oracle.luzhou.standing import CODES
from tests.oracle.luzhou.stays import Segment

Answer = dict[str, Any]
UNCOVERED = (*CODES.values(), "cover_lapsed", "not_enrolled", "employer_liable")
"""Reasons that make of a bill's days "days without benefit"."""


def claim(world: World, question: Fact) -> Answer | None:
    settled = settle(world).get(str(question["claim"]))
    if settled is None or (settled.lost is not None and settled.stay.governs is None):
        return None
    if settled.error is not None:
        raise settled.error
    stay = settled.stay
    if stay.joined:
        return {"pooled": "0.00", "personal_account": "0.00", "total": "0.00"}
    if stay.reason or stay.governs is None or stay.governs.liable:
        return _refused(settled)
    layers = settled.supplement | settled.others
    reply: Answer = {
        "outcome": "payable",
        "scheme": stay.governs.scheme,
        "capacity": stay.governs.capacity,
        "total": yuan(stay.total),
        "pooled": yuan(settled.pooled),
        "member": yuan(settled.member),
        "supplement": {name: yuan(amount) for name, amount in layers.items()},
        "employer_burden": yuan(stay.burden),
    }
    reply |= {"tier": stay.governs.tier} if stay.governs.tier else {"mode": stay.governs.mode}
    if settled.lost is None:
        reply["personal_account"] = yuan(settled.draw if settled.account == "personal" else 0)
        reply["family_account"] = yuan(settled.draw if settled.account == "family" else 0)
        reply["cash"] = yuan(settled.member - settled.draw)
    if settled.recovered.get("provider"):
        reply["other_payers"] = {"provider": yuan(settled.recovered["provider"])}
    if stay.row is None and stay.limit is None:
        return reply
    return reply | _of_a_stay(settled)


def _refused(settled: Settled) -> Answer:
    stay = settled.stay
    liable = stay.governs is not None and stay.governs.liable
    reply: Answer = {
        "outcome": "refused",
        "reason": stay.reason,
        "pooled": "0.00",
        "personal_account": "0.00",
    }
    reply["family_account"] = "0.00"
    reply["total"] = yuan(stay.total)
    reply["employer_burden"] = yuan(stay.burden)
    if stay.reason in UNCOVERED:
        reply["uncovered"] = yuan(stay.total)
    if not liable:
        reply["member"] = yuan(settled.member)
        reply["cash"] = yuan(settled.member)
    return reply


def _of_a_stay(settled: Settled) -> Answer:
    stay = settled.stay
    inside = sum(segment.bill.in_scope for segment in stay.segments)
    reply: Answer = {}
    if len(stay.segments) > 1:
        reply["segments"] = [_segment(settled, each) for each in stay.segments]
    if stay.limit is not None:
        reply |= {"limit": yuan(stay.limit), "deductible": "0.00", "deductible_charged": "0.00"}
        return reply
    assert stay.row is not None
    if all(segment.reason is None for segment in stay.segments):
        reply |= {"in_scope": yuan(inside)}
    reply |= {"deductible": yuan(stay.standard), "rate": stay.row.rate}
    reply["deductible_charged"] = yuan(sum(segment.charged for segment in stay.segments))
    if stay.area:
        reply["area"] = stay.area
    if settled.co_payment is not None:
        reply["steps"] = [{"step": "co_payment_within_cap", "amount": yuan(settled.co_payment)}]
    return reply


def _segment(settled: Settled, segment: Segment) -> Answer:
    reply: Answer = {"year": segment.year, "pooled": yuan(segment.pooled)}
    if segment.reason is not None:
        return reply | {"outcome": "refused", "reason": segment.reason}
    reply |= {"outcome": "payable", "in_scope": yuan(segment.bill.in_scope)}
    if settled.stay.row is not None and settled.stay.limit is None:
        reply |= {"rate": settled.stay.row.rate}
    return reply | {"deductible_charged": yuan(segment.charged)}


def year_totals(world: World, question: Fact) -> Answer | None:
    person, scheme, year = question["person"], question["scheme"], question["year"]
    held = settle(world)
    if any(each.lost for each in held.values() if each.stay.claim["person"] == person):
        return None
    pooled = used(world, person, scheme, year, held)
    reply: Answer = {"pooled": yuan(pooled)}
    try:
        cap = world.value("annual_cap", date(year, 12, 31), year, scheme=scheme)
    except Missing:
        return reply
    from tests.oracle.luzhou.days import fen

    return reply | {"cap": yuan(fen(cap)), "cap_left": yuan(max(0, fen(cap) - pooled))}
