"""The OpenAPI document is exact: schemathesis on a real socket finds no answer that it does not announce."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from litestar import Litestar
from litestar.testing import TestClient
from schemathesis.specs.openapi.definitions import OPENAPI_31

from domain.errors import InputRefused
from domain.facts import AnyFact
from domain.facts.reading import read_fact
from domain.questions.kinds import AnyQuestion
from ledger.case_files import read_case_file, told
from ledger.rights.caller import Role
from ledger.service.codes import SERVICE
from ledger.service.openapi import document
from ledger.service.settings import Settings
from tests.contract.test_answers import answers
from tests.scenarios.histories import cases_of, cities
from tests.service.conftest import CITY, Keys, served

EVERYTHING = (Role.OPERATOR, Role.AUDITOR, Role.ADMINISTRATOR)
EXAMPLES = os.environ.get("YIBAO_FUZZ_EXAMPLES", "6")
"""For each operation."""
KINDS = int(os.environ.get("YIBAO_FUZZ_KINDS", "6"))
"""Kinds of fact of which every way of being wrong is tried on each address that takes facts; 59 are all."""
NAMED_ZERO: list[dict[str, Any]] = [
    {"fact": "person_registered", "id": "0", "on": "2000-01-01", "person": "0"},
    {"fact": "provider_registered", "id": "00", "on": "2000-01-01", "provider": "0", "place": CITY},
]
"""What schemathesis asks about when it does not care."""


@pytest.fixture
def schema(client: TestClient[Litestar]) -> dict[str, Any]:
    """The document of the service."""
    return document(client.app)


def validator(schema: dict[str, Any], name: str) -> Draft202012Validator:
    """Of one component."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": schema["components"]})


def fuzzed(document: str, url: str, headers: dict[str, str], *how: str) -> None:
    """Hold a service to a document; whatever schemathesis finds is told."""
    room = Path(__file__).parent
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(room / "schemathesis.toml")),
            *("run", document, "--url", url, "--header", f"Authorization: {headers['Authorization']}"),
            *("--seed", "7", "--no-color", *how),
        ],
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(room / "schemathesis_hooks.py")},
        capture_output=True,
        text=True,
        timeout=300 * max(1, KINDS // 6),
        check=False,
    )
    assert done.returncode == 0, "\n".join(line[:400] for line in done.stdout.splitlines())


@pytest.fixture
def asked_about(settings: Settings, keys: Keys) -> Iterator[tuple[str, dict[str, str]]]:
    """A service that knows whom schemathesis asks about, and the headers of one who may call everything."""
    with served(settings) as (_, url):
        headers = keys.headers(*EVERYTHING, identifiers=True)
        assert httpx.post(f"{url}/v1/facts/batch", json=NAMED_ZERO, headers=headers).json()["recorded"] == 2
        yield url, headers


@pytest.mark.slow
def test_random_calls_get_no_answer_that_is_not_announced(asked_about: tuple[str, dict[str, str]]) -> None:
    url, headers = asked_about
    fuzzed(f"{url}/v1/openapi.json", url, headers, "--phases", "fuzzing", "--max-examples", EXAMPLES)


@pytest.mark.slow
def test_every_way_of_being_wrong_is_refused_as_announced(
    asked_about: tuple[str, dict[str, str]], schema: dict[str, Any], tmp_path: Path
) -> None:
    """Of each parameter and body; of the kinds of fact KINDS: all 59 on four addresses would be 30,000 calls more.

    Schemathesis (4.32) has no limit for this phase, so the document that it reads has fewer kinds; nothing else differs.
    """
    few = tmp_path / "few-kinds.json"
    few.write_text(json.dumps(with_few_kinds(schema)), "utf-8")
    fuzzed(str(few), *asked_about, "--phases", "coverage")


