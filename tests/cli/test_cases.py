"""Case files through the command line: what passes, what does not, and how it is told."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from ledger.comparing import compared
from tests.cli.conftest import FACTS, Yibao
from tests.toytown import CODE

CASE: dict[str, Any] = {
    "id": "late",
    "title": "A payment recorded late",
    "facts": FACTS,
    "questions": [
        {"ask": "claim", "claim": "c1", "known": "2018-04-30", "expect": {"outcome": "refused"}},
        {
            "ask": "claim",
            "claim": "c1",
            "known": "2018-05-02",
            "expect": {"pooled": "400", "stay_number": None},
        },
    ],
}


def write(tmp_path: Path, *cases: dict[str, Any], **changed: object) -> str:
    """A case file of the town."""
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"case_file": 1, "city": CODE, "cases": list(cases), **changed}), "utf-8")
    return str(file)


def variant(identifier: str, **changed: Any) -> dict[str, Any]:
    """The case with some fields changed."""
    return {**copy.deepcopy(CASE), "id": identifier, **changed}


def test_a_case_that_passes(yibao: Yibao, tmp_path: Path) -> None:
    said = yibao("case", "run", write(tmp_path, CASE), "--json")
    assert said.code == 0
    asked = {"ask": "claim", "passed": True, "mismatches": []}
    assert said.json == {
        "passed": 1,
        "failed": 0,
        "cases": [{"id": "late", "passed": True, "questions": [asked, asked]}],
    }


def test_a_mismatch_names_the_place(yibao: Yibao, tmp_path: Path) -> None:
    wrong = variant("wrong")
    wrong["questions"][1]["expect"] = {"pooled": "400.01"}
    said = yibao("case", "run", write(tmp_path, CASE, wrong), "--json")
    assert said.code == 1
    assert (said.json["passed"], said.json["failed"]) == (1, 1)
    mismatches = said.json["cases"][1]["questions"][1]["mismatches"]
    assert mismatches == [{"path": "pooled", "expected": "400.01", "got": "400.00"}]
    read = yibao("case", "run", write(tmp_path, CASE, wrong))
    assert "pooled: expected '400.01', got '400.00'" in read.out
    assert "passed 通过 1, failed 不符 1" in read.out


def test_a_fact_refused_at_the_door_is_named_and_the_rest_goes_on(yibao: Yibao, tmp_path: Path) -> None:
    told = [
        *FACTS,
        {**FACTS[0], "id": "same"},
        {**FACTS[0], "id": "same", "note": "other"},
        {"fact": "x", "id": "y"},
    ]
    asked = [*CASE["questions"], {"ask": "acceptance", "id": "y", "known": "2018-12-31"}]
    asked[-1] |= {"expect": {"error": {"code": "unknown_fact"}}}
    said = yibao("case", "run", write(tmp_path, variant("refusals", facts=told, questions=asked)), "--json")
    assert said.code == 0
    refused = [(each["id"], each["code"]) for each in said.json["cases"][0]["refused"]]
    assert sorted(refused) == [("same", "duplicate_id"), ("y", "unknown_fact")]


def test_a_case_without_questions_that_breaks_fails_too(yibao: Yibao, tmp_path: Path) -> None:
    twice = variant("twice", facts=[FACTS[0], {**FACTS[0], "person": "P2"}], questions=[])
    said = yibao("case", "run", write(tmp_path, twice), "--json")
    assert (said.code, said.json["failed"]) == (1, 1)


def test_a_crash_inside_is_one_failed_case(
    yibao: Yibao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("ledger.handle.Ledger.ask", crash)
    said = yibao("case", "run", write(tmp_path, CASE), "--json")
    assert said.code == 1
    (mismatch,) = said.json["cases"][0]["questions"][0]["mismatches"]
    assert mismatch["got"]["error"] == {"code": "internal_error", "message": "ZeroDivisionError: a defect"}


def test_a_question_without_expectation_is_answered(yibao: Yibao, tmp_path: Path) -> None:
    asked = [{"ask": "benefit_status", "person": "P1", "on": "2018-03-10", "known": "2018-05-02"}]
    file = write(tmp_path, variant("open", questions=asked))
    found = yibao("case", "run", file, "--json").json["cases"][0]["questions"][0]
    assert found["got"]["answer"]["status"] == "covered"
    assert "covered 正常享受" in yibao("case", "run", file).out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[", ("cases.json",)),
        ({"case_file": 2, "city": CODE, "cases": []}, ("case_file",)),
        ({"case_file": 1, "cases": []}, ("city",)),
        (
            {"case_file": 1, "city": CODE, "cases": [{"id": "a", "facts": [], "queries": []}]},
            ("a", "queries"),
        ),
        (
            {
                "case_file": 1,
                "city": CODE,
                "cases": [{"id": "a", "facts": [], "questions": [{"known": "x"}]}],
            },
            ("case a", "question 1", "`ask`"),
        ),
        (
            {"case_file": 1, "city": CODE, "cases": [{"id": "a", "facts": [], "questions": []}] * 2},
            ("two cases", "`a`"),
        ),
    ],
)
def test_a_malformed_file_is_refused_by_name(
    yibao: Yibao, tmp_path: Path, content: object, words: tuple[str, ...]
) -> None:
    file = tmp_path / "cases.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    said = yibao("case", "run", str(file), "--json")
    assert (said.code, said.out) == (2, "")
    error = json.loads(said.err)["error"]
    assert error["code"] == "malformed_case_file"
    for word in words:
        assert word in error["message"]


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ({"a": "12.50"}, {"a": "12.5"}),
        ({"a": None}, {}),
        ({"a": {"b": None}}, {}),
        ({"a": {}}, {"a": {"b": 1}}),
        ({"months": ["2018-01/2018-03"]}, {"months": ["2018-03", "2018-02", "2018-01"]}),
        ({"rows": [{"a": 1}, {}]}, {"rows": [{"a": 2}, {"a": 1}]}),
        ({"rows": [{"x": "1"}, {"x": "1", "y": 2}]}, {"rows": [{"x": "1", "y": 2}, {"x": "1.0", "y": 3}]}),
        ({"list": ["a", "b"]}, {"list": ["a", "b"]}),
        ({"list": []}, {"list": []}),
    ],
)
def test_what_agrees(expected: dict[str, Any], got: dict[str, Any]) -> None:
    assert list(compared(expected, {"answer": got, "because": []})) == []


@pytest.mark.parametrize(
    ("expected", "got", "path"),
    [
        ({"a": "12.50"}, {"a": "12.51"}, "a"),
        ({"a": None}, {"a": "0.00"}, "a"),
        ({"a": "0.00"}, {}, "a"),
        ({"a": 1}, {"a": True}, "a"),
        ({"a": "007"}, {"a": "7"}, "a"),
        ({"a": {"b": 1}}, {}, "a"),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, "a.c"),
        ({"months": ["2018-01"]}, {"months": ["2018-01", "2018-02"]}, "months"),
        ({"months": ["2018-01"]}, {"months": []}, "months"),
        ({"rows": [{"a": 1}, {"a": 1}]}, {"rows": [{"a": 1}, {"a": 2}]}, "rows"),
        ({"list": ["a", "b"]}, {"list": ["b", "a"]}, "list"),
        ({"list": ["a"]}, {"list": ["a", "b"]}, "list"),
        ({"list": []}, {"list": ["a"]}, "list"),
    ],
)
def test_what_does_not_agree(expected: dict[str, Any], got: dict[str, Any], path: str) -> None:
    (mismatch,) = compared(expected, {"answer": got, "because": []})
    assert mismatch["path"] == path


def test_errors_are_expected_as_errors() -> None:
    error = {"error": {"code": "announcement_missing", "name": "annual_cap"}, "because": []}
    assert list(compared({"error": {"code": "announcement_missing"}}, error)) == []
    (mismatch,) = compared({"error": {"code": "fact_missing"}}, error)
    assert mismatch == {"path": "error.code", "expected": "fact_missing", "got": "announcement_missing"}
    (mismatch,) = compared({"error": {"code": "fact_missing"}}, {"answer": {"a": 1}, "because": []})
    assert mismatch["path"] == "error"
    (mismatch,) = compared({"a": 1}, error)
    assert mismatch["got"]["error"]["name"] == "annual_cap"


def test_several_processes_tell_the_same_in_the_same_order(yibao: Yibao) -> None:
    folder = Path(__file__).parents[2] / "domain" / "municipalities" / "luzhou" / "cases"
    words = ("case", "run", str(folder / "worked_examples.json"), "--only", "LZ-W0", "--json")
    assert yibao(*words, "--jobs", "2").json == yibao(*words).json
