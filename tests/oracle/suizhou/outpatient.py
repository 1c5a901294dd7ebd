"""Visits: ordinary care, two diseases, special diseases, antenatal checks, family planning (SZ-21, 22, 27, 44 to 46)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.oracle.suizhou import bills
from tests.oracle.suizhou.cover import capacity
from tests.oracle.suizhou.text import Fact, Known, Refused, Unsure, announced, cents, day, money

if TYPE_CHECKING:
    from tests.oracle.suizhou.claims import Settled
    from tests.oracle.suizhou.order import Year

HALF = Decimal("0.5")
PROCEDURES = {
    "iud_insertion": 500,
    "iud_removal": 450,
    "abortion": 1000,
    "induced_labour": 2500,
    "tubal_ligation": 2800,
    "vasectomy": 2800,
}
KEYS = {"special_disease": "special_disease_terms", "negotiated_drug": "negotiated_drug_terms"}


def settle(known: Known, claim: Fact, done: Settled, year: Year) -> None:
    kind = claim["kind"]
    if kind == "ordinary_outpatient" and done.scheme == "employee":
        done.pooled = _employee_visit(known, claim, done, year, done.amounts.a, done.amounts.b)
    elif kind == "ordinary_outpatient":
        _resident_visit(known, claim, done, year, pregnancy=False)
    elif kind == "pregnancy_outpatient" and done.scheme == "resident":
        _resident_visit(known, claim, done, year, pregnancy=True)
    elif kind == "two_disease_medication" and done.scheme == "resident":
        _two_diseases(known, claim, done, year)
    elif kind == "special_disease":
        _special(known, claim, done, year)
    elif kind in ("prenatal_check", "family_planning") and done.scheme == "employee":
        _maternity(known, claim, done, year)
    else:
        raise Unsure


def _employee_visit(known: Known, claim: Fact, done: Settled, year: Year, a: Decimal, b: Decimal) -> Decimal:
    """On announced terms (SZ-21a)."""
    when = day(claim["on"])
    terms = announced(known, "ordinary_outpatient_terms", when, scheme="employee")
    if terms is None:
        raise Refused("announcement_missing")
    retired = capacity(known, claim["person"], when) == "retired"
    rates = terms.get("rates_retired") if retired and "rates_retired" in terms else terms["rates"]
    cap = (
        terms.get("annual_cap_retired") if retired and "annual_cap_retired" in terms else terms["annual_cap"]
    )
    share = Decimal(rates[str(bills.level(known, claim))]) - Decimal(bills.CUT[bills.area(known, claim)])
    base = a + b * (1 - money(terms.get("upfront_share", "0")))
    left = max(
        Decimal(0), money(terms.get("annual_deductible", "0")) - year.deductible.get("ordinary", Decimal(0))
    )
    charged = min(left, base)
    year.deductible["ordinary"] = year.deductible.get("ordinary", Decimal(0)) + cents(charged)
    done.deductible = cents(charged)
    done.upfront = cents(b * money(terms.get("upfront_share", "0")))
    paid = min(cents((base - charged) * share), max(Decimal("0.00"), money(cap) - year.ordinary))
    year.ordinary += paid
    return paid


def _resident_visit(known: Known, claim: Fact, done: Settled, year: Year, pregnancy: bool) -> None:
    when = day(claim["on"])
    share = HALF - Decimal(bills.CUT[bills.area(known, claim)])
    if not pregnancy and bills.level(known, claim) > 1:
        share = Decimal(0)
    paid = cents(done.amounts.in_scope * share)
    joint = joint_limit(known, claim["person"], when) - year.ordinary - year.two_disease
    limit = min(350 - year.ordinary, joint)
    if not pregnancy:
        village = bills.provider(known, claim).get("kind") == "village_clinic"
        used = year.daily.get((when, village), Decimal(0))
        limit = min(limit, (30 if village else 50) - used)
        paid = min(paid, max(limit, Decimal("0.00")))
        year.daily[when, village] = used + paid
    done.pooled = min(paid, max(limit, Decimal("0.00")))
    year.ordinary += done.pooled


def _two_diseases(known: Known, claim: Fact, done: Settled, year: Year) -> None:
    when = day(claim["on"])
    if not diseases(known, claim["person"], when):
        done.reason = "disease_not_approved"
        return
    if claim.get("disease") and claim["disease"] not in diseases(known, claim["person"], when):
        raise Unsure
    share = HALF - Decimal(bills.CUT[bills.area(known, claim)])
    if bills.level(known, claim) > 1:
        share = Decimal(0)
    left = joint_limit(known, claim["person"], when) - year.ordinary - year.two_disease
    done.pooled = min(cents(done.amounts.in_scope * share), max(left, Decimal("0.00")))
    year.two_disease += done.pooled


def diseases(known: Known, person: str, when: date) -> set[str]:
    """Recognised for medicines and not yet a special disease (SZ-45a, c)."""
    held = {f["disease"] for f in _approvals(known, person, when, "two_disease_medication")}
    replaced = set()
    for fact in _approvals(known, person, when, "special_disease"):
        replaced |= {fact.get("covers"), fact["disease"]}
    return held - replaced


def joint_limit(known: Known, person: str, when: date) -> Decimal:
    held = diseases(known, person, when)
    if len(held) == 2:
        return Decimal(550)
    return Decimal(450 if "hypertension" in held else 500 if "diabetes" in held else 350)


def _approvals(known: Known, person: str, when: date, programme: str) -> list[Fact]:
    ended = known.about(person, "approval_ended")
    return [
        f
        for f in known.about(person, "special_disease_approved")
        if f.get("programme", "special_disease") == programme
        and day(f["on"]) <= when
        and (not f.get("to") or when < day(f["to"]))
        and not any(
            e["approval"] == "special_disease"
            and e.get("disease", f["disease"]) == f["disease"]
            and day(f["on"]) <= day(e["on"]) <= when
            for e in ended
        )
    ]


def _special(known: Known, claim: Fact, done: Settled, year: Year) -> None:
    """SZ-22a, 46a: approval, then announced terms."""
    when, disease = day(claim["on"]), claim.get("disease")
    if disease is None:
        raise Unsure
    if not any(f["disease"] == disease for f in _approvals(known, claim["person"], when, claim["kind"])):
        done.reason = "disease_not_approved"
        return
    terms: Any = announced(known, KEYS[claim["kind"]], when, scheme=done.scheme, disease=disease)
    if terms is None:
        raise Refused("announcement_missing")
    if {"monthly_cap", "drugs_only", "class"} & set(terms) or terms.get("limit_on", "payment") != "payment":
        raise Unsure
    share = Decimal(terms["rate"] if "rate" in terms else terms["rates"][str(bills.level(known, claim))])
    share -= Decimal(bills.CUT[bills.area(known, claim)])
    up = money(terms.get("upfront_share", "0"))
    base = done.amounts.a + done.amounts.b * (1 - up)
    used = year.deductible.get(disease, Decimal(0))
    charged = min(max(Decimal(0), money(terms.get("annual_deductible", "0")) - used), base)
    year.deductible[disease] = used + cents(charged)
    done.deductible, done.upfront = cents(charged), cents(done.amounts.b * up)
    paid = cents((base - charged) * share)
    if "annual_cap" in terms:
        paid = min(
            paid, max(Decimal("0.00"), money(terms["annual_cap"]) - year.disease.get(disease, Decimal(0)))
        )
    done.pooled = min(paid, max(Decimal("0.00"), bills.CAP[done.scheme] - year.pooled))
    year.disease[disease] = year.disease.get(disease, Decimal(0)) + done.pooled


def _maternity(known: Known, claim: Fact, done: Settled, year: Year) -> None:
    if bills.area(known, claim) != "local":
        raise Unsure
    told = claim.get("maternity", {})
    if claim["kind"] == "family_planning":
        limit = sum(PROCEDURES[p] for p in told["procedures"])
        done.maternity = min(done.amounts.in_scope, Decimal(limit))
        return
    if "pregnancy" not in told:
        raise Unsure
    used = year.prenatal.get(told["pregnancy"], Decimal(0))
    done.maternity = min(done.amounts.in_scope, Decimal(800) - used)
    year.prenatal[told["pregnancy"]] = used + done.maternity
    excess = done.amounts.in_scope - done.maternity
    if excess > 0:
        terms = announced(known, "ordinary_outpatient_terms", day(claim["on"]), scheme="employee")
        if terms is None:
            raise Refused("announcement_missing")
        if money(terms.get("upfront_share", "0")) != 0 and done.amounts.b:
            raise Unsure
        done.pooled = _employee_visit(known, claim, done, year, excess, Decimal(0))
