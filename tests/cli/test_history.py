"""`yibao history`: every city side by side, in words and for machines."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.cli import run

FILE = Path(__file__).parents[1] / "imports" / "five_cities.jsonl"
Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """Run `yibao` on a ledger with the five-city file."""
    monkeypatch.setenv("YIBAO_DATABASE", str(tmp_path / "ledger.db"))

    def call(*words: str) -> tuple[int, str, str]:
        left = run(words)
        out, err = capsys.readouterr()
        return left, out, err

    assert call("import", str(FILE))[0] == 0
    return call


def test_a_whole_history(said: Said) -> None:
    code, out, err = said("history", "--person", "P", "--known", "2025-10-31")
    assert (code, err) == (0, "")
    for word in ("510500", "421300", "621100", "covered 正常享受", "-1660.00", "130", "无重复"):
        assert word in out


def test_what_does_not_fit_is_a_finding(said: Said) -> None:
    code, out, _ = said("history", "--person", "P", "--known", "2025-08-14")
    assert code == 1
    assert "money_not_arrived 账户资金转出未到: city 421300" in out
    assert "无重复" not in out


def test_for_machines(said: Said) -> None:
    code, out, _ = said("history", "--person", "Q", "--known", "2024-03-31", "--json")
    told = json.loads(out)
    assert code == 0
    assert next((each["city"], each["status"]) for each in told["periods"]) == ("510400", "covered")
    assert told["findings"] == told["account_moves"] == []


def test_nobody_knows_the_person(said: Said) -> None:
    code, out, err = said("history", "--person", "nobody", "--known", "2025-10-31")
    assert (code, out) == (2, "")
    assert err.startswith("yibao: unknown_reference")
    assert said("history", "--person", "P", "--known", "soon")[0] == 2
