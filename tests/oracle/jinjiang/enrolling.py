"""Invented households of Jinjiang: who may join, who pays, from which account, and when the wait ends."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.oracle.jinjiang.histories import AMOUNTS, CRITICAL, GROUPS
from tests.oracle.perturbing import perturbed
from tests.oracle.telling import Fact, day

PEOPLE: tuple[dict[str, Any], ...] = (
    {"born_on": "1975-05-20", "household_registration": "350582"},
    {"born_on": "1980-01-01", "household_registration": "350521"},
    {"born_on": "1980-01-01", "household_registration": "350100", "occupation": "employed"},
    {"born_on": "2000-11-11", "household_registration": "350582", "occupation": "student"},
    {"born_on": "2000-11-11", "household_registration": "430100", "occupation": "student"},
    {"born_on": "2018-10-03", "household_registration": "350582"},
)
STANDINGS: tuple[dict[str, Any], ...] = (
    {"group": "residence_permit_holder"},
    {"group": "stationed_troops"},
    {"group": "hong_kong_macao_taiwan_resident", "from": "2016-12-20"},
    {"group": "hong_kong_macao_taiwan_resident", "from": "2017-12-21"},
)
PAID = {
    2018: ("2017-12-20", "2017-12-31", "2018-02-28", "2018-03-01", "2018-09-05", "2018-11-01", "2019-01-02"),
    2019: (
        "2018-10-15",
        "2018-12-20",
        "2018-12-28",
        "2018-12-31",
        "2019-01-01",
        "2019-04-02",
        "2019-08-31",
        "2019-09-01",
        "2019-09-30",
        "2019-10-01",
    ),
}
WAYS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"channel": "school"},
    {"channel": "school", "new_student": True},
    {"channel": "unit", "payer": "E1"},
    {"paid_from": "personal_account", "account_holder": "E", "relationship": "parent"},
    {"paid_from": "personal_account", "account_holder": "E", "relationship": "sibling"},
    {"paid_from": "personal_account", "account_holder": "E", "relationship": "grandchild"},
)


@st.composite
def households(draw: st.DrawFn) -> tuple[list[Fact], list[Fact]]:
    """A household of two, a relative with an account, and what is asked about them."""
    told = [*_announcements(draw), *_account(draw)]
    base: list[Fact] = [
        {"fact": "provider_registered", "on": "2017-01-01", "provider": "S2", "place": "350500", "level": 2}
    ]
    for name in ("A", "B"):
        who = draw(st.sampled_from(PEOPLE))
        first = max("2017-01-01", str(who["born_on"]))
        base.append({"fact": "person_registered", "on": first, "person": name, "sex": "female", **who})
        told += _person(draw, name, who)
    if draw(st.booleans()):
        base.append(
            {"fact": "household_registered", "on": "2017-01-01", "household": "H", "members": ["A", "B"]}
        )
    changes: dict[str, list[dict[str, Any]]] = {
        "resident_contribution_paid": [{"amount": "180.00"}, {"amount": "60.00"}],
        "other_cover_recorded": [{"to": "2018-05-01"}],
        "group_recognised": [{"to": "2018-02-01"}],
        "personal_account_spent": [{"amount": "1.00"}],
    }
    facts = [*base, *draw(perturbed(told, changes))]
    facts = [{**fact, "id": fact.get("id", f"b{number}")} for number, fact in enumerate(facts)]
    return facts, _questions(draw, facts)


def _announcements(draw: st.DrawFn) -> list[Fact]:
    subsidy = {"province": "115.00", "city": "10.00", "county": "355.00", "town": "10.00"}
    said: list[tuple[str, Any, int]] = [
        ("resident_contribution", "220.00", 2019),
        ("fiscal_subsidy", subsidy, 2019),
        ("student_window", {"first_day": "2019-08-15", "last_day": "2019-09-30"}, 2019),
        (
            "enrolment_window",
            {"last_day": draw(st.sampled_from(("2018-09-30", "2018-12-25", "2019-02-28")))},
            2019,
        ),
        ("enrolment_window", {"last_day": "2018-02-28"}, 2018),
        ("resident_contribution", "200.00", 2018),
        ("critical_illness_terms", CRITICAL, 2018),
    ]
    chances = (9, 9, 4, 2, 1, 1, 9)
    kept = [each for each, often in zip(said, chances, strict=True) if draw(st.integers(0, 9)) <= often]
    return [
        {"fact": "parameter_announced", "on": f"{year - 1}-10-10", "key": key, "value": value, "year": year}
        for key, value, year in kept
    ]


def _account(draw: st.DrawFn) -> list[Fact]:
    until = draw(st.sampled_from((None, None, "2017-12-25", "2018-10-01")))
    cover = {
        "fact": "other_cover_recorded",
        "on": "2015-01-01",
        "person": "E",
        "cover": "employee",
        "from": "2015-01-01",
    }
    balance = draw(st.sampled_from(("180.00", "200.00", "360.00", "1000.00")))
    return [
        {**cover, "to": until},
        {"fact": "opening_account", "on": "2017-12-01", "person": "E", "balance": balance},
    ]


def _person(draw: st.DrawFn, name: str, who: dict[str, Any]) -> list[Fact]:
    told: list[Fact] = []
    birth = str(who["born_on"])
    for group in draw(
        st.lists(st.sampled_from(GROUPS + STANDINGS * 3), max_size=2, unique_by=lambda g: str(g["group"]))
    ):
        told.append({"fact": "group_recognised", "on": max("2017-12-01", birth), "person": name, **group})
    if not draw(st.integers(0, 3)):
        since = draw(st.sampled_from(("2017-12-01", "2018-01-01", "2018-06-03", "2018-12-20")))
        cover = {"cover": draw(st.sampled_from(("employee", "resident"))), "from": since}
        until = draw(st.sampled_from((None, "2019-03-01")))
        told.append({"fact": "other_cover_recorded", "on": since, "person": name, "to": until, **cover})
    for year in (2018, 2019):
        if not draw(st.integers(0, 3)):
            continue
        at = max(draw(st.sampled_from(PAID[year])), birth)
        amounts = [None, "180.00", "220.00", "60.00", "73.33", "0.00", "54.00"]
        amount = draw(st.sampled_from(amounts))
        paid: Fact = {"fact": "resident_contribution_paid", "on": at, "persons": [name], "year": year}
        paid |= {"id": f"pay{name}{year}", **draw(st.sampled_from(WAYS))} | (
            {"amount": amount} if amount else {}
        )
        told.append(paid | ({"household": "H"} if draw(st.booleans()) else {}))
    if draw(st.booleans()):
        at = max(draw(st.sampled_from(("2018-01-05", "2018-05-01", "2018-12-31", "2019-10-05"))), birth)
        line = {"class": "A", "amount": draw(st.sampled_from(AMOUNTS[3:8]))}
        claim = {
            "claim": f"c{name}",
            "person": name,
            "provider": "S2",
            "kind": "inpatient",
            "admitted_on": at,
        }
        told.append({"fact": "claim_submitted", "on": at, **claim, "lines": [line]})
    return told


def _questions(draw: st.DrawFn, facts: Sequence[Fact]) -> list[Fact]:
    def learned(fact: Fact) -> str:
        return str(day(str(fact.get("recorded") or fact["on"])))

    moments = sorted({learned(f) for f in facts if f["fact"] != "provider_registered"})
    picked = {*draw(st.lists(st.sampled_from(moments), min_size=1, max_size=3)), moments[-1]}
    days = [str(date(2017, 12, 20) + timedelta(days=draw(st.integers(0, 800)))) for _ in range(3)]
    days.append(draw(st.sampled_from(("2018-12-20", "2018-12-30", "2018-12-31", "2019-01-01"))))
    asked: list[Fact] = []
    for known in sorted(picked):
        at, told = {"known": known}, [f for f in facts if learned(f) <= known]
        for name in ("A", "B"):
            who = {"person": name, "scheme": "resident", **at}
            asked += [{"ask": "benefit_status", "on": each, **who} for each in days]
            for year in (2018, 2019):
                asked.append({"ask": "contribution_due", "year": year, "on": known, **who})
                asked.append({"ask": "refund_due", "year": year, "on": known, **who})
        asked += [{"ask": "claim", "claim": f["claim"], **at} for f in told if "claim" in f]
        asked += [
            {"ask": "acceptance", "id": f["id"], **at}
            for f in told
            if f["fact"] == "resident_contribution_paid"
        ]
        asked.append({"ask": "personal_account", "person": "E", "on": known, **at})
        asked.append({"ask": "fund_account", "fund": "resident_pooled", "on": known, **at})
        asked.append({"ask": "fund_transfer", "transfer": "layer_premium", "year": 2018, "on": known, **at})
    return asked
