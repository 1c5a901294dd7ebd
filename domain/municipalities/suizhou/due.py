"""What is due for months or a year, and what arrears come to (articles 9, 11, 13, 36, 39). Money in fen."""

from datetime import date

from domain.errors import NotComputed
from domain.facts import ContributionPaid, Enrolled
from domain.municipalities.suizhou.bases import (
    base_of,
    base_of_employer,
    maternity_rate,
    month_rates,
)
from domain.municipalities.suizhou.employee import walk
from domain.municipalities.suizhou.groups import standard, subsidy
from domain.municipalities.suizhou.interruption import Stop
from domain.municipalities.suizhou.payments import paid_months, payments_of
from domain.municipalities.suizhou.policy import figure, require_force
from domain.municipalities.suizhou.retirement import pension
from domain.questions.answers import BackPaymentAnswer, ContributionDueAnswer
from domain.questions.kinds import BackPayment, ContributionDue
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import Month, Months
from domain.values.money import share
from domain.values.terms import Capacity, Layer, Mode, Scheme


@rule("SZ-9f", article="第九条（三）、第十七条")
def nothing_due_of_retired(has_years: bool) -> bool:
    """Retired members with the years owe nothing; those still completing them pay monthly."""
    return has_years


@rule("SZ-17d", article="第十七条")
def completes_monthly(amount: int) -> int:
    """Missing years may be paid month by month at the ordinary rates, without maternity."""
    return amount


def contribution_due(view: View, question: ContributionDue) -> Finding[ContributionDueAnswer]:
    """Components of what is due."""
    if question.scheme is Scheme.RESIDENT or question.capacity is Capacity.RESIDENT:
        return _resident(view, question)
    months = question.months or _months_of(question.year)
    if question.employer is not None and question.person is None:
        return _employer(view, question.employer, months)
    if question.person is None:
        return _own(view, "", months, question.capacity or Capacity.FLEXIBLE, None, Mode.COMBINED, question)
    return _person(view, question.person, months, question)


def _months_of(year: int | None) -> Months:
    return Months(Month.at(year or 1, number) for number in range(1, 13))


def _employer(view: View, employer: str, months: Months) -> Finding[ContributionDueAnswer]:
    sums = {"pooled": 0, "large_amount": 0, "maternity": 0}
    because: tuple[str, ...] = ()
    first = base_of_employer(view, employer, months[0])
    for month in months:
        base = base_of_employer(view, employer, month)
        rates = month_rates(view, month, Mode.COMBINED)
        maternity = maternity_rate(figure(view, "contribution.maternity_rate", month.first_day), True)
        sums["pooled"] += share(base.value, rates["pooled"])
        sums["large_amount"] += share(base.value, rates["large_amount"])
        sums["maternity"] += share(base.value, maternity.value)
        because = joined(because, base.because, ("SZ-9c",), maternity.because)
    total = sum(sums.values())
    answer = ContributionDueAnswer(
        base=first.value,
        employer=total,
        total=total,
        monthly=total // len(months),
        due_on=months[-1].last_day,
        **sums,
    )
    return Finding(answer, because)


def standing_in(view: View, person: str, month: Month) -> tuple[Capacity, str | None, Mode]:
    """In which standing a person owes a month: as paid, as employed, or as last paid."""
    paid = paid_months(view, person)
    if month in paid:
        return paid[month].capacity, paid[month].employer, paid[month].mode
    jobs = [
        job for job in walk(view, person).jobs if job.start <= month and (job.end is None or month <= job.end)
    ]
    if jobs:
        return Capacity.EMPLOYED, jobs[-1].employer, Mode.COMBINED
    drawing = [
        fact
        for fact in view.facts(Enrolled, person=person)
        if fact.scheme is Scheme.EMPLOYEE
        and fact.capacity in (Capacity.UNEMPLOYED, Capacity.FLEXIBLE, Capacity.RETIRED)
        and Month.of(fact.employment_from or fact.on) <= month
        and (fact.to is None or month.first_day < fact.to)
    ]
    if drawing:
        return drawing[-1].capacity, None, drawing[-1].mode
    if paid:
        last = list(paid.values())[-1]
        return last.capacity, last.employer, last.mode
    told = [p for p in view.facts(ContributionPaid, person=person) if p.person == person]
    if told:
        return told[-1].capacity, told[-1].employer, told[-1].mode
    raise NotComputed("contribution_due.person", month.first_day)


