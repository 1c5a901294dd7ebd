"""What the supplement adds to settled claims, in the order of adjudication (arts. 44, 45). Money in fen."""

from datetime import date

from msgspec.structs import replace

from domain.municipalities.dingxi.counters import Result, opening_used
from domain.municipalities.dingxi.supplement import (
    drug_supplement,
    fee_counts_from,
    inpatient_supplement,
    special_supplement,
)
from domain.rulebook.citation import Finding
from domain.rulebook.view import View
from domain.values.terms import ClaimOutcome, Layer

LAYERED = ("inpatient", "special", "drug")
"""Ways of paying above which the supplement stands; each has its own threshold."""


def supplemented(view: View, owner: str, result: Result, results: dict[str, Result]) -> Result:
    """Add what the supplement pays; a layer that comes to apply later is still added to a settled claim."""
    answer, terms = result.answer, result.terms
    if answer is None or result.case.into is not None:
        return result
    way = terms.way if terms is not None else result.counter
    if way not in LAYERED:
        return result
    fee = fee_counts_from(view, owner, result.year)
    covered = fee.value is not None and answer.outcome is ClaimOutcome.PAYABLE
    if result.counters.get("covered") == int(covered):
        return result
    added = _added(view, owner, way, result, results) if covered else None
    amount = added.value if added is not None else 0
    because = (*result.because, *fee.because, *(added.because if added is not None else ()))
    answer = replace(answer, supplement={Layer.LARGE_AMOUNT: amount})
    counters = {**result.counters, "covered": int(covered), "supplement": amount}
    return replace(result, answer=answer, counters=counters, because=tuple(dict.fromkeys(because)))


def _added(view: View, owner: str, way: str, result: Result, results: dict[str, Result]) -> Finding[int]:
    day: date = result.case.on
    own, before = result.counters.get("own", 0), result.counters.get("before", 0)
    if way == "special":
        return special_supplement(view, day, before, own)
    if way == "drug":
        return drug_supplement(view, day, before, own)
    paid = opening_used(view, owner, result.year, "supplement")
    for name, other in results.items():
        same = other.counter == "inpatient" and other.year == result.year
        if name != result.case.claim.claim and same:
            paid += other.counters.get("supplement", 0)
    return inpatient_supplement(view, day, own, paid)
