"""What can go wrong, and what each thing means to a clerk.

LedgerError
├── InputRefused      the fact or question breaks the contract; nothing is recorded
└── Unanswerable      nothing may be guessed: a document, an announcement or a fact is missing
    ├── RulesNotInForce
    ├── AnnouncementMissing
    ├── FactMissing
    └── NotComputed
"""

from datetime import date

from domain.values.calendar import Month


class LedgerError(Exception):
    """Anything this ledger refuses, with a stable code of facts v1 section 5."""

    code: str

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InputRefused(LedgerError):
    """Malformed input (`input` codes): names the field and says what to do."""

    def __init__(self, code: str, name: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.name = name


class Unanswerable(LedgerError):
    """The question cannot be answered (`error` codes): names what is missing and for when."""

    def __init__(
        self, code: str, name: str, on: date | Month | int | None, because: tuple[str, ...] = ()
    ) -> None:
        super().__init__(f"{code}: {name} for {on}")
        self.code = code
        self.name = name
        self.on = str(on) if on is not None else None
        self.because = because

    def at(self, on: str | None) -> "Unanswerable":
        """The same error for a day, month or year given as text."""
        self.on = on
        return self


class RulesNotInForce(Unanswerable):
    """No document is in force on the governing date."""

    def __init__(self, on: date, because: tuple[str, ...] = (), name: str = "document") -> None:
        super().__init__("rules_not_in_force", name, on, because)


class AnnouncementMissing(Unanswerable):
    """A figure left to later announcement is not known: key (with qualifier), and the governing day.

    For a month or a year it is the first day of that period (facts v1, section 5).
    """

    def __init__(self, key: str, on: date | Month | int, because: tuple[str, ...] = ()) -> None:
        super().__init__("announcement_missing", key, _first_day(on), because)


def _first_day(on: date | Month | int) -> date:
    if isinstance(on, date):
        return on
    return on.first_day if isinstance(on, Month) else date(on, 1, 1)


class FactMissing(Unanswerable):
    """A fact that the rule needs was never reported: `kind.field` and governing date."""

    def __init__(self, name: str, on: date | Month | int | None, because: tuple[str, ...] = ()) -> None:
        super().__init__("fact_missing", name, on, because)


class NotComputed(Unanswerable):
    """The city's policy has nothing on the question."""

    def __init__(self, name: str, on: date | None = None) -> None:
        super().__init__("not_computed", name, on)
