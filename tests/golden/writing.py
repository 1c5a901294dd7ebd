"""`scripts/golden RELEASE`: the golden log of a new release. Nothing that is stored is ever overwritten."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from domain.errors import InputRefused
from domain.facts import Fact
from domain.facts.reading import read_fact
from domain.values.calendar import Moment
from ledger.handle import Ledger
from tests.golden.replaying import BY, KNOWN, Golden, Stored, again, answers, packed, read

FOLDER = Path(__file__).parent


def logs() -> list[Path]:
    """Every golden log, in order of release."""
    return sorted(
        FOLDER.glob("*.jsonl.gz"), key=lambda file: [int(n) for n in file.name.split(".jsonl")[0].split(".")]
    )


def told(files: list[Path]) -> list[dict[str, Any]]:
    """The facts of files of JSON Lines in the order in which they became known; without files, of the latest log."""
    if not files:
        _, rows = read(logs()[-1])
        facts = [(row.event, row) for row in rows]
        return [
            {**json.loads(row.state), "recorded": str(event.recorded)}
            for event, row in facts
            if isinstance(event, Fact)
        ]
    found = [
        json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()
    ]
    return sorted(found, key=lambda fact: Moment.parse(str(fact.get("recorded") or fact["on"])))


def recorded(facts: list[dict[str, Any]]) -> list[Stored]:
    """Rows of a ledger that was told facts, the time passing at the end; facts that it refuses are left out and named."""
    with Ledger.fresh(recorded_by=BY) as ledger:
        for fact in facts:
            try:
                ledger._writer.record(read_fact(fact), keep_recorded=True)
            except InputRefused as refusal:
                sys.stderr.write(f"left out: {fact.get('id')}: {refusal.code} {refusal.name}\n")
        ledger._writer.forget()
        end = date.fromisoformat(KNOWN[-1])
        ledger.advance(end)
        rows = ledger.store.rows()
        return [Stored(row.city, row.topic, row.recorded_at, bytes(row.state).decode()) for row in rows]


def refused(release: str, changelog: str, *, exists: bool, again: bool) -> str:
    """Why the log of a release may not be written; empty when it may."""
    if not exists:
        return ""
    if f"\n## {release}" in changelog:
        return f"{release} is released: what it has stored is not written anew"
    return "" if again else f"{release} has a log: it is not written anew; before the release, --again does"


def main() -> int:
    """Write the log; 1 when the release has one."""
    parser = argparse.ArgumentParser(prog="scripts/golden", description=__doc__)
    parser.add_argument("release", help="e.g. 0.2.0")
    parser.add_argument(
        "--facts", type=Path, action="append", default=[], help="facts v1 as JSON Lines, with ids"
    )
    parser.add_argument(
        "--again", action="store_true", help="write anew what is not released yet (CHANGELOG)"
    )
    asked = parser.parse_args()
    file = FOLDER / f"{asked.release}.jsonl.gz"
    changelog = (FOLDER.parent.parent / "CHANGELOG.md").read_text("utf-8")
    if why := refused(asked.release, changelog, exists=file.exists(), again=asked.again):
        sys.stderr.write(f"{why}\n")
        return 1
    events, rows = again(recorded(told(asked.facts)), None)
    golden = Golden(asked.release, len(rows), events, answers(rows, None))
    file.write_bytes(packed(golden, rows))
    sys.stdout.write(
        f"{file.name}: {golden.rows} rows, events {events[:12]}, answers {golden.answers[:12]}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
