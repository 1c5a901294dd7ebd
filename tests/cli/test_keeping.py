"""Verbs that make, fill and keep a ledger; and what the command line promises of all verbs."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ledger.cli import VERBS, verb_first
from tests.cli.conftest import FACTS, Yibao
from tests.toytown import CODE


def test_init_twice_changes_nothing(yibao: Yibao, database: str) -> None:
    assert yibao("init").code == 0
    again = yibao("init", "--json")
    assert again.json == {"database": database, "cities": []}


def test_record_now_and_again(yibao: Yibao) -> None:
    fact = json.dumps({**FACTS[0], "city": CODE})
    first = yibao("record", fact, "--json").json
    assert (first["id"], first["repeated"]) == ("who", False)
    assert yibao("record", fact, "--json").json["repeated"] is True
    other = yibao("record", json.dumps({**FACTS[0], "city": CODE, "person": "P2"}))
    assert other.code == 2
    assert other.err.startswith("yibao: duplicate_id 标识重复")


def test_the_only_city_held_need_not_be_named(told: Yibao) -> None:
    said = told("record", '{"fact": "person_died", "on": "2018-06-03", "person": "P1"}', "--json")
    assert said.json["city"] == CODE


def test_advance_counts_what_time_has_changed(told: Yibao) -> None:
    assert told("advance", "--to", "2018-12-31", "--json").json == {"to": "2018-12-31", "events": {CODE: 0}}


def test_verify_and_rebuild(told: Yibao, database: str) -> None:
    assert told("verify", "--json").json["ok"] is True
    before = told("claim", "c1", "--known", "2018-06-01", "--json").json
    call = [sys.executable, "-c", "from ledger.cli import main; main()", "rebuild", "--json"]
    made = subprocess.run([*call, "--database", database], capture_output=True, text=True, check=True)
    assert json.loads(made.stdout)["rows"]["claim_settlement"] >= 2
    assert told("claim", "c1", "--known", "2018-06-01", "--json").json == before


def test_verify_finds_an_altered_row(told: Yibao, database: str) -> None:
    content = Path(database).read_bytes()
    assert content.count(b"1980-05-05") >= 1
    Path(database).write_bytes(content.replace(b"1980-05-05", b"1981-05-05"))
    said = told("verify")
    assert said.code == 1
    assert "broken 已被改动" in said.out


def test_options_may_stand_before_the_verb() -> None:
    words = ["--database", "x.db", "--json", "ask", "claim"]
    assert verb_first(words) == ["ask", "claim", "--database", "x.db", "--json"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(yibao: Yibao, verb: str) -> None:
    said = yibao(verb, "--help")
    assert said.code == 0
    if verb not in ("explain", "case"):
        assert f"yibao {verb}" in said.out.replace("\n", " ")


def test_help_starts_quickly_and_loads_no_database() -> None:
    program = (
        "import sys; from ledger.cli import run; run(['--help']);"
        "heavy = {'sqlalchemy', 'eventsourcing', 'psycopg'} & set(sys.modules);"
        "sys.exit(str(heavy or [m for m in sys.modules if m.startswith('domain.municipalities')] or '') or 0)"
    )
    elapsed = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
        elapsed.append(time.perf_counter() - started)
    assert min(elapsed) < 0.6  # 0.25 s on an idle machine


def test_the_installed_program_in_a_process_of_its_own(tmp_path: Path) -> None:
    def yibao(*words: str) -> subprocess.CompletedProcess[str]:
        call = [sys.executable, "-c", "from ledger.cli import main; main()", *words]
        return subprocess.run(call, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert yibao("init").returncode == 0
    person = '{"fact": "person_registered", "on": "2018-01-01", "person": "P1", "id": "who"}\n'
    (tmp_path / "facts.jsonl").write_text(person + "broken\n", "utf-8")
    said = yibao("import", "facts.jsonl", "--city", "510500", "--rejects", "refused.jsonl")
    assert (said.returncode, said.stderr) == (2, "")
    assert "recorded 已记录: 1" in said.stdout
    (refused,) = (tmp_path / "refused.jsonl").read_text("utf-8").splitlines()
    assert json.loads(refused)["code"] == "not_json"
    asked = yibao("status", "--person", "P1", "--on", "2018-02-01", "--known", "2018-03-01")
    assert asked.returncode == 0
    assert "none 未参保" in asked.stdout
