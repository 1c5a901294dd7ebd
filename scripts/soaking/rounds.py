"""One round: pytest in a process of its own, and what it says of failures."""

import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

from msgspec import Struct

from scripts.soaking.parts import Part

HOUSE = Path(__file__).resolve().parent.parent.parent
TELLING = re.compile(r"seed|reproduce_failure|Falsifying|^E  |\.json$", re.IGNORECASE)
"""Lines of a failure that say how to see it again."""
MOST_LINES = 40


class Failure(Struct, frozen=True):
    """A test that failed, and the lines that say how to see it again."""

    test: str
    says: list[str]


class Round(Struct, frozen=True):
    """What a round came to."""

    part: str
    count: int
    seed: int
    passed: int
    skipped: int
    failures: list[Failure]
    seconds: float


def run(part: Part, count: int, seed: int, jobs: int) -> Round:
    """Run one round."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.xml"
        words = [sys.executable, "-m", "pytest", "-q", "-n", str(jobs), "-p", "no:cacheprovider"]
        words += [f"--junitxml={told}", *part.arguments(seed), *part.tests]
        environment = {**os.environ, **part.settings(count, seed)}
        environment.pop("CI", None)  # there, some histories are the same every time
        ended = subprocess.run(words, cwd=HOUSE, env=environment, capture_output=True, text=True, check=False)
        if not told.exists():
            raise SystemExit(f"pytest did not run:\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
        cases = list(ET.parse(told).iter("testcase"))
    failures = [failure for case in cases if (failure := _failure(case)) is not None]
    skipped = sum(case.find("skipped") is not None for case in cases)
    passed = len(cases) - len(failures) - skipped
    seconds = round(time.monotonic() - began, 1)
    return Round(f"{part.area} {part.name}", count, seed, passed, skipped, failures, seconds)


def _failure(case: ET.Element) -> Failure | None:
    for kind in ("failure", "error"):
        found = case.find(kind)
        if found is not None:
            lines = [line for line in (found.text or "").splitlines() if TELLING.search(line)]
            return Failure(f"{case.get('classname')}::{case.get('name')}", lines[-MOST_LINES:])
    return None
