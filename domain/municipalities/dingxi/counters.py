"""What settled claims use of yearly limits, and what recoveries give back (arts. 22, 26, 64). Money in fen."""

from msgspec import Struct

from domain.events.consequences import Problem
from domain.facts import OpeningCounters
from domain.municipalities.dingxi.cases_of_care import CaseOfCare, recovered
from domain.municipalities.dingxi.terms_of_care import Terms
from domain.questions.answers import ClaimAnswer
from domain.rulebook.view import View
from domain.values.terms import Scheme


class Result(Struct, frozen=True):
    """A settled claim: its answer and what it uses of the counters, in fen."""

    case: CaseOfCare
    terms: Terms | None
    answer: ClaimAnswer | None
    counters: dict[str, int]
    counter: str = ""
    because: tuple[str, ...] = ()
    problem: Problem | None = None

    @property
    def year(self) -> int:
        """The year to which the claim belongs."""
        return self.case.on.year


def used(view: View, owner: str, counter: str, year: int, results: dict[str, Result], but: str) -> int:
    """What other claims of the year used of a counter, less what was recovered (DX-64a), in fen."""
    opening = opening_used(view, owner, year, counter)
    total = opening
    for name, result in results.items():
        if name == but or result.counter != counter or result.answer is None:
            continue
        if result.year == year or counter.startswith("prenatal/"):
            back = sum(_back(fact.recovered, result.answer.pooled) for fact in recovered(view, name))
            total += max(0, result.counters.get("used", 0) - back)
    return total


def _back(amount: int | None, pooled: int) -> int:
    return int(amount) if amount is not None else int(pooled)


def opening_used(view: View, owner: str, year: int, counter: str) -> int:
    names = {
        "inpatient": "pooled_paid",
        "special": "special_disease_paid",
        "outpatient": "ordinary_outpatient_paid",
        "supplement": "supplement_paid",
        "burden": "burden",
    }
    name = names.get(counter)
    facts = [
        f for f in view.facts(OpeningCounters, person=owner) if f.year == year and f.scheme is Scheme.EMPLOYEE
    ]
    return sum(int(getattr(fact, name) or 0) for fact in facts) if name else 0
