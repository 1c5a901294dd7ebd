"""One file with facts of all five cities, among them a person who moves through three."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.cli import run
from tests.scenarios.moving import DINGXI, JINJIANG, LUZHOU, PANZHIHUA, SUIZHOU

FILE = Path(__file__).with_name("five_cities.jsonl")
KNOWN = "2025-10-31"
QUESTIONS: list[tuple[str, tuple[str, ...]]] = [
    *(
        (city, words)
        for city in (LUZHOU, SUIZHOU, DINGXI)
        for words in (
            ("periods", "--person", "P"),
            ("months", "--person", "P", "--on", KNOWN),
            ("account", "--person", "P", "--on", KNOWN),
        )
    ),
    (SUIZHOU, ("claim", "P-suizhou")),
    (DINGXI, ("claim", "P-dingxi")),
    (PANZHIHUA, ("claim", "Q-panzhihua")),
    (JINJIANG, ("claim", "R-jinjiang")),
]
Told = Callable[..., Any]


@pytest.fixture(params=["sqlite", "postgresql"])
def told(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Told:
    """Run `yibao` on one of the two databases; JSON comes back."""
    file = str(tmp_path / "ledger.db")
    url = file if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    monkeypatch.setenv("YIBAO_DATABASE", url)

    def call(*words: str, code: int = 0) -> Any:
        left = run((*words, "--json"))
        out, err = capsys.readouterr()
        assert left == code, (words, out, err)
        return json.loads(out)

    return call


def answers(told: Told) -> list[Any]:
    """What every city says."""
    return [told(*words, "--known", KNOWN, "--city", city) for city, words in QUESTIONS]


def test_five_cities_and_a_person_who_moves_through_three(told: Told) -> None:
    lines = FILE.read_text("utf-8").splitlines()
    counted = told("import", str(FILE))
    assert (counted["recorded"], counted["rejected"]) == (len(lines), 0)
    assert told("import", str(FILE))["repeated"] == len(lines)

    months = {
        c: told("months", *on(KNOWN), "--city", c)["answer"]["total"] for c in (LUZHOU, SUIZHOU, DINGXI)
    }
    assert months == {LUZHOU: 123, SUIZHOU: 126, DINGXI: 130}
    balances = {c: told("account", *on(KNOWN), "--city", c)["answer"]["balance"] for c in months}
    assert balances == {LUZHOU: "0.00", SUIZHOU: "0.00", DINGXI: "2140.00"}
    pooled = {
        words[1]: told(*words, "--known", KNOWN, "--city", c)["answer"]["pooled"] for c, words in CLAIMS
    }
    assert pooled == {
        "P-suizhou": "4092.00",
        "P-dingxi": "4370.00",
        "Q-panzhihua": "2205.20",
        "R-jinjiang": "2250.00",
    }

    before = told("history", "--person", "P", "--known", "2025-08-14", code=1)
    assert [each["finding"] for each in before["findings"]] == ["money_not_arrived"]
    whole = told("history", "--person", "P", "--known", KNOWN)
    covered = [period["city"] for period in whole["periods"] if period["status"] == "covered"]
    assert list(dict.fromkeys(covered)) == [LUZHOU, SUIZHOU, DINGXI]
    assert [(move["city"], move["amount"]) for move in whole["account_moves"]] == [
        (LUZHOU, "-1360.00"),
        (SUIZHOU, "1360.00"),
        (SUIZHOU, "-1660.00"),
        (DINGXI, "1660.00"),
    ]

    said = answers(told)
    told("rebuild")
    assert answers(told) == said
    assert told("verify")["ok"]


def test_each_city_says_the_same_without_the_others(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told("import", str(FILE))
    together = answers(told)
    lines = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    alone: dict[str, str] = {}
    for city in {line["city"] for line in lines}:
        file, alone[city] = tmp_path / f"{city}.jsonl", str(tmp_path / f"{city}.db")
        file.write_text("".join(json.dumps(line) + "\n" for line in lines if line["city"] == city), "utf-8")
        told("import", str(file), "--database", alone[city])
    for (city, words), expected in zip(QUESTIONS, together, strict=True):
        assert told(*words, "--known", KNOWN, "--database", alone[city]) == expected


CLAIMS = [(city, words) for city, words in QUESTIONS if words[0] == "claim"]


def on(day: str) -> tuple[str, ...]:
    """P, on and as known at a day."""
    return ("--person", "P", "--on", day, "--known", day)
