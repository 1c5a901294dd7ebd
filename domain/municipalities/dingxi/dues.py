"""What is owed for a month: bases, rates and shares (arts. 10, 11, 13). Money in fen."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.errors import AnnouncementMissing, FactMissing
from domain.facts import ContributionPaid, Enrolled, ParameterAnnounced, WageDeclared
from domain.municipalities.dingxi.enrolment import Category, category_of, funding, roll
from domain.municipalities.dingxi.payments import months
from domain.municipalities.dingxi.policy import figure
from domain.rulebook.announcements import announcements, fen_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import Moment, Month
from domain.values.money import round_fen, share
from domain.values.terms import AnnouncementKey, Capacity, Funding, Mode


class Due(Struct, frozen=True):
    """What a month comes to: base, and both shares in fen."""

    base: int
    employer: int
    member: int

    @property
    def total(self) -> int:
        """Both shares together."""
        return self.employer + self.member


NOTHING = Due(0, 0, 0)


def figure_known(view: View, key: AnnouncementKey, day: date, by: Moment | None) -> int:
    """An announced amount for a day, in fen: the one known by a moment if there was one, else as now known."""
    there = [fact for fact in announcements(view, key) if _holds(fact, day)]
    if not there:
        raise AnnouncementMissing(str(key), day)
    known = [fact for fact in there if by is None or fact.recorded <= by]
    last = max(known or there, key=view.order)
    return fen_in(last.value)


def _holds(fact: ParameterAnnounced, day: date) -> bool:
    if fact.year is not None and fact.year != day.year:
        return False
    start = fact.from_ or (date.min if fact.year is not None else fact.on)
    return start <= day and (fact.to is None or day < fact.to)


@rule("DX-10a", article="第十条")
def employed_base(view: View, day: date, wage: Decimal, reference: int) -> int:
    """The own average wage of the year before, at least 60% and at most three times the reference wage."""
    limits = figure(view, "base.limits", day)
    floor, cap = Decimal(reference) * limits["floor"], Decimal(reference) * limits["cap"]
    return round_fen(min(max(wage, floor), cap))


@rule("DX-10b", article="第十条")
def base_wage(view: View, person: str, month: Month, employer: str | None) -> Decimal:
    """The wages of the year before, or else the starting wage that the employer declared; exact fen."""
    declared = [f for f in view.facts(WageDeclared, person=person) if f.wage_year == month.year - 1]
    own = [f for f in declared if f.employer in (None, employer)] or declared
    for fact in sorted(own, key=view.order, reverse=True):
        if fact.monthly_average is not None:
            return Decimal(fact.monthly_average)
        if fact.total is not None and fact.months_paid:
            return Decimal(fact.total) / fact.months_paid
    starting = [f for f in view.facts(Enrolled, person=person) if f.wage is not None]
    here = [f for f in starting if f.employer == employer and Month.of(f.on).year <= month.year]
    current = [f for f in here if Month.of(f.employment_from or f.on).year == month.year]
    if current:
        return Decimal(current[-1].wage or 0)
    raise FactMissing("wage_declared.monthly_average", month, ("DX-10b",))


@rule("DX-10d", article="第十条")
def flexible_base(view: View, day: date, average: int) -> int:
    """80% of the announced average wage, whatever the member earns."""
    return share(average, figure(view, "base.flexible_share", day))


@rule("DX-11a", article="第十一条")
def shares(view: View, day: date, base: int, category: Category, paid_by: Funding | None) -> Due:
    """Each share is the base times its rate, rounded apart."""
    rates = figure(view, "contribution.rates", day)
    if category.capacity is Capacity.EMPLOYED:
        own = "employer_budget" if paid_by is Funding.BUDGET else "employer_other"
        return Due(base, share(base, rates[own]), share(base, rates["member"]))
    return Due(base, 0, share(base, rates[f"flexible_{category.mode.value}"]))


@rule("DX-13a", article="第十三条")
def unemployed(view: View, day: date, base: int) -> Due:
    """While unemployment benefit is drawn the unemployment fund pays 8.7% of the announced base."""
    return Due(base, share(base, figure(view, "contribution.unemployed_rate", day)), 0)


def month_due(
    view: View, person: str, month: Month, category: Category, by: Moment | None = None
) -> Finding[Due]:
    """What one month of a person comes to in a category; raises when a figure or wage is missing."""
    day = month.first_day
    match category.capacity:
        case Capacity.EMPLOYED:
            paid_by = employer_funding(view, category.employer, month)
            base = month_base(view, person, month, category, by)
            found = shares(view, day, base.value, category, paid_by)
            return Finding(found.value, joined(base.because, found.because))
        case Capacity.FLEXIBLE:
            base = month_base(view, person, month, category, by)
            found = shares(view, day, base.value, category, None)
            return Finding(found.value, joined(base.because, found.because))
        case Capacity.UNEMPLOYED:
            return unemployed(view, day, month_base(view, person, month, category, by).value)
    return Finding(NOTHING, ("DX-20g",))


def month_base(
    view: View, person: str, month: Month, category: Category, by: Moment | None = None
) -> Finding[int]:
    """The base of a month in fen, whoever pays for it; raises when a figure or wage is missing."""
    day = month.first_day
    match category.capacity:
        case Capacity.EMPLOYED:
            reference = figure_known(view, AnnouncementKey.BASE_REFERENCE_WAGE, day, by)
            wage = base_wage(view, person, month, category.employer)
            base = employed_base(view, day, wage.value, reference)
            return Finding(base.value, joined(wage.because, base.because))
        case Capacity.FLEXIBLE:
            return flexible_base(
                view, day, figure_known(view, AnnouncementKey.FLEXIBLE_AVERAGE_WAGE, day, by)
            )
        case Capacity.UNEMPLOYED:
            return Finding(figure_known(view, AnnouncementKey.UNEMPLOYMENT_BASE, day, by), ())
    return Finding(0, ("DX-20g",))


def employer_funding(view: View, employer: str | None, month: Month) -> Funding:
    """The funding of the employer that owes a month; FactMissing when it was never registered."""
    found = funding(view, employer, month.last_day) if employer is not None else None
    if found is None:
        raise FactMissing("employer_registered.funding", month.first_day, ("DX-2a",))
    return found


def due_as_known(view: View, person: str, month: Month, category: Category, by: Moment) -> int:
    """What a month came to on the figures known when it fell due or was paid, whichever is later (DX-10c)."""
    moment = max(by, Moment.end_of(month.last_day))
    return month_due(view, person, month, category, Moment(moment)).value.total


def open_amount(view: View, person: str, month: Month, category: Category, due: int, day: date) -> int:
    """What was still unpaid of a month before a day: the due less part payments and lower prepayments."""
    each = months(view, person).get(month)
    got = 0
    for payment in each.payments if each is not None else ():
        if payment.paid_on >= day or payment.category.capacity is not category.capacity:
            continue
        if payment.part is not None:
            got += payment.part
        elif payment.category.mode is not category.mode:
            got += due_as_known(view, person, month, payment.category, payment.moment)
    return max(0, due - got)


@rule("DX-12a", article="第十二条")
def employer_due(view: View, employer: str, month: Month, by: Moment | None = None) -> Due:
    """The employer pays both shares of everybody on its roll, by the last day of the month."""
    category = Category(Capacity.EMPLOYED, Mode.COMBINED, employer)
    dues = [month_due(view, person, month, category, by).value for person in roll(view, employer, month)]
    return Due(sum(d.base for d in dues), sum(d.employer for d in dues), sum(d.member for d in dues))


def full_amount(view: View, fact: ContributionPaid) -> int:
    """What an employer's payment for its whole roll would have to be."""
    return sum(
        employer_due(view, str(fact.employer), month, fact.recorded).value.total
        for month in fact.months or ()
    )


def paid_amount(view: View, person: str, fact: ContributionPaid) -> list[tuple[Month, Due]]:
    """What a full payment for a person's months came to, month by month."""
    category = category_of(fact.capacity, fact.mode, fact.employer)
    by = fact.recorded
    return [
        (
            month,
            month_due(view, person, month, category, Moment(max(by, Moment.end_of(month.last_day)))).value,
        )
        for month in fact.months or ()
    ]
