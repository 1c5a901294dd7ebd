"""Every case file in the cities' folders, through the real write path, on both databases."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from domain.municipalities import folders
from ledger.case_files import Case, read_case_file, run_case
from ledger.handle import Ledger


def every_case() -> Iterator[Any]:
    """Each case of each city as one test."""
    for folder in sorted(set(folders().values())):
        cases = files("domain.municipalities") / folder / "cases"
        for file in sorted(cases.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".json"):
                for case in read_case_file(file.read_bytes(), file.name):
                    yield pytest.param(case, id=f"{folder}-{file.name[:-5]}-{case.id}")


def passed(case: Case, ledger: Ledger) -> None:
    """Run a case; the mismatches are the message."""
    result = run_case(case, ledger)
    wrong = [question for question in result["questions"] if not question["passed"]]
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1, default=str)


@pytest.mark.parametrize("case", list(every_case()))
def test_the_case_holds_on_sqlite(case: Case) -> None:
    with Ledger.fresh() as ledger:
        passed(case, ledger)


@pytest.mark.slow
@pytest.mark.parametrize("case", list(every_case()))
def test_the_case_holds_on_postgresql(case: Case, passing_postgres: str) -> None:
    with Ledger.fresh(passing_postgres) as ledger:
        passed(case, ledger)
