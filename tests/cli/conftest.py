"""The command line over the invented town, in this process, on a database of the test's own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from domain.municipalities import folders
from domain.municipalities import municipality as real
from ledger.cli import run
from tests.toytown import CODE, TOWN


class Said(Struct, frozen=True):
    """What a command left behind: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


Yibao = Callable[..., Said]


@pytest.fixture
def xincheng(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented town is in the house."""

    def municipality(code: str) -> Any:
        return TOWN if code == CODE else real(code)

    real_folders = folders()
    monkeypatch.setattr("domain.municipalities.municipality", municipality)
    monkeypatch.setattr("domain.municipalities.folders", lambda: {**real_folders, CODE: "xincheng"})
    monkeypatch.setattr("ledger.handle.municipality", municipality)
    monkeypatch.setattr("ledger.writing.municipality", municipality)
    monkeypatch.setattr("ledger.writing.folders", lambda: {**real_folders, CODE: "xincheng"})


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return str(tmp_path / "ledger.db")


@pytest.fixture
def yibao(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, xincheng: None, database: str
) -> Yibao:
    """Run `yibao` with these words on the test's database."""
    monkeypatch.setenv("YIBAO_DATABASE", database)

    def call(*words: str) -> Said:
        code = run(words)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Said(code, out, err)

    return call


FACTS: list[dict[str, Any]] = [
    {"fact": "person_registered", "on": "2018-01-01", "id": "who", "person": "P1", "born_on": "1980-05-05"},
    {
        "fact": "parameter_announced",
        "on": "2018-01-01",
        "id": "cap",
        "key": "annual_cap",
        "value": "1000.00",
        "year": 2018,
    },
    {"fact": "provider_registered", "on": "2018-01-01", "id": "clinic", "provider": "H1", "place": "990100"},
    {
        "fact": "contribution_paid",
        "on": "2018-02-25",
        "id": "paid-02",
        "person": "P1",
        "capacity": "flexible",
        "months": ["2018-02"],
        "base": "6000.00",
    },
    {
        "fact": "claim_submitted",
        "on": "2018-03-10",
        "id": "bill",
        "claim": "c1",
        "person": "P1",
        "provider": "H1",
        "kind": "inpatient",
        "lines": [{"class": "A", "amount": "500.00"}],
    },
    {
        "fact": "resident_contribution_paid",
        "on": "2018-01-20",
        "recorded": "2018-05-02",
        "id": "late-record",
        "persons": ["P1"],
        "year": 2018,
    },
]
"""A person whose payment of January reaches the ledger in May, after a stay in March."""


@pytest.fixture
def told(yibao: Yibao, tmp_path: Path) -> Yibao:
    """The same, with the facts imported."""
    file = tmp_path / "facts.jsonl"
    file.write_text("".join(json.dumps({**fact, "city": CODE}) + "\n" for fact in FACTS), "utf-8")
    said = yibao("import", str(file))
    assert said.code == 0, said
    return yibao
