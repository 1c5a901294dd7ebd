"""An audit finds nothing where nothing was altered, and names the cause of whatever differs."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.errors import InputRefused
from domain.events.consequences import Entry
from domain.municipalities import municipality
from domain.values.calendar import Moment
from ledger.audit import Audit, Wanted, audit
from ledger.audit.findings import Cause
from ledger.cli import run
from ledger.handle import Ledger
from tests.resolve.stories import CITY, PAID, demo_facts
from tests.scenarios.histories import cities, history

END = date(2020, 12, 31)


def the_demo(place: str) -> Ledger:
    """A ledger with the whole story of the demo and a run of time at its end."""
    ledger = Ledger.open(place, migrate=True)
    list(ledger.import_facts(enumerate(demo_facts(), 1)))
    ledger.advance(END)
    return ledger


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A file with the story."""
    place = str(tmp_path / "l.db")
    the_demo(place).close()
    return place


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """The story on each database."""
    place = str(tmp_path / "l.db") if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with the_demo(place) as opened:
        yield opened


def altered(ledger: Ledger, statement: str) -> None:
    """Somebody changes rows past the ledger."""
    with ledger.store.transaction() as transaction:
        transaction.cursor().execute(statement)


def test_nothing_differs(ledger: Ledger) -> None:
    found = audit(ledger.store, ledger.cities())
    assert found.ok, found.differences[:3]
    assert found.facts == len(demo_facts())
    assert found.events > 100


def test_an_altered_table_row_is_found_with_its_money(ledger: Ledger) -> None:
    altered(
        ledger,
        "UPDATE journal SET fen = fen + 100 WHERE account = 'personal_account:mother'"
        " AND position = (SELECT max(position) FROM journal WHERE account = 'personal_account:mother')",
    )
    altered(ledger, "UPDATE claim_settlement SET record = replace(record, 'payable', 'refused')")

    found = audit(ledger.store, ledger.cities())

    assert set(found.counts()) == {"altered_table"}
    assert found.money() == {"altered_table": {"personal_account:mother": "-1.00"}}
    assert any(each.key.startswith("claim/") for each in found.differences)
    ledger.rebuild()
    assert audit(ledger.store, ledger.cities()).ok


def with_version(monkeypatch: pytest.MonkeyPatch, version: str | None) -> None:
    """The house's rules are others: every entry of the mother's account is a fen higher."""
    town = municipality(CITY)

    def consequences(view: Any, subject: str) -> Iterator[Any]:
        for record in town.consequences(view, subject):
            if isinstance(record, Entry) and record.name.startswith("basic/2018-02"):
                first, second, *rest = record.postings
                moved = (replace(first, fen=first.fen - 1), replace(second, fen=second.fen + 1), *rest)
                yield replace(record, postings=moved)
            else:
                yield record

    other = replace(
        town, consequences=consequences, continued=lambda *_: None, version=version or town.version
    )
    monkeypatch.setattr("ledger.audit.running.municipality", lambda code, version="": other)


@pytest.mark.parametrize(("version", "why"), [(None, Cause.RULES_ALTERED), ("2", Cause.RULE_VERSION)])
def test_an_altered_rule_is_found(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, version: str | None, why: Cause
) -> None:
    with_version(monkeypatch, version)

    found = audit(ledger.store, ledger.cities())

    assert set(found.counts()) == {why}
    (one,) = [each for each in found.differences if each.key == "entry/basic/2018-02"]
    assert (one.rules, one.fact, one.subject) == ("1", "paid-2018-02", "person:mother")
    assert sorted(one.money.values()) == [-1, 1]
    assert one.position is not None


def test_time_that_no_run_recorded() -> None:
    with Ledger.fresh() as ledger:
        list(ledger.import_facts(enumerate(demo_facts(), 1)))
        late = Moment.parse("2021-06-30")
        found = audit(ledger.store, ledger.cities(), Wanted(known=late))
        assert set(found.counts()) == {"missing_advance"}
        assert audit(ledger.store, ledger.cities(), Wanted(known=late, person="father")).ok
        ledger.advance(late.day)
        assert audit(ledger.store, ledger.cities(), Wanted(known=late)).ok


