"""Who may do what, over HTTP: no call without a right, no city out of scope, no identifiers without the right to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient
from msgspec.structs import replace

from ledger.rights.access import Entry
from ledger.rights.caller import EVERY_CITY, RIGHTS, Caller, Right, Role
from ledger.service.app import create_app
from ledger.service.operations import Operation
from ledger.service.settings import Settings
from tests.service.conftest import CITY, FACTS, LATER, NAME, NUMBER, OTHER, Keys, problem

OPEN = {"/healthz", "/readyz", "/v1/openapi.json"}
STATEMENT = {"person": "P1", "on": "2018-12-31", "known": LATER}


def operations(app: Litestar) -> Iterator[tuple[str, str, Operation]]:
    """Method, address and operation of every route."""
    for route in app.routes:
        assert isinstance(route, HTTPRoute)
        for handler in route.route_handlers:
            if "operation" in handler.opt:
                yield str(next(iter(handler.http_methods))), route.path_format, handler.opt["operation"]


def test_every_address_but_three_asks_for_a_token(client: TestClient[Litestar]) -> None:
    asked = list(operations(client.app))
    assert len(asked) > 30
    for method, path, of in asked:
        answer = client.request(method, path.replace("{name}", "x"))
        if path in OPEN:
            assert answer.status_code == 200
            continue
        assert of.right is not None
        problem(answer, 401, "token_missing")
        assert answer.headers["www-authenticate"] == 'Bearer error="token_missing"'


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_only_its_own_doors(client: TestClient[Litestar], keys: Keys, role: Role) -> None:
    for method, path, of in operations(client.app):
        if of.right is None or of.right in RIGHTS[role]:
            continue
        refused = client.request(method, path.replace("{name}", "x"), headers=keys.headers(role))
        assert problem(refused, 403, "not_allowed")["field"] == "roles"


def test_a_consumer_asks_nothing_and_an_auditor_records_nothing() -> None:
    assert RIGHTS[Role.CONSUMER] == {Right.FOLLOW}
    assert Right.RECORD not in RIGHTS[Role.AUDITOR] | RIGHTS[Role.ADMINISTRATOR] | RIGHTS[Role.CONSUMER]
    assert Right.ASK not in RIGHTS[Role.ADMINISTRATOR]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer rubbish", "token_invalid"),
        ("Basic d2FuZzp3YW5n", "token_invalid"),
        ("Bearer ", "token_invalid"),
        ("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ3YW5nIn0.", "token_invalid"),
    ],
)
def test_a_header_that_is_no_token(client: TestClient[Litestar], header: str, code: str) -> None:
    problem(client.get("/v1/subscriptions", headers={"Authorization": header}), 401, code)


def test_an_expired_token_and_a_revoked_one(settings: Settings, keys: Keys, tmp_path: Any) -> None:
    revoked = tmp_path / "revoked"
    token = keys.token(Role.CONSUMER)
    import jwt

    revoked.write_text(jwt.decode(token, options={"verify_signature": False})["jti"] + "\n")
    with TestClient(create_app(replace(settings, revoked=revoked))) as client:
        old = {"Authorization": f"Bearer {keys.token(Role.CONSUMER, days=-1)}"}
        problem(client.get("/v1/subscriptions", headers=old), 401, "token_expired")
        problem(
            client.get("/v1/subscriptions", headers={"Authorization": f"Bearer {token}"}),
            401,
            "token_revoked",
        )
        assert client.get("/v1/subscriptions", headers=keys.headers(Role.CONSUMER)).status_code == 200


def test_a_token_is_for_its_cities_only(client: TestClient[Litestar], keys: Keys) -> None:
    client.headers.update(keys.headers(Role.OPERATOR, Role.CONSUMER, cities=(OTHER,)))
    fact = {"fact": "person_died", "on": "2019-05-02", "person": "P1", "city": CITY}
    problem(client.post("/v1/facts", json=fact), 403, "city_out_of_scope")
    question = {"ask": "claim", "claim": "c1", "known": LATER, "city": CITY}
    problem(client.post("/v1/questions", json=question), 403, "city_out_of_scope")
    problem(client.get("/v1/statement", params={**STATEMENT, "city": CITY}), 403, "city_out_of_scope")
    problem(client.post("/v1/resolve/preview", json={"facts": [fact]}), 403, "city_out_of_scope")
    problem(client.get("/v1/events", params={"cities": CITY}), 403, "city_out_of_scope")
    batch = client.post("/v1/facts/batch", json=[fact, {**fact, "city": OTHER}]).json()
    assert [each["outcome"] for each in batch["results"]] == ["rejected", "recorded"]
    assert batch["results"][0]["code"] == "city_out_of_scope"
    assert {event["city"] for event in client.get("/v1/events").json()["events"]} == {OTHER}


def test_without_the_right_no_answer_holds_a_name_or_an_identity_number(
    client: TestClient[Litestar], keys: Keys
) -> None:
    client.headers.update(keys.headers(Role.OPERATOR, Role.AUDITOR))
    asked = [
        client.get("/v1/statement", params=STATEMENT),
        client.get("/v1/statement", params={**STATEMENT, "person": NUMBER}),
        client.get("/v1/explain/status", params={"person": "P1", "on": "2018-03-10", "known": LATER}),
        client.get("/v1/explain/claim", params={"claim": "c1", "known": LATER}),
        client.get("/v1/changes", params={"known_before": "2018-01-01", "known": LATER}),
        client.post("/v1/resolve/preview", json={"facts": [{**FACTS[1], "id": "n"}]}),
        client.get("/v1/events"),
    ]
    for answer in asked:
        assert answer.status_code == 200
        assert NAME not in answer.text
        assert NUMBER not in answer.text
        assert "call her mother" not in answer.text
    assert "王**" in asked[0].text
    assert "510502**********41" in asked[1].text


def test_with_the_right_the_reading_is_recorded(client: TestClient[Litestar], keys: Keys) -> None:
    reader = keys.headers(Role.AUDITOR, identifiers=True, name="li")
    told = client.get("/v1/statement", params=STATEMENT, headers=reader)
    assert NAME in told.text
    events = client.get("/v1/events", headers=reader)
    assert NAME in events.text
    kept = client.get("/v1/access", headers=keys.headers(Role.ADMINISTRATOR)).json()
    first, second = (each["entry"] for each in kept if each["entry"]["what"] == "identifiers")
    assert (first["caller"], first["route"], first["about"]) == ("li", "/v1/statement", "person:P1")
    assert first["request"] == told.headers["x-request-id"]
    assert second["about"].startswith("events 1 to ")


def test_refused_calls_are_recorded(client: TestClient[Litestar], keys: Keys) -> None:
    client.get("/v1/subscriptions")
    client.post("/v1/facts", json={}, headers=keys.headers(Role.AUDITOR, name="zhao"))
    client.get(
        "/v1/claim", params={"claim": "c1", "known": LATER, "city": OTHER}, headers=keys.headers(Role.AUDITOR)
    )
    client.app.state.access.note(Entry(what="identifiers")).result(5)  # whatever came before is written
    kept = client.get("/v1/access", headers=keys.headers(Role.ADMINISTRATOR)).json()
    refused = [each["entry"] for each in kept if each["entry"]["what"] == "refused"]
    assert [(each["code"], each["caller"], each["route"]) for each in refused] == [
        ("token_missing", "", "/v1/subscriptions"),
        ("not_allowed", "zhao", "/v1/facts"),
        ("city_out_of_scope", "wang", "/v1/claim"),
    ]


def test_nobody_reads_identifiers_unrecorded(client: TestClient[Litestar], keys: Keys) -> None:
    reader = keys.headers(Role.AUDITOR, identifiers=True)
    client.app.state.access._store.machine.sql = lambda text: "INSERT INTO nothing VALUES (?)"
    answer = client.get("/v1/statement", params=STATEMENT, headers=reader)
    assert answer.status_code >= 500
    assert NAME not in answer.text


def test_a_proof_that_names_persons_is_for_those_who_may_read_names(
    client: TestClient[Litestar], keys: Keys
) -> None:
    from ledger.handle import Ledger
    from ledger.proof import checkpoints
    from ledger.proof.keys import private_key

    database = client.app.state.settings.database
    with Ledger.open(database) as ledger:
        checkpoints.write(ledger.store, private_key(keys.file))
    asked = {"ask": "claim", "claim": "c1", "known": LATER}
    refused = client.post("/v1/proofs", json=asked, headers=keys.headers(Role.AUDITOR))
    assert problem(refused, 403, "not_allowed")["field"] == "identifiers"
    given = client.post("/v1/proofs", json=asked, headers=keys.headers(Role.AUDITOR, identifiers=True))
    assert given.status_code == 200
    assert given.json()["proof"]["answer"]["answer"]["outcome"] == "refused"


def test_subscriptions_are_ones_own_unless_one_keeps_them_all(
    client: TestClient[Litestar], keys: Keys
) -> None:
    hospital = keys.headers(Role.CONSUMER, name="hospital")
    problem(client.post("/v1/subscriptions", json={"name": "treasury"}, headers=hospital), 403, "not_allowed")
    made = client.post("/v1/subscriptions", json={"name": "hospital.claims"}, headers=hospital)
    assert (made.status_code, made.json()["wanted"]) == (201, {"cities": [CITY]})
    treasury = keys.headers(Role.CONSUMER, name="treasury")
    assert client.get("/v1/subscriptions", headers=treasury).json() == []
    problem(client.post("/v1/subscriptions/hospital.claims/pause", headers=treasury), 403, "not_allowed")
    keeper = keys.headers(Role.ADMINISTRATOR, cities=(EVERY_CITY,))
    assert client.post("/v1/subscriptions/hospital.claims/pause", headers=keeper).json()["state"] == "paused"
    assert (
        client.post("/v1/subscriptions/hospital.claims/resume", headers=hospital).json()["state"] == "behind"
    )
    replayed = client.post("/v1/subscriptions/hospital.claims/replay", json={"after": 2}, headers=hospital)
    assert replayed.json()["position"] == 2
    assert client.get("/v1/subscriptions/hospital.claims/parked", headers=hospital).json() == []
    assert client.post("/v1/subscriptions/hospital.claims/retry", json={}, headers=hospital).json() == {
        "count": 0
    }
    beyond = client.post("/v1/subscriptions/hospital.claims/replay", json={"after": 10**6}, headers=hospital)
    problem(beyond, 404, "position_unknown")
    assert client.delete("/v1/subscriptions/hospital.claims", headers=hospital).status_code == 200
    gone = client.post("/v1/subscriptions/hospital.claims/pause", headers=hospital)
    problem(gone, 404, "subscription_unknown")


def test_whoever_works_on_this_machine_may_be_let_in_without_a_token(settings: Settings) -> None:
    anyone = Caller(name="loopback", roles=tuple(Role), cities=(EVERY_CITY,))
    opened = replace(settings, token_keys=(), anyone=anyone, allowed_hosts=("127.0.0.1:8420",))
    with TestClient(create_app(opened), base_url="http://127.0.0.1:8420") as client:
        told = client.get("/v1/statement", params=STATEMENT)
        assert told.status_code == 200
        assert NAME not in told.text
        # A name that somebody else has pointed at this machine (DNS rebinding) does not open the door.
        assert (
            client.get("/v1/statement", params=STATEMENT, headers={"Host": "evil.example"}).status_code == 400
        )
