"""One mutant on trial, in a process of its own: exit code 0 = nobody noticed, 1 = noticed, 3 = it cannot be imported.

python -m scripts.mutation.judge AREA FILE     (the changed text on standard input)
"""

import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

SURVIVED, KILLED, BROKEN = 0, 1, 3


def main() -> int:
    """Put the changed text in the place of the file, then ask the area's cases."""
    area, path, text = sys.argv[1], sys.argv[2], sys.stdin.read()
    usual = SourceFileLoader.get_code

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
    if area == "values" and _values_notice():
        return KILLED
    return KILLED if _cases_notice(codes, 1 if area != "values" else 6) else SURVIVED


def _values_notice() -> bool:
    import pytest

    tests = Path(__file__).resolve().parents[2] / "tests" / "domain" / "test_values.py"
    return (
        pytest.main(["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", str(tests)]) != 0
    )


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
