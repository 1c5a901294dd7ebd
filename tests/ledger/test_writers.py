"""Several writers at once on one ledger: nothing lost, nothing done twice, everybody sees what the others told."""

import subprocess
import sys
from pathlib import Path

import pytest

from domain.values.calendar import Moment
from ledger.handle import Ledger

WRITER = """
import sys
from ledger.handle import Ledger
place, mine, all_writers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with Ledger.open(place) as ledger:
    for number in range(20):
        ledger.record(
            {"fact": "resident_contribution_paid", "on": "2018-10-10", "persons": [f"P{mine}"], "household": "H1",
             "year": 2019 + number % 2, "tier": 1, "id": f"w{mine}-{number}"}, city="510500")
        ledger.record(
            {"fact": "person_registered", "on": "2018-01-01", "person": "shared", "id": f"s{number}"}, city="510500")
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty ledger in each kind of database."""
    url = (
        request.getfixturevalue("postgres_url")
        if request.param == "postgresql"
        else str(tmp_path / "ledger.db")
    )
    Ledger.open(url, migrate=True).close()
    return str(url)


@pytest.mark.parametrize("writers", [2, 8])
def test_writers_at_once_lose_nothing_and_do_nothing_twice(place: str, writers: int) -> None:
    words = [[sys.executable, "-c", WRITER, place, str(number), str(writers)] for number in range(writers)]
    running = [subprocess.Popen(each, stderr=subprocess.PIPE) for each in words]
    said = [each.communicate()[1].decode() for each in running]

    assert [each.returncode for each in running] == [0] * writers, said
    with Ledger.open(place) as ledger:
        own = [ledger.store.fact("510500", f"w{w}-{n}") for w in range(writers) for n in range(20)]
        shared = [ledger.store.fact("510500", f"s{n}") for n in range(20)]
        assert all(own)
        assert all(shared)
        assert ledger.verify().ok
        times = [row.recorded for row in ledger.store.since(0)]
        assert times == sorted(times)
        question = {"ask": "family_account", "household": "H1", "on": "2019-01-01", "known": "2030-01-01"}
        tables = ledger.ask(question, city="510500")
        assert tables == ledger.ask(question, city="510500", source="replay")
        before = ledger.rebuild()
        assert tables == ledger.ask(question, city="510500")
        assert before == ledger.rebuild()


def test_a_reader_sees_at_once_what_another_has_told(place: str) -> None:
    with Ledger.open(place) as one, Ledger.open(place) as other:
        question = {"ask": "contribution_months", "person": "P1", "on": "2030-01-01", "known": "2040-01-01"}
        assert one.ask(question, city="510500")["answer"]["total"] == 0
        history = [{"months": ["2015-01/2015-12"]}]
        told = {"fact": "opening_history", "on": "2018-01-01", "person": "P1", "history": history}
        receipt = other.record(told, city="510500")
        assert Moment.parse(receipt.recorded) > 0
        assert one.ask(question, city="510500")["answer"]["total"] == 12
        one.record({**told, "on": "2018-01-02", "history": [{"months": ["2016-01/2016-02"]}]}, city="510500")
        assert other.ask(question, city="510500")["answer"]["total"] == 14
