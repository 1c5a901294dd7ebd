"""What the settlement of a claim hands from step to step. Money in fen."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.facts import ClaimSubmitted, ProviderRegistered
from domain.municipalities.panzhihua.bills import Bill
from domain.questions.answers import Step
from domain.values.terms import CareArea, Status


class Refused(Exception):
    """A benefit that the rules deny, with its code."""

    def __init__(self, reason: str, status: Status, because: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.reason, self.status, self.because = reason, status, because


class Care(Struct, frozen=True):
    """A claim that passed the checks common to all: `day` is the attribution date or day of service."""

    claim: ClaimSubmitted
    provider: ProviderRegistered
    day: date
    direct: bool
    is_covered: Callable[[date], bool]
    status_changes: bool
    """Some days of the stay are covered, others are not."""
    because: tuple[str, ...]


class Reckoned(Struct, frozen=True, kw_only=True):
    """What the pooled fund and critical illness pay, and what the claim uses of the year (`used`, by counter)."""

    bill: Bill
    pooled: int
    used: dict[str, int]
    critical_illness: int = 0
    area: CareArea | None = None
    stay_number: int | None = None
    deductible: int = 0
    deductible_charged: int = 0
    rate: Decimal | None = None
    limit: int | None = None
    cap_left: int | None = None
    steps: tuple[Step, ...] = ()
    because: tuple[str, ...] = ()


class Counters:
    """Running totals of a person by name and calendar year of attribution, in fen or counts."""

    def __init__(self) -> None:
        self._totals: dict[tuple[str, int], int] = {}

    def add(self, name: str, year: int, amount: int) -> None:
        """Count something."""
        if amount:
            self._totals[name, year] = self._totals.get((name, year), 0) + amount

    def take(self, used: dict[str, int], year: int) -> None:
        """Count what a claim has used of its year."""
        for name, amount in used.items():
            self.add(name, year, amount)

    def of(self, name: str, year: int) -> int:
        """What was counted so far."""
        return self._totals.get((name, year), 0)

    def years(self) -> list[int]:
        """Years in which something was counted."""
        return sorted({year for _, year in self._totals})
