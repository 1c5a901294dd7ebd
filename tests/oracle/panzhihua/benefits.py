"""Which benefit, on what conditions, at what rate (PZ-12a to 12g, 14a, 16a, 19a, 19b)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.panzhihua.announcing import lookup, required
from tests.oracle.panzhihua.bills import EXCLUDED, Bill, admitted, billed, covered_days, provider, stay, visit
from tests.oracle.panzhihua.membership import status
from tests.oracle.telling import Fact, Missing, Unsure, World, fen, of, on, recorded, since, until

CODES = {"waiting": "waiting_period"}


@dataclass
class Terms:
    """What a claim is settled on; amounts in fen."""

    bill: Bill
    reason: str | None = None
    deductible: int = 0
    rate: Decimal = Decimal(0)
    cap: int | None = None
    area: str | None = None
    fixed: int | None = None


def terms(world: World, claim: Fact) -> Terms:
    """The tests in their order, then the terms; Missing where an announcement or a fact is not there."""
    kind = claim["kind"]
    if kind not in ("inpatient", "ordinary_outpatient", "special_disease", "negotiated_drug", "delivery"):
        raise Unsure
    if not date(2023, 1, 1) <= on(claim) < end(world):
        raise Missing("rules_not_in_force")
    early = _status(world, claim) or _provider(world, claim) or _cause(claim)
    if early:
        return Terms(Bill(on(claim), total=billed(claim)), early)
    found = CONDITIONS[kind](world, claim)
    if not found.reason and kind != "delivery":
        required(world, "critical_illness_terms", found.bill.at)
    return found


def end(world: World) -> date:
    """PZ-26a, P21."""
    told = [f["value"] for f in of(world.facts, "parameter_announced", key="validity_extended")]
    return date.fromisoformat(told[-1]) if told else date(2028, 1, 1)


def _status(world: World, claim: Fact) -> str | None:
    if claim["kind"] == "inpatient":
        try:
            if stay(world, claim):
                return None
        except Missing as missing:
            if missing.code == "fact_missing" or missing.name.startswith(
                ("contribution", "enrol", "waiting")
            ):
                raise
            return None
    state, reason = status(world, claim["person"], on(claim))
    if state == "covered":
        return None
    if reason is None and state == "none":
        raise Unsure
    return CODES.get(state, reason)


def _provider(world: World, claim: Fact) -> str | None:
    at = admitted(claim) if claim["kind"] in ("inpatient", "delivery") else on(claim)
    return None if provider(world, claim, at).get("designated", True) else "provider_not_designated"


def _cause(claim: Fact) -> str | None:
    cause = claim.get("cause", "illness")
    if cause == "third_party" and Decimal(claim.get("third_party_share", "0")) > 0:
        return None
    return "cause_excluded" if cause in EXCLUDED else None


def area(world: World, claim: Fact, place: Fact, at: date) -> str:
    """PZ-19a: how the place of care counts."""
    city = str(place["place"])
    if city[:4] == "5104":
        return "local"
    ended = of(world.facts, "approval_ended", person=claim["person"], approval="out_of_area")
    for fact in of(world.facts, "out_of_area_registered", person=claim["person"]):
        if fact["category"] != "long_term_resident":
            continue
        cuts = [on(e) for e in ended if on(e) >= since(fact)]
        digits = 2 if fact["place"].endswith("0000") else 4
        if fact["place"][:digits] == city[:digits] and since(fact) <= at < min([until(fact), *cuts]):
            return "registered"
    return "referred" if claim["kind"] == "inpatient" and _referred(world, claim, place) else "unreferred"


def _referred(world: World, claim: Fact, place: Fact) -> bool:
    """PZ-19b: upwards, or between hospitals of the highest level, dated on or before admission."""
    levels = required(world, "inpatient_terms", on(claim))["levels"]
    here = row(levels, place.get("level", 0), place.get("grade"))
    for fact in of(world.facts, "patient_referred", person=claim["person"], to_provider=claim["provider"]):
        if on(fact) > admitted(claim):
            continue
        if "from_provider" in fact:
            told = of(world.facts, "provider_registered", provider=fact["from_provider"])
            if not told:
                raise Unsure
            there = row(levels, told[-1].get("level", 0), told[-1].get("grade"))
        else:
            there = row(levels, fact.get("from_level", 0), fact.get("from_grade"))
        if here is None or there is None:
            raise Unsure
        if here > there or here == there == len(levels) - 1:
            return True
    return False


def row(levels: list[dict[str, Any]], level: int, grade: str | None) -> int | None:
    """The row of the table for a hospital."""
    for number, each in enumerate(levels):
        if each["level"] == level and each.get("grade") in (None, grade):
            return number
    return None


def _inpatient(world: World, claim: Fact) -> Terms:
    covered, _ = covered_days(world, claim)
    place = provider(world, claim, admitted(claim))
    told = lookup(world, "inpatient_terms", covered[-1])
    number = row(told["levels"], place.get("level", 0), place.get("grade")) if told else None
    if told and number is None:
        return Terms(Bill(covered[-1]), "level_not_in_terms")
    try:
        bill = stay(world, claim)
    except Missing as gap:
        outside = area(world, claim, place, admitted(claim)) in ("referred", "unreferred")
        more_missing = not told or (outside and lookup(world, "out_of_area_terms", covered[-1]) is None)
        if gap.code == "announcement_missing" and more_missing:
            raise Missing(gap.code) from gap  # which of the two is named first is not said
        raise
    assert bill
    required(world, "inpatient_terms", bill.at)
    found = told["levels"][number]
    where = area(world, claim, place, admitted(claim))
    deductible, rate = fen(found["deductible"]), Decimal(found["rate"])
    if where in ("referred", "unreferred"):
        more = required(world, "out_of_area_terms", bill.at)[where]
        deductible += fen(more["deductible_add"])
        rate = max(Decimal(0), rate - Decimal(more["rate_cut"]))
    return Terms(bill, None, deductible, rate, fen(told["annual_cap"]), where)


def _place(world: World, claim: Fact) -> str | None:
    """PZ-12a: in the city, at the registered residence, or where P16 allows it."""
    where = area(world, claim, provider(world, claim, on(claim)), on(claim))
    away = where == "unreferred" and not lookup(world, "outpatient_out_of_area", on(claim))
    return "provider_not_eligible" if away else None


def _outpatient(world: World, claim: Fact) -> Terms:
    told = lookup(world, "ordinary_outpatient_terms", on(claim))
    place = provider(world, claim, on(claim))
    level = str(place.get("level", 0))
    rate = None
    reason = _place(world, claim)
    if told:
        rate = told["rates"].get(level + str(place.get("grade", "")), told["rates"].get(level))
        reason = "provider_not_eligible" if rate is None else reason
    if reason:
        return Terms(Bill(on(claim), total=billed(claim)), reason)
    told = required(world, "ordinary_outpatient_terms", on(claim))
    return Terms(visit(world, claim), None, 0, Decimal(str(rate)), fen(told["annual_cap"]))


def _special(world: World, claim: Fact) -> Terms:
    listed = lookup(world, "special_disease_terms", on(claim))
    reason = _approval(world, claim) or _place(world, claim)
    if listed and claim["disease"] not in listed:
        reason = "disease_not_listed"
    if reason:
        return Terms(Bill(on(claim), total=billed(claim)), reason)
    told = required(world, "special_disease_terms", on(claim))[claim["disease"]]
    deductible = fen(told.get("annual_deductible", "0"))
    return Terms(visit(world, claim), None, deductible, Decimal(told["rate"]), fen(told["annual_cap"]))


def _approval(world: World, claim: Fact) -> str | None:
    ended = of(world.facts, "approval_ended", person=claim["person"], approval="special_disease")
    cuts = [on(e) for e in ended if e.get("disease") in (None, claim["disease"])]
    for fact in of(world.facts, "special_disease_approved", person=claim["person"], disease=claim["disease"]):
        if on(fact) <= on(claim) < min([until(fact), *[c for c in cuts if c >= on(fact)]]):
            return None
    return "disease_not_approved"


def _negotiated(world: World, claim: Fact) -> Terms:
    if reason := _place(world, claim):
        return Terms(Bill(on(claim), total=billed(claim)), reason)
    told = required(world, "negotiated_drug_terms", on(claim))["outpatient"]
    return Terms(visit(world, claim), None, 0, Decimal(told["rate"]), fen(told["annual_cap"]))


def _delivery(world: World, claim: Fact) -> Terms:
    """PZ-12e."""
    told = claim.get("maternity", {})
    bill = Bill(on(claim), total=billed(claim))
    if not told.get("policy_compliant", True):
        return Terms(bill, "policy_not_met")
    sums = required(world, "maternity_terms", on(claim))
    if "delivery_mode" not in told:
        raise Missing("fact_missing", "claim_submitted.maternity.delivery_mode")
    if told["delivery_mode"] not in sums or "settlement" not in claim:
        raise Unsure
    return Terms(bill, fixed=fen(sums[told["delivery_mode"]]))


def place_in_order(claim: Fact, world: World) -> tuple[date, str]:
    """PZ-18b: recorded date, then id."""
    told = [f for f in world.told if f["fact"] == "claim_submitted" and f.get("claim") == claim["claim"]]
    return min(recorded(f) for f in told), claim["claim"]


CONDITIONS = {
    "inpatient": _inpatient,
    "ordinary_outpatient": _outpatient,
    "special_disease": _special,
    "negotiated_drug": _negotiated,
    "delivery": _delivery,
}
