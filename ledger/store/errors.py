"""What the store refuses, with stable codes; each message says what to do."""

from typing import ClassVar

from domain.errors import LedgerError
from domain.values.calendar import Moment


class StoreRefused(LedgerError):
    """An append that contradicts what is recorded; nothing of it was written."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Conflict(StoreRefused):
    """Somebody else wrote to the stream since it was read; read again and decide again."""

    def __init__(self, stream: str, expected: int, found: int) -> None:
        said = f"{stream} is at version {found}, not {expected}: read it again and decide again"
        super().__init__("conflict", said)
        self.stream, self.expected, self.found = stream, expected, found


class DuplicateFact(StoreRefused):
    """A fact id that the city already has."""

    def __init__(self, message: str) -> None:
        super().__init__("duplicate_id", message)


class NotInOrder(StoreRefused):
    """An imported recorded time lies before the last one in the log."""

    def __init__(self, given: Moment, last: Moment) -> None:
        said = f"recorded {given} lies before {last}, the last of the log: sort the import by `recorded`"
        super().__init__("recorded_out_of_order", said)


class DatabaseProblem(LedgerError):
    """The database cannot be used as it is. What was not confirmed was not written."""

    CODE: ClassVar[str]
    REMEDY: ClassVar[str]

    def __init__(self, what: str, remedy: str | None = None) -> None:
        super().__init__(f"{what}: {remedy or self.REMEDY}")
        self.code = self.CODE


class DatabaseLocked(DatabaseProblem):
    """Another writer held on for too long."""

    CODE = "database_locked"
    REMEDY = "another program is writing; wait for it or end it, then try again"


class DatabaseReadOnly(DatabaseProblem):
    """The file, its folder or the server forbids writing."""

    CODE = "database_read_only"
    REMEDY = "give this user write permission on the database and its folder"


class DatabaseFull(DatabaseProblem):
    """No room is left."""

    CODE = "database_full"
    REMEDY = "the disk is full; make room and try again (nothing was half written)"


class DatabaseForeign(DatabaseProblem):
    """Not a ledger."""

    CODE = "database_foreign"
    REMEDY = "this is not a yibao ledger; name another database, it was left as it is"


class DatabaseVersion(DatabaseProblem):
    """A ledger whose schema is of another version."""

    CODE = "database_version"
    REMEDY = "run `yibao init` on it to bring it to this version"


class DatabaseUnreachable(DatabaseProblem):
    """No such file, or no such server."""

    CODE = "database_unreachable"
    REMEDY = "check the path or address, and that the server runs; `yibao init` makes a new ledger"


class DatabaseDamaged(DatabaseProblem):
    """The file's structure is broken."""

    CODE = "database_damaged"
    REMEDY = "restore the last backup and run `yibao verify`"


class DatabaseFailed(DatabaseProblem):
    """The disk under the file refused to read or write."""

    CODE = "database_failed"
    REMEDY = "the disk failed; see what the system says of it, then run the command again (nothing was half written)"
