"""The large-amount supplement: its yearly fee, and what it adds to a claim (arts. 43 to 45). Money in fen."""

from datetime import date
from decimal import Decimal

from domain.facts import SupplementContributionPaid
from domain.municipalities.dingxi.arrears import restorable
from domain.municipalities.dingxi.enrolment import Category, enrolments
from domain.municipalities.dingxi.policy import figure
from domain.municipalities.dingxi.spells import missed_runs
from domain.municipalities.dingxi.standing import pieces
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month
from domain.values.money import round_fen
from domain.values.period import Period
from domain.values.terms import Capacity, Layer, Status


@rule("DX-43a", "DX-44a", article="第四十三、四十四条")
def yearly_fee(view: View, category: Category, day: date) -> tuple[int, int]:
    """The fee of a year by category: the employer's and the member's part, never prorated."""
    fees: dict[str, int] = figure(view, "large_amount.fee_yuan", day)
    if category.capacity is Capacity.EMPLOYED:
        return fees["employed_employer"], fees["employed_member"]
    if category.capacity is Capacity.RETIRED:
        return 0, fees["retired"]
    if category.capacity is Capacity.UNEMPLOYED:
        return 0, fees["unemployed"]
    return 0, fees["flexible"]


def category_of_year(view: View, person: str, year: int) -> Category | None:
    """The category of the first covered month of a year; None when nothing is known of the person."""
    whole = Period(date(year, 1, 1), date(year + 1, 1, 1))
    found = [p for p in pieces(view, person) if p.days.overlaps(whole) and p.category is not None]
    covered = [piece for piece in found if piece.status is Status.COVERED]
    for piece in covered or found:
        return piece.category
    enrolled = [each.category for each in enrolments(view, person)]
    return enrolled[-1] if enrolled else None


@per_view
@rule("DX-44b", article="第四十四条")
def fee_counts_from(view: View, person: str, year: int) -> date | None:
    """The day on which the year's fee was fully paid: within the year, or with a full back-payment."""
    facts = view.facts(SupplementContributionPaid, person=person)
    got = 0
    for fact in (f for f in facts if f.layer is Layer.LARGE_AMOUNT and f.year == year):
        if fact.on.year > year and not _with_back_payment(view, person, year, fact.on):
            continue
        if fact.amount is None:
            return fact.on
        got += int(fact.amount)
        category = category_of_year(view, person, year) or Category(Capacity.FLEXIBLE)
        if got >= sum(yearly_fee(view, category, date(year, 1, 1)).value):
            return fact.on
    return None


def _with_back_payment(view: View, person: str, year: int, day: date) -> bool:
    return any(
        run.cleared_on == day and restorable(view, run) and any(Month(m).year == year for m in run.months)
        for run in missed_runs(view, person)
    )


@rule("DX-45a", "DX-45b", "DX-45e", article="第四十五条（一）")
def inpatient_supplement(view: View, day: date, own: int, paid_this_year: int) -> int:
    """95% of what a stay leaves above 1,000 yuan, up to 600,000 yuan a year."""
    threshold: int = figure(view, "supplement.threshold_yuan", day)
    cap: int = figure(view, "supplement.inpatient_cap_yuan", day)
    rate: Decimal = figure(view, "supplement.inpatient_rate", day)
    return max(0, min(round_fen(max(0, own - threshold) * rate), cap - paid_this_year))


@rule("DX-45c", "DX-45e", article="第四十五条（二）")
def special_supplement(view: View, day: date, before: int, own: int) -> int:
    """80% of the own part within the limit, as far as the year's sum passes 1,000 yuan."""
    return above_threshold(view, day, figure(view, "supplement.special_rate", day), before, own)


@rule("DX-45d", "DX-45e", article="第四十五条（三）")
def drug_supplement(view: View, day: date, before: int, own: int) -> int:
    """80% of what negotiated drugs leave, as far as their own year's sum passes 1,000 yuan."""
    return above_threshold(view, day, figure(view, "supplement.drug_rate", day), before, own)


def above_threshold(view: View, day: date, rate: Decimal, before: int, own: int) -> int:
    """A share of what a yearly sum gains above the threshold."""
    threshold: int = figure(view, "supplement.threshold_yuan", day)
    return round_fen((max(0, before + own - threshold) - max(0, before - threshold)) * rate)
