"""Contribution years, lump sums and retiree status (art. 14). Money in fen."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.errors import FactMissing
from domain.facts import LumpSumPaid, ModeChanged, Retired
from domain.municipalities.dingxi.arrears import overdue
from domain.municipalities.dingxi.dues import (
    base_wage,
    employed_base,
    employer_funding,
    figure_known,
    flexible_base,
)
from domain.municipalities.dingxi.enrolment import (
    Category,
    category_of,
    enrolled_on,
    in_month,
    joined_resident,
    voluntary,
)
from domain.municipalities.dingxi.leaving import gone
from domain.municipalities.dingxi.payments import Paid, actual_months, months
from domain.municipalities.dingxi.policy import Sheet, figure
from domain.municipalities.dingxi.spells import missed_runs
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month, add_months
from domain.values.money import round_fen
from domain.values.terms import AnnouncementKey, Capacity, Funding, Mode

LEFT_SERVICE = (Capacity.UNEMPLOYED, Capacity.PENSIONER)


class Part(Struct, frozen=True):
    """One part of a lump sum: months bought and both shares in fen."""

    name: str
    months: int
    base: int
    employer: int
    member: int

    @property
    def amount(self) -> int:
        """Both shares together."""
        return self.employer + self.member


class Needs(Struct, frozen=True):
    """What a retiring person still needs: months held and short of, and of the full rate."""

    held: int
    required: int
    short: int
    full_rate: int | None
    extra: int
    because: tuple[str, ...]

    @property
    def any(self) -> bool:
        """True when something has to be bought."""
        return bool(self.short or self.extra)


@per_view
def retired_fact(view: View, person: str) -> Retired | None:
    """The retirement of a person, as known."""
    found = view.facts(Retired, person=person)
    return found[-1] if found else None


def retirement_month(view: View, person: str) -> Month | None:
    """The month of the retirement procedure; from the next on nothing is due (DX-20g)."""
    fact = retired_fact(view, person)
    return None if fact is None else Month.of(fact.on)


@rule("DX-20g", article="第十四条")
def retires_from(month: Month) -> date:
    """From the month after retirement no contribution is due and no month can be missed."""
    return month.plus(1).first_day


@per_view
def last_category(view: View, person: str) -> Category:
    """The standing at retirement: as reported, else as enrolled or paid last."""
    fact = retired_fact(view, person)
    assert fact is not None
    month = Month.of(fact.on)
    enrolled = enrolled_on(view, person, fact.on)
    held = {m: each for m, each in months(view, person).items() if m <= month}
    last = in_month(view, person, enrolled, month) if enrolled else _kept_up(view, person, held, month)
    if fact.capacity is not None or fact.mode is not None:
        capacity = fact.capacity or (last.capacity if last else Capacity.EMPLOYED)
        same = last is not None and last.capacity is capacity
        mode = fact.mode or (last.mode if last and same else Mode.COMBINED)
        employer = fact.employer or (last.employer if last and same else None)
        return Category(capacity, mode if capacity is not Capacity.EMPLOYED else Mode.COMBINED, employer)
    if (
        last is not None
        and last.capacity is Capacity.EMPLOYED
        and enrolled is None
        and gone(view, person, held[max(held)] if held else None, fact.on)
    ):
        return Category(Capacity.PENSIONER)
    return last or category_of(None, Mode.COMBINED, fact.employer)


def _kept_up(view: View, person: str, held: dict[Month, Paid], month: Month) -> Category | None:
    """The standing of the last month paid, with the rate chosen since: it is the current one, paid or not (DX-14c)."""
    if not held:
        return None
    last = max(held)
    category = held[last].category
    if category.capacity is not Capacity.FLEXIBLE:
        return category
    chosen = [f.mode for f in view.facts(ModeChanged, person=person) if last <= Month.of(f.on) < month]
    return voluntary(chosen[-1]).value if chosen else category


@rule("DX-14a", article="第十四条")
def required_months(view: View, day: date) -> int:
    """Fifteen years of actual contribution give a retiree's benefits without further contributions."""
    required: int = figure(view, "retirement.required_months", day)
    return required


@rule("DX-14e", article="第十四条（二）")
def full_rate_months(view: View, paid: dict[Month, Paid], last: Month) -> int | None:
    """Full-rate months after the first change from the pooling-only rate; None when there was no such change."""
    low, changed = False, None
    for month, each in paid.items():
        if each.full_on is None or month > last:
            continue
        if not each.category.full_standard:
            low = True
        elif low:
            changed = month
            break
    if changed is None:
        return 0 if low else None
    return sum(1 for m, p in paid.items() if changed <= m <= last and p.full_on and p.category.full_standard)


def needs(view: View, person: str, mode: Mode | None = None, assume: bool = False) -> Needs:
    """The shortfalls at the end of the retirement month, on the payments known (`assume`: none overdue is missing)."""
    fact = retired_fact(view, person)
    if fact is None:
        raise FactMissing("retired.on", None, ("DX-14a",))
    month = Month.of(fact.on)
    paid = dict(months(view, person).items())
    held = actual_months(paid, month)
    count = held.value
    if assume and not overdue(view, month).value and not (month in paid and paid[month].full_on):
        count += 1
    required = required_months(view, fact.on)
    short = max(0, required.value - count)
    because = (*required.because, *held.because)
    category = _chosen(view, person, mode)
    full = full_rate_months(view, paid, month) if category.full_standard else None
    extra = 0
    if full is not None and full.value is not None:
        wanted: int = figure(view, "retirement.full_rate_months", fact.on)
        extra = max(0, max(0, wanted - full.value) - short)
        because += full.because
    return Needs(count, required.value, short, full.value if full is not None else None, extra, because)


