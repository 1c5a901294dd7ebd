"""Tables beside the log, written without waiting for whoever writes the log (where the database allows it)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ledger.store.log import Store
from ledger.store.problems import understood


@contextmanager
def aside(store: Store) -> Iterator[Any]:
    """A cursor in a transaction of its own that commits at the end of the block.

    On PostgreSQL it does not take the lock of the log. SQLite has one lock for everything.
    """
    from ledger.store.postgres import PostgresLedgerRecorder

    machine = store.machine
    with understood(store.place):
        if isinstance(machine, PostgresLedgerRecorder):
            with machine.datastore.get_connection() as connection, connection.transaction():
                yield machine.cursor(connection)
        else:
            with machine.writing() as writing:
                yield writing.cursor
