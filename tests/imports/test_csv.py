"""CSV files of other systems: a mapping says which column is which field."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import InputRefused
from ledger.imports import table
from ledger.imports.json_lines import Told
from ledger.imports.mapping import Mapping, place, read_mapping
from ledger.imports.sources import Refused, opened

PAID = """
ignore = ["备注"]
money = ["amount"]
date_format = "%Y/%m/%d"

[columns]
"到账日期" = "on"
"单位" = "employer"
"月份" = "months"
"金额" = "amount"
"清欠" = "clears_arrears"

[constants]
fact = "contribution_paid"
capacity = "employed"

[values]
employer = { "一厂" = "E1" }
"""
HEADING = "到账日期,单位,月份,金额,清欠,备注\n"


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    """A mapping of payments of employers."""
    file = tmp_path / "paid.toml"
    file.write_text(PAID, "utf-8")
    return read_mapping(str(file))


def read(tmp_path: Path, content: bytes, mapping: Mapping) -> list[Told | Refused]:
    """What a CSV file says."""
    file = tmp_path / "paid.csv"
    file.write_bytes(content)
    with opened(str(file)) as source:
        return list(table.facts(source.lines(), mapping))


def test_a_row_becomes_a_fact(tmp_path: Path, mapping: Mapping) -> None:
    row = '2018/02/25,一厂,2018-01;2018-02,"1,234.50",是,late\n'
    (told,) = read(tmp_path, ("\ufeff" + HEADING + row).encode(), mapping)
    assert isinstance(told, Told)
    fact = dict(told.fact)
    assert fact.pop("id").startswith("line-")
    assert fact == {
        "fact": "contribution_paid",
        "capacity": "employed",
        "on": "2018-02-25",
        "employer": "E1",
        "months": ["2018-01", "2018-02"],
        "amount": "1234.50",
        "clears_arrears": True,
    }


def test_an_empty_cell_is_a_field_left_out(tmp_path: Path, mapping: Mapping) -> None:
    (told,) = read(tmp_path, (HEADING + "2018/02/25,一厂,2018-01,,,\n").encode(), mapping)
    assert isinstance(told, Told)
    assert "amount" not in told.fact
    assert "clears_arrears" not in told.fact


def test_the_same_row_is_the_same_fact(tmp_path: Path, mapping: Mapping) -> None:
    row = "2018/02/25,一厂,2018-01,1.00,,\n"
    first, second = read(tmp_path, (HEADING + row + row).encode(), mapping)
    assert isinstance(first, Told)
    assert isinstance(second, Told)
    assert first.fact["id"] == second.fact["id"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("25.2.2018,一厂,2018-01,1.00,,\n".encode(), "wrong_type"),
        ("2018/02/25,一厂,2018-01,1.00,maybe,\n".encode(), "wrong_type"),
        ("2018/02/25,一厂,2018-01,1.00\n".encode(), "wrong_columns"),
        ("2018/02/25,一厂,2018-01,1.00,,".encode(), "truncated_line"),
        ("2018/02/25,一厂,2018-01,1.00,,\n".encode("gb18030"), "not_utf8"),
        ('2018/02/25,一厂,2018-01,"1.00,,\n'.encode(), "not_csv"),
        (b"", "empty_file"),
    ],
)
def test_a_bad_row_is_refused(tmp_path: Path, mapping: Mapping, row: bytes, code: str) -> None:
    (refused,) = read(tmp_path, HEADING.encode() + row, mapping)
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert refused.message


def test_another_encoding_is_read_when_the_mapping_says_so(tmp_path: Path) -> None:
    told = Mapping(
        columns={"单位": "employer"}, constants={"fact": "employer_registered"}, encoding="gb18030"
    )
    (row,) = read(tmp_path, "单位\n一厂\n".encode("gb18030"), told)
    assert isinstance(row, Told)
    assert row.fact["employer"] == "一厂"


@pytest.mark.parametrize("heading", ["到账日期,单位\n", HEADING.replace("备注", "说明")])
def test_headings_that_do_not_fit_refuse_the_file(tmp_path: Path, mapping: Mapping, heading: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read(tmp_path, (heading + "x\n").encode(), mapping)
    assert refused.value.code == "mapping_invalid"


@pytest.mark.parametrize(
    "content",
    [
        "[columns",
        "colums = 1",
        "[columns]\na = 'on'",
        'encoding = "klingon"\n[columns]\na = "fact"',
        "columns = 3",
    ],
)
def test_a_wrong_mapping_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(InputRefused) as refused:
        read_mapping(str(file))
    assert refused.value.code == "mapping_invalid"


def test_places_inside_a_field() -> None:
    told: dict[str, Any] = {}
    for path, value in (("totals.0.year", 2018), ("totals.0.total", "1.00"), ("bases.P1", "2.00")):
        place(told, path.split("."), value)
    assert told == {"totals": [{"year": 2018, "total": "1.00"}], "bases": {"P1": "2.00"}}


def test_a_claim_with_totals_from_one_row(tmp_path: Path) -> None:
    columns = {"单号": "claim", "年": "totals.0.year", "总额": "totals.0.total"}
    mapping = Mapping(columns=columns, constants={"fact": "claim_submitted"}, money=["totals.0.total"])
    (told,) = read(tmp_path, '单号,年,总额\n7,2018,"￥1,000.00"\n'.encode(), mapping)
    assert isinstance(told, Told)
    assert told.fact["claim"] == "7"
    assert json.loads(json.dumps(told.fact["totals"])) == [{"year": 2018, "total": "1000.00"}]
