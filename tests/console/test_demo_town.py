"""`yibao demo --serve`: an invented town, the same every time, with something worth finding in it."""

from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from ledger.cli import run
from ledger.demo.town import plan, town_facts
from ledger.handle import Ledger
from tests.console.conftest import small_plan
from tests.console.test_pages import words


def test_the_town_is_the_same_every_time_and_lively_enough() -> None:
    facts = town_facts(plan())
    assert facts == town_facts(plan())
    names = [fact["id"] for fact in facts]
    assert len(names) == len(set(names))
    told = [str(fact.get("recorded", fact["on"])) for fact in facts]
    assert told == sorted(told)
    people = {fact["person"] for fact in facts if fact["fact"] == "person_registered"}
    employers = {fact["employer"] for fact in facts if fact["fact"] == "employer_registered"}
    assert len(people) > 250
    assert len(employers) == 7
    assert (told[-1][:4], sum(fact["fact"] == "claim_submitted" for fact in facts) > 500) == ("2022", True)


def test_the_command_serves_it_and_finds_it_as_it_was_left(
    own_town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[Any] = []

    def serve(running: Any) -> bool:
        address = f"http://127.0.0.1:{running.config.port}"
        with TestClient(running.config.app, base_url=address) as client:
            served.append(client.get("/console/").text)
            elsewhere = client.get("/console/", headers={"Host": "elsewhere.example"})
            assert elsewhere.status_code == 400
        return True

    monkeypatch.setattr("ledger.demo.showing.plan", small_plan)
    monkeypatch.setattr("ledger.demo.showing._serve", serve)
    with Ledger.open(str(own_town)) as ledger:
        before = ledger.store.last_position()
    code = run(["demo", "--serve", "--no-browser", "--port", "8451", "--database", str(own_town)])
    assert (code, "http://127.0.0.1:8451/console/" in capsys.readouterr().out) == (0, True)
    for title in ("2019 年的住院为何不予支付？", "一家欠费的单位", "被收回的家庭门诊账户"):
        assert title in words(served[0])
    with Ledger.open(str(own_town)) as ledger:
        assert ledger.store.last_position() == before
