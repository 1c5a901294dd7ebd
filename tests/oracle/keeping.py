"""What the soak does with a history that fails: it is put by as a file, and the round goes on to the next one.

Hypothesis ends a test at its first failing example, and every later history of that city would go untold.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FOLDER = os.environ.get("YIBAO_ORACLE_KEEP")
"""Where failing histories go; without it, a failing history fails its test at once."""
kept: list[Path] = []
"""What this process has put by. `conftest.py` fails the test that added to it."""


def put_by(
    city: str,
    facts: Sequence[Mapping[str, Any]],
    questions: Sequence[Mapping[str, Any]],
    found: Sequence[str],
) -> None:
    """Write one failing history: its facts and questions in the form of a case file, and what was found."""
    told = {"city": city, "found": found, "facts": facts, "questions": questions}
    text = json.dumps(told, ensure_ascii=False, indent=1, default=str)
    folder = Path(FOLDER or ".")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{city}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
    path.write_text(text, "utf-8")
    kept.append(path)
