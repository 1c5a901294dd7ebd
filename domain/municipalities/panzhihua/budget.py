"""The budget of an area, a matter between agency and providers (art. 21)."""

from decimal import Decimal

from msgspec.structs import replace

from domain.facts import ClaimSubmitted
from domain.municipalities.panzhihua.announced import valid_announcements
from domain.municipalities.panzhihua.bounds import budget_amounts
from domain.municipalities.panzhihua.policy import CODE
from domain.municipalities.panzhihua.settlement import Settled, settlements
from domain.questions import kinds as ask
from domain.questions.answers import ClaimAnswer
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import Moment
from domain.values.terms import AnnouncementKey


@rule("PZ-21b", article="第二十一条")
def exceeds_budget(paid: int, budget: Decimal) -> bool:
    """Payments to the providers of an area beyond its budget are flagged; no claim is refused for it."""
    return paid > budget * 100


def with_budget_note(view: View, question: ask.Claim, found: Finding[ClaimAnswer]) -> Finding[ClaimAnswer]:
    """A settlement with the flag of its area, found when asked: it rests on everybody's claims."""
    submitted = [
        fact for fact in view.facts(ClaimSubmitted, claim=question.claim) if fact.claim == question.claim
    ]
    if not submitted or not valid_announcements(view, AnnouncementKey.PROVIDER_BUDGET):
        return found
    for settled in settlements(view, submitted[-1].person).settled:
        if settled.claim.claim == question.claim:
            notes = budget_notes(view, settled)
            return Finding(replace(found.value, notes=notes.value), joined(found.because, notes.because))
    return found


def budget_notes(view: View, settled: Settled) -> Finding[tuple[str, ...]]:
    """`over_area_budget` when this claim, after all recorded before it, exceeds a budget of its area and year."""
    if settled.answer is None or not settled.answer.pooled or not settled.direct:
        return Finding(())
    place = settled.place
    for area, budget in _budgets(view, settled.day.year).items():
        if not _inside(place, area):
            continue
        found = exceeds_budget(_paid_until(view, area, settled), budget)
        if found.value:
            return Finding(("over_area_budget",), found.because)
    return Finding(())


def _budgets(view: View, year: int) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for fact in valid_announcements(view, AnnouncementKey.PROVIDER_BUDGET):
        if (fact.year or (fact.from_ or fact.on).year) == year:
            found.update(budget_amounts(fact.value))
    return found


def _inside(place: str, area: str) -> bool:
    if area in ("", CODE, "city"):
        return place[:4] == CODE[:4]
    return place == area


def _paid_until(view: View, area: str, settled: Settled) -> int:
    """What the pool has paid to providers of the area for the year, up to and with this claim. Fen."""
    total = 0
    for subject in view.sources.subjects("person"):
        for other in settlements(view, subject.partition(":")[2]).settled:
            counts = other.answer is not None and other.direct and other.day.year == settled.day.year
            if counts and _order(other) <= _order(settled) and _inside(other.place, area):
                total += other.answer.pooled if other.answer is not None else 0
    return total


def _order(settled: Settled) -> tuple[Moment, str]:
    return settled.claim.recorded, settled.claim.claim
