"""The store: one log of events in one database."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from domain.values.calendar import Moment
from ledger.clock import Clock
from ledger.store.errors import DatabaseUnreachable
from ledger.store.machine import Dialect, Machine
from ledger.store.problems import understood
from ledger.store.reading import Reading
from ledger.store.rows import Group, Receipt, Recordable
from ledger.store.writing import Transaction

MAX_EVENTS = 5_000
MAX_BYTES = 4_000_000
_MAX_REMEMBERED = 500_000


class Store(Reading):
    """One log of events, in one SQLite file or PostgreSQL database. Threads may share it."""

    def __init__(self, machine: Machine, clock: Clock, place: str) -> None:
        self.machine = machine
        self.clock = clock
        self.place = place
        self.known_dependencies: set[tuple[str, str, str]] = set()
        self.noted_dependencies: list[tuple[str, str, str]] = []
        # True as long as nobody else has written since: the head is still the one that we left (`_seen`).
        self._versions: dict[str, int] = {}
        self._lasts: dict[str, Moment] = {}
        self._seen = -1
        self._of_thread = threading.local()

    def append(
        self,
        events: Sequence[Recordable],
        *,
        city: str,
        recorded_by: str,
        expected: Mapping[str, int] | None = None,
        recorded: Moment | None = None,
    ) -> Receipt:
        """Append events of one city in a transaction of their own: all or nothing, however many."""
        with self.transaction() as writing:
            return writing.append(
                events, city=city, recorded_by=recorded_by, expected=expected, recorded=recorded
            )

    def append_groups(self, groups: Iterable[Group], *, recorded_by: str) -> Iterator[Receipt]:
        """Append many groups in as few transactions as is wise: at most 5,000 events or about 4 MB each.

        Cuts lie between groups, never within. A group's receipt is yielded once it is safe.
        """
        waiting = iter(groups)
        group = next(waiting, None)
        while group is not None:
            done: list[Receipt] = []
            with self.transaction() as writing:
                start = writing.head.position
                while group is not None and _fits(writing, start, len(group.events)):
                    done.append(
                        writing.append(
                            group.events,
                            city=group.city,
                            recorded_by=recorded_by,
                            expected=group.expected,
                            recorded=group.recorded,
                        )
                    )
                    group = next(waiting, None)
            yield from done

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that holds the write lock from its start. Reads in the same thread are part of it."""
        if self._transaction is not None:
            raise AssertionError("this thread has a transaction open already; use that one")
        with understood(self.place), self.machine.writing() as writing:
            if writing.head.position != self._seen or len(self._versions) > _MAX_REMEMBERED:
                self._forget()
            self._seen = -1
            self.noted_dependencies = []
            transaction = Transaction(self, writing, self._versions, self._lasts)
            self._of_thread.transaction = transaction
            try:
                yield transaction
                transaction.flush()
            except BaseException:
                self._forget()
                raise
            finally:
                self._of_thread.transaction = None
            noted, self._seen = self.noted_dependencies, transaction.head.position
        self._remember(noted)

    def close(self) -> None:
        """Let go of the database; a ledger in memory is gone."""
        self.machine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _transaction(self) -> Transaction | None:
        return getattr(self._of_thread, "transaction", None)

    @property
    def dialect(self) -> Dialect:
        """Which SQL the database speaks."""
        return self.machine.dialect

    def select(self, statement: str, parameters: Mapping[str, Any]) -> list[Any]:
        """Rows of a statement in the database's own style, e.g. of a table of a projection."""
        return self._run(statement, parameters)

    def query(self, text: str, params: Sequence[Any] = ()) -> list[Any]:
        """Rows of a statement with `?` for its parameters, in whichever style the database has."""
        return self._run(self.machine.sql(text), params)

    def _run(self, text: str, params: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        with understood(self.place):
            if (transaction := self._transaction) is not None:
                transaction.flush()
                return self._fetch(self.machine.cursor(transaction.connection), text, params)
        try:
            return self._read(text, params)
        except DatabaseUnreachable:
            self.machine.refresh()
            return self._read(text, params)

    def _read(self, text: str, params: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        with understood(self.place), self.machine.reading() as cursor:
            return self._fetch(cursor, text, params)

    def _fetch(self, cursor: Any, text: str, params: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        cursor.execute(text, params)
        found: list[Any] = cursor.fetchall()
        return found

    def _forget(self) -> None:
        self._versions.clear()
        self._lasts.clear()

    def _remember(self, dependencies: list[tuple[str, str, str]]) -> None:
        if len(self.known_dependencies) > _MAX_REMEMBERED:
            self.known_dependencies.clear()
        self.known_dependencies.update(dependencies)


def _fits(writing: Transaction, start: int, events: int) -> bool:
    written = writing.head.position - start
    return not written or (written + events <= MAX_EVENTS and writing.size < MAX_BYTES)
