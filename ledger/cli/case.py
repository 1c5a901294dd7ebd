"""`yibao case run`: case files, each case in a fresh ledger."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.text import Text

from domain.errors import InputRefused
from ledger.case_files import Case, read_case_file, run_case
from ledger.cli import FINDING, OK
from ledger.cli.screen import console, print_json, progress, show_answer

app = App(name="case", help="Case files: an auditor's facts and questions.", help_format="plaintext")


@app.command
def run(
    *files: Path,
    database: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    jobs: int = 1,
    only: str = "",
) -> int:
    """Run case files (facts v1): every fact through the write path, every question answered and compared.

    Each case has a ledger of its own: SQLite in memory, or an isolated one in --database, which is left
    as it was. Questions without `expect` are answered and shown. Exit code 1 on any mismatch.

    Example: `yibao case run domain/municipalities/*/cases/*.json --jobs 2`

    Parameters
    ----------
    files
        Case files.
    database
        Run every case on this PostgreSQL database, each in a schema of its own that is dropped afterwards.
    json
        Print JSON for machines.
    jobs
        Processes that run cases at the same time.
    only
        Only cases whose id begins with this.
    """
    if not files:
        raise InputRefused("field_missing", "files", "name at least one case file")
    if jobs < 1:
        raise InputRefused("value_not_allowed", "jobs", "--jobs is at least 1")
    cases = [
        c for file in files for c in read_case_file(file.read_bytes(), str(file)) if c.id.startswith(only)
    ]
    results = []
    with progress(hidden=json) as bar:
        for result in bar.track(_results(cases, database, jobs), total=len(cases), description="cases"):
            results.append(result)
    passed = sum(result["passed"] for result in results)
    if json:
        print_json({"passed": passed, "failed": len(results) - passed, "cases": results})
    else:
        _report(cases, results, passed)
    return OK if passed == len(results) else FINDING


def _results(cases: list[Case], database: str | None, jobs: int) -> Iterable[dict[str, Any]]:
    if jobs == 1 or len(cases) < 2:
        return (_in_a_fresh_ledger(case, database) for case in cases)
    return _in_processes(cases, database, jobs)


def _in_processes(cases: list[Case], database: str | None, jobs: int) -> Iterator[dict[str, Any]]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(_in_a_fresh_ledger, database=database), cases, chunksize=4)


def _in_a_fresh_ledger(case: Case, database: str | None) -> dict[str, Any]:
    from ledger.handle import Ledger

    with Ledger.fresh(database) as ledger:
        return run_case(case, ledger)


def _report(cases: list[Case], results: list[dict[str, Any]], passed: int) -> None:
    out = console()
    for case, result in zip(cases, results, strict=True):
        _report_case(case, result)
    failed = len(results) - passed
    out.print(f"passed 通过 {passed}, failed 不符 {failed}, of {len(results)} cases")


def _report_case(case: Case, result: dict[str, Any]) -> None:
    out = console()
    for refusal in result.get("refused", ()):
        out.print(
            Text(f"{case.id}: fact {refusal['id']} refused 拒收: {refusal['code']}: {refusal['message']}")
        )
    open_questions = [q for q in result["questions"] if "got" in q]
    if result["passed"] and not open_questions:
        return
    out.print(Text(f"{'passed' if result['passed'] else 'FAILED'} {case.id} {case.title}".rstrip(), "bold"))
    for number, (asked, told) in enumerate(zip(result["questions"], case.questions, strict=True), 1):
        about = ", ".join(f"{name} {value}" for name, value in told.items() if name not in ("ask", "expect"))
        if asked["mismatches"] or "got" in asked:
            out.print(Text(f"  {number}. {asked['ask']} ({about})"))
        for mismatch in asked["mismatches"]:
            place = mismatch["path"] or "answer"
            out.print(Text(f"     {place}: expected {mismatch['expected']!r}, got {mismatch['got']!r}"))
        if "got" in asked:
            show_answer(asked["ask"], asked["got"])
