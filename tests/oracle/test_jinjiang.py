"""Jinjiang, read twice: the ledger and a second evaluator answer alike on invented people; and the posting table."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.comparing import books, disagreements, many_histories
from tests.oracle.jinjiang import answer
from tests.oracle.jinjiang.enrolling import households
from tests.oracle.jinjiang.histories import histories

JINJIANG = "350582"
END = date(2018, 12, 31)
Fact = dict[str, Any]


@many_histories
@given(st.one_of(histories(), histories(), households()))
def test_two_readings_agree(history: tuple[list[Fact], list[Fact]]) -> None:
    facts, questions = history
    assert not disagreements(facts, questions, JINJIANG, answer)


def resident(person: str, paid_on: str = "2017-12-20", **payment: Any) -> list[Fact]:
    who = {"person": person, "born_on": "1975-05-20", "household_registration": JINJIANG}
    paid = {"fact": "resident_contribution_paid", "on": paid_on, "persons": [person], "year": 2018, **payment}
    return [{"fact": "person_registered", "on": "2017-01-01", **who}, paid]


def stay(person: str, place: str, hospital: dict[str, Any] | None = None, **claim: Any) -> list[Fact]:
    """A stay of 1400.00 at a level 2 hospital of a place."""
    name = f"H{person}"
    provider = {"provider": name, "place": place, "level": 2, **(hospital or {})}
    bill = {"claim": f"c{person}", "person": person, "provider": name, "kind": "inpatient"}
    lines = [{"class": "A", "amount": "1400.00"}]
    return [
        {"fact": "provider_registered", "on": "2017-01-01", **provider},
        {"fact": "claim_submitted", "on": "2018-02-01", **bill, "lines": lines, **claim},
    ]


def test_budgets_and_insurers_of_an_enrolment_on_time_and_late() -> None:
    """JJ-4.2b, 4.2c, 6.2f: the county also buys both insurances, and replaces the upper levels for late joiners."""
    on_time = {"government:province": "-112.50", "government:city": "-10.00", "government:county": "-377.50"}
    same = {
        "fund:resident_pooled": "660.00",
        "member:P": "-180.00",
        "government:town": "-10.00",
        "insurer:supplementary_insurance": "20.00",
        "insurer:accident_insurance": "10.00",
    }
    assert books(JINJIANG, END, *resident("P")) == same | on_time
    assert books(JINJIANG, END, *resident("P", "2018-03-01")) == same | {"government:county": "-500.00"}


def test_a_category_is_paid_by_the_county() -> None:
    """JJ-4.3a: the own share is what the category leaves."""
    group = {"fact": "group_recognised", "on": "2017-12-01", "person": "P", "group": "minimum_living"}
    found = books(JINJIANG, END, *resident("P", amount="0.00"), group)
    assert found["government:county"] == "-557.50"
    assert "member:P" not in found


def test_a_premium_from_a_relatives_account_is_the_members_payment() -> None:
    """JJ-4.5a: from the account of the employee to the fund, once."""
    cover = {"fact": "other_cover_recorded", "on": "2015-01-01", "person": "E", "cover": "employee"}
    opening = {"fact": "opening_account", "on": "2017-12-01", "person": "E", "balance": "200.00"}
    way = {"paid_from": "personal_account", "account_holder": "E", "relationship": "parent"}
    found = books(JINJIANG, END, cover | {"from": "2015-01-01"}, opening, *resident("P", **way))
    assert found["personal_account:E"] == "20.00"
    assert found["fund:resident_pooled"] == "660.00"
    assert "member:P" not in found


def test_the_hospital_is_paid_where_it_settles_directly_and_the_person_elsewhere() -> None:
    """JJ-7.1a: in the pool and at networked hospitals of the province, unless the claim says how it was settled."""
    places: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
        "A": ("350500", {}, {}),
        "B": ("350100", {}, {}),
        "C": ("350100", {"direct_settlement": False}, {}),
        "D": ("350500", {"designated": False}, {"emergency": True}),
        "E": ("310100", {}, {}),
        "F": ("310100", {}, {"settlement": "direct"}),
        "G": ("350500", {}, {"settlement": "manual"}),
    }
    facts = [
        f for who, (at, how, claim) in places.items() for f in resident(who) + stay(who, at, how, **claim)
    ]
    found = books(JINJIANG, END, *facts)
    paid = {name: amount for name, amount in found.items() if name.startswith(("provider:", "bank:"))}
    assert paid == {
        "provider:HA": "750.00",
        "provider:HB": "600.00",
        "bank:C": "600.00",
        "bank:D": "750.00",
        "bank:E": "600.00",
        "provider:HF": "600.00",
        "bank:G": "750.00",
    }


def test_the_relief_of_a_surviving_spouse_goes_to_the_person() -> None:
    """JJ-6.3a, 8.5a: half of the 650.00 that is left, from the cadres' relief fund, wherever the fund's part goes."""
    group = {"fact": "group_recognised", "on": "2017-12-01", "group": "veteran_cadre_surviving_spouse"}
    terms = {"fact": "parameter_announced", "on": "2017-12-01", "key": "critical_illness_terms", "year": 2018}
    found = books(
        JINJIANG,
        END,
        terms | {"value": {"bands": []}},
        *(group | {"person": who} for who in "PQ"),
        *(fact for who in "PQ" for fact in resident(who)),
        *stay("P", "350500"),
        *stay("Q", "350500", settlement="manual"),
    )
    assert (found["provider:HP"], found["bank:P"], found["bank:Q"]) == ("750.00", "325.00", "1075.00")
    assert found["insurer:cadre_relief_fund"] == "-650.00"


def test_what_the_employee_scheme_owes_comes_back_from_it_and_not_from_the_hospital() -> None:
    """JJ-5.3b: a resident payment made before employee cover was known is due from the employee scheme."""
    cover = {"fact": "other_cover_recorded", "on": "2018-01-10", "recorded": "2018-03-01", "person": "P"}
    known = cover | {"cover": "employee", "from": "2018-01-10"}
    found = books(JINJIANG, END, *resident("P"), *stay("P", "350500"), known)
    assert found["provider:HP"] == "750.00"
    assert found["insurer:employee_scheme"] == "-750.00"
    assert found["fund:resident_pooled"] == "660.00"


def test_falsified_money_stays_with_the_person_until_it_is_recovered() -> None:
    """JJ-9.4a: what comes back goes to the resident pool, whichever layer had paid."""
    finding = {
        "fact": "sanction_decided",
        "on": "2018-03-01",
        "reason": "fraud",
        "person": "P",
        "claims": ["cP"],
    }
    recovery = {"fact": "recovery_received", "on": "2018-04-01", "person": "P", "claims": ["cP"]}
    told_before = [*resident("P"), *stay("P", "350500", settlement="manual"), finding]
    assert books(JINJIANG, END, *told_before)["bank:P"] == "750.00"
    found = books(JINJIANG, END, *told_before, recovery | {"amount": "700.00"})
    assert (found["bank:P"], found["fund:resident_pooled"]) == ("50.00", "610.00")


def test_an_insurer_pays_a_person_directly() -> None:
    """JJ-6.2e, 6.3b: death, disability and relief by fact, outside any claim."""
    accident = {"fact": "layer_paid", "on": "2018-05-01", "person": "P", "layer": "accident_insurance"}
    relief = {"fact": "layer_paid", "on": "2018-05-01", "person": "P", "layer": "hardship_relief"}
    found = books(
        JINJIANG,
        END,
        accident | {"amount": "9000.00", "benefit_case": "disability"},
        relief | {"amount": "100.00"},
    )
    assert found["bank:P"] == "9100.00"
    assert found["insurer:accident_insurance"] == "-9000.00"
