"""The store of events: SQLite or PostgreSQL, one log, positions in commit order, chained. See docs/decisions/0002-store.md."""

from ledger.store.effects import Effects, beside
from ledger.store.encoding import home
from ledger.store.errors import (
    Conflict,
    DatabaseDamaged,
    DatabaseFailed,
    DatabaseForeign,
    DatabaseFull,
    DatabaseLocked,
    DatabaseProblem,
    DatabaseReadOnly,
    DatabaseUnreachable,
    DatabaseVersion,
    DuplicateFact,
    NotInOrder,
    StoreRefused,
)
from ledger.store.log import Store
from ledger.store.opening import open_store, passing_store
from ledger.store.rows import Finding, Group, Receipt, Recordable, Recorded
from ledger.store.writing import Transaction

__all__ = [
    "Conflict",
    "DatabaseDamaged",
    "DatabaseFailed",
    "DatabaseForeign",
    "DatabaseFull",
    "DatabaseLocked",
    "DatabaseProblem",
    "DatabaseReadOnly",
    "DatabaseUnreachable",
    "DatabaseVersion",
    "DuplicateFact",
    "Effects",
    "Finding",
    "Group",
    "NotInOrder",
    "Receipt",
    "Recordable",
    "Recorded",
    "Store",
    "StoreRefused",
    "Transaction",
    "beside",
    "home",
    "open_store",
    "passing_store",
]
