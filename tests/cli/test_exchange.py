"""`yibao export`, and `yibao import --platform`: there and back."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import FACTS, Yibao
from tests.toytown import CODE

PAID: list[dict[str, Any]] = [
    {"on": "2018-03-25", "months": ["2018-03"], "base": "6000.00"},
    {"on": "2018-04-25", "months": ["2018-04", "2018-06/2018-07"], "base": "6100.00", "amount": "1500.00"},
    {"on": "2018-04-26", "months": ["2017-12"], "base": "6000.00", "mode": "pooling_only", "purpose": "gap"},
]
"""More payments of P1: a gap in one of them, and things that the platform has no name for."""
EVERYTHING = ("--person", "P1", "--on", "2018-12-31", "--known", "2019-01-31", "--json")


@pytest.fixture
def paid(told: Yibao, tmp_path: Path) -> Yibao:
    """The town with more payments."""
    kind = {"fact": "contribution_paid", "person": "P1", "capacity": "flexible", "city": CODE}
    late = {"recorded": "2018-06-01"}
    file = tmp_path / "paid.jsonl"
    file.write_text("".join(json.dumps({**kind, **fact, **late}) + "\n" for fact in PAID), "utf-8")
    assert told("import", str(file)).code == 0
    return told


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_contributions_there_and_back(paid: Yibao, tmp_path: Path, kind: str) -> None:
    file, other = str(tmp_path / f"out.{kind}"), ("--database", str(tmp_path / "other.db"))
    said = paid("export", "contributions", "--format", kind, "--output", file)
    assert (said.code, said.out, said.err) == (0, "", "contributions 缴费: 6\n")
    back = paid("import", file, "--platform", *other, "--json")
    assert (back.code, back.json["recorded"], back.json["repeated"]) == (0, 5, 1)
    for question in ("months", "account"):
        assert paid(question, *EVERYTHING, *other).json == paid(question, *EVERYTHING).json
    assert paid("months", *EVERYTHING).json["answer"]["total"] == 6
    again = paid("import", file, "--platform", "--json").json
    assert (again["recorded"], again["rejected"]) == (0, 0), "into its own ledger it changes nothing"


def test_settlements_as_known_before_and_after(paid: Yibao) -> None:
    def settled(known: str) -> dict[str, str]:
        said = paid("export", "settlements", "--known", known)
        (row,) = csv.DictReader(io.StringIO(said.out))
        assert said.err == "settlements 结算: 1\n"
        return row

    before, after = settled("2018-04-30"), settled("2018-05-02")
    assert (before["hifp_pay"], before["psn_part_amt"]) == ("0.00", "500.00")
    assert (after["hifp_pay"], after["psn_part_amt"], after["med_type"]) == ("400.00", "100.00", "21")


def test_fund_payments(paid: Yibao) -> None:
    (line,) = paid("export", "fund-payments", "--json", "--city", CODE).json
    assert (line["setl_id"], line["fund_pay_type"], line["fund_payamt"]) == ("c1", "390100", "400.00")


def test_json_with_a_file_says_what_was_written(paid: Yibao, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    said = paid("export", "contributions", "--output", str(file), "--json")
    assert said.json == {"rows": 6, "output": str(file)}
    assert [path.name for path in tmp_path.glob("*.partial")] == []
    assert file.read_text("utf-8").startswith("poolarea_no,psn_no,")


def test_an_export_without_a_ledger_or_into_nowhere(paid: Yibao, tmp_path: Path) -> None:
    assert paid("export", "settlements", "--database", "missing.db").code == 3
    said = paid("export", "settlements", "--output", str(tmp_path / "no" / "where.csv"))
    assert said.code == 2
    assert said.err.startswith("yibao: file_unreadable") or said.err.startswith("yibao: file_")
    assert paid("export", "settlements", "--known", "soon").code == 2
    assert paid("export", "settlements", "--format", "xml").code == 2


def test_bad_records_are_rejected_and_the_others_recorded(yibao: Yibao, tmp_path: Path) -> None:
    file, rejects = tmp_path / "in.csv", tmp_path / "rejects.jsonl"
    head = "poolarea_no,psn_no,insutype,psn_type,clct_type,accrym_begn,accrym_end,clct_time\n"
    good = f"{CODE},P1,310,1103,10,202401,202402,2024-02-03 09:00:00\n"
    file.write_text(head + good + good.replace("310", "510") + good.replace("202401", "2024-01"), "utf-8")
    said = yibao("import", str(file), "--platform", "--rejects", str(rejects), "--json")
    assert (said.code, said.json["recorded"], said.json["rejected"]) == (2, 1, 2)
    kept = [json.loads(line) for line in rejects.read_text("utf-8").splitlines()]
    assert [(each["line"], each["code"], each["field"]) for each in kept] == [
        (3, "value_not_allowed", "insutype"),
        (4, "wrong_type", "accrym_begn"),
    ]


@pytest.mark.parametrize(
    ("content", "words", "code"),
    [
        ("name,psn_no\n", (), "unknown_field"),
        ("{}\n", ("--mapping", "x.toml"), "value_not_allowed"),
    ],
)
def test_a_file_of_another_kind(
    yibao: Yibao, tmp_path: Path, content: str, words: tuple[str, ...], code: str
) -> None:
    file = tmp_path / "in.csv"
    file.write_text(content, "utf-8")
    said = yibao("import", str(file), "--platform", *words)
    assert said.code == 2
    assert said.err.startswith(f"yibao: {code}")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{broken\n", "not_json"),
        ("[]\n", "unknown_field"),
        ("", "empty_file"),
        ('{"a": "b"}\n', "unknown_field"),
    ],
)
def test_json_lines_that_are_no_records(yibao: Yibao, tmp_path: Path, content: str, code: str) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(content, "utf-8")
    said = yibao("import", str(file), "--platform", "--json")
    assert said.code == 2
    assert code in said.out + said.err


def test_facts_told_are_the_towns() -> None:
    assert sum(fact["fact"].endswith("contribution_paid") for fact in FACTS) + len(PAID) == 5
