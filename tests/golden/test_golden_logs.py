"""What a release has stored means the same for ever: its log, replayed on both databases, wherever and whenever.

A digest that differs fails, unless CHANGELOG names the migration, with the beginning of the new digest:
`Migration: golden-0.1.0 events 7cf2a986ec80: why` (or `answers`); docs/decisions/0014-golden-logs.md.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden.replaying import Golden, packed, read
from tests.golden.writing import logs, refused

ROOT = Path(__file__).parent.parent.parent
MIGRATION = re.compile(
    r"Migration: golden-(?P<release>[0-9.]+) (?P<what>events|answers) (?P<digest>[0-9a-f]{12,64}): \w+"
)
PLACES = (
    ("sqlite", {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}),
    (
        "sqlite",
        {"PYTHONHASHSEED": "4711", "TZ": "America/St_Johns", "LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"},
    ),
    (
        "postgresql",
        {"PYTHONHASHSEED": "99", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    ),
)
"""Databases, hash seeds, time zones, locales (where one is not installed, Python takes C in its place)."""


def expected(golden: Golden, changelog: str) -> dict[str, str]:
    """The digests that a log must have, or the beginnings of those that the last named migrations give it."""
    found = {"events": golden.events, "answers": golden.answers}
    for line in MIGRATION.finditer(changelog):
        if line["release"] == golden.release:
            found[line["what"]] = line["digest"]
    return found


@pytest.mark.parametrize("file", logs(), ids=lambda file: file.name)
@pytest.mark.parametrize(
    ("database", "place"), PLACES, ids=lambda each: each if isinstance(each, str) else each["TZ"]
)
def test_a_stored_log_means_the_same(
    file: Path, database: str, place: dict[str, str], request: pytest.FixtureRequest
) -> None:
    words = [sys.executable, "-W", "error", "-m", "tests.golden.replaying", str(file)]
    if database == "postgresql":
        words.append(request.getfixturevalue("postgres_url"))
    ended = subprocess.run(
        words, cwd=ROOT, env={**os.environ, **place}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    got = json.loads(ended.stdout)
    golden, _ = read(file)
    for what, digest in expected(golden, (ROOT / "CHANGELOG.md").read_text("utf-8")).items():
        assert got[what].startswith(digest), (
            f"{what} of golden-{golden.release} are now {got[what]}: put it right, or, if it is meant, name it in"
            f" CHANGELOG.md: `Migration: golden-{golden.release} {what} {got[what][:12]}: why`"
            f" (as long as {golden.release} is not released: `scripts/golden {golden.release} --again`)"
        )


def test_a_migration_must_name_release_digest_and_reason() -> None:
    golden = Golden("0.1.0", 1, "e" * 64, "a" * 64)
    named = "- Migration: golden-0.1.0 events 0123456789ab: interest is rounded once."
    assert expected(golden, named) == {"events": "0123456789ab", "answers": "a" * 64}
    later = named + "\n- Migration: golden-0.1.0 events ba9876543210: and late ones too."
    assert expected(golden, later)["events"] == "ba9876543210"
    for not_enough in (
        "Migration: golden-0.1.0 events",
        "Migration: golden-0.1.0 events 0123456789ab",
        named.replace("0.1.0", "0.2.0"),
        named.replace("0123456789ab", "0123"),
    ):
        assert expected(golden, not_enough) == {"events": "e" * 64, "answers": "a" * 64}


def test_every_city_and_every_kind_of_event_is_in_the_log() -> None:
    _, rows = read(logs()[-1])
    assert {row.city for row in rows} == {"510500", "421300", "621100", "510400", "350582"}
    assert {"determined", "withdrawn", "posted", "advanced"} <= {row.topic for row in rows}
    assert len({row.topic for row in rows}) > 30


def test_the_log_of_a_release_is_never_written_anew() -> None:
    before = {file.name: file.read_bytes() for file in logs()}
    words = [sys.executable, "-m", "tests.golden.writing", "0.1.0"]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "not written anew" in ended.stderr
    assert {file.name: file.read_bytes() for file in logs()} == before

    assert refused("0.1.0", "\n## Unreleased\n", exists=True, again=True) == ""
    assert refused("0.1.0", "\n## Unreleased\n\n## 0.1.0\n", exists=True, again=True)
    assert refused("0.2.0", "\n## 0.1.0\n", exists=False, again=False) == ""


def test_the_same_rows_make_the_same_file() -> None:
    golden, rows = read(logs()[0])
    assert packed(golden, rows) == packed(*read(logs()[0]))
