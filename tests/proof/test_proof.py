"""A proof is accepted by somebody who has nothing but it and a public key, and says what the ledger says."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.errors import InputRefused
from ledger.case_files import Case, run_case
from ledger.clock import FixedClock
from ledger.handle import Ledger
from ledger.proof.bundle import ProofRefused, prove
from ledger.proof.checkpoints import checkpoints, write
from ledger.receipts import Receipt
from tests.municipalities.test_cases import every_case
from tests.proof.checker import FILE, checker, code
from tests.proof.conftest import CLAIM
from tests.toytown import CODE

LUZHOU = "510500"
CHECK = checker()


def test_a_proof_is_accepted_and_says_what_the_ledger_says(town: Ledger, proof: bytes, pem: bytes) -> None:
    told = CHECK.accepted(proof, pem)
    assert told["question"] == CLAIM
    assert told["answer"] == town.ask(CLAIM)
    assert [rule["rule"] for rule in told["rules"]] == told["answer"]["because"]
    facts = [json.loads(event["columns"])[9] for event in told["events"] if event["is"] == "fact"]
    assert {"bill", "cap", "late-record", "paid-02"} <= set(facts)
    settled = [json.loads(event["state"]) for event in told["events"] if event["is"] == "consequence"]
    assert sum(each.get("record", {}).get("is") == "settlement" for each in settled) == 2


def test_a_published_checkpoint_can_be_demanded(
    town: Ledger, key: Ed25519PrivateKey, pem: bytes, clock: FixedClock
) -> None:
    early = write(town.store, key)
    assert early is not None
    town.record({"fact": "person_died", "on": "2018-06-03", "person": "P1"}, city=CODE)
    late = write(town.store, key)
    assert late is not None
    newest, chosen = prove(town, CLAIM, key), prove(town, CLAIM, key, position=early.checkpoint.position)
    assert code(CHECK, newest, pem, late.text()) == "accepted"
    assert code(CHECK, newest, pem, early.text()) == "other_checkpoint"
    assert code(CHECK, chosen, pem, early.text()) == "accepted"


def test_no_proof_without_a_signed_checkpoint_that_covers_it(town: Ledger, key: Ed25519PrivateKey) -> None:
    write(town.store, None)
    with pytest.raises(ProofRefused) as refusal:
        prove(town, CLAIM, key)
    assert refusal.value.code == "checkpoint_missing"
    assert checkpoints(town.store)[0].key is None


def test_what_cannot_be_answered_is_proven_too(town: Ledger, key: Ed25519PrivateKey, pem: bytes) -> None:
    write(town.store, key)
    told = CHECK.accepted(prove(town, {"ask": "claim", "claim": "none", "known": "2018-06-01"}, key), pem)
    assert told["answer"]["error"]["code"] == "unknown_reference"
    with pytest.raises(InputRefused):
        prove(town, {"ask": "claim", "known": "2018-06-01"}, key)


def test_tables_that_contradict_the_log_are_not_proven(town: Ledger, key: Ed25519PrivateKey) -> None:
    write(town.store, key)
    with town.store.transaction() as transaction:
        transaction.cursor().execute("DELETE FROM claim_settlement")
    town.forget()
    with pytest.raises(ProofRefused) as refusal:
        prove(town, CLAIM, key)
    assert refusal.value.code == "proof_differs"


QUESTIONS: list[dict[str, Any]] = [
    {"ask": "benefit_status", "person": "mother", "on": "2019-07-10"},
    {"ask": "benefit_periods", "person": "mother", "scheme": "employee"},
    {"ask": "contribution_months", "person": "mother", "on": "2019-12-31"},
    {"ask": "personal_account", "person": "mother", "on": "2019-12-31"},
    {"ask": "year_totals", "person": "mother", "scheme": "employee", "year": 2019},
    {"ask": "claim", "claim": "mother-stay"},
    {"ask": "back_payment", "employer": "press", "on": "2019-09-10"},
    {"ask": "contribution_due", "employer": "press", "on": "2019-12-31", "months": ["2019-03"]},
    {"ask": "fund_account", "fund": "employee_pooled", "on": "2019-12-31"},
    {"ask": "acceptance", "id": "back-payment"},
    {"ask": "changes", "person": "mother", "known_before": "2019-08-15"},
]


def test_every_kind_of_question_about_a_real_story(place: str, key: Ed25519PrivateKey, pem: bytes) -> None:
    lines = files("ledger.demo").joinpath("facts.jsonl").read_text("utf-8").splitlines()
    facts = [json.loads(line) for line in lines if line.strip()]
    with Ledger.open(place, migrate=True) as ledger:
        assert all(isinstance(each, Receipt) for each in ledger.import_facts(enumerate(facts)))
        write(ledger.store, key)
        for question in QUESTIONS:
            asked = {**question, "known": "2020-06-30", "city": LUZHOU}
            text = prove(ledger, asked, key)
            told = CHECK.accepted(text, pem)
            assert told["answer"] == ledger.ask(asked), question
            assert told["events"], question
            chosen = random.Random(question["ask"])
            for _ in range(3):
                altered = bytearray(text)
                altered[chosen.randrange(len(text))] ^= 1 << chosen.randrange(8)
                assert code(CHECK, bytes(altered), pem) != "accepted"


# A case without facts has no log, and so nothing that a proof could show.
SAMPLE = [case for case in every_case() if case.values[0].facts][::40]


@pytest.mark.parametrize("case", SAMPLE)
def test_answers_of_every_city_can_be_proven(case: Case, key: Ed25519PrivateKey, pem: bytes) -> None:
    with Ledger.fresh() as ledger:
        run_case(case, ledger)
        write(ledger.store, key)
        for question in case.questions:
            asked = {name: value for name, value in question.items() if name != "expect"}
            told = CHECK.accepted(prove(ledger, asked, key, city=case.city), pem)
            assert told["answer"] == json.loads(json.dumps(ledger.ask(asked, city=case.city)))


def test_a_known_time_counts_to_the_second(town: Ledger, key: Ed25519PrivateKey, pem: bytes) -> None:
    write(town.store, key)
    for known in ("2018-05-02T23:59:59.999999+08:00", "2018-05-02T15:59:59.999999Z", "2018-05-02"):
        told = CHECK.accepted(prove(town, {**CLAIM, "known": known}, key), pem)
        assert told["answer"]["answer"]["outcome"] == "payable"
    told = CHECK.accepted(prove(town, {**CLAIM, "known": "2018-05-02T23:59:59+08:00"}, key), pem)
    assert told["answer"]["answer"]["outcome"] == "refused"


def test_every_code_of_the_script_is_explained_to_auditors() -> None:
    explained = (FILE.parents[1] / "docs" / "audit.md").read_text("utf-8")
    assert [each for each in sorted(CHECK.SAYS) if f"`{each}`" not in explained] == []


def test_the_script_stands_alone(proof: bytes, key_file: Path, tmp_path: Path) -> None:
    lines = FILE.read_text("utf-8").splitlines()
    assert len(lines) < 300
    imported = {
        name.split(".")[0] for node in ast.walk(ast.parse("\n".join(lines))) for name in _imports(node)
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}
    file = tmp_path / "proof.json"
    file.write_bytes(proof)
    public = str(key_file) + ".pub"
    for text, left, says in (
        (proof, 0, "accepted 验证通过"),
        (proof[:-1], 1, "REJECTED 验证不通过 (not_canonical)"),
    ):
        file.write_bytes(text)
        ran = subprocess.run(
            [sys.executable, "-I", str(FILE), str(file), public], capture_output=True, text=True, cwd=tmp_path
        )
        assert (ran.returncode, ran.stdout.startswith(says)) == (left, True), ran
    missing = subprocess.run(
        [sys.executable, "-I", str(FILE), "none", public], capture_output=True, cwd=tmp_path
    )
    assert missing.returncode == 2


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
