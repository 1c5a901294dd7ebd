"""Settlement of claims: stays, deductibles, caps, layers, one claim after the other (chapters 8 to 14)."""

from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.suizhou import bills, outpatient
from tests.oracle.suizhou.bills import Amounts
from tests.oracle.suizhou.order import (
    ZERO,
    First,
    Year,
    history,
    line_days,
    line_scheme,
    opening,
    standing_claims,
)
from tests.oracle.suizhou.text import Fact, Known, Refused, Unsure, cents, day, in_group, once

INPATIENT = (*bills.STAYS, "day_surgery", "delivery", "termination")
BURDEN = (
    "inpatient",
    "emergency_rescue",
    "day_surgery",
    "special_disease",
    "negotiated_drug",
    "pregnancy_illness",
)


@dataclass
class Settled:
    """One claim under one scheme."""

    scheme: str
    amounts: Amounts
    number: int | None = None
    upfront: Decimal = ZERO
    deductible: Decimal = ZERO
    rate: Decimal | None = None
    pooled: Decimal = ZERO
    maternity: Decimal = ZERO
    supplement: Decimal = ZERO
    burden: Decimal = ZERO
    reason: str | None = None
    cap_left: Decimal | None = None
    error: Refused | None = None


@once
def settled(known: Known, person: str) -> dict[str, list[Settled]]:
    """Every standing claim of a person, in the order of settlement."""
    firsts = history(known, person)
    claims = [c for c in standing_claims(known, person) if c["claim"] in firsts]
    if known.of("sanction_decided", "claims_decided"):
        raise Unsure
    claims.sort(key=lambda c: (firsts[c["claim"]].on, c["on"], c["claim"]))
    years: dict[tuple[str, int], Year] = {}
    results: dict[str, list[Settled]] = {}
    prenatal: dict[str, Decimal] = {}
    for claim in claims:
        results[claim["claim"]] = []
        if _again(claim, claims[: claims.index(claim)], results):
            results[claim["claim"]] = [Settled("employee", Amounts(), reason="duplicate_benefit")]
            continue
        for scheme in ("employee", "resident"):
            amounts = _scheme_lines(known, claim, firsts[claim["claim"]], scheme)
            if amounts is None:
                continue
            key = (scheme, day(claim["on"]).year)
            year = years.setdefault(key, opening(known, person, *key))
            year.prenatal = prenatal
            done = Settled(scheme, amounts, firsts[claim["claim"]].numbers.get(scheme))
            try:
                _settle(known, claim, done, year, results)
            except Refused as missing:
                done = Settled(scheme, Amounts(), error=missing)
            results[claim["claim"]].append(done)
    return results


def _again(claim: Fact, earlier: list[Fact], results: dict[str, list[Settled]]) -> bool:
    """A second birth of one pregnancy: the first settlement is its one benefit, whatever it came to (SZ-55a)."""
    if claim["kind"] not in ("delivery", "termination"):
        return False
    same = [c for c in earlier if _pregnancy(c) is not None and _pregnancy(c) == _pregnancy(claim)]
    same = [c for c in same if c["kind"] in ("delivery", "termination")]
    if any(c["kind"] != claim["kind"] for c in same):
        raise Unsure
    return any(part.reason is None and part.error is None for c in same for part in results[c["claim"]])


def _pregnancy(claim: Fact) -> str | None:
    name = claim.get("maternity", {}).get("pregnancy")
    return None if name is None else str(name)


def _scheme_lines(known: Known, claim: Fact, kept: First, scheme: str) -> Amounts | None:
    """The lines that one scheme pays; None when there are none."""
    found = None
    for line, when in zip(claim["lines"], line_days(claim), strict=True):
        now = line_scheme(known, claim, when)
        before = kept.days.get(when)
        if now is not None and before is not None and now != before:
            raise Unsure
        if now == scheme:
            found = found or Amounts()
            bills.add_line(found, line, claim)
    return found