def with_few_kinds(schema: dict[str, Any]) -> dict[str, Any]:
    """The document, but for most kinds of fact."""
    told = json.loads(json.dumps(schema))
    given = told["components"]["schemas"]["GivenFact"]
    kinds = sorted(given["discriminator"]["mapping"].items())
    kept = dict(kinds[:: max(1, len(kinds) // KINDS)])
    given["discriminator"]["mapping"] = kept
    given["oneOf"] = [{"$ref": ref} for ref in kept.values()]
    return dict(told)


def test_every_kind_of_fact_and_question_is_in_the_unions(schema: dict[str, Any]) -> None:
    schemas = schema["components"]["schemas"]
    facts = schemas["GivenFact"]["discriminator"]["mapping"]
    questions = schemas["Question"]["discriminator"]["mapping"]
    assert set(facts) == {kind.__struct_config__.tag for kind in AnyFact.__args__}
    assert set(questions) == {kind.__struct_config__.tag for kind in AnyQuestion.__args__}
    assert (len(facts), len(questions)) == (59, 22)
    assert all(not schemas[ref.rpartition("/")[2]]["additionalProperties"] for ref in facts.values())


def test_the_document_is_openapi_3_1_and_leads_nowhere_else(schema: dict[str, Any]) -> None:
    written = json.dumps(schema)
    Draft202012Validator(OPENAPI_31).validate(json.loads(written))
    for component in schema["components"]["schemas"].values():
        Draft202012Validator.check_schema(component)
    asked = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', written))
    assert asked <= set(schema["components"]["schemas"])
    assert len(re.findall(r'"\$ref"', written)) == len(
        re.findall(r'"\$ref": "#/components/schemas/', written)
    )


def test_the_document_is_served_as_it_is(client: TestClient[Litestar], schema: dict[str, Any]) -> None:
    assert client.get("/v1/openapi.json").json() == json.loads(json.dumps(schema))


def test_every_operation_says_who_may_call_it_and_how_it_is_refused(schema: dict[str, Any]) -> None:
    operations = [each for path in schema["paths"].values() for each in path.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    for each in operations:
        assert each["summary"]
        assert each["security"] == [] or {"401", "403"} <= set(each["responses"])
        assert "application/problem+json" in each["responses"]["500"]["content"]


@pytest.mark.parametrize(("folder", "code"), cities())
def test_facts_and_answers_of_the_worked_cases_fit_the_schemas(
    schema: dict[str, Any], folder: str, code: str
) -> None:
    content = json.dumps({"case_file": 1, "city": code, "cases": cases_of(folder)}).encode()
    fact, answer = validator(schema, "Fact"), {}
    for case in read_case_file(content, folder)[::12]:
        for given in told(case):
            try:
                read_fact(given, code)
            except InputRefused:
                continue
            assert fact.is_valid(given), (given, fact.iter_errors(given))
        for kind, got in answers(case):
            of = answer.setdefault(kind, validator(schema, f"Answered_{kind}"))
            assert of.is_valid(got), (kind, got)


@pytest.mark.parametrize(
    "broken",
    [
        {"fact": "person_died", "on": "2019-05-02"},
        {"fact": "person_died", "on": "2019-05-02", "person": "P1", "persn": "P1"},
        {"fact": "contribution_paid", "on": "2019-05-02", "person": "P1"},
        {"fact": "contribution_paid", "on": "2019-05-02", "person": "P1", "months": ["2019-13"]},
        {"fact": "contribution_paid", "on": "2019-05-02", "person": "P1", "months": [None]},
        {"fact": "contribution_paid", "on": "2019-05-02", "person": "P1", "months": ["2019-01", 201902]},
        {"fact": "late_fee_imposed", "on": "2019-05-02", "employer": "E", "amount": "1.234"},
        {"fact": "person_died", "on": "2019-05-02", "person": "P1", "void": True},
        {"fact": "nothing", "void": True, "corrects": "x", "on": "2019-05-02"},
    ],
)
def test_what_the_door_refuses_the_schema_refuses_too(schema: dict[str, Any], broken: dict[str, Any]) -> None:
    with pytest.raises(InputRefused):
        read_fact(broken, CITY)
    assert not validator(schema, "Fact").is_valid(broken)


def test_a_withdrawal_fits(schema: dict[str, Any]) -> None:
    void = {"fact": "person_died", "void": True, "corrects": "x", "on": "2019-05-02"}
    read_fact(void, CITY)
    assert validator(schema, "Fact").is_valid(void)


def test_the_catalogue_names_every_code_of_the_service_with_its_status() -> None:
    catalogue = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")
    assert not [code for code in SERVICE if f"`{code}`" not in catalogue]
    rows = [
        line.split("|") for line in catalogue.splitlines() if line.startswith("| `") and line.count("|") == 6
    ]
    told = {row[1].strip(" `"): (row[2].strip(), row[3].strip()) for row in rows}
    known = {code: (str(int(of.status)), of.label) for code, of in SERVICE.items() if code in told}
    assert len(known) > 15
    assert {code: told[code] for code in known} == known
