"""`scripts/soak`: rounds until the counts are reached or the time is up; a table; a report."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from scripts.soaking.parts import FIRST, PARTS, Part
from scripts.soaking.rounds import Round, run

AREAS = tuple(dict.fromkeys(part.area for part in PARTS))


def wanted() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("area", nargs="?", choices=AREAS, help="only this; everything when left out")
    parser.add_argument("--count", type=int, help="histories per city, kills, or schedules")
    parser.add_argument("--minutes", type=float, help="begin no round after so many minutes (for each part)")
    parser.add_argument("--seed", type=int, default=FIRST, help="where the seeds begin")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes of a round")
    parser.add_argument("--report", type=Path, help="file to which JSON Lines are added")
    return parser.parse_args()


def soaked(part: Part, asked: argparse.Namespace, tell: Callable[[Any], None]) -> list[Round]:
    """The rounds of one part."""
    total = asked.count if asked.count and part.scales else part.count
    until = time.monotonic() + 60 * asked.minutes if asked.minutes else float("inf")
    done: list[Round] = []
    reached = 0
    while reached < total and (time.monotonic() < until or not done):
        # A seed begins a run of seeds; none of two rounds is the same.
        each = run(part, min(part.a_round, total - reached), asked.seed + reached, asked.jobs)
        reached += each.count
        done.append(each)
        tell(each)
        print(f"{each.part}: {reached}/{total} {part.unit}, {len(each.failures)} failed, {each.seconds} s")
        for failure in each.failures:
            print(f"  {failure.test} (seed {each.seed})", *failure.says, sep="\n    ")
        sys.stdout.flush()
    return done


def main() -> int:
    """Run what is asked for; 1 when anything failed."""
    asked = wanted()
    summary: list[dict[str, Any]] = []

    def tell(told: Any) -> None:
        if asked.report is not None:
            with asked.report.open("ab") as file:
                file.write(msgspec.json.encode(told) + b"\n")

    for part in PARTS:
        if asked.area in (None, part.area):
            done = soaked(part, asked, tell)
            told = {
                "summary": f"{part.area} {part.name}",
                "count": sum(each.count for each in done),
                "unit": part.unit,
                "failed": sum(len(each.failures) for each in done),
                "seeds_from": asked.seed,
                "seconds": round(sum(each.seconds for each in done), 1),
            }
            tell(told)
            summary.append(told)
    print(f"\n{'part':<26}{'count':>8}{'failed':>8}{'seconds':>10}  unit")
    for each in summary:
        numbers = f"{each['count']:>8}{each['failed']:>8}{each['seconds']:>10}"
        print(f"{each['summary']:<26}{numbers}  {each['unit']}")
    return int(any(each["failed"] for each in summary))


if __name__ == "__main__":
    sys.exit(main())
