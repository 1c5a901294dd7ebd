"""What identifies a person is hidden wherever it stands, and nothing else is."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ledger.handle import Ledger
from ledger.rights.access import AccessLog, Entry
from ledger.rights.masking import masked

NUMBER, OLDER = "510502198805052341", "510502880505234"


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        ({"fact": "person_registered", "name": "王小明"}, {"fact": "person_registered", "name": "王**"}),
        (
            {"fact": "person_registered", "told": {"name": "王"}},
            {"fact": "person_registered", "told": {"name": "王*"}},
        ),
        ({"fact": "person_died", "note": "ask the widow"}, {"fact": "person_died", "note": "***"}),
        (f"person:{NUMBER}", "person:510502**********41"),
        (f"personal_account:{NUMBER[:-1]}X", "personal_account:510502**********4X"),
        ({OLDER: [OLDER]}, {"510502*******34": ["510502*******34"]}),
    ],
)
def test_what_identifies_is_hidden(shown: Any, hidden: Any) -> None:
    assert masked(shown)[0] == hidden
    assert masked(shown)[1] > 0


@pytest.mark.parametrize(
    "value",
    [
        {"fact": "provider_registered", "name": "县人民医院"},
        {"fact": "employer_registered", "name": "一厂"},
        {"error": {"code": "fact_missing", "name": "person_registered.born_on"}},
        "line-510502198805052341abcdef0123456789ab",
        "510502199913392341",
        "12345678901234567890",
        "1234.50",
        {"position": 510502198805052341, "ok": True, "none": None, "pooled": "6630.00"},
    ],
)
def test_everything_else_stays(value: Any) -> None:
    assert masked(value) == (value, 0)


def test_the_access_log_of_a_file_only_grows(tmp_path: Path) -> None:
    place = tmp_path / "ledger.db"
    with Ledger.open(str(place), migrate=True) as ledger:
        log = AccessLog(ledger.store)
        for number in range(3):
            log.note(Entry(what="refused", code="not_allowed", caller=f"c{number}"))
        log.close()
        assert [kept.entry.caller for kept in log.entries()] == ["c0", "c1", "c2"]
        assert [kept.number for kept in log.entries(after=1, limit=1)] == [2]
        assert log.lost == 0
    with sqlite3.connect(place) as file:
        for forbidden in ("DELETE FROM access_log", "UPDATE access_log SET caller = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                file.execute(forbidden)
    file.close()