def _chosen(view: View, person: str, mode: Mode | None) -> Category:
    """Who left service, or was unemployed, may choose the rate; others settle at their own."""
    category = last_category(view, person)
    if category.capacity not in LEFT_SERVICE:
        return category
    fact = retired_fact(view, person)
    chosen = mode or (fact.mode if fact is not None else None) or Mode.COMBINED
    return Category(Capacity.FLEXIBLE, chosen)


@rule("DX-14c", article="第十四条")
def price(months_short: int, base: int, rate: Decimal, factor: Decimal) -> int:
    """Months short times base times rate, with the factor for late settlement, rounded once."""
    return round_fen(months_short * base * rate * factor)


def parts(view: View, person: str, mode: Mode | None = None) -> Finding[list[Part]]:
    """The lump sum in parts: the required months with factor 1.1, the full-rate months without."""
    fact = retired_fact(view, person)
    need = needs(view, person, mode)
    assert fact is not None
    sheet = Sheet()
    sheet.cite(*need.because)
    if not need.any:
        return Finding([], sheet.because)
    month = Month.of(fact.on)
    category = _chosen(view, person, mode)
    base = settlement_base(view, person, category, sheet)
    rates = figure(view, "contribution.rates", month.first_day)
    if category.capacity is Capacity.EMPLOYED:
        budget = employer_funding(view, category.employer, month) is Funding.BUDGET
        own, member = rates["employer_budget" if budget else "employer_other"], rates["member"]
    else:
        own, member = Decimal(0), rates[f"flexible_{category.mode.value}"]
    found = []
    for name, count, factor in (
        ("required_months", need.short, figure(view, "retirement.factor", fact.on)),
        ("full_rate_months", need.extra, Decimal(1)),
    ):
        if count:
            employer = sheet.use(price(count, base, own, factor))
            found.append(Part(name, count, base, employer, sheet.use(price(count, base, member, factor))))
    return Finding(found, sheet.because)


def settlement_base(view: View, person: str, category: Category, sheet: Sheet) -> int:
    """The base of the month of retirement: the own one of the employed, else the flexible one."""
    fact = retired_fact(view, person)
    assert fact is not None
    month = Month.of(fact.on)
    day = month.first_day
    if category.capacity is not Capacity.EMPLOYED:
        average = figure_known(view, AnnouncementKey.FLEXIBLE_AVERAGE_WAGE, day, None)
        return sheet.use(flexible_base(view, day, average))
    if fact.base is not None:
        return int(fact.base)
    reference = figure_known(view, AnnouncementKey.BASE_REFERENCE_WAGE, day, None)
    wage = sheet.use(base_wage(view, person, month, category.employer))
    return sheet.use(employed_base(view, day, wage, reference))


@per_view
def settled_on(view: View, person: str) -> date | None:
    """The day on which the lump sum was paid in full; part payments add up."""
    got = bought = 0
    for fact in view.facts(LumpSumPaid, person=person):
        if fact.amount is None and fact.month_count is None:
            return fact.on
        need = needs(view, person, fact.mode)
        if fact.amount is None:
            bought += fact.month_count or 0
            if bought >= need.short + need.extra:
                return fact.on
            continue
        got += int(fact.amount)
        if got >= sum(part.amount for part in parts(view, person, fact.mode).value):
            return fact.on
    return None


@rule("DX-14d", article="第十四条")
def retiree_from(view: View, person: str) -> date | None:
    """The first day as a retiree: after the retirement month, all months held or bought and no run open."""
    fact = retired_fact(view, person)
    if fact is None:
        return None
    first = retires_from(Month.of(fact.on)).value
    days = [first]
    choice = next((f.mode for f in view.facts(LumpSumPaid, person=person) if f.mode is not None), None)
    if needs(view, person, choice, assume=True).any:
        paid_on = settled_on(view, person)
        if paid_on is None:
            return None
        days.append(paid_on)
    since = max(joined_resident(view, person), default=date.min)
    for run in (each for each in missed_runs(view, person) if each.starts >= since):
        if run.cleared_on is None:
            return None
        days.append(run.cleared_on)
    return max(days)


def unsettled_from(view: View, person: str) -> date | None:
    """Three months after retirement cover stops for who still owes the lump sum; None when nothing is short."""
    fact = retired_fact(view, person)
    if fact is None or not needs(view, person, assume=True).any:
        return None
    first = retires_from(Month.of(fact.on)).value
    return add_months(first, figure(view, "retirement.grace_months", first))


@rule("DX-14g", article="第十四条")
def retiree_credited(category: Category) -> bool:
    """Who retires from the full standard has an account credited; from the pooling-only rate nobody has."""
    return category.full_standard


def mode_after(view: View, person: str) -> Mode:
    """The mode of a retiree: pooling only for who retired at 4%."""
    choice = next((f.mode for f in view.facts(LumpSumPaid, person=person) if f.mode is not None), None)
    return Mode.COMBINED if retiree_credited(_chosen(view, person, choice)).value else Mode.POOLING_ONLY
