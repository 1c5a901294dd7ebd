"""The auditor's walk through docs/audit.md: its commands, run again, say what the document says."""

from __future__ import annotations

import pytest

from tests.docs.walk import ROOT, differences, shape, steps

DOCUMENT = (ROOT / "docs" / "audit.md").read_text("utf-8")


@pytest.fixture(scope="module")
def walked() -> list[str]:
    """What the document shows and the program no longer says."""
    return differences(DOCUMENT)


def test_the_walk_is_as_the_document_shows_it(walked: list[str]) -> None:
    assert walked == [], "run `python -m tests.docs.walk` and read what it changed"


def test_the_walk_goes_from_the_question_to_the_proof() -> None:
    commands = [command for command, _ in steps(DOCUMENT)]
    for verb in ("explain claim", "resolve", "diff claim", "audit", "verify", "prove", "checkpoint export"):
        assert any(command.startswith(f"yibao {verb}") for command in commands), verb
    assert sum("verify-proof" in command for command in commands) >= 2


def test_only_hashes_keys_and_the_present_are_left_out_of_the_comparison() -> None:
    assert shape("6630.00 known 2019-09-30, 9000.00") == "6630.00 known 2019-09-30, 9000.00"
    assert shape("root " + "ab" * 32) == "root <hash>"
