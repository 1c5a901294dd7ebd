"""What a soak consists of: which tests, how the count and the seeds reach them, and how much a round is."""

import os
from collections.abc import Callable, Mapping

from msgspec import Struct

FIRST = 20260302
Settings = Callable[[int, int], Mapping[str, str]]
"""Environment of a round, of its count and of the seed where it begins."""


class Part(Struct, frozen=True):
    """Tests that are run in rounds, each with seeds of its own, until a count is reached."""

    area: str
    """Word on the command line: oracle, faults, streams."""
    name: str
    tests: tuple[str, ...]
    unit: str
    count: int
    """How many in all, unless --count says otherwise."""
    a_round: int
    settings: Settings
    scales: bool = True
    """Whether --count is about this part."""
    arguments: Callable[[int], tuple[str, ...]] = lambda seed: ()
    """More arguments for pytest, of the seed."""


def by_seed(count: str, seed: str) -> Settings:
    """Tests that make their own random numbers: in which variables they look for the count and for the first seed."""
    return lambda how_many, first: {count: str(how_many), seed: str(first)}


def histories(count: int, seed: int) -> Mapping[str, str]:
    """A failing history is put by, not made smaller, and the round goes on; the seed goes to Hypothesis by an argument."""
    return {
        "YIBAO_ORACLE_HISTORIES": str(count),
        "YIBAO_ORACLE_SHRINKS": "0",
        "YIBAO_ORACLE_KEEP": os.environ.get("YIBAO_ORACLE_KEEP", "soak-failures"),
    }


PARTS = (
    Part(
        area="oracle",
        name="histories",
        tests=("tests/oracle",),
        unit="histories per city",
        count=20_000,
        a_round=1_000,
        settings=histories,
        arguments=lambda seed: (f"--hypothesis-seed={seed}",),
    ),
    Part(
        area="faults",
        name="kills",
        tests=("tests/faults/test_killed.py",),
        unit="kills",
        count=10_000,
        a_round=1_000,
        settings=by_seed("YIBAO_FAULTS_KILLS", "YIBAO_FAULTS_SEED"),
    ),
    Part(
        area="faults",
        name="every operation",
        tests=(
            "tests/faults/test_failing_writes.py",
            "tests/faults/test_full_disk.py",
            "tests/faults/test_flipped_bytes.py",
        ),
        unit="times, each operation and byte",
        count=1,
        a_round=1,
        settings=lambda count, seed: {"YIBAO_FAULTS_STRIDE": "1", "YIBAO_FAULTS_PAGE_STRIDE": "1"},
        scales=False,
    ),
    Part(
        area="faults",
        name="crowds",
        tests=("tests/faults/test_crowd.py",),
        unit="seeds of 2, 5 and 8 writers on each database",
        count=50,
        a_round=5,
        settings=by_seed("YIBAO_FAULTS_CROWDS", "YIBAO_FAULTS_SEED"),
        scales=False,
    ),
    Part(
        area="streams",
        name="schedules",
        tests=("tests/streams/test_schedules.py",),
        unit="schedules",
        count=10_000,
        a_round=500,
        settings=by_seed("YIBAO_STREAM_SCHEDULES", "YIBAO_STREAM_SEED"),
    ),
)