def _person(
    view: View, person: str, months: Months, question: ContributionDue
) -> Finding[ContributionDueAnswer]:
    retired = pension(view, person) if _retired(view, person) else None
    capacity, employer, mode = (
        (question.capacity, None, Mode.COMBINED)
        if question.capacity is not None
        else standing_in(view, person, months[0])
    )
    if retired is not None and months[0].first_day > retired.retired_on:
        if nothing_due_of_retired(retired.met_on is not None).value:
            return Finding(
                ContributionDueAnswer(member=0, employer=0, total=0, monthly=0), ("SZ-9f", "SZ-15a")
            )
        found = _own(view, person, months, Capacity.RETIRED, employer, mode, question)
        return Finding(found.value, joined(completes_monthly(0).because, found.because))
    return _own(view, person, months, capacity, employer, mode, question)


def _retired(view: View, person: str) -> bool:
    from domain.municipalities.suizhou.retirement import retirement_fact

    return retirement_fact(view, person) is not None


def _own(
    view: View,
    person: str,
    months: Months,
    capacity: Capacity,
    employer: str | None,
    mode: Mode,
    question: ContributionDue,
) -> Finding[ContributionDueAnswer]:
    """One person's months: an employee's own 2%, or all components of who pays alone."""
    if capacity is Capacity.RETIRED and not person:
        return Finding(ContributionDueAnswer(member=0, employer=0, total=0, monthly=0), ("SZ-9f",))
    employed = capacity is Capacity.EMPLOYED
    mode = Mode.COMBINED if employed or capacity is Capacity.UNEMPLOYED else mode
    sums = {"pooled": 0, "large_amount": 0, "personal_account": 0}
    because: tuple[str, ...] = ()
    first: int | None = None
    monthly: int | None = None
    for month in months:
        base = base_of(view, person, month, capacity, employer)
        rates = month_rates(view, month, mode)
        parts = {name: share(base.value, rate) for name, rate in rates.items()}
        for name, fen in parts.items():
            sums[name] += fen
        whole = parts["personal_account"] if employed else sum(parts.values())
        first, monthly = (base.value, whole) if first is None else (first, monthly)
        because = joined(because, base.because, ("SZ-9c",) if employed else ("SZ-11a",))
    if question.layer is Layer.LARGE_AMOUNT:
        fee = sums["large_amount"]
        return Finding(ContributionDueAnswer(base=first, large_amount=fee, total=fee), because)
    total = sums["personal_account"] if employed else sum(sums.values())
    answer = ContributionDueAnswer(
        base=first,
        member=0 if capacity is Capacity.UNEMPLOYED else total,
        pooled=None if employed else sums["pooled"],
        large_amount=None if employed else sums["large_amount"],
        personal_account=sums["personal_account"],
        maternity=None if employed else 0,
        monthly=monthly,
        total=total,
        due_on=months[-1].last_day,
    )
    return Finding(answer, joined(because, ("SZ-9e",)))


def _resident(view: View, question: ContributionDue) -> Finding[ContributionDueAnswer]:
    year = question.year or (question.months[0].year if question.months else question.on.year)
    person = question.person
    born = view.person(person).born_on if person is not None else None
    if born is not None and born.year == year:
        free = ContributionDueAnswer(member=0, subsidy=0, total=0)
        return Finding(free, ("SZ-36d", "SZ-38a"))
    require_force(view, question.on)
    whole = standard(view, year, question.on)
    help_ = subsidy(view, person, year, question.on) if person is not None else Finding(0)
    answer = ContributionDueAnswer(
        member=whole.value - help_.value,
        subsidy=help_.value,
        total=whole.value,
        due_on=date(year - 1, 12, 31),
    )
    return Finding(answer, joined(whole.because, help_.because))


def back_payment(view: View, question: BackPayment) -> Finding[BackPaymentAnswer]:
    """The unpaid run of a person or employer: its months, what they come to, the last day that heals it."""
    if question.person is None:
        return _employer_arrears(view, question)
    person = question.person
    stop = _latest_run(view, person, question.on)
    months = question.months or (stop and _run_months(view, person, stop, question.on)) or Months()
    if not months:
        empty = BackPaymentAnswer(months=Months(), month_count=0, amount=0, member=0, account_credit=0)
        return Finding(empty, ("SZ-10b",))
    paid = paid_months(view, person)
    first = Month(months[0])
    capacity, employer, mode = _payer_of(view, person, stop, first, question)
    gap_base = _gap_base(view, person, stop, capacity, employer)
    employed = capacity is Capacity.EMPLOYED
    member = credit = whole = 0
    base: int | None = None
    for month in months:
        told = paid[month].base if month in paid else None
        own = told or gap_base or base_of(view, person, month, capacity, employer).value
        rates = month_rates(view, month, Mode.COMBINED if employed else mode)
        parts = {name: share(own, rate) for name, rate in rates.items()}
        credit += parts["personal_account"]
        whole += sum(parts.values())
        member += parts["personal_account"] if employed else sum(parts.values())
        base = own if base is None else base
    limit = stop.limit_on if stop is not None else None
    answer = BackPaymentAnswer(
        months=Months(months),
        month_count=len(months),
        base=base,
        employer=whole - member if employed else None,
        member=member,
        amount=member,
        deadline=_before(limit),
        account_credit=credit,
    )
    return Finding(answer, joined(("SZ-10b",), stop.because if stop is not None else ()))


