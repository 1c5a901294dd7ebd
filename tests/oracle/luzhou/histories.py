"""Lives of members of this city, and the questions an auditor would ask about them."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.oracle.luzhou.bills import bills_of
from tests.oracle.luzhou.careers import careers
from tests.oracle.perturbing import perturbed

Fact = dict[str, Any]
History = tuple[list[Fact], list[Fact]]

WAGES = ((2016, "2017-07-10", "56400"), (2017, "2018-07-10", "61860"), (2018, "2019-06-28", "67260"))
YEARS = (2018, 2019, 2020)
PLACES: tuple[Fact, ...] = (
    {"provider": "h2", "place": "510502", "level": 2, "grade": "A"},
    {"provider": "h3", "place": "510502", "level": 3, "grade": "A"},
    {"provider": "thc", "place": "510521", "kind": "township_health_centre", "locality": "township"},
    {"provider": "out3", "place": "510100", "level": 3, "grade": "A"},
    {"provider": "out2", "place": "510100", "level": 2, "grade": "B", "direct_settlement": False},
    {"provider": "ph", "place": "510502", "kind": "pharmacy"},
)
CHANGES: dict[str, list[Fact]] = {
    "claim_submitted": [
        {"totals": [{"year": 2018, "total": "3000.00", "in_scope": "2500.00"}]},
        {"emergency": True},
    ],
    "resident_contribution_paid": [{"tier": 1}, {"tier": 2}],
    "enrolled": [{"wage": "9000.00"}],
    "parameter_announced": [{"value": "60000"}],
}


def announced(key: str, on: str, value: Any, **marks: Any) -> Fact:
    return {"fact": "parameter_announced", "on": on, "key": key, "value": value, **marks}


def setting(cap: str) -> list[Fact]:
    """Rates, wages, caps and hospitals: known before anything happens."""
    found = [
        announced("employer_rate", "2017-12-01", "0.07"),
        announced("employee_rate", "2017-12-01", "0.02"),
        announced("waiting_days", "2017-12-01", "60", scheme="resident"),
        announced("deposit_rate_percent", "2017-12-01", "1.10"),
        announced("average_annual_wage", "2017-07-10", "56400", year=2016),
    ]
    for year in YEARS:
        found.append(announced("annual_cap", "2017-12-01", cap, scheme="employee", year=year))
        found.append(announced("annual_cap", "2017-12-01", "150000", scheme="resident", year=year))
        for tier, amount in ((1, "60.00"), (2, "90.00")):
            found.append(announced("family_account_allocation", "2017-12-01", amount, year=year, tier=tier))
    for place in PLACES:
        found.append({"fact": "provider_registered", "on": "2017-12-01", "recorded": "2017-12-01", **place})
    return sorted(found, key=lambda fact: str(fact["on"]))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """One person (sometimes with a household), everything told about him, and questions at several E and K."""
    life = draw(careers())
    claims = draw(bills_of(life))
    later = [announced("average_annual_wage", on, value, year=year) for year, on, value in WAGES[1:]]
    later.append(announced("age_coefficient", "2018-01-05", "14.40", year=2018))
    later.append(announced("retiree_account_base", "2018-01-03", "2600.00", year=2018))
    told = sorted([*later, *life, *claims], key=lambda fact: str(fact.get("recorded", fact["on"])))
    if draw(st.booleans()):
        told = draw(perturbed(told, CHANGES))
    facts = [*setting(draw(st.sampled_from(("250000", "6000.00")))), *told]
    return facts, draw(questions(told))


@st.composite
def questions(draw: st.DrawFn, told: list[Fact]) -> list[Fact]:
    people = sorted({str(f["person"]) for f in told if "person" in f} | {"P"})
    claims = [f for f in told if f["fact"] == "claim_submitted" and "corrects" not in f]
    moments = sorted({str(f.get("recorded", f["on"]))[:10] for f in told})
    known = st.sampled_from([*moments, "2019-12-31", "2020-06-30"])
    found: list[Fact] = []
    for claim in claims:
        for moment in dict.fromkeys((draw(known), "2020-06-30")):
            found.append({"ask": "claim", "claim": claim["claim"], "known": moment})
    days = _days(told)
    for _ in range(4):
        found.append(_about_a_person(draw, draw(st.sampled_from(people)), days, draw(known)))
    households = {str(f["household"]) for f in told if f.get("household")}
    households |= {str(f["to_household"]) for f in told if f.get("to_household")}
    for household in sorted(households):
        for on in (str(draw(st.sampled_from(days))), "2020-06-30"):
            moment = max(on, draw(known))
            found.append({"ask": "family_account", "household": household, "on": on, "known": moment})
    found.append({"ask": "personal_account", "person": "P", "on": "2020-06-30", "known": "2022-01-01"})
    for fact in told:
        if "id" in fact and fact["fact"] in ("contribution_paid", "resident_contribution_paid"):
            found.append({"ask": "acceptance", "id": fact["id"], "known": draw(known)})
            break
    return found


def _about_a_person(draw: st.DrawFn, person: str, days: list[date], known: str) -> Fact:
    on = draw(st.sampled_from(days))
    kind = draw(
        st.sampled_from(
            ("benefit_status",) * 4
            + ("personal_account",) * 2
            + ("contribution_months", "retirement", "year_totals", "back_payment", "lump_sum_due")
        )
    )
    if kind == "year_totals":
        scheme = draw(st.sampled_from(("employee", "resident")))
        return {"ask": kind, "person": person, "scheme": scheme, "year": min(on.year, 2019), "known": known}
    question: Fact = {"ask": kind, "person": person, "on": str(on), "known": known}
    if kind == "benefit_status":
        asked = draw(st.sampled_from(({"scheme": "employee"}, {"scheme": "resident"}, {})))
        return question | asked
    if kind != "contribution_months":
        question["known"] = max(str(on), known)
    return question


def _days(told: list[Fact]) -> list[date]:
    """The days on which something happens, their neighbours and the edges of months."""
    found: set[date] = set()
    for fact in told:
        on = date.fromisoformat(str(fact["on"]))
        for near in (on - timedelta(days=1), on, on + timedelta(days=1)):
            found |= {near, near.replace(day=1)}
    found |= {date(2018, 12, 31), date(2019, 1, 1), date(2019, 12, 31)}
    return sorted(day for day in found if date(2018, 1, 1) <= day <= date(2020, 3, 31))
