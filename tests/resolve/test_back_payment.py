"""A back-payment is seen before it is recorded, recorded exactly so, and recorded again without effect."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.facts.reading import read_fact
from ledger.cli import run
from ledger.handle import Ledger
from ledger.resolve import Change, resolve
from ledger.resolve.changed import _difference
from ledger.resolve.owing import matched
from tests.resolve.stories import PAID, before_payment, demo_facts, digests, told_when


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger on each database."""
    place = str(tmp_path / "l.db") if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with Ledger.open(place, migrate=True) as opened:
        yield opened


def of(changes: tuple[Change, ...], what: str, field: str = "") -> list[Change]:
    """Changes of one kind."""
    return [each for each in changes if each.what == what and (not field or each.field == field)]


def test_previewed_recorded_and_recorded_again(ledger: Ledger) -> None:
    late = before_payment(ledger)
    was = digests(ledger)

    seen = resolve(ledger.store, late, keep_recorded=True)

    assert not seen.recorded
    assert digests(ledger) == was
    assert ledger.verify().ok
    assert {c.key[-7:] for c in of(seen.changes, "month")} == {f"2019-0{n}" for n in range(3, 9)}
    (total,) = of(seen.changes, "total", "total")
    assert total.difference == "+6"
    assert of(seen.changes, "status")
    (pooled,) = of(seen.changes, "claim", "pooled")
    assert pooled.old == "0.00"
    assert pooled.difference == f"+{pooled.new}"
    assert pooled.rules
    assert pooled.supersedes is not None
    assert pooled.supersedes < pooled.position
    assert all(c.cause for c in seen.changes)
    assert {d.payer for d in seen.debts} >= {"employer:press", "fund:employee_pooled"}

    done = resolve(ledger.store, late, keep_recorded=True, record=True)

    assert done.recorded
    assert (done.changes, done.debts, done.events) == (seen.changes, seen.debts, seen.events)
    after = digests(ledger)
    assert after != was
    assert ledger.verify().ok

    again = resolve(ledger.store, late, keep_recorded=True, record=True)

    assert (again.changes, again.recorded) == ((), False)
    assert all(each.repeated for each in again.facts)
    assert digests(ledger) == after


def test_what_was_recorded_by_resolve_is_what_the_write_path_records(ledger: Ledger) -> None:
    late = before_payment(ledger)
    resolve(ledger.store, late, keep_recorded=True, record=True)

    with Ledger.fresh() as plain:
        for fact in demo_facts():
            if told_when(fact).day <= told_when({"on": PAID}).day:
                plain.record(fact, keep_recorded=True)
        expected = [(row.subject, row.event) for row in plain.store.since()]

    assert [(row.subject, row.event) for row in ledger.store.since()] == expected


def test_a_preview_leaves_the_memory_of_the_ledger_alone() -> None:
    with Ledger.fresh() as ledger:
        late = before_payment(ledger)
        asked = {"ask": "contribution_months", "person": "mother", "on": PAID, "known": PAID}
        before = ledger.ask(asked)
        resolve(ledger.store, late, keep_recorded=True)
        assert ledger.ask(asked) == before
        fact = late[0][1]
        assert ledger.as_known(fact.city, told_when({"on": PAID})).fact(fact.id) is None


def test_a_withdrawal_and_a_refusal_take_the_same_path() -> None:
    with Ledger.fresh() as ledger:
        late = before_payment(ledger)
        resolve(ledger.store, late, keep_recorded=True, record=True)
        city = late[0][1].city
        gone = {"fact": "contribution_paid", "on": "2019-10-01", "void": True, "city": city}
        void = read_fact({**gone, "id": "void", "corrects": late[0][1].id})
        wrong = read_fact({**gone, "id": "wrong", "corrects": "nothing"})
        found = resolve(ledger.store, [(1, void), (2, wrong)])

    assert [(each.line, each.code) for each in found.refused] == [(2, "unknown_reference")]
    assert of(found.changes, "month")
    assert all(c.new is None and c.difference == "-1" for c in of(found.changes, "month"))


def test_an_employers_payment_covers_everyone_on_the_roll() -> None:
    with Ledger.fresh() as ledger:
        late = before_payment(ledger, colleagues=("aunt", "uncle"))
        found = resolve(ledger.store, late, keep_recorded=True)
    roll = {"person:mother", "person:aunt", "person:uncle"}
    assert {c.subject for c in of(found.changes, "month")} == roll
    assert {c.subject for c in of(found.changes, "total", "total")} == roll


def test_payers_and_payees_are_matched_to_the_last_fen() -> None:
    assert list(matched({"a": -5, "b": 3, "c": 2})) == [("a", "b", 3), ("a", "c", 2)]
    assert list(matched({"a": -5, "b": -1, "c": 6})) == [("a", "c", 5), ("b", "c", 1)]
    assert list(matched({"a": 0})) == []


def test_the_command_shows_prints_and_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database, report = str(tmp_path / "l.db"), tmp_path / "page.html"
    with Ledger.open(database, migrate=True) as ledger:
        before_payment(ledger)
    late = tmp_path / "late.jsonl"
    told = [fact for fact in demo_facts() if told_when(fact).day == told_when({"on": PAID}).day]
    late.write_text("".join(json.dumps(fact) + "\n" for fact in told), "utf-8")
    words = ["resolve", str(late), "--keep-recorded", "--database", database]

    assert run([*words, "--report", str(report), "--language", "zh"]) == 0
    out = capsys.readouterr().out
    assert "who owes whom 应收应付" in out
    assert "nothing was recorded 仅预览" in out
    assert "应收应付" in report.read_text("utf-8")
    assert run([*words, "--json", "--record"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["recorded"]
    assert {"rule", "article", "says"} <= set(said["articles"][0])
    assert run([*words, "--json", "--record"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == []


def test_changes_of_an_employer_and_of_a_city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = str(tmp_path / "l.db")
    with Ledger.open(database, migrate=True) as ledger:
        late = before_payment(ledger, colleagues=("aunt",))
        resolve(ledger.store, late, keep_recorded=True, record=True)
    dates = ["--known-before", "2019-09-15", "--known", PAID, "--database", database, "--json"]
    for words in (["--employer", "press"], []):
        assert run(["changes", *words, *dates]) == 0
        found = json.loads(capsys.readouterr().out)["subjects"]
        assert [each["subject"] for each in found] == ["person:aunt", "person:mother"]
        assert all(change["because_of"] == ["back-payment"] for change in found[0]["changes"])
    assert run(["changes", "--employer", "other", *dates]) == 0
    assert json.loads(capsys.readouterr().out)["subjects"] == []
    assert run(["changes", "--person", "mother", *dates]) == 0
    assert json.loads(capsys.readouterr().out)["answer"]["changes"]


def test_a_year_or_a_rate_has_no_difference() -> None:
    """What is no amount is shown as it was and as it is, without a sum that means nothing."""
    assert _difference("year", None, 2019) is None
    assert _difference("rates.rate", "0.85", "0.90") is None
    assert _difference("pooled", "100.00", "90.50") == "-9.50"
    assert _difference("days", 3, 5) == "+2"
