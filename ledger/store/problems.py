"""What the drivers raise, as refusals with stable codes."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    ConnectionUnavailableError,
    PersistenceError,
)

from domain.errors import LedgerError
from ledger.store.errors import (
    DatabaseDamaged,
    DatabaseFailed,
    DatabaseForeign,
    DatabaseFull,
    DatabaseLocked,
    DatabaseProblem,
    DatabaseReadOnly,
    DatabaseUnreachable,
    DuplicateFact,
    StoreRefused,
)

_SQLITE: dict[str, type[DatabaseProblem]] = {
    "SQLITE_BUSY": DatabaseLocked,
    "SQLITE_LOCKED": DatabaseLocked,
    "SQLITE_READONLY": DatabaseReadOnly,
    "SQLITE_PERM": DatabaseReadOnly,
    "SQLITE_FULL": DatabaseFull,
    "SQLITE_NOTADB": DatabaseForeign,
    "SQLITE_CORRUPT": DatabaseDamaged,
    "SQLITE_CANTOPEN": DatabaseUnreachable,
    "SQLITE_IOERR": DatabaseFailed,
    "SQLITE_AUTH": DatabaseReadOnly,
}
# The first characters of a SQLSTATE (PostgreSQL, appendix A).
_STATES: dict[str, type[DatabaseProblem]] = {
    "55P03": DatabaseLocked,
    "40P01": DatabaseLocked,
    "57014": DatabaseLocked,
    "25006": DatabaseReadOnly,
    "42501": DatabaseReadOnly,
    "53100": DatabaseFull,
    "XX001": DatabaseDamaged,
    "XX002": DatabaseDamaged,
    "08": DatabaseUnreachable,
    "57P": DatabaseUnreachable,
    "28": DatabaseUnreachable,
    "3D": DatabaseUnreachable,
    "53": DatabaseUnreachable,
}


@contextmanager
def understood(place: str) -> Iterator[None]:
    """Within the block, whatever a driver or the library raises becomes one of our refusals, if we know it."""
    try:
        yield
    except Exception as error:
        problem = refusal(error, place)
        if problem is None:
            raise
        raise problem from error


def refusal(error: BaseException, place: str) -> DatabaseProblem | StoreRefused | None:
    """The refusal that says the same as an exception of a driver or the library; None for anything else."""
    if isinstance(error, LedgerError):
        return None
    for cause in _causes(error):
        if isinstance(cause, sqlite3.Error):
            return _of_sqlite(cause, place)
        if hasattr(cause, "sqlstate"):
            return _of_postgres(cause, place)
        if type(cause).__name__ == "PoolTimeout" or isinstance(cause, TimeoutError):
            return DatabaseLocked(f"{place}: no connection became free")
    if isinstance(error, ConnectionUnavailableError):
        return DatabaseLocked(f"{place}: {error}")
    if isinstance(error, ConnectionPoolClosedError):
        return DatabaseUnreachable(f"{place}: the ledger has been closed")
    if isinstance(error, PersistenceError):
        return DatabaseUnreachable(f"{place}: {str(error) or type(error).__name__}")
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        inner = [arg for arg in error.args if isinstance(arg, BaseException)]
        error = inner[0] if inner else error.__cause__


def _of_sqlite(error: sqlite3.Error, place: str) -> DatabaseProblem | StoreRefused | None:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_CONSTRAINT"):
        return _duplicate(str(error))
    if "decode to UTF-8" in str(error):
        return DatabaseDamaged(f"{place}: text in it is no longer text ({error})")
    for start, kind in _SQLITE.items():
        if name.startswith(start):
            return kind(f"{place}: {error}")
    return None


def _of_postgres(error: BaseException, place: str) -> DatabaseProblem | StoreRefused | None:
    state = getattr(error, "sqlstate", None)
    if state == "23505":
        return _duplicate(str(error))
    what = f"{place}: {str(error).strip().splitlines()[0] if str(error) else type(error).__name__}"
    if state is None:
        lost = type(error).__name__ in ("OperationalError", "ConnectionTimeout", "InterfaceError")
        return DatabaseUnreachable(what) if lost else None
    for start, kind in _STATES.items():
        if state.startswith(start):
            return kind(what)
    return None


def _duplicate(said: str) -> StoreRefused:
    if "fact_id" in said:
        return DuplicateFact("a fact with this id is recorded already; give the new fact another id")
    return StoreRefused(
        "conflict", f"somebody else wrote the same: read again and decide again ({said.strip()})"
    )
