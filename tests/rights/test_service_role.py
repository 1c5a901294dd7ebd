"""On PostgreSQL the service may add to the log and read it; the server itself refuses anything else."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from litestar.testing import TestClient

from domain.errors import InputRefused
from domain.facts.reading import read_fact
from ledger.cli import run
from ledger.handle import Ledger
from ledger.resolve import resolve
from ledger.rights.access import AccessLog, Entry
from ledger.rights.caller import Caller, Role
from ledger.service.app import create_app
from ledger.service.settings import Settings
from ledger.store.rights import RIGHTS, grant_service
from tests.postgres import PostgresServer

CITY = "510500"
PERSON = {"fact": "person_registered", "on": "2018-01-01", "id": "who", "person": "P1", "sex": "female"}
EMPLOYER = {"fact": "employer_registered", "on": "2018-01-01", "id": "works", "employer": "E1"}
JOINED = {
    "fact": "enrolled",
    "on": "2018-01-01",
    "id": "joined",
    "person": "P1",
    "scheme": "employee",
    "capacity": "employed",
    "employer": "E1",
}
PAID = {
    "fact": "contribution_paid",
    "on": "2018-02-10",
    "id": "paid",
    "employer": "E1",
    "capacity": "employed",
    "months": ["2018-01"],
}


@pytest.fixture
def role(postgres_server: PostgresServer) -> Iterator[str]:
    """A role that may connect and nothing else."""
    name = f"yibao_service_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_server.url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'secret'")
        yield name
        admin.execute(f"DROP ROLE {name}")


@pytest.fixture
def owners(postgres_url: str, role: str) -> Iterator[str]:
    """A ledger with facts, and the service's role let in; the URL of its owner."""
    assert run(["init", "--database", postgres_url, "--service-role", role]) == 0
    with Ledger.open(postgres_url) as ledger:
        ledger.record(PERSON, city=CITY)
    yield postgres_url
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(f"DROP OWNED BY {role}")


@pytest.fixture
def services(owners: str, role: str) -> str:
    """The same ledger as the service opens it."""
    parts = urlsplit(owners)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:secret@{place}"))


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE stored_events SET state = state",
        "DELETE FROM stored_events",
        "TRUNCATE stored_events",
        "UPDATE access_log SET caller = ''",
        "DELETE FROM access_log",
        "TRUNCATE access_log",
        "UPDATE checkpoint SET position = 0",
        "DELETE FROM checkpoint",
        "DELETE FROM log_head",
        "DROP TABLE stored_events",
        "ALTER TABLE stored_events DISABLE TRIGGER ALL",
    ],
)
def test_the_server_refuses_to_change_the_past(services: str, forbidden: str) -> None:
    with psycopg.connect(services) as service, pytest.raises(psycopg.errors.InsufficientPrivilege):
        service.execute(forbidden)


def test_the_whole_write_path_works_as_the_service(services: str) -> None:
    with Ledger.open(services) as ledger:
        receipts = [ledger.record(fact, city=CITY) for fact in (EMPLOYER, JOINED)]
        assert [receipt.repeated for receipt in receipts] == [False, False]
        lines = [(1, {**PAID, "city": CITY})]
        assert not [each for each in ledger.import_facts(lines, keep_recorded=False) if hasattr(each, "code")]
        found = resolve(ledger.store, [(1, read_fact({**PAID, "id": "again"}, CITY))], record=True)
        assert found.recorded
        assert ledger.advance(date(2018, 12, 31), city=CITY) == {
            CITY: ledger.advance(date(2018, 12, 31))[CITY]
        }
        asked = {"ask": "benefit_periods", "person": "P1", "scheme": "employee", "known": "2099-01-01"}
        assert (
            ledger.ask(asked, city=CITY)["answer"] == ledger.ask(asked, city=CITY, source="replay")["answer"]
        )
        assert ledger.verify().ok


def test_the_service_writes_the_access_log_and_reads_it(services: str) -> None:
    with Ledger.open(services) as ledger:
        log = AccessLog(ledger.store)
        log.note(Entry(what="refused", code="not_allowed", caller="wang")).result(5)
        log.close()
        assert [kept.entry.caller for kept in log.entries()] == ["wang"]


def test_the_whole_service_runs_as_its_role(services: str) -> None:
    everything = Caller(name="li", roles=tuple(Role), cities=(CITY,), identifiers=True)
    with TestClient(create_app(Settings(database=services, anyone=everything))) as client:
        assert client.get("/readyz").status_code == 200
        named = {**PERSON, "id": "named", "name": "王小明"}
        assert client.post("/v1/facts", json=named).status_code == 201
        assert client.post("/v1/facts/batch", json=[EMPLOYER, JOINED, PAID]).json()["recorded"] == 3
        preview = client.post("/v1/resolve/preview", json={"facts": [{**PAID, "id": "more"}]})
        assert preview.json()["facts"]
        page = client.get("/v1/events").json()
        assert page["next"] == page["head"] > 0
        assert client.post("/v1/subscriptions", json={"name": "li"}).status_code == 201
        assert client.post("/v1/subscriptions/li/replay", json={"after": 1}).json()["position"] == 1
        assert client.delete("/v1/subscriptions/li").status_code == 200
        asked = {"person": "P1", "on": "2018-12-31", "known": "2099-01-01"}
        assert "王小明" in client.get("/v1/statement", params=asked).text
        assert [each["entry"]["what"] for each in client.get("/v1/access").json()] == ["identifiers"] * 2
        assert "yibao_position" in client.get("/metrics").text


def test_after_a_rebuild_by_the_owner_the_service_still_works(owners: str, services: str) -> None:
    with Ledger.open(owners) as ledger:
        ledger.rebuild()
    with Ledger.open(services) as ledger:
        ledger.record(EMPLOYER, city=CITY)
        assert ledger.ask(
            {"ask": "benefit_status", "person": "P1", "on": "2018-01-01", "known": "2099-01-01"}
        )
    with psycopg.connect(services) as service, pytest.raises(psycopg.errors.InsufficientPrivilege):
        service.execute("DELETE FROM stored_events")


def test_every_table_is_named_with_its_rights(owners: str) -> None:
    from projections.rebuild import ALL

    with psycopg.connect(owners) as owner:
        found = owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        ).fetchall()
    assert {name for (name,) in found} == {*RIGHTS, *(table.name for table in ALL)}


@pytest.mark.parametrize("name", ["nobody_of_this_name", "itself"])
def test_a_role_that_is_missing_or_owns_the_ledger_is_refused(owners: str, name: str) -> None:
    with psycopg.connect(owners) as owner:
        itself = owner.info.user
    with Ledger.open(owners) as ledger, pytest.raises(InputRefused) as refused:
        grant_service(ledger.store, itself if name == "itself" else name)
    assert refused.value.name == "service-role"


def test_sqlite_knows_no_roles() -> None:
    with Ledger.open() as ledger, pytest.raises(InputRefused, match="permissions of the file"):
        grant_service(ledger.store, "service")
