"""What a clerk asks in the terminal, and what she reads."""

from typing import Any

import pytest

from domain.questions.kinds import AnyQuestion
from ledger.cli.questions import asked_fields, tag_of
from tests.cli.conftest import Yibao

KINDS = [tag_of(kind) for kind in AnyQuestion.__args__]


def test_the_status_as_known_before_and_after_the_record(told: Yibao) -> None:
    before = told("status", "--person", "P1", "--on", "2018-03-10", "--known", "2018-04-30")
    after = told("status", "--person", "P1", "--on", "2018-03-10", "--known", "2018-05-02")
    assert before.code == after.code == 0
    assert "none 未参保" in before.out
    assert "not_enrolled 未参保" in before.out
    assert "covered 正常享受" in after.out
    assert "XC-1a" in after.out


def test_a_question_as_options_and_as_json_is_the_same_question(told: Yibao) -> None:
    by_options = told("ask", "claim", "--claim", "c1", "--known", "2018-05-02", "--json")
    by_json = told("ask", '{"ask": "claim", "claim": "c1", "known": "2018-05-02"}', "--json")
    short = told("claim", "c1", "--known", "2018-05-02", "--json")
    assert by_options.json == by_json.json == short.json
    assert by_json.json["answer"]["pooled"] == "400.00"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_has_a_verb_with_help(told: Yibao, kind: str) -> None:
    said = told("ask", kind, "--help")
    struct = next(each for each in AnyQuestion.__args__ if tag_of(each) == kind)
    assert said.code == 0
    for field in asked_fields(struct):
        assert f"--{field.name.replace('_', '-')}" in said.out


def test_all_22_questions_are_there() -> None:
    assert len(KINDS) == 22


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        (("account", "--person", "P1", "--on", "2018-03-01"), {"balance": "120.00"}),
        (("months", "--person", "P1", "--on", "2018-03-01"), {"total": 1}),
        (("family-account", "--household", "H1", "--on", "2018-03-01"), {"balance": "0.00"}),
    ],
)
def test_short_forms(told: Yibao, words: tuple[str, ...], fields: dict[str, Any]) -> None:
    answer = told(*words, "--known", "2018-06-01", "--json").json["answer"]
    assert {name: answer[name] for name in fields} == fields


def test_periods_of_both_schemes(told: Yibao) -> None:
    found = told("periods", "--person", "P1", "--known", "2018-06-01", "--json").json
    assert found["resident"]["answer"]["periods"][0]["status"] == "covered"
    assert found["employee"]["answer"]["periods"] == []


def test_what_cannot_be_answered_says_what_is_missing(told: Yibao) -> None:
    said = told("ask", "retirement", "--person", "P1", "--on", "2018-03-01", "--known", "2018-06-01")
    assert said.code == 1
    assert "not_computed 办法无此项" in said.out


def test_explain_a_claim(told: Yibao) -> None:
    said = told("explain", "claim", "c1", "--known", "2018-06-01", "--json")
    found = said.json
    assert found["answer"]["pooled"] == "400.00"
    cited = [rule for rule in found["rules"] if rule["rule"] == "XC-2a"]
    assert cited[0]["article"] == "Art. 2"
    assert cited[0]["says"].startswith("The fund pays 80 percent")
    assert [version["cause"] for version in found["versions"]] == ["bill", "late-record"]
    assert {"bill", "late-record", "clinic"} <= {fact["id"] for fact in found["facts"]}
    assert found["postings"][-1]["postings"]["fund:resident_pooled"] == "-400.00"


def test_explain_for_a_reader_shows_article_and_facts(told: Yibao) -> None:
    said = told("explain", "status", "P1", "--on", "2018-03-10", "--known", "2018-06-01")
    for words in ("条文依据", "Art. 1", "facts used", "late-record"):
        assert words in said.out


def test_explain_postings(told: Yibao) -> None:
    found = told("explain", "posting", "basic/", "--person", "P1", "--known", "2018-06-01", "--json").json
    assert found["postings"][0]["postings"] == {
        "personal_account:P1": "120.00",
        "fund:employee_pooled": "-120.00",
    }
    assert [fact["id"] for fact in found["facts"]] == ["paid-02"]


def test_diff_names_the_fact_behind_the_change(told: Yibao) -> None:
    words = ("diff", "claim", "--claim", "c1", "--known-before", "2018-04-30", "--known", "2018-06-01")
    found = told(*words, "--json").json
    changed = {change["path"]: (change["before"], change["after"]) for change in found["changes"]}
    assert changed["answer.pooled"] == ("0.00", "400.00")
    assert [step["because_of"] for step in found["steps"]] == [["late-record"]]
    assert found["steps"][0]["known"] == "2018-05-02"
    assert "late-record" in told(*words).out


def test_changes_of_a_person(told: Yibao) -> None:
    words = ("changes", "--person", "P1", "--known-before", "2018-04-30", "--known", "2018-06-01", "--json")
    asked = {change["ask"] for change in told(*words).json["answer"]["changes"]}
    assert {"claim", "benefit_periods"} <= asked


def test_a_statement_says_everything(told: Yibao) -> None:
    words = ("statement", "--person", "P1", "--from", "2018-01-01", "--to", "2018-12-31")
    dates = ("--on", "2018-12-31", "--known", "2018-06-01")
    found = told(*words, *dates, "--json").json
    assert found["claims"][0]["answer"]["pooled"] == "400.00"
    assert found["personal_account"]["answer"]["balance"] == "120.00"
    assert found["personal_account"]["answer"]["opening"] == "0.00"
    assert {"who", "bill", "paid-02", "late-record"} <= {fact["id"] for fact in found["facts"]}
    read = told(*words, *dates)
    assert read.code == 0
    assert "in force on 生效日 2018-12-31, as known on 已知日 2018-06-01" in read.out
    assert "人员基本信息登记" in read.out
    assert "inpatient 住院" in read.out


def test_a_statement_of_a_stranger_is_refused(told: Yibao) -> None:
    said = told("statement", "--person", "nobody", "--on", "2018-12-31", "--known", "2018-06-01")
    assert said.code == 2
    assert "unknown_reference 引用不存在" in said.err


def test_rules_with_articles(told: Yibao) -> None:
    found = told("rules", "XC-2", "--city", "Xincheng", "--json").json
    assert found == [
        {
            "rule": "XC-2a",
            "article": "Art. 2",
            "says": "The fund pays 80 percent, at most what is left of the announced cap.",
        }
    ]
