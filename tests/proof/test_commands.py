"""The commands by which a ledger is sealed and an answer proven, as an operator and an auditor use them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Said, database, told, xincheng, yibao
from tests.proof.checker import checker
from tests.toytown import CODE, TOWN

__all__ = ["database", "told", "xincheng", "yibao"]
Yibao = Callable[..., Said]
CLAIM = ("prove", "claim", "--claim", "c1", "--known", "2018-06-01")


@pytest.fixture(autouse=True)
def proven_town(xincheng: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proofs know the invented town too."""
    monkeypatch.setattr("ledger.proof.bundle.municipality", lambda city: TOWN)
    monkeypatch.delenv("YIBAO_SIGNING_KEY", raising=False)


def test_without_a_key_advance_seals_unsigned_and_says_so(told: Yibao) -> None:
    said = told("advance", "--to", "2018-12-31")
    assert said.code == 0
    assert "not signed 未签名" in said.out
    assert told("checkpoint", "list", "--json").json[0]["key"] is None


def test_from_key_to_accepted_proof(
    told: Yibao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key, proof, published = (str(tmp_path / name) for name in ("yibao.key", "c1.json", "published.json"))
    name = told("key", "new", key, "--json").json["key"]
    monkeypatch.setenv("YIBAO_SIGNING_KEY", key)
    sealed = told("advance", "--to", "2018-12-31", "--json").json["checkpoint"]
    assert sealed["key"] == name
    assert told("checkpoint", "export", "-o", published).code == 0
    assert json.loads(Path(published).read_text("utf-8")) == sealed
    assert told("checkpoint", "export").out == Path(published).read_text("utf-8")
    made = told(*CLAIM, "-o", proof, "--json")
    assert (made.code, made.json["checkpoint"]) == (0, sealed["checkpoint"]["position"])
    assert made.json["answer"] == told("claim", "c1", "--known", "2018-06-01", "--json").json
    assert checker().main([proof, key + ".pub", "--checkpoint", published]) == 0
    shown = capsys.readouterr().out
    assert "accepted 验证通过" in shown
    assert f"{made.json['facts']} facts 事实" in shown
    assert checker().main([proof, key + ".pub", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accepted"] is True


def test_the_question_as_json_is_the_same_question(told: Yibao, tmp_path: Path) -> None:
    key = str(tmp_path / "yibao.key")
    told("key", "new", key)
    told("checkpoint", "write", "--key", key)
    question = json.dumps({"ask": "claim", "claim": "c1", "known": "2018-06-01"})
    words = ("--key", key, "--json", "-o", str(tmp_path / "proof.json"))
    assert told("prove", question, *words).json["answer"] == told(*CLAIM, *words).json["answer"]


def test_a_proof_needs_a_key_and_a_checkpoint(told: Yibao, tmp_path: Path) -> None:
    output = ("-o", str(tmp_path / "proof.json"))
    said = told(*CLAIM, *output)
    assert (said.code, said.err.split(":")[1].split()[0]) == (2, "key_missing")
    key = str(tmp_path / "yibao.key")
    told("key", "new", key)
    said = told(*CLAIM, *output, "--key", key)
    assert (said.code, said.err.split(":")[1].split()[0]) == (2, "checkpoint_missing")
    assert not (tmp_path / "proof.json").exists()


def test_verify_compares_with_a_published_checkpoint(told: Yibao, tmp_path: Path) -> None:
    key, published = str(tmp_path / "yibao.key"), str(tmp_path / "published.json")
    told("key", "new", key)
    told("checkpoint", "write", "--key", key)
    told("checkpoint", "export", "-o", published)
    words = ("verify", "--checkpoint", published)
    assert "signature genuine 签名有效" in told(*words, "--public-key", key + ".pub").out
    assert "signature not checked 未验签名" in told(*words).out
    told("key", "new", key + "2")
    said = told(*words, "--public-key", key + "2.pub", "--json")
    assert (said.code, said.json["code"]) == (1, "checkpoint_not_genuine")


def test_a_log_put_back_to_an_old_backup_is_told(told: Yibao, database: str, tmp_path: Path) -> None:
    backup = Path(database).read_bytes()
    published = str(tmp_path / "published.json")
    assert (
        told(
            "record", json.dumps({"fact": "person_died", "on": "2018-06-03", "person": "P1", "city": CODE})
        ).code
        == 0
    )
    told("checkpoint", "write")
    told("checkpoint", "export", "-o", published)
    for journal in Path(database).parent.glob(Path(database).name + "-*"):
        journal.unlink()
    Path(database).write_bytes(backup)
    assert told("verify").code == 0
    said = told("verify", "--checkpoint", published, "--json")
    assert (said.code, said.json["code"]) == (1, "log_truncated")


def test_an_empty_ledger_has_nothing_to_seal(yibao: Yibao) -> None:
    yibao("init")
    assert yibao("checkpoint", "write").err.startswith("yibao: log_empty")
    assert yibao("checkpoint", "export").err.startswith("yibao: checkpoint_missing")
    assert yibao("advance", "--to", "2018-12-31", "--json").json["checkpoint"] is None
