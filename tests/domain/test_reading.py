"""The door: what is refused, with which code, naming which field."""

from typing import Any

import pytest

from domain.errors import InputRefused
from domain.facts import ClaimSubmitted, ContributionPaid, Withdrawal
from domain.facts.reading import read_fact
from domain.questions.reading import read_question
from domain.values.calendar import Moment

PAID: dict[str, Any] = {
    "fact": "contribution_paid",
    "on": "2018-01-31",
    "person": "P1",
    "capacity": "flexible",
    "months": ["2018-01/2018-12"],
    "amount": "5567.40",
}
CLAIM: dict[str, Any] = {
    "fact": "claim_submitted",
    "on": "2018-02-01",
    "claim": "c1",
    "person": "P1",
    "provider": "H1",
    "kind": "inpatient",
    "lines": [{"class": "A", "amount": "100.00"}],
}


def test_a_well_formed_fact_is_read_whole() -> None:
    fact = read_fact({**PAID, "recorded": "2018-02-03", "id": "f1"}, "510500")

    assert isinstance(fact, ContributionPaid)
    assert (fact.amount, len(fact.months or ()), fact.city) == (556740, 12, "510500")
    assert fact.recorded == Moment.parse("2018-02-03")


@pytest.mark.parametrize(
    ("change", "code", "name"),
    [
        ({"fact": "contribution_payed"}, "unknown_fact", "contribution_payed"),
        ({"colour": "red"}, "unknown_field", "colour"),
        ({"on": None}, "wrong_type", "on"),
        ({"on": "2018-13-01"}, "wrong_type", "on"),
        ({"on": "2018-02-30"}, "wrong_type", "on"),
        ({"amount": 5567.4}, "wrong_type", "amount"),
        ({"amount": 5567}, "wrong_type", "amount"),
        ({"amount": "5567.401"}, "wrong_type", "amount"),
        ({"amount": "NaN"}, "wrong_type", "amount"),
        ({"amount": "-1.00"}, "wrong_type", "amount"),
        ({"months": ["2018-1"]}, "wrong_type", "months"),
        ({"months": []}, "wrong_type", "months"),
        ({"capacity": "boss"}, "value_not_allowed", "capacity"),
        ({"month_count": 3}, "value_not_allowed", "month_count"),
        ({"person": ""}, "wrong_type", "person"),
        ({"void": False}, "value_not_allowed", "void"),
    ],
)
def test_what_breaks_the_contract_is_refused_by_field(change: dict[str, Any], code: str, name: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_fact({**PAID, **change}, "510500")

    assert (refused.value.code, refused.value.name) == (code, name)


@pytest.mark.parametrize(
    ("missing", "name"),
    [("on", "on"), ("person", "employer"), ("months", "months"), ("capacity", "capacity")],
)
def test_what_is_missing_is_named(missing: str, name: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_fact({field: value for field, value in PAID.items() if field != missing}, "510500")

    assert (refused.value.code, refused.value.name) == ("field_missing", name)


def test_an_unknown_field_deep_inside_is_named_with_its_place() -> None:
    bad = {**CLAIM, "lines": [{"class": "A", "amount": "1.00", "colour": "red"}]}

    with pytest.raises(InputRefused) as refused:
        read_fact(bad, "510500")

    assert refused.value.code == "unknown_field"
    assert refused.value.name.endswith("colour")


def test_a_claim_brings_lines_or_totals_but_not_both() -> None:
    totals = [{"year": 2018, "total": "100.00"}]
    assert isinstance(read_fact(CLAIM, "510500"), ClaimSubmitted)
    with pytest.raises(InputRefused, match="exactly one"):
        read_fact({**CLAIM, "totals": totals}, "510500")


def test_a_withdrawal_carries_only_the_envelope() -> None:
    told = {"fact": "contribution_paid", "on": "2018-03-01", "corrects": "f1", "void": True}

    fact = read_fact(told, "510500")

    assert isinstance(fact, Withdrawal)
    assert (fact.corrects, fact.withdraws) == ("f1", "contribution_paid")
    with pytest.raises(InputRefused) as refused:
        read_fact({**told, "person": "P1"}, "510500")
    assert refused.value.code == "unknown_field"


def test_a_question_needs_both_dates() -> None:
    with pytest.raises(InputRefused) as refused:
        read_question({"ask": "benefit_status", "person": "P1", "on": "2018-01-01"})
    assert (refused.value.code, refused.value.name) == ("field_missing", "known")
    with pytest.raises(InputRefused) as refused:
        read_question({"ask": "horoscope", "person": "P1"})
    assert refused.value.code == "unknown_fact"