def test_an_altered_event_is_told_from_an_altered_rule(database: str) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute(
            "UPDATE stored_events SET state = CAST(replace(replace(CAST(state AS TEXT),"
            " '-12000', '-13000'), ':12000', ':13000') AS BLOB)"
            " WHERE cause = 'paid-2018-02' AND topic = 'posted'"
        )
    connection.close()
    with Ledger.open(database) as ledger:
        found = audit(ledger.store, ledger.cities())
        assert {each.why for each in found.differences} >= {Cause.ALTERED_DATA}
        assert "rules_altered" not in found.counts()
        (one, *_) = [each for each in found.differences if each.why is Cause.ALTERED_DATA]
        assert one.position == ledger.verify().position


def test_an_altered_fact_is_behind_what_it_changes(database: str) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute(
            "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), '[\"2018-02\"]', '[\"2018-01\"]') AS BLOB)"
            " WHERE fact_id = 'paid-2018-02'"
        )
    connection.close()
    with Ledger.open(database) as ledger:
        found = audit(ledger.store, ledger.cities())
    assert any(each.why is Cause.ALTERED_DATA and each.fact == "paid-2018-02" for each in found.differences)


def of(found: Audit) -> set[str]:
    """Subjects that differ."""
    return {each.subject for each in found.differences}


def test_a_person_an_employer_a_day(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    with_version(monkeypatch, None)
    store, towns = ledger.store, ledger.cities()
    assert of(audit(store, towns, Wanted(person="mother"))) == {"person:mother"}
    assert of(audit(store, towns, Wanted(employer="press"))) == {"person:mother"}
    assert audit(store, towns, Wanted(person="father")).ok
    assert audit(store, towns, Wanted(person="mother", on=date(2018, 1, 31))).ok
    assert audit(store, towns, Wanted(person="mother", known=Moment.parse("2018-01-31"))).ok


@pytest.mark.parametrize(("folder", "code"), cities())
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), runs=st.booleans())
def test_random_histories_are_what_the_facts_make_of_them(
    folder: str, code: str, seed: int, runs: bool
) -> None:
    with Ledger.fresh() as ledger:
        for number, fact in enumerate(history(seed, folder)):
            try:
                ledger.record(fact, city=code, keep_recorded=True)
            except InputRefused:
                continue
            if runs and number % 4 == 3:
                ledger.advance(Moment.parse(fact["recorded"]).day, city=code)
        found = audit(ledger.store, ledger.cities())
        people = [name.removeprefix("person:") for name in ledger.store.subjects(code, "person:")]
        alone = [audit(ledger.store, ledger.cities(), Wanted(person=who)) for who in people]
    for each in (found, *alone):
        assert set(each.counts()) <= {"missing_advance"}, each.differences[:2]


def test_two_cities_in_processes_of_their_own(database: str) -> None:
    with Ledger.open(database) as ledger:
        for folder, code in cities()[:2]:
            if code != CITY:
                facts = [dict(fact) for fact in history(7, folder)]
                list(ledger.import_facts(enumerate(facts, 1), city=code))
        towns = ledger.cities()
        assert len(towns) > 1
        apart = audit(ledger.store, towns, database=database, jobs=2)
        assert apart == audit(ledger.store, towns)


def test_the_command(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "audit.html"
    assert run(["audit", "--database", database, "--report", str(report)]) == 0
    assert "no difference 无差异" in capsys.readouterr().out
    assert "审计" in report.read_text("utf-8")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE journal SET effective = '2017-12-31' WHERE fen = 12000")
        connection.execute("UPDATE year_total SET record = replace(record, '\"stays\":1', '\"stays\":2')")
    connection.close()
    assert run(["audit", "--database", database, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["counts"].keys() == {"altered_table"}


def test_the_trial_balance_is_zero_at_any_pair_of_dates(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "page.html"
    for on, known in (("2020-12-31", "2020-12-31"), (PAID, "2020-12-31"), ("2019-07-31", PAID)):
        words = ["trial-balance", "--on", on, "--known", known, "--database", database]
        assert run([*words, "--json", "--report", str(report), "--language", "en"]) == 0
        (town,) = json.loads(capsys.readouterr().out)["cities"]
        assert town["sum"] == "0.00"
        assert len(town["lines"]) > 4
    assert "Trial balance" in report.read_text("utf-8")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE journal SET fen = fen + 1 WHERE account = 'fund:employee_pooled'")
    connection.close()
    assert run([*words, "--accounts"]) == 1
    assert "the sum is not zero" in capsys.readouterr().out
