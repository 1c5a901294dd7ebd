"""Run every path beside the plain library, several rounds in one process; print medians and ratios."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from msgspec import Struct

from scripts.benchmarks import ours, pages, plain, resolving
from scripts.benchmarks.workload import CITY


class Size(Struct, frozen=True):
    """How much work a round does."""

    commands: int
    events: int
    log: int
    questions: int


FULL = Size(commands=300, events=60_000, log=60_000, questions=1_000)
QUICK = Size(commands=60, events=8_000, log=8_000, questions=200)


class Row(Struct):
    """One path: the plain library's figure and ours, round by round."""

    path: str
    unit: str
    target: str
    plain: list[float | None]
    ours: list[float]

    def told(self) -> dict[str, Any]:
        """Medians and the median of the ratios of each round; more is better, but for times."""
        pairs = [(one, other) for one, other in zip(self.ours, self.plain, strict=True) if other]
        timed = self.unit == "ms"
        ratios = [other / one if timed else one / other for one, other in pairs]
        return {
            "path": self.path,
            "unit": self.unit,
            "plain": round(median([each for each in self.plain if each]), 2) if pairs else None,
            "ours": round(median(self.ours), 2),
            "ratio": round(median(ratios), 2) if ratios else None,
            "target": self.target,
        }


def measured(size: Size, rounds: int) -> list[Row]:
    """Every path, each side once per round, in turn."""
    rows = {
        name: Row(name, "events/s", target, [], [])
        for name, target in (
            ("one fact at a time, durable", ">= 671"),
            ("import in order", ">= 10,000"),
            ("read, decode, fold the log", ">= 400,000"),
            ("rebuild of all tables", ">= 60,000"),
        )
    }
    rows["replay of one person"] = Row("replay of one person", "ms", "<= 15", [], [])
    rows["question from tables, p99"] = Row("question from tables, p99", "ms", "p99 <= 5", [], [])
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            _round(Path(folder), size, rows)
    return list(rows.values())


def _round(folder: Path, size: Size, rows: dict[str, Row]) -> None:
    sizes = {
        "one fact at a time, durable": size.commands,
        "import in order": size.events,
        "read, decode, fold the log": size.log,
        "rebuild of all tables": size.log,
    }
    beside, own = folder / "plain", folder / "ours"
    beside.mkdir()
    own.mkdir()
    for name, amount in sizes.items():
        measure: Callable[[Path, int], float] = plain.PATHS[name]
        rows[name].plain.append(measure(beside, amount))
        rows[name].ours.append(ours.PATHS[name](own, amount))
    ledger, person, events = ours.person_of(own, 1500)
    with ledger:
        ledger.advance(date(2048, 1, 31), city=CITY)
        rows["replay of one person"].plain.append(plain.replay_one(beside, events) * 1000)
        replayed = ours.replay_one(ledger, person, size.questions // 10)
        rows["replay of one person"].ours.append(median(replayed) * 1000)
        from_tables = ours.from_tables(ledger, person, size.questions)
        rows["question from tables, p99"].plain.append(None)
        rows["question from tables, p99"].ours.append(quantiles(from_tables, n=100)[98] * 1000)
    print(f"  one person of {events} events", file=sys.stderr)


def main() -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="small amounts, to see that it runs")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--resolve", action="store_true", help="back-payments instead: a person, an employer of 10,000"
    )
    parser.add_argument(
        "--console", action="store_true", help="the console's page of a person of thirty years"
    )
    given = parser.parse_args()
    if given.console:
        with tempfile.TemporaryDirectory() as folder:
            for line in pages.lines(Path(folder), 20 if given.quick else 200):
                print(line)
        return 0
    if given.resolve:
        with tempfile.TemporaryDirectory() as folder:
            for line in resolving.lines(
                Path(folder), 20 if given.quick else 200, 500 if given.quick else 10_000
            ):
                print(line)
        return 0
    told = [row.told() for row in measured(QUICK if given.quick else FULL, given.rounds)]
    if given.json:
        print(json.dumps(told, indent=1))
        return 0
    print(f"{'path':<30}{'plain library':>15}{'this ledger':>14}{'ratio':>8}  {'unit':<9}target")
    for row in told:
        beside = "-" if row["plain"] is None else f"{row['plain']:,.1f}"
        ratio = "-" if row["ratio"] is None else f"{row['ratio']:.2f}"
        print(
            f"{row['path']:<30}{beside:>15}{row['ours']:>14,.1f}{ratio:>8}  {row['unit']:<9}{row['target']}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
