"""What people of Dingxi bring to the agency: bills of every kind, and what permits them."""

from typing import Any

from hypothesis import strategies as st

from tests.oracle.dingxi.basics import Fact

# Days near the edges of the careers: month ends, the first of a month, the turn of the year.
DAYS = (
    "2024-01-25", "2024-02-29", "2024-03-01", "2024-03-31", "2024-04-14", "2024-04-15", "2024-04-30", "2024-05-01",
    "2024-06-14", "2024-06-15", "2024-06-30", "2024-07-01", "2024-07-02", "2024-08-12", "2024-09-30", "2024-10-01",
    "2024-11-15", "2024-12-20", "2024-12-31", "2025-01-01", "2025-02-10", "2025-04-30", "2025-05-01", "2025-07-31",
    "2025-08-01", "2025-10-01",
)  # fmt: skip
AMOUNTS = (
    "199.99",
    "200.00",
    "400.01",
    "600.00",
    "1500.00",
    "5000.00",
    "9300.00",
    "15800.00",
    "38000.00",
    "75000.00",
    "640000.00",
)
KINDS = ("inpatient", "inpatient", "inpatient", "special_disease", "special_disease", "emergency", "ordinary_outpatient",
         "negotiated_drug", "delivery", "termination", "prenatal_check", "family_planning")  # fmt: skip
PROVIDERS = ("clinic", "county", "city", "city", "lanzhou", "xian", "quack")


