"""Facts on trial: the one write path runs whole, inside a transaction that is taken back unless it shall stand.

Because the preview and the recording are the same code on the same rows, `--record` does exactly what was shown.
The trial holds the write lock while it runs and keeps books of its own, so that nothing is left in memory either.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from domain.errors import InputRefused
from domain.facts import Fact
from domain.rulebook.citation import CITATIONS
from domain.values.calendar import Moment
from ledger.collecting import collector_paused
from ledger.receipts import Receipt, Rejected
from ledger.resolve.changed import Change, changed
from ledger.resolve.owing import Debt, debts
from ledger.store import Recorded, Store, Transaction
from ledger.writing import Writer

Read = tuple[int, Fact | InputRefused]
"""Line number, and the fact or why it could not be read."""


class Resolution(Struct, frozen=True, kw_only=True):
    """Everything that some facts change, and what became of each of them."""

    facts: tuple[Receipt, ...]
    refused: tuple[Rejected, ...]
    changes: tuple[Change, ...]
    debts: tuple[Debt, ...]
    subjects: int
    """About how many persons, households and others something changes."""
    events: int
    """Consequences: how many events are (or would be) recorded beside the facts."""
    known: str
    """From when on this is (or would be) known."""
    recorded: bool
    """Whether it now stands in the ledger; otherwise nothing was written."""

    def articles(self) -> Iterator[dict[str, str]]:
        """Each rule that a change rests on, with its article and what it says."""
        for rule in dict.fromkeys(rule for change in self.changes for rule in change.rules):
            cited = CITATIONS.get(rule)
            yield {"rule": rule, "article": cited.article, "says": cited.says} if cited else {"rule": rule}


class _TakenBack(Exception):
    """Ends the transaction of a trial without writing."""


class Trial(Writer):
    """The write path with books of its own, for facts that shall first be looked at."""

    def run(self, read: Sequence[Read], *, keep_recorded: bool, record: bool) -> Resolution:
        """Everything that the facts change; written only with `record`."""
        found: list[Resolution] = []
        try:
            with self._writing() as transaction:
                found.append(self._resolved(transaction, read, keep_recorded, record))
                if not record:
                    raise _TakenBack
        except _TakenBack:
            pass
        return found[0]

    def _resolved(
        self, transaction: Transaction, read: Sequence[Read], keep_recorded: bool, record: bool
    ) -> Resolution:
        start = transaction.head.position
        told = self._record_each(transaction, read, keep_recorded)
        events = [row for row in self.store.since(start) if not isinstance(row.event, Fact)]
        touched: dict[str, dict[str, None]] = {}
        for row in events:
            touched.setdefault(row.city, {})[row.subject] = None
        changes: list[Change] = []
        for city, subjects in touched.items():
            for subject, rows in _streams(self.store, city, subjects):
                changes += changed(city, subject, rows, start)
        last = events[-1].recorded if events else transaction.now
        return Resolution(
            facts=tuple(each for each in told if isinstance(each, Receipt)),
            refused=tuple(each for each in told if isinstance(each, Rejected)),
            changes=tuple(changes),
            debts=tuple(debts(events)),
            subjects=sum(len(subjects) for subjects in touched.values()),
            events=len(events),
            known=str(Moment(last)),
            recorded=record and any(isinstance(e, Receipt) and not e.repeated for e in told),
        )


def _streams(store: Store, city: str, subjects: dict[str, None]) -> Iterator[tuple[str, list[Recorded]]]:
    """The consequences of each subject, in order, a few hundred subjects at a time."""
    names = list(subjects)
    for first in range(0, len(names), 500):
        some = names[first : first + 500]
        found = store.streams(city, some)
        for subject in some:
            yield subject, [row for row in found.get(subject, ()) if not isinstance(row.event, Fact)]


def resolve(
    store: Store,
    read: Sequence[Read],
    *,
    keep_recorded: bool = False,
    record: bool = False,
    recorded_by: str = "operator",
) -> Resolution:
    """Everything that facts would change, in all subjects they concern; with `record` it is recorded so."""
    with collector_paused():
        return Trial(store, recorded_by).run(read, keep_recorded=keep_recorded, record=record)
