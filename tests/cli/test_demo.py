"""The demonstration: the numbers of its story, on the real rules of the city."""

import pytest

from ledger.cli import run


def test_the_demo_tells_the_story(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo"]) == 0
    told = capsys.readouterr().out
    for words in (
        "suspended 欠费暂停待遇",
        "employee_pooled owes member 6630.00",
        "Timeline 时间线",
        "2019-08-15 ███████████████░░░░░",
        "2019-09-30 █████████████████████",
    ):
        assert words in told
