"""One mutant on trial, in a process of its own: exit code 0 = nobody noticed, 1 = noticed, 3 = it cannot be imported.

python -m scripts.mutation.judge AREA FILE     (the changed text on standard input)
"""

import os
import resource
import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

SURVIVED, KILLED, BROKEN = 0, 1, 3
SECONDS = 180
"""Of processor time: a mutant that needs more has been noticed. The clock would accuse a busy machine's mutants."""
HISTORIES = "100"
"""So many random histories, the same for each mutant, are told to a mutant that the cases let pass."""


def main() -> int:
    """Put the changed text in the place of the file, then ask the area's cases, and the second evaluator."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    area, path, text = sys.argv[1], sys.argv[2], sys.stdin.read()
    usual = SourceFileLoader.get_code
    os.environ |= {"YIBAO_ORACLE_HISTORIES": HISTORIES, "YIBAO_ORACLE_SHRINKS": "0"}

    def changed(loader: SourceFileLoader, name: str) -> Any:
        return compile(text, path, "exec") if loader.path == path else usual(loader, name)

    SourceFileLoader.get_code = changed  # type: ignore[assignment, method-assign]
    from domain.municipalities import municipality
    from tests.scenarios.histories import cities

    codes = {folder: code for folder, code in cities() if area in (folder, "values")}
    try:
        for code in codes.values():
            municipality(code)
    except Exception:
        return BROKEN
    if area == "values":
        noticed = _tests_notice("tests/domain/test_values.py") or _cases_notice(codes, 6)
    else:
        noticed = _cases_notice(codes, 1) or _tests_notice(f"tests/oracle/test_{area}.py")
    return KILLED if noticed else SURVIVED


def _tests_notice(tests: str) -> bool:
    import pytest

    words = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return pytest.main([*words, str(Path(__file__).resolve().parents[2] / tests)]) != 0


def _cases_notice(codes: dict[str, str], every: int) -> bool:
    from ledger.case_files import run_case
    from ledger.handle import Ledger

    for case in _cases(codes, every):
        with Ledger.fresh() as ledger:
            try:
                if not run_case(case, ledger)["passed"]:
                    return True
            except Exception:
                return True
    return False


def _cases(codes: dict[str, str], every: int) -> Iterator[Any]:
    from importlib.resources import files

    from ledger.case_files import read_case_file

    for folder in codes:
        place = files("domain.municipalities") / folder / "cases"
        found = [
            case
            for file in sorted(place.iterdir(), key=lambda each: each.name)
            if file.name.endswith(".json")
            for case in read_case_file(file.read_bytes(), file.name)
        ]
        yield from found[::every]


if __name__ == "__main__":
    sys.exit(main())
