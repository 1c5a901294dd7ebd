"""Writing to tables beside the log: subscriptions and what consumers make of events, the access log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ledger.store.problems import understood

if TYPE_CHECKING:
    from ledger.store.log import Store


class Effects:
    """Statements of one transaction for tables beside the log: all of them happen, or none."""

    def __init__(self, store: "Store", cursor: Any) -> None:
        self._sql = store.machine.sql
        self._cursor = cursor

    def execute(self, text: str, parameters: tuple[Any, ...] = ()) -> Any:
        """Run one statement with `?` for its parameters; the cursor, for its rows."""
        self._cursor.execute(self._sql(text), parameters)
        return self._cursor


@contextmanager
def beside(store: "Store") -> Iterator[Effects]:
    """A transaction for tables beside the log: it takes no lock on the log, where the database has finer ones."""
    if store.dialect == "sqlite":
        with store.transaction() as writing:
            yield Effects(store, writing.cursor())
    else:
        with understood(store.place), store.machine.reading() as cursor:
            cursor.execute("BEGIN")
            try:
                yield Effects(store, cursor)
                cursor.execute("COMMIT")
            except BaseException:
                if not cursor.connection.closed:
                    cursor.execute("ROLLBACK")
                raise
