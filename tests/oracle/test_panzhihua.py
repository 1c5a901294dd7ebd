"""Panzhihua, read twice: the ledger and a second evaluator answer alike on invented people; and the posting table."""

from datetime import date
from typing import Any

from hypothesis import given

from tests.oracle.comparing import books, disagreements, many_histories
from tests.oracle.panzhihua import answer
from tests.oracle.panzhihua.histories import histories

PANZHIHUA = "510400"
END = date(2024, 12, 31)
Fact = dict[str, Any]


@many_histories
@given(histories())
def test_two_readings_agree(history: tuple[list[Fact], list[Fact]]) -> None:
    facts, questions = history
    assert not disagreements(facts, questions, PANZHIHUA, answer)


def announced(key: str, value: Any, **qualifiers: Any) -> Fact:
    return {"fact": "parameter_announced", "on": "2023-01-01", "key": key, "value": value, **qualifiers}


def aided_member(**payment: Any) -> list[Fact]:
    """Certified hardship, aid of 75%: 300.00 of 400.00; 130.00 are paid, 30.00 more than the own part."""
    paid = {"on": "2023-10-10", "persons": ["M"], "year": 2024, "amount": "130.00", **payment}
    return [
        announced("national_minimum_contribution", "380.00", year=2024),
        announced("resident_contribution", "400.00", year=2024),
        announced("enrolment_window", {"last_day": "2023-12-31"}, year=2024),
        announced("contribution_subsidy", {"rate": "0.75"}, year=2024, group="orphan"),
        {"fact": "group_recognised", "on": "2023-09-01", "person": "M", "group": "orphan", "hardship": True},
        {"fact": "resident_contribution_paid", **paid},
    ]


def test_a_contribution_its_excess_and_the_aid_that_is_due() -> None:
    """PZ-6a, 9a: the own part to the fund, what is above it held for whoever paid, the aid a claim on its source."""
    aid = {"receivable:aid:2024/orphan": "300.00", "government:2024/orphan": "-300.00"}
    paid = {"fund:resident_pooled": "100.00", "member:shop": "-130.00", "refundable:shop": "30.00"}
    assert books(PANZHIHUA, END, *aided_member(payer="shop")) == paid | aid
    part = {"member:M": "-99.99", "fund:resident_pooled": "99.99"}
    assert books(PANZHIHUA, END, *aided_member(amount="99.99")) == part, "no aid before the year is complete"


def test_a_refund_takes_from_where_the_money_is() -> None:
    """PZ-9c, 20a: own part and aid leave the fund gross, what was held is held no longer."""
    income = {"fund": "resident_pooled", "source": "aid", "amount": "300.00", "payer": "civil_affairs"}
    received = {"fact": "fund_income_received", "on": "2023-10-20", **income}
    asked = {
        "fact": "refund_requested",
        "on": "2023-11-01",
        "person": "M",
        "scheme": "resident",
        "year": 2024,
    }
    assert books(PANZHIHUA, END, *aided_member(payer="shop"), received, asked) == {
        "member:shop": "-130.00",
        "bank:M": "130.00",
        "government:civil_affairs": "-300.00",
        "receivable:aid:2024/orphan": "300.00",
    }


def test_a_claim_is_paid_to_the_hospital_or_to_the_person() -> None:
    """PZ-18a: each layer from its own account; directly to the provider, by hand to the person."""
    level = {"level": 1, "deductible": "100.00", "rate": "0.80"}
    highest = {"level": 3, "deductible": "700.00", "rate": "0.50"}
    terms = [
        announced("inpatient_terms", {"levels": [level, highest], "annual_cap": "160000.00"}),
        announced(
            "critical_illness_terms",
            {"bands": [{"over": "1000", "to": None, "rate": "0.50"}], "counted_kinds": ["inpatient"]},
        ),
        {"fact": "provider_registered", "on": "2023-01-01", "provider": "H", "place": "510402", "level": 1},
    ]
    bill = {"claim": "c", "person": "M", "kind": "inpatient", "provider": "H", "admitted_on": "2024-02-01"}
    lines = [{"class": "A", "amount": "8100.00"}]
    aid = {"fact": "layer_paid", "on": "2024-03-01", "claim": "c", "layer": "medical_assistance"}
    for way, payee in (("direct", "provider:H"), ("manual", "bank:M")):
        claim = {"fact": "claim_submitted", "on": "2024-02-09", **bill, "lines": lines, "settlement": way}
        found = books(PANZHIHUA, END, *aided_member(), *terms, claim, {**aid, "amount": "50.00"})
        assert found["fund:resident_pooled"] == "-6300.00", "100.00 less (8,100 - 100) x 80%"
        assert found["fund:critical_illness"] == "-350.00", "(1,700 - 1,000) x 50%"
        assert found["insurer:medical_assistance"] == "-50.00"
        assert found[payee] == "6800.00"


def test_income_and_recovery() -> None:
    """PZ-7a, 22a: money recovered is income of the fund on receipt, from whoever owed it."""
    interest = {"fund": "resident_pooled", "source": "interest", "amount": "12.34"}
    recovered = {"fact": "recovery_received", "on": "2024-05-01", "debtor": "provider", "amount": "500.00"}
    assert books(
        PANZHIHUA, END, {"fact": "fund_income_received", "on": "2024-04-01", **interest}, recovered
    ) == {
        "fund:resident_pooled": "512.34",
        "government:interest": "-12.34",
        "debtor:provider": "-500.00",
    }
