"""An older version of the rules that is still in the house can be computed with; a city is audited in parts."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import domain.municipalities as cities
from domain.errors import InputRefused
from domain.values.calendar import Moment
from ledger.audit import Wanted, audit
from ledger.audit.closing import parts
from ledger.cli import run
from ledger.handle import Ledger
from tests.audit.test_audit import altered
from tests.resolve.stories import CITY, demo_facts
from tests.scenarios.histories import history

HOUSE = Path(__file__).resolve().parents[2]
CODE = "990200"
NAMES = frozenset(
    [
        "id",
        "corrects",
        "person",
        "persons",
        "relative",
        "insured_through",
        "account_holder",
        "beneficiary",
        "members",
        "employer",
        "previous_employer",
        "household",
        "claim",
        "stay",
        "continues",
        "claims",
    ]
)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A house with one more city, whose first release is the skeleton's."""
    words = ["wanghai", "--code", CODE, "--prefix", "WH", "--label", "望海", "--into", str(tmp_path)]
    subprocess.run([sys.executable, "scripts/new_municipality.py", *words], cwd=HOUSE, check=True)
    monkeypatch.setattr(cities, "__path__", [*cities.__path__, str(tmp_path)])
    _look_again()
    yield tmp_path
    _look_again()
    for name in [name for name in sys.modules if "municipalities.wanghai" in name]:
        del sys.modules[name]


def _look_again() -> None:
    cities.folders.cache_clear()
    cities.municipality.cache_clear()


def next_release(house: Path) -> None:
    """The second release pays 90 percent; the first stays beside it under a name of its own, unedited but for that."""
    new, old = house / "wanghai", house / "wanghai_1"
    shutil.copytree(new, old, ignore=shutil.ignore_patterns("__pycache__"))
    for file in old.glob("*.py"):
        file.write_text(file.read_text("utf-8").replace("municipalities.wanghai", "municipalities.wanghai_1"))
    card = old / "municipality.toml"
    card.write_text(card.read_text("utf-8") + "superseded = true\n")
    figures = new / "parameters" / "inpatient.toml"
    figures.write_text(figures.read_text("utf-8").replace('"0.80"', '"0.90"'))
    table = new / "__init__.py"
    table.write_text(table.read_text("utf-8").replace('version="1"', 'version="2"'))
    # Of the same length and in the same second: Python would take what it compiled before.
    shutil.rmtree(new / "__pycache__", ignore_errors=True)
    for name in [name for name in sys.modules if "municipalities.wanghai" in name]:
        del sys.modules[name]
    _look_again()


def test_decisions_of_an_older_release_are_audited_with_its_rules(house: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "l.db")
    with Ledger.open(place, migrate=True) as ledger:
        claims = json.loads((house / "wanghai" / "cases" / "first.json").read_text("utf-8"))
        for fact in claims["cases"][0]["facts"]:
            ledger.record(fact, city=CODE, keep_recorded=True)
    next_release(house)
    with Ledger.open(place) as ledger:
        present = audit(ledger.store, [CODE])
        older = audit(ledger.store, [CODE], Wanted(rules="1"))

    assert set(present.counts()) == {"rule_version"}
    assert present.money()["rule_version"]["fund:resident_pooled"] == "-100.00"
    assert older.ok, older.differences


def test_a_version_that_is_not_in_the_house_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "l.db")
    with Ledger.open(place, migrate=True) as ledger:
        list(ledger.import_facts(enumerate(demo_facts(), 1)))
        with pytest.raises(InputRefused) as refused:
            audit(ledger.store, [CITY], Wanted(rules="0"))
    assert refused.value.code == "rules_not_in_house"
    assert run(["audit", "--rules", "0", "--database", place]) == 2
    assert "here: 1" in capsys.readouterr().err


def told(place: str, folder: str, code: str) -> Ledger:
    """A ledger with many random histories of a city, each of people of its own."""
    ledger = Ledger.open(place, migrate=True)
    facts = [renamed(fact, seed) for seed in range(12) for fact in history(seed, folder)]
    facts.sort(
        key=lambda fact: Moment.parse(fact["recorded"])
    )  # in a city nothing is recorded before what is there
    outcomes = list(ledger.import_facts(enumerate(facts, 1), city=code))
    assert len(outcomes) == len(facts)
    return ledger


def renamed(told: Any, seed: int, name: str = "") -> Any:
    """The same with people, employers, households, claims and ids of this seed alone."""
    if isinstance(told, dict):
        return {key: renamed(value, seed, key) for key, value in told.items()}
    if isinstance(told, list):
        return [renamed(value, seed, name) for value in told]
    return f"{told}.{seed}" if name in NAMES and isinstance(told, str) else told


@pytest.mark.parametrize(("folder", "code"), [("luzhou", "510500"), ("suizhou", "421300")])
def test_a_city_in_parts_is_the_same_city(tmp_path: Path, folder: str, code: str) -> None:
    place = str(tmp_path / "l.db")
    with told(place, folder, code) as ledger:
        cut = parts(ledger.store, code, 3)
        together = frozenset[str]().union(*(part.subjects for part in cut))
        assert sum(len(part.subjects) for part in cut) == len(together)
        assert set(ledger.store.subjects(code)) - together <= {"run:city", "announcements", "fund:city"} | {
            subject
            for subject in ledger.store.subjects(code)
            if subject.startswith(("provider:", "employer:"))
        }
        assert audit(ledger.store, [code], database=place, jobs=2) == audit(ledger.store, [code])

        altered(ledger, "UPDATE journal SET fen = fen + 1")
        apart, whole = audit(ledger.store, [code], database=place, jobs=2), audit(ledger.store, [code])
        assert not whole.ok
        assert apart.differences == whole.differences


def test_one_person_is_audited_from_what_bears_on_him(tmp_path: Path) -> None:
    place = str(tmp_path / "l.db")
    with told(place, "luzhou", "510500") as ledger:
        everybody = audit(ledger.store, ["510500"])
        people = [name for name in ledger.store.subjects("510500") if name.startswith("person:")]
        for name in people:
            alone = audit(ledger.store, ["510500"], Wanted(person=name.removeprefix("person:")))
            assert alone.differences == tuple(d for d in everybody.differences if d.subject == name)
            assert alone.facts < everybody.facts
