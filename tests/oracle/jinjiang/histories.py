"""Invented people of Jinjiang, near every edge of the rulebook, and what an auditor would ask about them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.oracle.perturbing import perturbed
from tests.oracle.telling import Fact, day

CRITICAL = {
    "bands": [
        {"over": "12000", "to": "60000", "rate": "0.50"},
        {"over": "60000", "to": None, "rate": "0.60"},
    ],
    "cap": "40000",
}
PLACES: list[Fact] = [
    {"provider": "T1", "place": "350582", "level": 1},
    {"provider": "CH", "place": "350582", "level": 0, "kind": "community_health_centre"},
    {"provider": "TH", "place": "350582", "level": 2, "kind": "township_health_centre", "consortium": "M"},
    {"provider": "S2", "place": "350500", "level": 2, "consortium": "M"},
    {"provider": "C3", "place": "350582", "level": 3, "ownership": "county", "consortium": "M"},
    {"provider": "Z3", "place": "350582", "level": 3, "ownership": "county", "traditional_medicine": True},
    {"provider": "Z2", "place": "350500", "level": 2, "traditional_medicine": True, "consortium": "N"},
    {"provider": "Q3", "place": "350503", "level": 3},
    {"provider": "O3", "place": "350100", "level": 3, "consortium": "M"},
    {"provider": "O2", "place": "350200", "level": 2, "traditional_medicine": True, "ownership": "county"},
    {"provider": "N2", "place": "350500", "level": 2, "designated": False},
]
STAYS = ("T1", "TH", "S2", "C3", "Z3", "Z2", "Q3", "O3", "O2", "N2", "S2", "Q3")
BORN = ("1975-05-20", "1957-12-27", "1958-01-02", "1999-12-31", "2000-01-01", "2003-03-02", "2018-04-10")
NEWBORN = ("2018-04-10", "2018-11-20", "2018-12-31", "2018-10-02")
GROUPS: tuple[dict[str, Any], ...] = (
    {"group": "minimum_living"},
    {"group": "orphan"},
    {"group": "low_income_family"},
    {"group": "low_income_family", "disabled": True},
    {"group": "only_son_family", "role": "child"},
    {"group": "only_son_family", "role": "parent"},
    {"group": "daughter_family", "daughters": 1, "role": "parent"},
    {"group": "daughter_family", "daughters": 2, "role": "child"},
    {"group": "daughter_family", "daughters": 2, "sterilised": True, "role": "parent"},
    {"group": "daughter_family", "daughters": 3, "sterilised": True, "role": "parent"},
    {"group": "disability_certificate"},
    {"group": "hardship_party_member"},
    {"group": "medical_assistance_recipient"},
    {"group": "veteran_cadre_surviving_spouse"},
    {"group": "veteran_cadre_survivor"},
    {"group": "old_revolutionary_base_elder"},
)
PAID = ("2017-12-20", "2017-12-27", "2017-12-31", "2018-01-01", "2018-03-01", "2018-10-31", "2018-11-01")
NEXT = ("2018-12-20", "2018-12-31", "2019-01-01", "2019-02-18", "2019-02-19", "2019-03-31", "2019-04-01")
AMOUNTS = (
    "25.00",
    "49.99",
    "50.00",
    "400.00",
    "400.01",
    "799.99",
    "1000.55",
    "3333.33",
    "6400.00",
    "16800.00",
    "30800.07",
    "100800.00",
    "273527.27",
    "280000.01",
)
CAUSES: tuple[dict[str, Any], ...] = ({},) * 14 + (
    {"cause": "work_injury"},
    {"cause": "third_party"},
    {"cause": "third_party", "third_party_amount": "10.00"},
    {"cause": "mass_disaster"},
    {"cause": "accident"},
    {"papers_missing": ["standard"]},
    {"emergency": True},
    {"emergency": True, "disease": "14"},
    {"disease": "7", "emergency": True},
    {"disease": "15"},
)


def _day(draw: st.DrawFn, first: str, last: str, *edges: str) -> date:
    """A day of a span, or one of its edges."""
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    anywhere = st.integers(0, (ends - begins).days).map(lambda n: begins + timedelta(days=n))
    return draw(st.one_of(anywhere, st.sampled_from([date.fromisoformat(e) for e in edges or (first,)])))


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Fact], list[Fact]]:
    """Facts as the agency learned them, and questions at several (E, K)."""
    birth = draw(st.sampled_from(BORN + NEWBORN))
    person = {"person": "P", "sex": "female", "born_on": birth, "household_registration": "350582"}
    first = max(birth, "2017-01-01")
    base = [{"fact": "provider_registered", "on": "2017-01-01", **place} for place in PLACES]
    base.append({"fact": "person_registered", "on": first, **person})
    told = [*_announcements(draw), *_standing(draw, birth), *_payments(draw, birth), *_claims(draw, birth)]
    changes: dict[str, list[dict[str, Any]]] = {
        "claim_submitted": [{"lines": [{"class": "A", "amount": amount}]} for amount in AMOUNTS[3:11]],
        "resident_contribution_paid": [{"amount": "180.00"}, {"amount": "54.00"}, {"amount": "150.00"}],
        "group_recognised": [{"group": "minimum_living"}, {"to": "2018-02-01"}],
    }
    facts = [*base, *draw(perturbed(told, changes))]
    facts = [{**fact, "id": fact.get("id", f"b{number}")} for number, fact in enumerate(facts)]
    return facts, _questions(draw, facts)


def _announcements(draw: st.DrawFn) -> list[Fact]:
    def said(key: str, value: Any, year: int, **more: Any) -> Fact:
        return {"fact": "parameter_announced", "on": f"{year - 1}-10-10", "key": key, "value": value} | (
            {"year": year} | more
        )

    subsidy = {"province": "115.00", "city": "10.00", "county": "355.00", "town": "10.00"}
    outpatient = {"visit_deductible": "10", "rate": "0.50", "annual_cap": "100"}
    told = [
        said("resident_contribution", "220.00", 2019),
        said("fiscal_subsidy", subsidy, 2019),
        said("critical_illness_terms", CRITICAL, 2018),
        said("critical_illness_terms", {**CRITICAL, "cap": None}, 2019),
        said("special_disease_terms", {"SD1": {"annual_cap": "800.00"}, "SD2": {"annual_cap": None}}, 2018),
        said("upfront_share", "0.10", 2018),
        said("ordinary_outpatient_terms", outpatient, 2018),
        said("contribution_subsidy", {"own_share": "0.30"}, 2019, group="low_income_family"),
        said("contribution_subsidy", "30", 2019, group="only_son_family"),
    ]
    rare = [
        said("fiscal_subsidy", {**subsidy, "county": draw(st.sampled_from(("314.99", "315.00")))}, 2018),
        {**said("enrolment_window", {"last_day": "2018-02-28"}, 2018), "recorded": "2018-03-10"},
        said("special_group_extension", {"groups": ["minimum_living"]}, 2018),
    ]
    return [each for each in told if draw(st.integers(0, 9))] + [
        each for each in rare if not draw(st.integers(0, 5))
    ]


def _standing(draw: st.DrawFn, birth: str) -> list[Fact]:
    """Groups, employee cover, events that end the relation."""
    told: list[Fact] = []
    for group in draw(st.lists(st.sampled_from(GROUPS), max_size=2, unique_by=lambda g: str(g["group"]))):
        since = str(_day(draw, "2017-11-01", "2018-06-01", "2017-12-20", "2017-12-21"))
        told.append({"fact": "group_recognised", "on": max(since, birth), "person": "P", **group})
    fate = draw(st.integers(0, 11))
    at = str(_day(draw, "2017-12-25", "2019-03-01", "2018-01-01", "2018-12-31", "2019-01-01"))
    if fate == 0 and at > birth:
        told.append({"fact": "person_died", "on": at, "person": "P"})
    elif fate in (1, 2):
        reason = draw(st.sampled_from(("settled_abroad", "enlisted", "moved_away", "moved_within_area")))
        told.append(
            {"fact": "enrolment_ended", "on": at, "person": "P", "scheme": "resident", "reason": reason}
        )
    elif fate in (3, 4, 5):
        since = str(_day(draw, "2016-01-01", "2019-02-01", "2018-01-01", "2018-06-03", "2016-01-01"))
        until = draw(st.sampled_from((None, "2018-05-01", "2018-09-01", "2019-03-01")))
        if until is None or until > since:
            cover = {"cover": "employee", "from": since, "to": until}
            told.append({"fact": "other_cover_recorded", "on": since, "person": "P", **cover})
        if fate == 5:
            ended = {"scheme": "resident", "reason": "joined_other_scheme"}
            told.append({"fact": "enrolment_ended", "on": since, "person": "P", **ended})
    return told


def _payments(draw: st.DrawFn, birth: str) -> list[Fact]:
    told = []
    for year, days, whole in ((2018, PAID, "180.00"), (2019, NEXT, "220.00")):
        if not draw(st.integers(0, 7 if year == 2018 else 1)):
            continue
        after = date.fromisoformat(birth) + timedelta(days=draw(st.sampled_from((0, 30, 89, 90, 91, 120))))
        at = max(draw(st.sampled_from(days)), str(after) if birth >= "2018" else "")
        ways: list[list[str | None]] = [[None], [whole], [whole], ["54.00"], ["0.00"], ["100.00", whole]]
        amounts = draw(st.sampled_from(ways))
        for number, amount in enumerate(amounts):
            paid_on = str(date.fromisoformat(at) + timedelta(days=20 * number))
            fact = {"fact": "resident_contribution_paid", "on": paid_on, "persons": ["P"], "year": year}
            told.append({**fact, "id": f"pay{year}{number}"} | ({"amount": amount} if amount else {}))
    return told


def _claims(draw: st.DrawFn, birth: str) -> list[Fact]:
    told: list[Fact] = []
    for number in range(draw(st.integers(1, 5))):
        kind = draw(
            st.sampled_from(
                ("inpatient",) * 6 + ("special_disease",) * 2 + ("ordinary_outpatient", "delivery")
            )
        )
        at = _day(draw, "2018-01-02", "2019-02-20", "2018-04-30", "2018-05-01", "2018-06-03", "2018-12-31")
        at = max(at, date.fromisoformat(birth) + timedelta(days=draw(st.integers(0, 60))))
        claim = {"fact": "claim_submitted", "on": str(at), "claim": f"c{number}", "person": "P", "kind": kind}
        told.append(_bill(draw, claim, at, birth, number))
    for layer in draw(
        st.lists(
            st.sampled_from(("medical_assistance", "supplementary_insurance", "accident_insurance")),
            max_size=1,
        )
    ):
        amount = draw(st.sampled_from(("0.00", "1.00", "500.00", "3000.00")))
        told.append(
            {"fact": "layer_paid", "on": "2018-09-01", "claim": "c0", "layer": layer, "amount": amount}
        )
    if not draw(st.integers(0, 7)):
        finding = {
            "fact": "sanction_decided",
            "on": "2018-10-01",
            "person": "P",
            "claims": ["c0"],
            "reason": "fraud",
        }
        told.append({**finding, **draw(st.sampled_from(({}, {"barred_year": 2018}, {"barred_year": 2018})))})
    for disease in ("SD1", "SD2"):
        since = draw(st.sampled_from(("2018-01-05", "2018-05-01")))
        approved = {"disease": disease, "providers": ["S2"] if disease == "SD1" else ["S2", "Q3"]}
        told.append({"fact": "special_disease_approved", "on": since, "person": "P", **approved})
    told.append({"fact": "patient_referred", "on": "2018-01-02", "person": "P", "to_provider": "O3"})
    return told


def _bill(draw: st.DrawFn, claim: Fact, at: date, birth: str, number: int) -> Fact:
    amounts = st.sampled_from(AMOUNTS)
    kind = claim["kind"]
    if kind == "inpatient":
        admitted = max(at - timedelta(days=draw(st.sampled_from((0, 1, 5, 9)))), date.fromisoformat(birth))
        days = sorted({admitted, at} | ({date(2018, 12, 31)} if admitted.year < at.year else set()))
        lines = [{"on": str(d), "class": "A", "amount": draw(amounts)} for d in days]
        if draw(st.booleans()):
            cut = {"limit_price": draw(st.sampled_from(("20.00", "5000.00")))}
            lines.append(
                {"on": str(at), "class": draw(st.sampled_from("BBC")), "amount": draw(amounts), **cut}
            )
        claim |= {"provider": draw(st.sampled_from(STAYS)), "admitted_on": str(admitted), "lines": lines}
        if number and not draw(st.integers(0, 3)):
            claim["continues"] = f"c{number - 1}"
        return {**claim, **draw(st.sampled_from(CAUSES))}
    line: Fact = {"class": "A", "amount": draw(amounts)}
    if kind == "special_disease":
        claim |= {
            "provider": draw(st.sampled_from(("S2", "S2", "Q3"))),
            "disease": draw(st.sampled_from(("SD1", "SD2"))),
        }
    elif kind == "ordinary_outpatient":
        claim |= {"provider": draw(st.sampled_from(("T1", "CH", "TH", "S2", "Z3")))}
        line["amount"] = draw(st.sampled_from(("9.99", "10.00", "100.01", "150.00")))
    else:
        mode = draw(st.sampled_from(("natural", "difficult", "caesarean")))
        months = draw(st.sampled_from((0, 0, 11, 12)))
        claim |= {"provider": draw(st.sampled_from(("S2", "O3", "N2")))}
        claim["maternity"] = {"event": "birth", "delivery_mode": mode, "maternity_insurance_months": months}
    return {**claim, "lines": [line]}


def _questions(draw: st.DrawFn, facts: Sequence[Fact]) -> list[Fact]:
    moments = sorted(
        {str(day(str(f.get("recorded") or f["on"]))) for f in facts if f["fact"] != "provider_registered"}
    )
    picked = {*draw(st.lists(st.sampled_from(moments), min_size=1, max_size=3)), moments[-1]}
    claims = sorted({f["claim"] for f in facts if f["fact"] == "claim_submitted" and "claim" in f})
    days = [
        str(_day(draw, "2017-12-20", "2019-06-01", "2018-01-01", "2018-05-01", "2019-01-01"))
        for _ in range(3)
    ]
    asked: list[Fact] = []
    for known in sorted(picked):
        at = {"known": known}
        told = {
            f["claim"] for f in facts if "claim" in f and str(day(str(f.get("recorded") or f["on"]))) <= known
        }
        asked += [{"ask": "claim", "claim": claim, **at} for claim in claims if claim in told]
        who = {"person": "P", "scheme": "resident", **at}
        asked += [{"ask": "benefit_status", "on": each, **who} for each in days]
        for year in (2018, 2019):
            asked.append({"ask": "year_totals", "year": year, **who})
            asked.append({"ask": "refund_due", "year": year, "on": known, **who})
            asked.append({"ask": "contribution_due", "year": year, "on": known, **who})
        asked.append({"ask": "fund_account", "fund": "resident_pooled", "on": known, **at})
        paid = [f["id"] for f in facts if f["fact"] == "resident_contribution_paid" and "persons" in f]
        asked += [{"ask": "acceptance", "id": each, **at} for each in dict.fromkeys(paid)]
    return asked