def _settle(known: Known, claim: Fact, done: Settled, year: Year, results: dict[str, list[Settled]]) -> None:
    kind = claim["kind"]
    if kind not in INPATIENT:
        outpatient.settle(known, claim, done, year)
    elif kind == "termination" and done.scheme == "employee":
        raise Unsure
    elif kind == "delivery" and done.scheme == "employee" and not bills.with_complication(claim):
        _delivery(known, claim, done)
    else:
        _stay(known, claim, done, year, results)
    _count(known, claim, done, year)


def _stay(known: Known, claim: Fact, done: Settled, year: Year, results: dict[str, list[Settled]]) -> None:
    if claim["kind"] == "delivery" and done.scheme == "resident" and bills.with_complication(claim):
        raise Unsure
    done.upfront = done.amounts.tenth
    done.rate = bills.rate(known, claim, done.scheme)
    base = done.amounts.in_scope - done.upfront
    done.deductible = min(_deductible(known, claim, done, results), base)
    done.pooled = cents((base - done.deductible) * done.rate)
    if claim["kind"] == "termination":
        event = claim.get("maternity", {}).get("event")
        if event not in ("miscarriage", "induced_labour"):
            raise Unsure
        done.pooled = min(done.pooled, Decimal("1000.00") if event == "miscarriage" else Decimal("2500.00"))


def _deductible(known: Known, claim: Fact, done: Settled, results: dict[str, list[Settled]]) -> Decimal:
    if claim["kind"] == "day_surgery" or bills.waived(known, claim, done.scheme):
        return ZERO
    if done.number is None:
        raise Unsure
    full = bills.standard_deductible(known, claim, done.scheme, done.number)
    charged, earlier = ZERO, bills.linked(known, claim)
    if earlier is None or not _same_scheme(results, earlier, done.scheme):
        return full
    if bills.level(known, earlier) > bills.level(known, claim):
        return ZERO
    while earlier is not None and _same_scheme(results, earlier, done.scheme):
        charged += sum((s.deductible for s in results[earlier["claim"]] if s.scheme == done.scheme), ZERO)
        earlier = bills.linked(known, earlier)
    return max(ZERO, full - charged)


def _same_scheme(results: dict[str, list[Settled]], earlier: Fact, scheme: str) -> bool:
    return any(s.scheme == scheme for s in results.get(earlier["claim"], []))


def _delivery(known: Known, claim: Fact, done: Settled) -> None:
    done.upfront = done.amounts.tenth
    done.rate = bills.rate(known, claim, "employee")
    done.maternity = cents((done.amounts.in_scope - done.upfront) * done.rate)


def _count(known: Known, claim: Fact, done: Settled, year: Year) -> None:
    """Annual cap, counters, and the layer above (SZ-24, 25, 49, 50)."""
    if done.maternity == 0 or done.pooled:
        done.pooled = min(done.pooled, max(ZERO, bills.CAP[done.scheme] - year.pooled))
    year.pooled += done.pooled
    done.cap_left = max(ZERO, bills.CAP[done.scheme] - year.pooled)
    kind = claim["kind"]
    if kind == "delivery" and done.scheme == "employee" and bills.with_complication(claim):
        kind = "pregnancy_illness"
    if kind not in BURDEN or done.reason:
        return
    done.burden = done.amounts.in_scope - done.pooled
    discharged = day(claim["on"])
    preferred = any(in_group(known, claim["person"], group, discharged) for group in bills.PREFERRED)
    before = bills.supplement_value(done.scheme, preferred, year.burden)
    done.supplement = cents(
        bills.supplement_value(done.scheme, preferred, year.burden + done.burden) - before
    )
    if done.scheme == "resident" and not preferred:
        done.supplement = min(done.supplement, max(ZERO, Decimal(350000) - year.supplement))
    year.burden += done.burden
    year.supplement += done.supplement
