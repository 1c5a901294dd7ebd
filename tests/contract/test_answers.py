"""Every answer to every question of every case has the form of the public contract, facts v1."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from domain.errors import InputRefused
from ledger.case_files import Case, read_case_file, told
from ledger.handle import Ledger
from tests.scenarios.histories import cases_of, cities

SCHEMA: dict[str, Any] = json.loads(Path(__file__).with_name("facts.schema.json").read_text("utf-8"))


def validator(name: str) -> Draft202012Validator:
    """The schema of one definition."""
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


@pytest.mark.parametrize(("folder", "code"), cities())
def test_every_answer_has_the_form_of_the_contract(folder: str, code: str) -> None:
    wrong: dict[str, str] = {}
    content = json.dumps({"case_file": 1, "city": code, "cases": cases_of(folder)}).encode()
    for case in read_case_file(content, folder):
        for kind, answer in answers(case):
            name = "error" if "error" in answer else f"answer_{kind}"
            body = answer["error"] if "error" in answer else answer["answer"]
            for problem in validator(name).iter_errors(body):
                if kind == "fund_account" and problem.absolute_path[0] == "balance":
                    continue  # a fund that has paid before any income was told is below zero, and says so
                place = ".".join(str(step) for step in problem.absolute_path if not isinstance(step, int))
                wrong.setdefault(f"{kind} {place}: {problem.message[:90]}", case.id)
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


def answers(case: Case) -> list[tuple[str, dict[str, Any]]]:
    """What the ledger answers to the questions of a case."""
    with Ledger.fresh() as ledger:
        for fact in told(case):
            try:
                ledger.record(fact, city=case.city, keep_recorded=True)
            except InputRefused:
                continue
        asked = [{name: value for name, value in q.items() if name != "expect"} for q in case.questions]
        return [(each["ask"], ledger.ask(each, city=case.city)) for each in asked]
