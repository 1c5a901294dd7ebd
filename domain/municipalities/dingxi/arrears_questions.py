"""Arrears and their price, retirement and lump sums, as asked (arts. 12, 14, 20). Money in fen."""

from datetime import date

from domain.errors import FactMissing, NotComputed, Unanswerable
from domain.facts import LumpSumPaid
from domain.municipalities.dingxi.accounts import credit, month_credit
from domain.municipalities.dingxi.arrears import Run, deadline
from domain.municipalities.dingxi.dues import Due, month_due, open_amount
from domain.municipalities.dingxi.enrolment import Category, roll
from domain.municipalities.dingxi.payments import Paid, months
from domain.municipalities.dingxi.policy import Sheet, require_force
from domain.municipalities.dingxi.questions import differences, owed_category
from domain.municipalities.dingxi.retirement import (
    mode_after,
    needs,
    parts,
    retired_fact,
    retiree_from,
    retires_from,
)
from domain.municipalities.dingxi.spells import missed_runs
from domain.municipalities.dingxi.surcharges import due_on, late_fee
from domain.questions.answers import BackPaymentAnswer, LumpSumDueAnswer, LumpSumPart, RetirementAnswer
from domain.questions.kinds import BackPayment, LumpSumDue, Retirement
from domain.rulebook.citation import Finding
from domain.rulebook.view import View
from domain.values.calendar import Month, Months, days_between
from domain.values.terms import Capacity, DueOutcome, Mode, PaymentPurpose


def back_payment(view: View, question: BackPayment) -> Finding[BackPaymentAnswer]:
    """What arrears or gap months come to, with surcharge, and until when paying heals everything."""
    require_force(view, question.on)
    if question.purpose is PaymentPurpose.BASE_ADJUSTMENT and question.person is not None:
        return _adjustment(view, question.person)
    if question.person is None:
        if question.employer is None:
            raise NotComputed("back_payment", question.on)
        return _employer_arrears(view, question.employer, question)
    return _arrears(view, question.person, question)


def _adjustment(view: View, person: str) -> Finding[BackPaymentAnswer]:
    found = differences(view, person, None)
    answer = BackPaymentAnswer(
        months=Months(month for month, _ in found),
        month_count=len(found),
        amount=sum(amount for _, amount in found),
        late_fee=0,
    )
    return Finding(answer, ("DX-10c",))


def _arrears(view: View, person: str, question: BackPayment) -> Finding[BackPaymentAnswer]:
    asked = list(question.months or missed_then(view, person, question.on))
    sheet = Sheet()
    sheet.cite("DX-20d")
    if not asked:
        return Finding(BackPaymentAnswer(month_count=0, amount=0, late_fee=0), sheet.because)
    own = months(view, person)
    dues: list[tuple[Month, Category, Due]] = []
    for month in asked:
        category = owed_category(view, person, month)
        if question.purpose is PaymentPurpose.GAP and category.capacity is Capacity.EMPLOYED:
            category = Category(Capacity.FLEXIBLE, Mode.COMBINED)
        dues.append((month, category, sheet.use(month_due(view, person, month, category))))
    days, fee, unpaid = 0, 0, 0
    for month, category, due in dues:
        paid_on = paid_day(own.get(month), question.on)
        left = open_amount(view, person, month, category, due.total, paid_on)
        unpaid += left
        if category.employer is not None:
            last = due_on(view, category.employer, month).value
            days = max(days, days_between(last, paid_on))
            fee += sheet.use(late_fee(view, category.employer, month, left, paid_on))
        else:
            days = max(days, days_between(month.last_day, paid_on))
    runs = [run for run in missed_runs(view, person) if set(run.months) & set(asked)]
    answer = _answer(asked, dues, days, fee, unpaid, runs, view)
    return Finding(_with_credit(view, person, dues, answer), sheet.because)


def paid_day(paid: Paid | None, on: date) -> date:
    """The day up to which a month was late: of its payment, or the day asked about."""
    return paid.full_on if paid is not None and paid.full_on is not None else on


def missed_then(view: View, person: str, on: date) -> list[Month]:
    """Months missed and open on a day, or paid on it; else those of the last run cleared before."""
    runs = missed_runs(view, person)
    own = months(view, person)
    open_then = [
        month
        for run in runs
        for month in run.months
        if month.last_day < on and paid_day(own.get(month), date.max) >= on
    ]
    if open_then:
        return open_then
    cleared = [run for run in runs if run.cleared_on is not None and run.cleared_on <= on]
    return list(max(cleared, key=lambda run: run.first).months) if cleared else []


def _answer(
    asked: list[Month],
    dues: list[tuple[Month, Category, Due]],
    days: int,
    fee: int,
    unpaid: int,
    runs: list[Run],
    view: View,
) -> BackPaymentAnswer:
    limits = [day for run in runs if (day := deadline(view, run)) is not None]
    employer = sum(due.employer for _, _, due in dues)
    member = sum(due.member for _, _, due in dues)
    return BackPaymentAnswer(
        months=Months(asked),
        month_count=len(asked),
        base=dues[0][2].base,
        employer=employer,
        member=member,
        amount=unpaid,
        deadline=min(limits, default=None),
        late_days=max(0, days),
        late_fee=fee,
    )


