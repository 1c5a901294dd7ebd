"""Compare the rule IDs of every city's rulebook with the rules in code and with what its cases apply."""

import sys
from importlib.resources import files

from domain.municipalities import folders, municipality
from domain.rulebook.citation import CITATIONS, witness
from ledger.case_files import read_case_file, run_case
from ledger.handle import Ledger


def coverage(folder: str) -> dict[str, list[str]]:
    """Rule IDs of a city by what became of them."""
    place = files("domain.municipalities") / folder
    ids = (place / "rules.txt").read_text("utf-8").split()
    code = next(code for code, name in folders().items() if name == folder)
    town = municipality(code)
    applied = exercised(place)
    without = set(town.without_effect)
    implemented = [rule for rule in ids if rule in CITATIONS]
    return {
        "implemented": implemented,
        "exercised": [rule for rule in implemented if rule in applied],
        "without_effect": [rule for rule in ids if rule in without],
        "missing": [rule for rule in ids if rule not in CITATIONS and rule not in without],
        "never_applied": [rule for rule in implemented if rule not in applied and rule not in without],
        "not_in_rulebook": sorted(
            rule for rule in (*CITATIONS, *without) if rule.startswith(f"{town.prefix}-") and rule not in ids
        ),
    }


def exercised(place: object) -> set[str]:
    """Every rule that is applied while the city's cases run."""
    applied: set[str] = set()
    witness(applied.add)
    try:
        for file in sorted((place / "cases").iterdir(), key=lambda each: each.name):  # type: ignore[operator]
            if file.name.endswith(".json"):
                for case in read_case_file(file.read_bytes(), file.name):
                    with Ledger.fresh() as ledger:
                        run_case(case, ledger)
    finally:
        witness(None)
    return applied


def main(names: list[str]) -> int:
    """Print the table; 1 when a rule is missing, never applied, or unknown to the rulebook."""
    failed = False
    print(f"{'city':<12}{'rules':>7}{'implemented':>13}{'exercised':>11}{'without effect':>16}{'missing':>9}")
    for folder in names or sorted(set(folders().values())):
        found = coverage(folder)
        total = len(set(found["implemented"]) | set(found["without_effect"]) | set(found["missing"]))
        print(
            f"{folder:<12}{total:>7}{len(found['implemented']):>13}{len(found['exercised']):>11}"
            f"{len(found['without_effect']):>16}{len(found['missing']):>9}"
        )
        for fault in ("missing", "never_applied", "not_in_rulebook"):
            if found[fault]:
                failed = True
                print(f"  {fault.replace('_', ' ')}: {' '.join(found[fault])}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
