"""Verbs that make, fill and keep a ledger; and what the command line promises of all verbs."""

import json
import resource
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
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
    said = told("advance", "--to", "2018-12-31", "--json").json
    assert (said["to"], said["events"]) == ("2018-12-31", {CODE: 0})
    assert said["checkpoint"]["signature"] is None


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
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.45  # processor seconds; 0.25 on an idle machine


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


PROGRAM = [sys.executable, "-c", "from ledger.cli import main; main()"]


def many_facts(file: Path, number: int) -> None:
    """A file with that many persons."""
    told = ({"fact": "person_registered", "on": "2018-01-01", "person": f"P{n}"} for n in range(number))
    file.write_text("".join(json.dumps(fact) + "\n" for fact in told), "utf-8")


def test_a_killed_import_leaves_whole_facts_and_goes_on(tmp_path: Path) -> None:
    many_facts(tmp_path / "facts.jsonl", 6000)
    words = ["import", "facts.jsonl", "--city", "510500", "--json"]
    killed = subprocess.Popen([*PROGRAM, *words], cwd=tmp_path, stdout=subprocess.PIPE)
    ledger = tmp_path / "yibao.db"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and _rows(ledger) < 500:
        time.sleep(0.02)
    killed.kill()
    killed.communicate()
    sound = subprocess.run([*PROGRAM, "verify", "--json"], cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(sound.stdout)["rows"] >= 500
    kept = _facts(ledger)
    again = subprocess.run([*PROGRAM, *words], cwd=tmp_path, capture_output=True, check=True)
    count = json.loads(again.stdout)
    assert count["repeated"] + count["recorded"] == 6000
    assert count["repeated"] == kept


def _facts(ledger: Path) -> int:
    """Facts that are durable."""
    with closing(sqlite3.connect(ledger)) as connection:
        counted = connection.execute("SELECT count(*) FROM stored_events WHERE fact_id IS NOT NULL")
        return int(counted.fetchone()[0])


def _rows(ledger: Path) -> int:
    """Rows of the log that are durable, as another reader sees them."""
    found = subprocess.run(
        [*PROGRAM, "verify", "--json", "--database", str(ledger)], capture_output=True, check=False
    )
    return int(json.loads(found.stdout)["rows"]) if found.returncode == 0 else 0


def test_standard_input_and_a_reader_that_stops_early(tmp_path: Path) -> None:
    many_facts(tmp_path / "facts.jsonl", 3)
    command = " ".join(["'" + word + "'" for word in PROGRAM])
    piped = f"cat facts.jsonl | {command} import - --city 510500 --json"
    done = subprocess.run(piped, shell=True, cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(done.stdout)["recorded"] == 3
    short = subprocess.run(
        f"{command} rules --city luzhou | head -1", shell=True, capture_output=True, check=True
    )
    assert short.stderr == b""


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "facts.jsonl").write_text("broken\n" * 3000, "utf-8")
    words = ["import", "facts.jsonl", "--rejects", "/dev/full", "--city", "510500"]
    said = subprocess.run([*PROGRAM, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 3
    assert said.stderr.startswith("yibao: disk_full")
    assert "Traceback" not in said.stderr
