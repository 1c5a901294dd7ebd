"""A sixth city is one folder: made from the skeleton, found without touching anything else, and settling claims."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import domain.municipalities as cities
from ledger.case_files import read_case_file, run_case
from ledger.handle import Ledger

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture
def xincheng(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An invented city, made by the script."""
    words = ["xincheng", "--code", "990100", "--prefix", "XC", "--label", "新城", "--into", str(tmp_path)]
    subprocess.run([sys.executable, "scripts/new_municipality.py", *words], cwd=HOUSE, check=True)
    monkeypatch.setattr(cities, "__path__", [*cities.__path__, str(tmp_path)])
    cities.folders.cache_clear()
    cities.municipality.cache_clear()
    yield tmp_path / "xincheng"
    cities.folders.cache_clear()
    cities.municipality.cache_clear()


def test_the_new_folder_is_found_and_settles_its_claim(xincheng: Path) -> None:
    cases = read_case_file((xincheng / "cases" / "first.json").read_bytes(), "first.json")
    with Ledger.fresh() as ledger:
        result = run_case(cases[0], ledger)

    assert result["passed"], json.dumps(result, ensure_ascii=False)
    assert cities.municipality("990100").label == "新城"


def test_a_folder_is_never_overwritten(xincheng: Path) -> None:
    words = ["xincheng", "--code", "990100", "--prefix", "XC", "--into", str(xincheng.parent)]
    again = subprocess.run(
        [sys.executable, "scripts/new_municipality.py", *words], cwd=HOUSE, capture_output=True, text=True
    )

    assert again.returncode == 2
    assert "exists already" in again.stderr
