"""Facts in, answers out: the same as on the command line, with problem details for whatever is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from litestar.testing import TestClient

from ledger.handle import Ledger
from ledger.rights.caller import Role
from tests.service.conftest import CITY, FACTS, LATER, OTHER, Keys, problem

DIED = {"fact": "person_died", "id": "end", "on": "2019-05-02", "person": "P1"}
STATUS = {"ask": "benefit_status", "person": "P1", "on": "2018-03-10", "known": LATER}


@pytest.fixture(autouse=True)
def operator(client: TestClient[Any], keys: Keys) -> None:
    """Whoever calls is an operator of CITY, unless the test says otherwise."""
    client.headers.update(keys.headers(Role.OPERATOR))


def test_a_fact_is_recorded_once_in_the_callers_name(client: TestClient[Any], database: str) -> None:
    first = client.post("/v1/facts", json=DIED)
    again = client.post("/v1/facts", json=DIED)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "consequences": 0, "repeated": True}
    with Ledger.open(database) as ledger:
        kept = ledger.store.fact(CITY, "end")
    assert kept is not None
    assert kept.by == "wang"


@pytest.mark.parametrize(
    ("fact", "status", "code", "field"),
    [
        ({**DIED, "persn": "P1"}, 422, "unknown_field", "persn"),
        ({"fact": "person_died", "on": "2019-05-02"}, 422, "field_missing", "person"),
        ({**DIED, "on": "2019-5-2"}, 422, "wrong_type", "on"),
        ({**DIED, "fact": "person_vanished"}, 422, "unknown_fact", "person_vanished"),
        ({**DIED, "fact": {}}, 422, "unknown_fact", "{}"),
        ({**DIED, "id": "who"}, 409, "duplicate_id", "id"),
        ({**DIED, "corrects": "nothing"}, 404, "unknown_reference", "corrects"),
        ({**DIED, "corrects": "who"}, 409, "wrong_correction", "corrects"),
        ({**DIED, "city": "999999"}, 422, "value_not_allowed", "city"),
        ([DIED], 422, "wrong_type", "fact"),
    ],
)
def test_a_fact_that_breaks_the_contract_names_the_field(
    client: TestClient[Any], fact: Any, status: int, code: str, field: str
) -> None:
    before = client.get("/readyz").json()["position"]
    told = problem(client.post("/v1/facts", json=fact), status, code)
    assert told["field"] == field
    assert told.get("record") == (fact.get("id") if isinstance(fact, dict) else None)
    assert client.get("/readyz").json()["position"] == before


@pytest.mark.parametrize(
    ("body", "media", "status", "code"),
    [
        (b"{", "application/json", 400, "not_json"),
        (b'{"on": "\xff"}', "application/json", 400, "not_utf8"),
        (b"[" * 100_000, "application/json", 400, "not_json"),
        (json.dumps(DIED).encode(), "text/plain", 415, "wrong_media_type"),
        (b"x" * 4_000_001, "application/json", 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read(
    client: TestClient[Any], body: bytes, media: str, status: int, code: str
) -> None:
    problem(client.post("/v1/facts", content=body, headers={"Content-Type": media}), status, code)


def test_recorded_times_are_kept_only_with_the_right_to_import(client: TestClient[Any], keys: Keys) -> None:
    old = {**DIED, "recorded": "2019-06-01"}
    problem(client.post("/v1/facts?keep_recorded=true", json=old), 403, "not_allowed")
    stamped = client.post("/v1/facts", json=old).json()
    assert not stamped["recorded"].startswith("2019")
    importer = keys.headers(Role.OPERATOR, imports=True, cities=(OTHER,))
    kept = client.post("/v1/facts?keep_recorded=true", json=old, headers=importer).json()
    assert (kept["city"], kept["recorded"]) == (OTHER, "2019-06-01")


def test_of_many_facts_a_bad_one_stops_no_other(client: TestClient[Any]) -> None:
    told = client.post(
        "/v1/facts/batch", json=[DIED, DIED, {**DIED, "id": "x", "extra": 1}, "rubbish"]
    ).json()
    assert (told["recorded"], told["repeated"], told["rejected"]) == (1, 1, 2)
    assert [each["outcome"] for each in told["results"]] == ["recorded", "repeated", "rejected", "rejected"]
    assert told["results"][2] == {
        "line": 3,
        "outcome": "rejected",
        "code": "unknown_field",
        "field": "extra",
        "message": "person_died has no field `extra`; remove it",
    }
    problem(client.post("/v1/facts/batch", json=[DIED] * 1001), 413, "too_many_facts")
    problem(client.post("/v1/facts/batch", json=DIED), 422, "wrong_type")


def test_every_short_form_answers_as_the_question_does(client: TestClient[Any]) -> None:
    person = {"person": "P1", "on": "2018-03-10", "known": LATER}
    short = {
        "status": {"ask": "benefit_status", **person},
        "months": {"ask": "contribution_months", **person, "scheme": "employee"},
        "account": {"ask": "personal_account", **person},
        "family-account": {"ask": "family_account", "household": "H", "on": "2018-03-10", "known": LATER},
        "periods": {"ask": "benefit_periods", "person": "P1", "scheme": "resident", "known": LATER},
        "claim": {"ask": "claim", "claim": "c1", "known": LATER},
        "year-totals": {
            "ask": "year_totals",
            "person": "P1",
            "scheme": "employee",
            "year": 2018,
            "known": LATER,
        },
        "acceptance": {"ask": "acceptance", "id": "who", "known": LATER},
    }
    for path, asked in short.items():
        query = {name: value for name, value in asked.items() if name != "ask"}
        got = client.get(f"/v1/{path}", params=query)
        assert got.status_code == 200, got.text
        assert got.json() == client.post("/v1/questions", json=asked).json()
    refused = client.get("/v1/claim", params={"claim": "c1", "known": LATER}).json()
    assert refused["answer"]["outcome"] == "refused"


def test_a_question_that_cannot_be_answered_says_what_is_missing(client: TestClient[Any]) -> None:
    asked = {"ask": "benefit_status", "person": "P1", "on": "2010-01-01", "known": LATER}
    told = client.post("/v1/questions", json=asked)
    assert (told.status_code, told.json()["error"]["code"]) == (200, "rules_not_in_force")


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("claim=c1&known=yesterday", "wrong_type", "known"),
        ("claim=c1", "field_missing", "known"),
        ("claim=c1&known=2020-01-01&k=1", "unknown_field", "k"),
        ("claim=c1&claim=c2&known=2020-01-01", "wrong_type", "claim"),
        ("claim=&known=2020-01-01", "wrong_type", "claim"),
    ],
)
def test_an_address_that_breaks_the_contract(
    client: TestClient[Any], query: str, code: str, field: str
) -> None:
    assert problem(client.get(f"/v1/claim?{query}"), 422, code)["field"] == field


def test_why_a_claim_was_refused(client: TestClient[Any]) -> None:
    told = client.get("/v1/explain/claim", params={"claim": "c1", "known": LATER}).json()
    assert told["answer"]["outcome"] == "refused"
    assert {each["rule"] for each in told["rules"]} == set(told["because"])
    assert all(each["article"] for each in told["rules"])
    assert "bill" in {each["id"] for each in told["facts"]}
    status = {"person": "P1", "on": "2018-03-10", "known": LATER}
    assert client.get("/v1/explain/status", params=status).json()["facts"][0]["id"] == "who"
    postings = client.get("/v1/explain/postings", params={"person": "nobody", "known": LATER})
    problem(postings, 404, "unknown_reference")


def test_a_statement_and_changes_of_a_person(client: TestClient[Any]) -> None:
    asked = {"person": "P1", "on": "2018-12-31", "known": LATER}
    statement = client.get("/v1/statement", params=asked).json()
    assert [each["claim"] for each in statement["claims"]] == ["c1"]
    between = {"known_before": "2018-01-01", "known": LATER}
    for whom in ({"person": "P1"}, {}):
        changes = client.get("/v1/changes", params={**between, **whom}).json()
        assert "person:P1" in {each["subject"] for each in changes["subjects"]}
    problem(client.get("/v1/statement", params={**asked, "person": "nobody"}), 404, "unknown_reference")


def test_one_question_at_two_moments(client: TestClient[Any]) -> None:
    asked = {"question": {"ask": "claim", "claim": "c1", "known": LATER}, "known_before": "2018-01-01"}
    told = client.post("/v1/compare", json=asked).json()
    assert told["before"]["error"]["code"] == "unknown_reference"
    assert told["after"]["answer"]["outcome"] == "refused"
    assert "bill" in told["steps"][0]["because_of"]


def test_what_was_previewed_is_what_is_recorded(client: TestClient[Any]) -> None:
    facts = {"facts": [{"fact": "person_registered", "id": "new", "on": "2018-01-01", "person": "P9"}]}
    before = client.get("/readyz").json()["position"]
    preview = client.post("/v1/resolve/preview", json=facts).json()
    assert not preview["recorded"]
    assert preview["changes"]
    assert client.get("/readyz").json()["position"] == before
    done = client.post("/v1/resolve", json=facts).json()
    assert done["recorded"]
    assert done["changes"] == preview["changes"]
    assert client.post("/v1/resolve", json=facts).json()["facts"][0]["repeated"]
    assert not client.post("/v1/resolve", json={"facts": [{**DIED, "x": 1}]}).json()["facts"]


def test_whether_it_lives_and_is_ready_needs_no_token(client: TestClient[Any]) -> None:
    client.headers.pop("authorization")
    assert client.get("/healthz").json()["ok"]
    ready = client.get("/readyz").json()
    assert ready["ready"]
    assert ready["position"] >= len(FACTS)
