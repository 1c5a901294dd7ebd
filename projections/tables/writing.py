"""Write what events do to the tables, many at a time, on a cursor of the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from projections.tables import statements
from projections.tables.rows import Add, End, Operation, Row
from projections.tables.schema import KNOWN_TO, OPEN, RECORDS

_Key = tuple[str, str, str, str]


class Cursor(Protocol):
    """The part of a database cursor that is used here."""

    def execute(self, statement: Any, parameters: Any = ...) -> Any:
        """Run one statement."""

    def executemany(self, statement: Any, parameters: Any) -> Any:
        """Run one statement for many rows."""

    def fetchall(self) -> Sequence[Any]:
        """All rows of the last query."""


class Batch:
    """Operations waiting to be written; a row that ends before it is written needs no update."""

    def __init__(self, dialect: str, suffix: str = "") -> None:
        self._dialect = dialect
        self._suffix = suffix
        self._rows: dict[str, list[Row]] = {}
        self._fresh: dict[_Key, Row] = {}
        self._ends: dict[str, list[Mapping[str, Any]]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What another process needs to write it."""
        return {**self.__dict__, "_fresh": {}}

    def take(self, operations: Iterable[Operation]) -> None:
        """Collect operations in the order of the log."""
        for operation in operations:
            if isinstance(operation, Add):
                self._add(operation.table, operation.row)
            else:
                self._end(operation)

    def _add(self, table: str, row: Row) -> None:
        rows = self._rows.get(table)
        if rows is None:
            rows = self._rows[table] = []
        rows.append(row)
        if table in RECORDS:
            self._fresh[(table, row[0], row[1], row[2])] = row

    def _end(self, end: End) -> None:
        fresh = self._fresh.pop((end.table, end.city, end.subject, end.key), None)
        if fresh is not None:
            fresh[KNOWN_TO] = end.known_to
            return
        parameters = {
            "at": end.known_to,
            "in_city": end.city,
            "of_subject": end.subject,
            "under": end.key,
            "before": end.position,
            "open": OPEN,
        }
        self._ends.setdefault(end.table, []).append(parameters)

    def flush(self, cursor: Cursor, name: str, position: int) -> None:
        """Write everything and the position reached, in the caller's transaction."""
        for table, ends in self._ends.items():
            cursor.executemany(statements.end(self._dialect, table, self._suffix), ends)
        for table, rows in self._rows.items():
            cursor.executemany(statements.add(self._dialect, table, self._suffix), rows)
        reached = {"name": name, "position": position}
        cursor.execute(statements.move_on(self._dialect, self._suffix), reached)
        self.__init__(self._dialect, self._suffix)  # type: ignore[misc]
