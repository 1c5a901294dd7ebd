"""Invented people of Panzhihua, near every edge of the rulebook, and what an auditor would ask about them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.oracle.panzhihua.circumstances import day_of, standing
from tests.oracle.panzhihua.figures import AID, PLACES, RARE, TERMS, YEARLY
from tests.oracle.perturbing import perturbed
from tests.oracle.telling import Fact, day

PAID = {
    2024: (
        "2023-10-10",
        "2023-12-31",
        "2024-01-01",
        "2024-02-05",
        "2024-02-29",
        "2024-03-31",
        "2024-04-01",
        "2024-11-30",
    ),
    2025: (
        "2024-12-15",
        "2025-02-10",
        "2025-02-28",
        "2025-03-01",
        "2025-03-31",
        "2025-04-01",
        "2025-12-31",
        "2026-01-01",
    ),
}
DUE = {2024: "400.00", 2025: "420.00"}
AMOUNTS = (
    "25.00", "119.99", "120.00", "120.01", "433.33", "760.00", "1110.01", "3120.00", "6510.05", "26000.07",
    "60000.00", "98000.01", "210000.00", "276620.69",
)  # fmt: skip
CAUSES: tuple[dict[str, Any], ...] = ({},) * 14 + (
    {"cause": "work_injury"},
    {"cause": "third_party"},
    {"cause": "third_party", "third_party_share": "0.7"},
    {"cause": "wellness"},
    {"cause": "accident"},
)
KINDS = (
    ("inpatient",) * 6
    + ("ordinary_outpatient",) * 2
    + ("special_disease",) * 2
    + ("negotiated_drug", "delivery")
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Fact], list[Fact]]:
    """Facts as the agency learned them, and questions at several (E, K)."""
    birth = draw(st.sampled_from((None, None, None, "2024-03-10", "2024-11-20")))
    base: list[Fact] = [{"fact": "provider_registered", "on": "2022-01-01", **place} for place in PLACES]
    if birth:
        base.append({"fact": "person_registered", "on": birth, "person": "M", "born_on": birth})
    told = [*_announcements(draw), *standing(draw, birth), *_payments(draw, birth), *_claims(draw, birth)]
    changes: dict[str, list[dict[str, Any]]] = {
        "claim_submitted": [{"lines": [{"class": "A", "amount": amount}]} for amount in AMOUNTS[4:10]],
        "resident_contribution_paid": [{"amount": "400.00"}, {"amount": "100.00"}, {"amount": "0.00"}],
        "group_recognised": [{"group": "rural_low_income"}, {"to": "2023-12-01"}],
        "other_cover_recorded": [{"to": "2024-05-01"}],
    }
    facts = [*base, *draw(perturbed(told, changes))]
    facts = [{**fact, "id": fact.get("id", f"b{number}")} for number, fact in enumerate(facts)]
    return facts, _questions(draw, facts)


def _announcements(draw: st.DrawFn) -> list[Fact]:
    said = [{"on": "2023-01-01", "key": key, "value": value} for key, value in TERMS.items()]
    said += [{"on": f"{y - 1}-08-31", "key": key, "year": y, "value": value} for key, y, value in YEARLY]
    said += [
        {"on": "2023-08-31", "key": "contribution_subsidy", "group": group, "year": y, "value": value}
        for group, value in AID
        for y in (2024, 2025)
    ]
    kept = [each for each in said if draw(st.integers(0, 24))]
    rare = draw(st.lists(st.sampled_from(RARE), max_size=2, unique_by=lambda f: str(f)))
    return [{"fact": "parameter_announced", **each} for each in [*kept, *rare]]


def _payments(draw: st.DrawFn, birth: str | None) -> list[Fact]:
    told: list[Fact] = []
    for year in (2024, 2025):
        if not draw(st.integers(0, 7 if year == 2024 else 2)):
            continue
        at = draw(st.sampled_from(PAID[year]))
        if birth and year == 2024:
            at = str(date.fromisoformat(birth) + timedelta(days=draw(st.sampled_from((0, 30, 90, 91, 200)))))
        at = max(at, birth or "")
        whole = DUE[year]
        ways: list[list[str | None]] = [
            [None],
            [whole],
            [whole],
            [whole],
            ["100.00"],
            ["0.00"],
            ["150.00", "266.68"],
        ]
        for number, amount in enumerate(draw(st.sampled_from(ways))):
            paid_on = str(date.fromisoformat(at) + timedelta(days=20 * number))
            fact = {"fact": "resident_contribution_paid", "on": paid_on, "persons": ["M"], "year": year}
            told.append({**fact, "id": f"pay{year}{number}"} | ({"amount": amount} if amount else {}))
        if not draw(st.integers(0, 5)):
            back = str(
                day_of(
                    draw, max("2023-11-01", at), "2026-01-05", max(f"{year - 1}-12-31", at), f"{year}-12-31"
                )
            )
            asked = {"person": "M", "scheme": "resident", "year": year}
            told.append({"fact": "refund_requested", "on": back, "id": f"back{year}", **asked})
    return told


def _claims(draw: st.DrawFn, birth: str | None) -> list[Fact]:
    told: list[Fact] = []
    for number in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(KINDS))
        at = day_of(
            draw,
            "2024-01-01",
            "2025-06-30",
            "2024-01-01",
            "2024-03-31",
            "2024-04-01",
            "2025-01-04",
            "2025-02-01",
        )
        at = max(at, date.fromisoformat(birth or "2024-01-01"))
        claim: Fact = {
            "fact": "claim_submitted",
            "on": str(at),
            "claim": f"c{number}",
            "person": "M",
            "kind": kind,
        }
        claim["settlement"] = draw(st.sampled_from(("direct", "direct", "manual")))
        told.append(_stay(draw, claim, at, birth) if kind == "inpatient" else _visit(draw, claim))
    return [*told, *_around(draw)]


def _around(draw: st.DrawFn) -> list[Fact]:
    """Medical aid, approvals, counters taken over."""
    told: list[Fact] = []
    if not draw(st.integers(0, 2)):
        amount = draw(st.sampled_from(("10.00", "3000.00", "999999.00")))
        paid = {"claim": "c0", "layer": "medical_assistance", "amount": amount}
        told.append({"fact": "layer_paid", "on": "2024-08-01", **paid})
    for disease in ("hypertension", "dialysis"):
        since = draw(st.sampled_from(("2024-01-05", "2024-05-01")))
        told.append({"fact": "special_disease_approved", "on": since, "person": "M", "disease": disease})
    if not draw(st.integers(0, 5)):
        used = {"pooled_paid": "159000.00", "burden": "13000.00", "supplement_paid": "0.00"}
        used["ordinary_outpatient_paid"] = "250.00"
        told.append(
            {
                "fact": "opening_counters",
                "on": "2024-01-01",
                "person": "M",
                "scheme": "resident",
                "year": 2024,
                **used,
            }
        )
    return told


def _stay(draw: st.DrawFn, claim: Fact, at: date, birth: str | None) -> Fact:
    first = max(
        at - timedelta(days=draw(st.sampled_from((0, 1, 5, 9, 40)))),
        date.fromisoformat(birth or "2023-01-01"),
    )
    days = [at, first, *([date(2024, 12, 31)] if first.year < at.year == 2025 else [])]
    dated = draw(st.integers(0, 3)) > 0
    lines: list[Fact] = []
    for each in days:
        line: Fact = {"class": draw(st.sampled_from("AAAABC")), "amount": draw(st.sampled_from(AMOUNTS))}
        line |= {"on": str(each)} if dated else {}
        line |= draw(st.sampled_from(({}, {}, {}, {"limit_price": "2600.00"}, {"cause": "wellness"})))
        lines.append(line)
    if not draw(st.integers(0, 4)):
        lines.append({"class": "negotiated", "amount": "1000.55", **({"on": str(at)} if dated else {})})
    provider = draw(st.sampled_from([place["provider"] for place in PLACES]))
    cause = draw(st.sampled_from(CAUSES))
    return {**claim, "provider": provider, "admitted_on": str(first), "lines": lines, **cause}


def _visit(draw: st.DrawFn, claim: Fact) -> Fact:
    kind = claim["kind"]
    line: Fact = {"class": draw(st.sampled_from("AAB")), "amount": draw(st.sampled_from(AMOUNTS[:9]))}
    line["item"] = draw(st.sampled_from(("drug", "drug", "service")))
    claim = {
        **claim,
        "provider": draw(st.sampled_from(("primary", "level2", "level2", "level3", "chengdu2"))),
    }
    if kind == "special_disease":
        claim["disease"] = draw(st.sampled_from(("hypertension", "dialysis", "diabetes", "psoriasis")))
    elif kind == "negotiated_drug":
        line["class"] = draw(st.sampled_from(("negotiated", "negotiated", "A")))
    elif kind == "delivery":
        mode = draw(st.sampled_from(("natural", "caesarean")))
        good = draw(st.sampled_from((True, True, True, False)))
        claim["maternity"] = {"event": "birth", "delivery_mode": mode, "policy_compliant": good}
    return {**claim, "lines": [line]}


def _questions(draw: st.DrawFn, facts: Sequence[Fact]) -> list[Fact]:
    def learned(fact: Fact) -> str:
        return str(day(str(fact.get("recorded") or fact["on"])))

    moments = sorted({learned(f) for f in facts if f["fact"] != "provider_registered"} - {"2023-01-01"})
    picked = {*draw(st.lists(st.sampled_from(moments), min_size=1, max_size=3)), moments[-1]}
    days = [
        str(day_of(draw, "2023-10-01", "2025-12-31", "2024-01-01", "2024-04-01", "2025-01-01"))
        for _ in range(3)
    ]
    asked: list[Fact] = []
    for known in sorted(picked):
        at = {"known": known}
        told = [f for f in facts if learned(f) <= known]
        for claim in sorted({f["claim"] for f in told if f["fact"] == "claim_submitted" and "claim" in f}):
            asked.append({"ask": "claim", "claim": claim, **at})
        who = {"person": "M", "scheme": "resident", **at}
        asked += [{"ask": "benefit_status", "on": each, **who} for each in days]
        for year in (2024, 2025):
            asked.append({"ask": "year_totals", "year": year, **who})
            asked.append({"ask": "refund_due", "year": year, "on": known, **who})
            asked.append({"ask": "contribution_due", "year": year, "on": known, **who})
        premium = {"ask": "fund_transfer", "transfer": "critical_illness_premium", "year": 2024}
        asked.append({**premium, "on": known, **at})
        asked.append({"ask": "fund_account", "fund": "resident_pooled", "on": known, **at})
        kinds = ("resident_contribution_paid", "refund_requested")
        mine = [f["id"] for f in told if f["fact"] in kinds and "year" in f]
        asked += [{"ask": "acceptance", "id": each, **at} for each in dict.fromkeys(mine)]
    return asked