def _before(day: date | None) -> date | None:
    from datetime import timedelta

    return None if day is None else day - timedelta(days=1)


def _latest_run(view: View, person: str, day: date) -> Stop | None:
    """The latest interruption that began on or before a day; overdue months within the grace count too."""
    from domain.municipalities.suizhou.employee import limits_of

    found = [stop for stop in walk(view, person).stops if stop.first_unpaid.first_day <= day]
    known = walk(view, person)
    overdue = Month.of(min(day, view.today)).plus(-1)
    start = max([s.first_unpaid for s in found], default=Month(0))
    for job in known.jobs:
        paid_by = [p for p in known.paid.values() if p.employer == job.employer]
        if not paid_by:
            continue
        last = job.end if job.end is not None else overdue
        begin = max(job.start, min(p.month for p in paid_by), start)
        unpaid = [Month(m) for m in range(begin, min(last, overdue) + 1) if Month(m) not in known.paid]
        if unpaid and unpaid[0] > start:
            limit = unpaid[0].plus(limits_of(view).employer + 1).first_day
            ids = ("SZ-10c", "SZ-10d")
            return Stop(
                unpaid[0],
                limit,
                "employer",
                f"employer:{job.employer}",
                ids,
                months=len(unpaid),
                limit_on=limit,
            )
    return found[-1] if found else None


def _run_months(view: View, person: str, stop: Stop, day: date) -> Months:
    """From the first unpaid month to the month before, as long as they were not paid in time."""
    paid = paid_months(view, person)
    last = Month.of(min(day, view.today)).plus(-1)
    if stop.completed_on is not None:
        last = min(last, Month.of(stop.completed_on).plus(-1))
        last = max(last, stop.first_unpaid)
    months = []
    for number in range(stop.first_unpaid, last + 1):
        month = Month(number)
        if month in paid and paid[month].paid_on <= month.last_day:
            continue
        months.append(month)
    return Months(months)


def _payer_of(
    view: View, person: str, stop: Stop | None, first: Month, question: BackPayment
) -> tuple[Capacity, str | None, Mode]:
    if stop is not None and stop.kind == "left":
        later = [p for m, p in paid_months(view, person).items() if p.paid_on >= stop.from_]
        if later:
            return later[0].capacity, later[0].employer, later[0].mode
    return standing_in(view, person, first)


def _gap_base(
    view: View, person: str, stop: Stop | None, capacity: Capacity, employer: str | None
) -> int | None:
    """Gap months before a new payer are charged at the base of the first month with that payer (SZ-14a)."""
    if stop is None or stop.kind != "left":
        return None
    later = [p for p in payments_of(view, person) if p.on >= stop.from_ and p.months]
    if later and later[0].base is not None:
        return int(later[0].base)
    return None


def _employer_arrears(view: View, question: BackPayment) -> Finding[BackPaymentAnswer]:
    employer = question.employer
    assert employer is not None
    paid = {
        month
        for p in view.facts(ContributionPaid, employer=employer)
        for month in p.months or ()
        if p.on <= question.on
    }
    last = Month.of(min(question.on, view.today)).plus(-1)
    start = min(paid, default=last.plus(1))
    months = question.months or Months(Month(m) for m in range(start, last + 1) if Month(m) not in paid)
    if not months:
        return Finding(BackPaymentAnswer(months=Months(), month_count=0, amount=0), ("SZ-10b",))
    due = _employer(view, employer, months)
    from domain.municipalities.suizhou.employee import limits_of

    limit = months[0].plus(limits_of(view).employer + 1).first_day
    answer = BackPaymentAnswer(
        months=months,
        month_count=len(months),
        base=due.value.base,
        employer=due.value.total,
        amount=due.value.total,
        deadline=_before(limit),
    )
    return Finding(answer, joined(("SZ-10b", "SZ-10d"), due.because))
