"""Judge a sample of mutants of every area, two at a time, and list who survived the cases and the second evaluator."""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.progress import track

from scripts.mutation.judge import BROKEN, KILLED, SURVIVED
from scripts.mutation.mutants import HOUSE, Mutant, areas, mutants, sampled

VERDICTS = {SURVIVED: "survived", KILLED: "killed", BROKEN: "broken"}
PATIENCE = 3600
"""Seconds on the clock after which a mutant is given up; its processor time is what is judged (judge.py)."""


def judged(mutant: Mutant) -> str:
    """What became of one mutant."""
    words = [sys.executable, "-m", "scripts.mutation.judge", mutant.area, str(mutant.path)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        done = subprocess.run(
            words,
            input=mutant.source(),
            text=True,
            capture_output=True,
            timeout=PATIENCE,
            cwd=HOUSE,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return "killed"
    return VERDICTS.get(done.returncode, "killed")


def main() -> int:
    """The share of killed mutants by area; exit code 1 when it is under 85 percent in any."""
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__)
    parser.add_argument("areas", nargs="*", help="cities by folder, or `values`; all when left out")
    parser.add_argument("--sample", type=int, default=200, help="mutants an area; 0 = all of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path, help="every verdict, as JSON Lines")
    given = parser.parse_args()
    chosen = {area: files for area, files in areas().items() if not given.areas or area in given.areas}
    lines, least = [], 1.0
    for area, files in chosen.items():
        everything = list(mutants(area, files))
        some = sampled(everything, given.sample, given.seed)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            verdicts = list(track(pool.map(judged, some), description=area, total=len(some)))
        counts = Counter(verdicts)
        share = counts["killed"] / max(1, counts["killed"] + counts["survived"])
        least = min(least, share)
        print(
            f"{area}: {len(everything)} mutants, {len(some)} judged: {counts['killed']} killed,"
            f" {counts['survived']} survived, {counts['broken']} cannot be imported: {share:.1%}"
        )
        for mutant, verdict in zip(some, verdicts, strict=True):
            lines.append({"area": area, "place": mutant.place(), "verdict": verdict, "change": mutant.said()})
            if verdict == "survived":
                print(f"  {mutant.place()}: {mutant.said()}")
    if given.report:
        given.report.write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8"
        )
    return int(least < 0.85)


if __name__ == "__main__":
    sys.exit(main())
