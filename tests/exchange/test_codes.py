"""The mapping tables: verified codes only, and only our own stored values."""

import pytest

from domain.values.terms import Capacity, ClaimKind, Fund, Layer, PaymentPurpose, Scheme
from ledger.exchange.codes import code, tables, value, wider_value

UNVERIFIED = {
    "med_type": {"22", "41"},
    "clr_type": {"41"},
    "chrgitm_lv": {"01", "02", "03"},
    "insutype_retr_flag": {"1"},
}
"""Codes marked unverified in the research note, by the platform's name of the field."""
VERIFIED = {
    "insutype": {"310", "320", "330", "340", "350", "360", "370", "380", "390", "391", "392", "399"}
    | {"410", "510"},
    "med_type": {"11", "12", "13", "14", "19", "21", "23", "24", "51", "52", "53"},
    "fund_pay_type": {"310100", "310200", "320100", "330100", "340100", "350100", "370100", "390100"}
    | {"390200", "510100", "310103", "610100"},
    "psn_type": {"11", "12", "13", "14", "15", "16", "1101", "1102", "1103", "1201", "1202", "1203"}
    | {"1300", "1401", "1402", "1403", "1404", "1405", "1501"},
    "clct_type": {"10", "20", "31", "32", "33", "34", "35", "40", "01", "02"},
    "clct_flag": {"0", "1"},
}
"""Codes seen in public client code, with what they are called there."""
FIELD = {"insutype_layer": "insutype"}
OURS = {
    "insutype": {term.value for term in Scheme},
    "insutype_layer": {term.value for term in Layer},
    "med_type": {term.value for term in ClaimKind},
    "psn_type": {term.value for term in Capacity},
    "fund_pay_type": {term.value for term in (*Fund, *Layer)} | {"personal_account"},
    "clct_type": {term.value for term in PaymentPurpose},
    "clct_flag": {"in_full"},
}


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_code_is_verified(name: str) -> None:
    field = FIELD.get(name, name)
    codes = set(tables()[name].values())
    assert not codes & UNVERIFIED.get(field, set())
    assert codes <= VERIFIED[field]


def test_every_table_maps_our_own_values() -> None:
    assert set(tables()) == set(OURS)
    for name, table in tables().items():
        assert set(table) <= OURS[name], name


def test_what_has_no_code_is_empty() -> None:
    assert code("med_type", ClaimKind.PHARMACY) == ""
    assert value("med_type", "41") is None


@pytest.mark.parametrize(
    ("platform", "ours"), [("1101", "employed"), ("1102", "employed"), ("1103", "flexible"), ("99", None)]
)
def test_a_finer_code_is_read_as_the_wider_one(platform: str, ours: str | None) -> None:
    assert wider_value("psn_type", platform) == ours
