"""What settlements of a year have used up, in order of adjudication. Money in fen."""

from msgspec import Struct

from domain.values.calendar import Moment


class Admission(Struct):
    """One admission of a year: its number, its one deductible, what was borne of it, and bills that count."""

    number: int
    deductible: int
    charged: int = 0
    bills: int = 0


class Use(Struct, frozen=True, kw_only=True):
    """What one bill uses up in one year."""

    year: int
    cap: int = 0
    burden: int = 0
    admission: str | None = None
    charged: int = 0
    disease: str | None = None
    special: int = 0
    outpatient: int = 0
    spouse: int = 0
    pregnancy: str | None = None
    delivered: int = 0


class Counters:
    """The running totals of one person and year."""

    def __init__(self) -> None:
        self.cap_used = 0
        self.burden = 0
        self.outpatient = 0
        self.special = 0
        self.spouse = 0
        self.admissions: dict[str, Admission] = {}
        self.diseases: dict[str, int] = {}
        self.deliveries: dict[str, int] = {}
        self.admission_of: dict[str, str] = {}
        """Per claim: the admission to which its bill belongs."""

    @property
    def stays(self) -> int:
        """Admissions that count."""
        return sum(1 for admission in self.admissions.values() if admission.bills > 0)

    def add(self, use: Use, sign: int = 1) -> None:
        """Count a bill, or take it back."""
        self.cap_used += sign * use.cap
        self.burden += sign * use.burden
        self.outpatient += sign * use.outpatient
        self.special += sign * use.special
        self.spouse += sign * use.spouse
        if use.admission is not None:
            admission = self.admissions[use.admission]
            admission.charged += sign * use.charged
            admission.bills += sign
        if use.disease is not None:
            self.diseases[use.disease] = self.diseases.get(use.disease, 0) + sign * use.special
        if use.pregnancy is not None:
            paid = self.deliveries.get(use.pregnancy, 0)
            self.deliveries[use.pregnancy] = paid + sign * use.delivered


class Run:
    """Running totals by year, and what falsified claims used until the finding."""

    def __init__(self) -> None:
        self.years: dict[int, Counters] = {}
        self.shadows: list[tuple[Moment, str, list[Use]]] = []
        """When a claim was found falsified, the claim, and what it used."""

    def of(self, year: int) -> Counters:
        """The counters of a year."""
        return self.years.setdefault(year, Counters())

    def add(self, uses: list[Use]) -> None:
        """Count what a claim used."""
        for use in uses:
            self.of(use.year).add(use)

    def expire(self, moment: Moment | None) -> None:
        """Take back what falsified claims used, for claims adjudicated from the finding on."""
        for shadow in [s for s in self.shadows if moment is None or s[0].day <= moment.day]:
            _, claim, uses = shadow
            for use in uses:
                self.of(use.year).add(use, -1)
                self.of(use.year).admission_of.pop(claim, None)  # no bill carries on a refused one
            self.shadows.remove(shadow)
