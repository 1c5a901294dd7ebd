"""What a claim comes to before caps and accounts: filled in while its tests are run."""

from datetime import date

from msgspec import Struct

from domain.errors import Unanswerable
from domain.events.consequences import BenefitPeriod, Problem
from domain.facts import ClaimSubmitted
from domain.questions.answers import Step
from domain.values.money import Ratio
from domain.values.terms import CareArea, Scheme

STATUS_CODES = {
    "none": "cover_lapsed",
    "pending": "cover_pending",
    "waiting": "waiting_period",
    "suspended": "suspended",
}
EMPLOYER_LIABLE = "employer_liable"
NO_BENEFIT = frozenset((*STATUS_CODES.values(), "not_enrolled", EMPLOYER_LIABLE))
"""Codes of days without benefit; for a blocked account they stand in the notes."""


class Part(Struct):
    """One calendar year of a stay, or the whole claim. Amounts in fen."""

    year: int
    last_day: date
    total: int
    period: BenefitPeriod
    refusal: str | None = None
    in_scope: int = 0
    upfront: int = 0
    charged: int = 0
    rate: Ratio | None = None
    wanted: int = 0
    """What basic insurance would pay if the annual cap were not reached."""
    cap: int | None = None
    """The announced annual cap; None where the payment does not count against it."""

    @property
    def payable(self) -> bool:
        """Whether benefits are due for this part."""
        return self.refusal is None


class Assessment(Struct):
    """Everything about one claim that does not depend on other claims' use of caps and accounts."""

    claim: ClaimSubmitted
    total: int = 0
    year: int = 0
    refusal: str | None = None
    notes: tuple[str, ...] = ()
    problem: Problem | None = None
    period: BenefitPeriod | None = None
    """Status on the governing day, discharge or service."""
    area: CareArea | None = None
    local: bool = True
    """Inside the city, where accounts are drawn on automatically."""
    in_area: bool = True
    split: bool = False
    parts: list[Part] = []
    deductible: int = 0
    """The deductible that applies, after LZ-36a."""
    highest: int = 0
    """Highest standard deductible of the stays linked so far."""
    consumed: int = 0
    """Deductible consumed in the stays linked so far, this one included."""
    limit: int | None = None
    visit: bool = False
    """Paid from an account only (LZ-28)."""
    special: bool = False
    joined: str | None = None
    """The stay to which the costs of an emergency belong."""
    counts_special: int = 0
    steps: tuple[Step, ...] = ()
    because: tuple[str, ...] = ()

    @property
    def payable(self) -> list[Part]:
        """The parts for which benefits are due."""
        return [part for part in self.parts if part.payable] if self.refusal is None else []

    @property
    def scheme(self) -> Scheme | None:
        """The scheme that governs."""
        paying = self.payable
        if paying:
            return paying[-1].period.scheme
        return self.period.scheme if self.period is not None else None


def refusal_code(period: BenefitPeriod) -> str | None:
    """The status code for which a period pays nothing; None when it is covered; raises what is unknown."""
    if period.problem is not None:
        missing = period.problem
        raise Unanswerable(missing.code, missing.name, None, period.because).at(missing.date)
    if period.status == "covered":
        return None
    return period.reason or STATUS_CODES[period.status]
