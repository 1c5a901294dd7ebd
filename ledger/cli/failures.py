"""Whatever goes wrong, told in one line: a stable code, what happened, and what to do (docs/errors.md)."""

import json
import os
import sys
import traceback
from collections.abc import Iterator

from cyclopts import CycloptsError

from domain.errors import InputRefused, LedgerError, Unanswerable
from domain.values.terms.codes import CODE_LABELS
from ledger.cli import BROKEN, DATABASE, FINDING, REFUSED
from ledger.cli.options import DatabaseMissing

DATABASE_MODULES = ("sqlite3", "sqlalchemy", "psycopg", "eventsourcing", "alembic")
# Words of the database's own message -> our code and what to do about it. The first that fits is told.
DATABASE_SIGNS = (
    ("locked", "database_locked", "another program is writing; wait for it to finish and run this again"),
    ("readonly", "database_read_only", "the file or its folder may not be written; check its permissions"),
    ("read-only", "database_read_only", "the database does not allow writing; use one that does"),
    ("permission denied", "database_read_only", "this user may not write there; check the permissions"),
    ("full", "database_full", "free some space and run this again; nothing was half recorded"),
    ("no space left", "database_full", "free some space and run this again; nothing was half recorded"),
    ("not a database", "database_foreign", "this file is something else; choose another --database"),
    ("no such table", "database_foreign", "this database holds no ledger; run `yibao init` on an empty one"),
    ("does not exist", "database_missing", "make the database first, then run `yibao init`"),
    ("unable to open", "database_missing", "check the path, and that its folder exists"),
    ("connection", "database_unreachable", "check that the server runs and that the URL is right"),
    ("connect", "database_unreachable", "check that the server runs and that the URL is right"),
)


def told(problem: Exception, *, as_json: bool) -> int:
    """Say what went wrong on standard error (as JSON for machines); the exit code."""
    code, name, message, left = _described(problem)
    if left == BROKEN and os.environ.get("YIBAO_DEBUG"):
        traceback.print_exception(problem)
    if as_json:
        told_as = {"error": {"code": code, "name": name, "message": message}}
        print(json.dumps(told_as, ensure_ascii=False), file=sys.stderr)
        return left
    label = CODE_LABELS.get(code, "")
    print(f"yibao: {code}{' ' + label if label else ''}: {message}", file=sys.stderr)
    return left


def _described(problem: Exception) -> tuple[str, str, str, int]:
    """Code, name of the field or thing, message with the next step, exit code."""
    if isinstance(problem, InputRefused):
        return problem.code, problem.name, problem.message, _exit_of(problem)
    if isinstance(problem, Unanswerable):
        return problem.code, problem.name, f"{problem.name} is needed for {problem.on}", FINDING
    if isinstance(problem, LedgerError):
        name = str(getattr(problem, "name", ""))
        return getattr(problem, "code", "ledger_error"), name, problem.message, _exit_of(problem)
    if isinstance(problem, DatabaseMissing):
        message = f"there is no ledger at {problem}; run `yibao init --database {problem}`, or import into it"
        return "database_missing", "database", message, DATABASE
    if isinstance(problem, CycloptsError):
        return "wrong_usage", "", f"{_one_line(problem)}; see `yibao --help`", REFUSED
    if _of_a_database(problem) or isinstance(problem, OSError):
        return _of_the_machine(problem)
    message = f"a defect of this program: {type(problem).__name__}: {_one_line(problem)}"
    return "internal_error", "", f"{message}; run again with YIBAO_DEBUG=1 and report what it prints", BROKEN


def _exit_of(problem: LedgerError) -> int:
    code = str(getattr(problem, "code", ""))
    return DATABASE if code.startswith("database_") or code == "conflict" else REFUSED


def _of_a_database(problem: BaseException) -> bool:
    modules = (kind.__module__.partition(".")[0] for kind in type(problem).__mro__)
    return any(module in DATABASE_MODULES for module in modules)


def _of_the_machine(problem: Exception) -> tuple[str, str, str, int]:
    words = " ".join(str(each).casefold() for each in _chain(problem))
    if not any(_of_a_database(each) for each in _chain(problem)):
        for sign in ("no space left", "file too large"):
            if sign in words:
                return "disk_full", "disk", "the disk is full; free some space and run this again", DATABASE
        name = str(getattr(problem, "filename", "") or "")
        what = f"{name}: {getattr(problem, 'strerror', None) or _one_line(problem)}"
        return "file_unreadable", name, f"{what}; check the path and the permissions", REFUSED
    for sign, code, remedy in DATABASE_SIGNS:
        if sign in words:
            return code, "database", f"{_one_line(problem)}; {remedy}", DATABASE
    return "database_failed", "database", f"{type(problem).__name__}: {_one_line(problem)}", DATABASE


def _chain(problem: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = problem
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _one_line(problem: BaseException) -> str:
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    return lines[0].rstrip(".;") if lines else type(problem).__name__
