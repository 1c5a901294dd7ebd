"""Contribution records: what is written is read back as the same fact."""

import json
from typing import Any

import pytest

from domain.errors import InputRefused
from domain.facts.reading import read_fact
from domain.values.calendar import Moment
from ledger.exchange.contributions import Payment, platform_time, rows
from ledger.exchange.records import FIELDS, fact_of
from tests.scenarios.histories import cases_of, cities

RECORD = {
    "poolarea_no": "990100",
    "psn_no": "P1",
    "insutype": "310",
    "psn_type": "1103",
    "clct_type": "10",
    "clct_flag": "1",
    "accrym_begn": "202401",
    "accrym_end": "202403",
    "clct_time": "2024-03-20 10:11:12",
    "opt_time": "2024-03-21 08:00:00",
}


def payments(folder: str, code: str) -> list[Payment]:
    """Every payment in the cases of a city."""
    found = []
    for number, case in enumerate(cases_of(folder)):
        for place, told in enumerate(case["facts"]):
            if not told.get("void") and not str(told["fact"]).startswith("refund"):
                name = f"case-{number}-{place}"
                fact = read_fact({"recorded": told["on"], **told, "id": name}, code)
                if isinstance(fact, Payment) and not fact.corrects:
                    found.append(fact)
    return found


@pytest.mark.parametrize(("folder", "code"), cities())
def test_every_payment_of_every_case_is_read_back_whole(folder: str, code: str) -> None:
    found = payments(folder, code)
    assert found
    for fact in found:
        records = list(rows(fact, code))
        assert all(tuple(record) == FIELDS for record in records)
        for record in records:
            assert read_fact(fact_of(record)) == fact
        paid = [record["psn_clct_amt"] for record in records if record["psn_clct_amt"]]
        assert len(paid) <= 1, "the sum of a payment stands in one record"


def test_a_record_of_another_system() -> None:
    told = fact_of({**RECORD, "emp_clct_amt": "500.00", "psn_clct_amt": "120.5", "revs_flag": "Z"})
    assert told.pop("id").startswith("line-")
    assert told == {
        "fact": "contribution_paid",
        "person": "P1",
        "capacity": "flexible",
        "months": ["2024-01", "2024-02", "2024-03"],
        "amount": "620.50",
        "on": "2024-03-20",
        "recorded": "2024-03-21T08:00:00+08:00",
        "city": "990100",
    }


def test_the_same_record_is_the_same_fact() -> None:
    again = dict(reversed(RECORD.items())) | {"emp_no": "", "finsubs_amt": None}
    assert fact_of(RECORD)["id"] == fact_of(again)["id"]
    assert fact_of(RECORD)["id"] != fact_of({**RECORD, "psn_no": "P2"})["id"]


def test_a_resident_and_a_layer() -> None:
    yearly = {**RECORD, "accrym_end": "202412", "psn_type": ""}
    resident = fact_of({**yearly, "insutype": "390", "psn_clct_amt": "380", "finsubs_amt": "640.00"})
    assert (resident["fact"], resident["persons"]) == ("resident_contribution_paid", ["P1"])
    assert (resident["year"], resident["amount"], resident["subsidy"]) == (2024, "380.00", "640.00")
    layer = fact_of({**yearly, "insutype": "330", "psn_clct_amt": "60.00"})
    assert (layer["fact"], layer["layer"]) == ("supplement_contribution_paid", "large_amount")


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"insutype": ""}, "field_missing", "insutype"),
        ({"insutype": "380"}, "value_not_allowed", "insutype"),
        ({"clct_time": ""}, "field_missing", "clct_time"),
        ({"clct_time": "20240320"}, "wrong_type", "clct_time"),
        ({"accrym_begn": "202413"}, "wrong_type", "accrym_begn"),
        ({"accrym_begn": "202404"}, "value_not_allowed", "accrym_end"),
        ({"clct_type": ""}, "field_missing", "clct_type"),
        ({"clct_type": "20"}, "value_not_allowed", "clct_type"),
        ({"clct_flag": "0"}, "value_not_allowed", "clct_flag"),
        ({"revs_flag": "F"}, "value_not_allowed", "revs_flag"),
        ({"psn_type": "1300"}, "value_not_allowed", "psn_type"),
        ({"psn_clct_amt": "-1.00"}, "wrong_type", "psn_clct_amt"),
        ({"psn_clct_amt": 12.5}, "wrong_type", "psn_clct_amt"),
        ({"ledger_fields": "[1]"}, "wrong_type", "ledger_fields"),
        ({"cashym": "202401"}, "unknown_field", "cashym"),
        ({"insutype": "390"}, "value_not_allowed", "accrym_end"),
        ({"insutype": "390", "psn_no": ""}, "field_missing", "psn_no"),
        ({"insutype": "390", "clct_type": "31"}, "value_not_allowed", "clct_type"),
    ],
)
def test_a_record_without_meaning_is_refused(changed: dict[str, Any], code: str, field: str) -> None:
    record = {**RECORD, "accrym_end": "202503" if changed.get("insutype") == "390" else "202403", **changed}
    with pytest.raises(InputRefused) as refused:
        fact_of(record)
    assert (refused.value.code, refused.value.name) == (code, field)


def test_times_are_chinese_and_to_the_second() -> None:
    assert platform_time(Moment.parse("2024-03-21")) == "2024-03-21 23:59:59"
    assert platform_time(Moment.parse("2024-03-21T16:00:00.5Z")) == "2024-03-22 00:00:00"


def test_months_with_a_gap_are_two_records_of_one_fact() -> None:
    told = {"fact": "contribution_paid", "on": "2024-05-02", "recorded": "2024-05-02", "id": "gap"}
    told |= {"person": "P1", "capacity": "flexible", "amount": "300.00"}
    fact = read_fact({**told, "months": ["2024-01/2024-02", "2024-04"]}, "990100")
    assert isinstance(fact, Payment)
    first, second = rows(fact, "990100")
    assert (first["accrym_begn"], first["accrym_end"], first["psn_clct_amt"]) == (
        "202401",
        "202402",
        "300.00",
    )
    assert (second["accrym_begn"], second["psn_clct_amt"]) == ("202404", "")
    assert fact_of(first) == fact_of(second)
    assert json.loads(second["ledger_fields"])["amount"] == "300.00"