def claims(draw: st.DrawFn) -> list[Fact]:
    """Up to five bills, some of them linked."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(KINDS))
        facts += _claim(draw, f"c{number}", kind)
    stays = [each["claim"] for each in facts if each.get("kind") == "inpatient"]
    if stays and draw(st.integers(0, 4)) == 0:
        facts.append(_decision(draw, stays))
    return facts


def _decision(draw: st.DrawFn, stays: list[str]) -> Fact:
    """Something the agency decides afterwards: a split stay merged, a payment recovered."""
    if len(stays) > 1 and draw(st.booleans()):
        return {"fact": "claims_decided", "on": "2025-09-01", "claims": stays[:2], "decision": "split_stay"}
    recovered = draw(st.sampled_from(("500.00", "640000.00")))
    on = draw(st.sampled_from(("2024-10-01", "2025-09-01")))
    return {"fact": "sanction_decided", "on": on, "claims": stays[:1], "reason": "fraud", "debtor": "provider",
            "provider": "city", "recovered": recovered}  # fmt: skip


def _claim(draw: st.DrawFn, name: str, kind: str) -> list[Fact]:
    start = draw(st.sampled_from(range(len(DAYS))))
    claim: Fact = {"fact": "claim_submitted", "on": DAYS[start], "claim": name, "person": "P", "kind": kind,
                   "provider": draw(st.sampled_from(PROVIDERS)), "lines": _lines(draw, kind)}  # fmt: skip
    if draw(st.integers(0, 2)) == 0:
        claim["settlement"] = draw(st.sampled_from(("direct", "manual")))
    if draw(st.integers(0, 5)) == 0:
        claim["emergency"] = True
    if draw(st.integers(0, 9)) == 0:
        claim |= draw(st.sampled_from(({"cause": "fighting"}, {"cause": "self_harm", "mental_illness": True},
                                       {"third_party_share": "0.35"}, {"cause": "work_injury"},
                                       {"cause": "accident"}, {"cause": "wellness"})))  # fmt: skip
    if kind in ("inpatient", "delivery"):
        claim["admitted_on"] = DAYS[start]
        claim["on"] = DAYS[min(len(DAYS) - 1, start + draw(st.integers(0, 2)))]
    if kind == "special_disease":
        claim["disease"] = draw(st.sampled_from(DISEASES))
    if kind in ("delivery", "termination", "prenatal_check"):
        claim["maternity"] = _maternity(draw, kind)
    more = _emergency(draw, claim, name) if kind == "emergency" else []
    return [claim, *more]


def _maternity(draw: st.DrawFn, kind: str) -> Fact:
    if kind == "delivery":
        mode = draw(st.sampled_from(("natural", "difficult", "caesarean")))
        return {"event": "birth", "delivery_mode": mode, "babies": draw(st.sampled_from((1, 1, 2, 3)))}
    if kind == "prenatal_check":
        return {"pregnancy": draw(st.sampled_from(("g1", "g1", "g2")))}
    reason = draw(st.sampled_from(("medical", "family_planning")))
    months = draw(st.sampled_from(("1.9", "2", "3.9", "4", "6.5", "7")))
    return {"event": "termination", "reason": reason, "gestation_months": months}


def _emergency(draw: st.DrawFn, claim: Fact, name: str) -> list[Fact]:
    """How an emergency visit ended, learned later: death, or a stay with which it is merged."""
    ended = draw(st.sampled_from(("discharged", "died", "admitted", "admitted", None)))
    if ended is None:
        return []
    outcome: Fact = {
        "fact": "emergency_outcome_recorded",
        "on": "2025-10-20",
        "claim": name,
        "outcome": ended,
    }
    if ended == "discharged":
        return [outcome]
    if ended == "died":
        return [{**outcome, "on": claim["on"]}, {"fact": "person_died", "on": claim["on"], "person": "P"}]
    stay = {**claim, "claim": f"{name}s", "kind": "inpatient", "admitted_on": claim["on"],
            "on": max(claim["on"], draw(st.sampled_from(DAYS))), "lines": _lines(draw, "inpatient")}  # fmt: skip
    return [stay, {**outcome, "stay": f"{name}s"}]


def _lines(draw: st.DrawFn, kind: str) -> list[Fact]:
    amount = st.sampled_from(AMOUNTS[:9] if kind != "inpatient" else AMOUNTS)
    if kind == "negotiated_drug":
        return [{"class": "negotiated", "amount": draw(amount)}]
    lines: list[dict[str, Any]] = [{"class": "A", "amount": draw(amount)}]
    extra = draw(st.integers(0, 9))
    if extra == 1:
        lines.append({"class": "B", "amount": draw(amount)})
    elif extra == 2:
        lines += [{"class": "C", "amount": "333.33"}, {"class": "B", "unit_price": "12.35", "quantity": "3",
                                                       "limit_price": "10.01"}]  # fmt: skip
    elif extra == 3 and kind == "inpatient":
        good = {"approved": True, "related": True, "designated": draw(st.booleans())}
        lines.append({"class": "A", "amount": "700.00", "item": "examination",
                      "outside": {"item": "examination", "price_here": "620.00", **good}})  # fmt: skip
    elif extra == 4:
        papers = {"approval_number": True, "province_confirmed": draw(st.booleans())}
        lines.append({"class": "C", "amount": "450.00", "preparation": papers})
    elif extra == 5 and kind == "inpatient":
        lines.append({"class": "negotiated", "amount": "1234.56"})
    elif extra == 6:
        lines.append({"class": "A", "amount": "88.80", "cause": "cosmetic"})
    return lines


DISEASES = ("1", "18", "20", "26", "27", "36")


def permissions(draw: st.DrawFn) -> list[Fact]:
    """Diseases entered, chosen and left; registrations of care elsewhere, some learned late."""
    facts: list[Fact] = []
    for disease in draw(st.lists(st.sampled_from(DISEASES), unique=True, max_size=4)):
        on = draw(st.sampled_from(("2024-01-05", "2024-01-05", "2024-05-01")))
        facts.append({"fact": "special_disease_approved", "on": on, "person": "P", "disease": disease})
        if draw(st.integers(0, 5)) == 0:
            facts.append({"fact": "approval_ended", "on": "2024-07-01", "person": "P",
                          "approval": "special_disease", "disease": disease})  # fmt: skip
    if draw(st.integers(0, 4)) == 0:
        chosen = draw(st.lists(st.sampled_from(DISEASES), unique=True, min_size=1, max_size=3))
        facts.append(
            {"fact": "special_diseases_selected", "on": "2024-06-15", "person": "P", "diseases": chosen}
        )
    if draw(st.booleans()):
        category = draw(st.sampled_from(("long_term_resident", "posted_worker", "referral", "temporary")))
        place = draw(st.sampled_from(("610100", "610000", "620100", "620102")))
        ends = draw(st.sampled_from((None, "2024-07-02", "2024-12-31")))
        late = draw(st.sampled_from(("2024-02-01", "2024-02-01", "2024-10-02")))
        facts.append({"fact": "out_of_area_registered", "on": "2024-02-01", "recorded": late, "person": "P",
                      "category": category, "place": place, "from": "2024-02-01", "to": ends})  # fmt: skip
    return facts
