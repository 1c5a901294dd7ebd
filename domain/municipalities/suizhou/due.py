"""What is due for months or a year, and what arrears come to (articles 9, 11, 13, 36, 39). Money in fen."""

from datetime import date

from domain.errors import NotComputed, Unanswerable
from domain.facts import ContributionPaid, Enrolled
from domain.municipalities.suizhou.bases import (
    base_of,
    base_of_employer,
    maternity_rate,
    month_rates,
)
from domain.municipalities.suizhou.employee import walk
from domain.municipalities.suizhou.groups import standard, subsidy
from domain.municipalities.suizhou.payments import paid_months
from domain.municipalities.suizhou.policy import figure, require_force
from domain.municipalities.suizhou.retirement import pension
from domain.questions.answers import ContributionDueAnswer
from domain.questions.kinds import ContributionDue
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
        return employer_due(view, question.employer, months)
    if question.person is None:
        return _own(view, "", months, question.capacity or Capacity.FLEXIBLE, None, Mode.COMBINED, question)
    return _person(view, question.person, months, question)


def _months_of(year: int | None) -> Months:
    return Months(Month.at(year or 1, number) for number in range(1, 13))


def employer_due(view: View, employer: str, months: Months) -> Finding[ContributionDueAnswer]:
    """What an employer owes for months, on its own base."""
    pooled = large = maternity = 0
    because: tuple[str, ...] = ()
    first = base_of_employer(view, employer, months[0])
    for month in months:
        base = base_of_employer(view, employer, month)
        rates = month_rates(view, month, Mode.COMBINED)
        rate = maternity_rate(figure(view, "contribution.maternity_rate", month.first_day), True)
        pooled += share(base.value, rates["pooled"])
        large += share(base.value, rates["large_amount"])
        maternity += share(base.value, rate.value)
        because = joined(because, base.because, ("SZ-9c",), rate.because)
    total = pooled + large + maternity
    answer = ContributionDueAnswer(
        base=first.value,
        employer=total,
        total=total,
        monthly=total // len(months),
        pooled=pooled,
        large_amount=large,
        maternity=maternity,
        due_on=months[-1].last_day,
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
    retired = pension(view, person)
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


def _base_due(
    view: View, person: str, month: Month, capacity: Capacity, employer: str | None
) -> Finding[int]:
    """The base of a month; one paid in full keeps floor and cap as known then, or the base that was stated."""
    paid = paid_months(view, person).get(month) if person else None
    if paid is None or (paid.capacity, paid.employer) != (capacity, employer):
        return base_of(view, person, month, capacity, employer)
    try:
        return base_of(view, person, month, capacity, employer, paid.known)
    except Unanswerable:
        if paid.base is None:
            raise
        return Finding(paid.base, ("SZ-10b",))


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
        base = _base_due(view, person, month, capacity, employer)
        rates = month_rates(view, month, mode)
        parts = {name: share(base.value, rate) for name, rate in rates.items()}
        for name, fen in parts.items():
            sums[name] += fen
        whole = parts["personal_account"] if employed else sum(parts.values())
        first, monthly = (base.value, whole) if first is None else (first, monthly)
        because = joined(because, base.because, ("SZ-11a",) if capacity is Capacity.FLEXIBLE else ("SZ-9c",))
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
