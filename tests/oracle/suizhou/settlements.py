"""The answers about claims and yearly counters (SZ-59b)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.oracle.suizhou import bills
from tests.oracle.suizhou.claims import INPATIENT, Settled, settled
from tests.oracle.suizhou.cover import employee_label, maternity_flag, refused_reason
from tests.oracle.suizhou.order import (
    IN_FORCE,
    OUT_OF_FORCE,
    ZERO,
    history,
    line_days,
    maternity_care,
    opening,
    standing_claims,
)
from tests.oracle.suizhou.text import Answer, Fact, Known, Refused, Unsure, day

LAYER = {"employee": "large_amount", "resident": "critical_illness"}


def claim_answer(known: Known, question: Answer) -> Answer:
    """The settlement of a claim as known."""
    found = [c for c in known.of("claim_submitted") if c["claim"] == question["claim"]]
    if len(found) != 1:
        raise Unsure
    if not IN_FORCE <= day(found[0]["on"]) < OUT_OF_FORCE:
        raise Refused("rules_not_in_force")
    claim = found[0]
    bills.provider(known, claim)
    parts = settled(known, claim["person"]).get(claim["claim"], [])
    for part in parts:
        if part.error is not None:
            raise part.error
    total = sum((bills.line_total(line) for line in claim["lines"]), ZERO)
    answer: Answer = {"total": str(total), "year": day(claim["on"]).year}
    if not parts:
        return {**answer, **_nothing(known, claim, total)}
    return {**answer, **_sums(known, claim, parts, total)}


def _nothing(known: Known, claim: Fact, total: Decimal) -> Answer:
    amounts = {"in_scope": ZERO, "out_of_scope": ZERO, "uncovered": total, "pooled": ZERO, "member": total}
    answer: Answer = {name: str(value) for name, value in amounts.items()} | {"outcome": "refused"}
    person, discharged = claim["person"], day(claim["on"])
    reason = refused_reason(known, person, discharged, "employee")
    if reason is None and employee_label(known, person, discharged) == "covered":
        reason = _nothing_though_covered(known, claim)
    return {**answer, "reason": reason} if reason else answer


def _nothing_though_covered(known: Known, claim: Fact) -> str | None:
    """Covered at discharge, and yet no line is paid: no maternity rights, or every line on a day without cover."""
    if claim["kind"] in ("termination", "pregnancy_outpatient"):
        return None  # kinds of residents: what they are for employees is not gone into here
    if maternity_care(claim) and maternity_flag(known, claim["person"], day(claim["on"])) == "not_qualified":
        return "maternity_not_qualified"
    found = {refused_reason(known, claim["person"], when, "employee") for when in line_days(claim)}
    return found.pop() if len(found) == 1 else None


def _sums(known: Known, claim: Fact, parts: Sequence[Settled], total: Decimal) -> Answer:
    def over(name: str) -> Decimal:
        return sum((getattr(part, name) for part in parts), ZERO)

    scope = sum((part.amounts.in_scope for part in parts), ZERO)
    out = sum((part.amounts.out for part in parts), ZERO)
    funds = over("pooled") + over("maternity") + over("supplement")
    refused = all(part.reason for part in parts)
    answer: dict[str, Any] = {
        "outcome": "refused" if refused else "payable",
        "area": bills.area(known, claim),
    }
    if refused:
        return {
            **answer,
            "reason": parts[0].reason,
            "pooled": "0.00",
            "maternity": "0.00",
            "member": str(total),
        }
    answer |= {name: str(value) for name, value in (("in_scope", scope), ("out_of_scope", out))}
    answer |= {name: str(over(name)) for name in ("pooled", "maternity")}
    answer |= {
        "uncovered": str(total - scope - out),
        "upfront_share": str(over("upfront")),
        "deductible_charged": str(over("deductible")),
        "member": str(total - funds),
        "supplement": {LAYER[part.scheme]: str(part.supplement) for part in parts},
    }
    if len(parts) == 1:
        one = parts[0]
        answer |= {"scheme": one.scheme, "cap_left": str(one.cap_left)}
        answer |= {"rate": str(one.rate)} if one.rate is not None and claim["kind"] in INPATIENT else {}
        answer |= (
            {"stay_number": one.number}
            if one.number is not None and bills.counts_as_stay(claim, one.scheme)
            else {}
        )
    return answer


def totals_answer(known: Known, question: Answer) -> Answer:
    """Counters of a year."""
    person, scheme, year = question["person"], question["scheme"], question["year"]
    held = opening(known, person, scheme, year)
    done = settled(known, person)
    firsts = history(known, person)
    numbers: set[str] = set()
    for claim in standing_claims(known, person):
        if day(claim["on"]).year != year:
            continue
        for part in (p for p in done.get(claim["claim"], []) if p.scheme == scheme):
            held.pooled += part.pooled
            held.burden += part.burden
            held.supplement += part.supplement
            if claim["kind"] in ("ordinary_outpatient", "pregnancy_outpatient", "prenatal_check"):
                held.ordinary += part.pooled
            if claim["kind"] == "two_disease_medication":
                held.two_disease += part.pooled
            if part.number is not None and scheme not in firsts[claim["claim"]].taken_over:
                numbers.add(claim["claim"])
    return {
        "stays": held.stays + len(numbers),
        "pooled": str(held.pooled),
        "cap": str(bills.CAP[scheme]),
        "cap_left": str(max(ZERO, bills.CAP[scheme] - held.pooled)),
        "burden": str(held.burden),
        "supplement": {LAYER[scheme]: str(held.supplement)},
        "ordinary_outpatient": str(held.ordinary),
        "two_disease": str(held.two_disease),
    }
