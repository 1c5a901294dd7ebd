"""Tests of a claim in the order of the rulebook, first failure wins (section 0)."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.oracle.jinjiang.announcing import announced
from tests.oracle.jinjiang.bills import (
    EXCLUDED,
    FIRST_DAY,
    Hospital,
    Part,
    admitted,
    billed,
    hospital,
    parts,
)
from tests.oracle.jinjiang.people import employee
from tests.oracle.jinjiang.people import field as person_field
from tests.oracle.jinjiang.status import covered
from tests.oracle.telling import Fact, Missing, Unsure, World, day, of, on, once, recorded, since, until

STAYS = ("inpatient", "special_disease")


@dataclass
class Verdict:
    """What the tests say: refused with a reason, an error, or parts by year that are payable."""

    reason: str | None = None
    missing: Missing | None = None
    parts: dict[int, Part] = field(default_factory=dict)

    def payable(self, year: int) -> bool:
        """True when the part of a year has something on covered days."""
        return not self.reason and not self.missing and year in self.parts and self.parts[year].in_scope > 0


@once
def claims(world: World, person: str | None = None) -> dict[str, Fact]:
    """Claims known, by identifier."""
    told = of(world.facts, "claim_submitted")
    return {f["claim"]: f for f in told if person in (None, f["person"])}


@once
def first_filed(world: World, claim: Fact) -> date:
    """Day of the first filing of a claim (JJ-7.3c)."""
    told = [f for f in world.told if f["fact"] == "claim_submitted" and f.get("claim") == claim["claim"]]
    days = [_filed(f) for f in told if recorded(f) <= world.at]
    return min(days)


def _filed(claim: Fact) -> date:
    if claim.get("filed_on"):
        return day(claim["filed_on"])
    if on(claim).year != recorded(claim).year and claim.get("settlement") != "manual":
        if recorded(claim) > date(on(claim).year + 1, 11, 30):
            raise Unsure  # direct settlement is filed on the day itself; the text gives no default
        return recorded(claim)
    return recorded(claim)


def sanctions(world: World, claim: str) -> list[date]:
    """Days on which a claim was found falsified."""
    found = of(world.facts, "sanction_decided", reason="fraud")
    return [recorded(f) for f in found if claim in f.get("claims", [])]


def barred(world: World, person: str, year: int) -> date | None:
    """Day of the finding that cancels a year of a person (JJ-9.4b)."""
    days = []
    for fact in of(world.facts, "sanction_decided", reason="fraud", barred_year=year):
        named = {claims(world)[c]["person"] for c in fact.get("claims", []) if c in claims(world)}
        if fact.get("person") == person or person in named:
            days.append(recorded(fact))
    return min(days) if days else None


@once
def verdict(world: World, claim: Fact) -> Verdict:
    """The tests that do not depend on other claims."""
    try:
        return _tests(world, claim)
    except Missing as missing:
        return Verdict(missing=missing)


def _tests(world: World, claim: Fact) -> Verdict:
    if on(claim) < FIRST_DAY:
        return Verdict(missing=Missing("rules_not_in_force"))
    if sanctions(world, claim["claim"]):
        return Verdict("falsified")
    if first_filed(world, claim) > date(on(claim).year + 1, 11, 30):
        return Verdict("filed_late")
    cause = claim.get("cause", "illness")
    if cause == "mass_disaster":
        return Verdict("disaster_fund_pays")
    if cause in EXCLUDED and not (cause == "third_party" and claim.get("third_party_amount")):
        return Verdict("cause_excluded")
    if claim["kind"] in ("delivery", "termination", "prenatal_check", "pregnancy_outpatient"):
        return _maternity(world, claim)
    return _care(world, claim)


def _care(world: World, claim: Fact) -> Verdict:
    place = hospital(world, claim)
    try:
        found = parts(world, claim)
    except Missing as missing:
        if missing.name != "upfront_share":
            raise
        early = _status(world, claim, None) or _conditions(world, claim, place)
        return Verdict(early) if early else Verdict(missing=missing)
    reason = _status(world, claim, found) or _conditions(world, claim, place)
    if reason:
        return Verdict(reason)
    if claim["kind"] == "special_disease":
        terms = announced(world.facts, "special_disease_terms", on(claim).year, on(claim))
        if terms is None:
            return Verdict(missing=Missing("announcement_missing", "special_disease_terms"))
        if claim["disease"] not in terms:
            return Verdict("disease_not_approved")
    if claim["kind"] == "ordinary_outpatient":
        if announced(world.facts, "ordinary_outpatient_terms", on(claim).year, on(claim)) is None:
            return Verdict(missing=Missing("announcement_missing", "ordinary_outpatient_terms"))
    elif claim["kind"] not in STAYS:
        raise Unsure
    return Verdict(parts=found)


def _status(world: World, claim: Fact, found: dict[int, Part] | None) -> str | None:
    """JJ-7.1g: nothing in scope on a covered day."""
    lines = claim.get("lines", [])
    days = [day(line["on"]) if "on" in line else admitted(claim) for line in lines]
    if found is None:
        paid = any(covered(world, claim["person"], at) and at >= FIRST_DAY for at in days)
        busy = any(employee(world.facts, claim["person"], at) for at in days)
    else:
        paid = any(part.in_scope for part in found.values())
        busy = any(part.employee_day for part in found.values())
        if not paid and any(part.uncovered < part.total for part in found.values()):
            raise Unsure  # covered, but nothing in scope
    if paid:
        return None
    return "other_scheme_prevails" if busy else "not_covered"


def _conditions(world: World, claim: Fact, place: Hospital) -> str | None:
    if not place.told.get("designated", True) and not claim.get("emergency"):
        return "provider_not_designated"
    if claim.get("papers_missing"):
        return "documents_missing"
    if claim["kind"] == "special_disease":
        return _approval(world, claim)
    if claim["kind"] == "ordinary_outpatient":
        if not place.pool:
            raise Unsure
        return None if place.level == 1 else "provider_not_eligible"
    return None


def _approval(world: World, claim: Fact) -> str | None:
    approvals = of(world.facts, "special_disease_approved", person=claim["person"], disease=claim["disease"])
    ended = of(world.facts, "approval_ended", person=claim["person"], approval="special_disease")
    ends = [on(f) for f in ended if f.get("disease") in (None, claim["disease"])]
    held = [f for f in approvals if on(f) <= on(claim) < min([until(f), *[e for e in ends if e >= since(f)]])]
    if not held:
        return "disease_not_approved"
    if not any(claim["provider"] in f.get("providers", [claim["provider"]]) for f in held):
        return "provider_not_selected"
    return None


def _maternity(world: World, claim: Fact) -> Verdict:
    """JJ-6.1n: a fixed sum; status on the day of the delivery."""
    if not covered(world, claim["person"], on(claim)):
        busy = employee(world.facts, claim["person"], on(claim))
        return Verdict("other_scheme_prevails" if busy else "not_covered")
    place = hospital(world, claim)
    if not place.told.get("designated", True) and not claim.get("emergency"):
        return Verdict("provider_not_designated")
    if claim["kind"] != "delivery":
        return Verdict("not_a_delivery")
    told = claim.get("maternity", {})
    if told.get("maternity_insurance_months", 0) >= 12:
        return Verdict("maternity_not_covered")
    if person_field(world.facts, claim["person"], "sex") != "female" or "delivery_mode" not in told:
        raise Unsure
    year = on(claim).year
    return Verdict(parts={year: Part(year, total=billed(claim), in_scope=billed(claim))})


def month_after(start: date) -> date:
    """One month later, clipped."""
    first = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(last, first.replace(day=min(start.day, last.day)))
