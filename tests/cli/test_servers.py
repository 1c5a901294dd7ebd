"""The command line on a real PostgreSQL."""

import json
from pathlib import Path

from tests.cli.conftest import FACTS, Yibao
from tests.cli.test_cases import CASE, write
from tests.toytown import CODE


def test_import_ask_and_verify(yibao: Yibao, tmp_path: Path, postgres_url: str) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_text("".join(json.dumps({**fact, "city": CODE}) + "\n" for fact in FACTS), "utf-8")
    there = ("--database", postgres_url)
    assert yibao("init", *there).code == 0
    assert yibao("import", str(file), *there, "--json").json["recorded"] == len(FACTS)
    assert yibao("import", str(file), *there, "--json").json["repeated"] == len(FACTS)
    before = yibao("claim", "c1", "--known", "2018-04-30", *there, "--json").json
    after = yibao("claim", "c1", "--known", "2018-05-02", *there, "--json").json
    assert before["answer"]["outcome"] == "refused"
    assert after["answer"]["pooled"] == "400.00"
    words = ("diff", "claim", "--claim", "c1", "--known-before", "2018-04-30", "--known", "2018-06-01")
    assert yibao(*words, *there, "--json").json["steps"][0]["because_of"] == ["late-record"]
    assert yibao("verify", *there, "--json").json["ok"] is True


def test_cases_leave_no_trace(yibao: Yibao, tmp_path: Path, postgres_url: str) -> None:
    file = write(tmp_path, CASE, {**CASE, "id": "again"})
    said = yibao("case", "run", file, "--database", postgres_url, "--json")
    assert (said.code, said.json["passed"]) == (0, 2)
    assert yibao("init", "--database", postgres_url, "--json").json["cities"] == []


def test_an_empty_database_is_not_yet_a_ledger(yibao: Yibao, postgres_url: str) -> None:
    said = yibao("verify", "--database", postgres_url)
    assert said.code == 3
    assert said.err.startswith("yibao: database_")