def _with_credit(
    view: View, person: str, dues: list[tuple[Month, Category, Due]], answer: BackPaymentAnswer
) -> BackPaymentAnswer:
    from msgspec.structs import replace

    try:
        total = sum(month_credit(view, person, month, category).value for month, category, _ in dues)
    except Unanswerable:
        return answer
    return replace(answer, account_credit=total)


def _employer_arrears(view: View, employer: str, question: BackPayment) -> Finding[BackPaymentAnswer]:
    sheet = Sheet()
    sheet.cite("DX-12a")
    people: dict[str, list[Month]] = {}
    for person in _people(view, employer):
        wanted = list(question.months or missed_then(view, person, question.on))
        mine = [m for m in wanted if person in roll(view, employer, m)]
        if mine:
            people[person] = mine
    category = Category(Capacity.EMPLOYED, Mode.COMBINED, employer)
    by_month: dict[Month, list[Due]] = {}
    paid_on: dict[Month, date] = {}
    for person, mine in people.items():
        for month in mine:
            by_month.setdefault(month, []).append(sheet.use(month_due(view, person, month, category)))
            paid_on[month] = paid_day(months(view, person).get(month), question.on)
    fee = days = 0
    for month, dues in sorted(by_month.items()):
        last = due_on(view, employer, month).value
        days = max(days, days_between(last, paid_on[month]))
        unpaid = sum(due.total for due in dues)
        fee += sheet.use(late_fee(view, employer, month, unpaid, paid_on[month]))
    every = [due for dues in by_month.values() for due in dues]
    answer = BackPaymentAnswer(
        months=Months(sorted(by_month)),
        month_count=len(by_month),
        employer=sum(due.employer for due in every),
        member=sum(due.member for due in every),
        amount=sum(due.total for due in every),
        late_days=max(0, days),
        late_fee=fee,
    )
    return Finding(answer, sheet.because)


def _people(view: View, employer: str) -> list[str]:
    found = (getattr(fact, "person", None) for fact in view.known(f"employer:{employer}"))
    return list(dict.fromkeys(person for person in found if isinstance(person, str)))


def retirement(view: View, question: Retirement) -> Finding[RetirementAnswer]:
    """Months required and held, and when retiree benefits begin."""
    person = question.person
    fact = retired_fact(view, person)
    if fact is None:
        raise FactMissing("retired.on", question.on, ("DX-14a",))
    require_force(view, question.on)
    need = needs(view, person)
    start = retiree_from(view, person)
    own = months(view, person)
    last = Month.of(fact.on)
    local = sum(1 for m, p in own.items() if m <= last and p.full_on is not None and not p.elsewhere)
    monthly, because = _credit_after(view, person, start.value or retires_from(last).value)
    answer = RetirementAnswer(
        required_months=need.required,
        total_months=need.held,
        paid_months=need.held,
        local_paid_months=local,
        full_rate_months=need.full_rate,
        shortfall_months=need.short,
        retired_from=start.value,
        mode_after=mode_after(view, person),
        monthly_credit_after=monthly,
    )
    return Finding(answer, (*need.because, *start.because, *because))


def _credit_after(view: View, person: str, day: date) -> tuple[int | None, tuple[str, ...]]:
    if mode_after(view, person) is Mode.POOLING_ONLY:
        return 0, ("DX-14g",)
    fact = retired_fact(view, person)
    base = int(fact.base) if fact is not None and fact.base is not None else None
    try:
        month = Month.of(day) if day.day == 1 else Month.of(day).plus(1)
        found = credit(view, Category(Capacity.RETIRED), month, base)
    except Unanswerable:
        return None, ()
    return found.value, ("DX-14g", *found.because)


def lump_sum_due(view: View, question: LumpSumDue) -> Finding[LumpSumDueAnswer]:
    """The price of the missing months: of the month of retirement, whenever it is paid."""
    person = question.person
    fact = retired_fact(view, person)
    if fact is None:
        raise FactMissing("retired.on", question.on, ("DX-14c",))
    require_force(view, question.on)
    paid_in = next((f.mode for f in view.facts(LumpSumPaid, person=person) if f.mode is not None), None)
    mode = question.mode or paid_in
    need = needs(view, person, mode)
    found = parts(view, person, mode)
    own = months(view, person)
    last = Month.of(fact.on)
    local = sum(1 for m, p in own.items() if m <= last and p.full_on is not None and not p.elsewhere)
    amount = sum(part.amount for part in found.value)
    answer = LumpSumDueAnswer(
        outcome=DueOutcome.DUE if need.any else DueOutcome.NOTHING_DUE,
        required_months=need.required,
        total_months=need.held,
        paid_months=need.held,
        local_paid_months=local,
        full_rate_months=need.full_rate,
        shortfall_months=need.short,
        base=found.value[0].base if found.value else None,
        amount=amount,
        employer=sum(part.employer for part in found.value),
        member=sum(part.member for part in found.value),
        pooled=amount,
        personal_account=0,
        parts=tuple(
            LumpSumPart(part=p.name, months=p.months, base=p.base, amount=p.amount, pooled=p.amount)
            for p in found.value
        ),
        retired_from_if_paid=_retired_if_paid(view, person, last, need.any, question.on),
    )
    return Finding(answer, found.because)


def _retired_if_paid(view: View, person: str, last: Month, owing: bool, on: date) -> date | None:
    """When somebody who owes a lump sum retires by paying it on a day; who owes none retires in any case."""
    if owing:
        return max(retires_from(last).value, on)
    return retiree_from(view, person).value
