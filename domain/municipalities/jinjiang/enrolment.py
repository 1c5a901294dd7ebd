"""From payments to enrolments: which payments count for a year, and from what they were complete."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import Unanswerable
from domain.events.consequences import Problem
from domain.facts import ResidentContributionPaid
from domain.municipalities.jinjiang.accounts import account_refusal
from domain.municipalities.jinjiang.basis import basis_of
from domain.municipalities.jinjiang.figures import (
    PARAMETERS,
    START,
    in_force_in,
    last_day_for_students,
    last_day_of_window,
)
from domain.municipalities.jinjiang.paid import corrected, paid_in, was_complete, whole_standard
from domain.municipalities.jinjiang.people import (
    at,
    covered_as_employee,
    departures,
    employee_covers,
    ended_after,
    ineligible,
)
from domain.municipalities.jinjiang.price import (
    Price,
    campus_enrolment,
    is_new_student,
    part_of,
    price_at,
    through_school,
)
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, per_view


class Enrolment(Struct, frozen=True, kw_only=True):
    """One relation of a person for a year: complete on `day`. Money in fen; `price` None = not announced yet."""

    year: int
    day: date
    basis: str
    """on_time, late, newborn, newborn_late, newborn_next, student."""
    school: bool
    first: bool
    """The first of the year: budgets and insurers pay once per person and year."""
    paid: int
    price: Price | None
    payments: tuple[ResidentContributionPaid, ...]
    because: tuple[str, ...]
    waiting_for: str = "resident_contribution"
    """What the price waits for while there is none."""

    @property
    def refundable(self) -> int:
        """Own money above the own share (JJ-4.3i)."""
        return max(0, self.paid - self.price.own) if self.price else 0


class PaidYear(Struct, frozen=True, kw_only=True):
    """Everything paid for one person and year. `refused`: fact -> reason, or the problem that keeps it open."""

    year: int
    enrolments: tuple[Enrolment, ...] = ()
    refused: dict[str, tuple[str, tuple[str, ...]]] = {}
    problems: dict[str, tuple[Problem, tuple[str, ...]]] = {}
    returned: int = 0
    """Money of refused or void payments, in fen."""
    payments: tuple[ResidentContributionPaid, ...] = ()

    @property
    def open_problem(self) -> tuple[Problem, tuple[str, ...]] | None:
        """What keeps the year from being decided."""
        return next(iter(self.problems.values()), None) if not self.enrolments else None


def problem_of(error: Unanswerable) -> tuple[Problem, tuple[str, ...]]:
    """An error as a record keeps it."""
    return Problem(code=error.code, name=error.name, date=error.on), error.because


@per_view
def paid_years(view: View, person: str) -> dict[int, PaidYear]:
    """Every year for which something was paid for a person."""
    years: dict[int, list[ResidentContributionPaid]] = {}
    for fact in view.facts(ResidentContributionPaid, person=person):
        if person in fact.persons:
            years.setdefault(fact.year, []).append(fact)
    return {year: _paid_year(view, person, year, facts) for year, facts in sorted(years.items())}


def enrolments_of(view: View, person: str) -> list[Enrolment]:
    """Every enrolment of a person, by year and day."""
    return [each for year in paid_years(view, person).values() for each in year.enrolments]


def _paid_year(view: View, person: str, year: int, facts: list[ResidentContributionPaid]) -> PaidYear:
    refused: dict[str, tuple[str, tuple[str, ...]]] = {}
    problems: dict[str, tuple[Problem, tuple[str, ...]]] = {}
    done: list[Enrolment] = []
    waiting: list[ResidentContributionPaid] = []
    undecided: tuple[Problem, tuple[str, ...]] | None = None
    returned = 0
    for fact in facts:
        try:
            reason = refusal(view, person, fact)
            if reason.value is not None:
                refused[fact.id] = (reason.value, reason.because)
                if "JJ-5.3b" not in reason.because:
                    returned += _returned(view, person, fact)
                continue
            if done and not _came_back(view, person, done[-1], fact):
                done[-1] = _more(done[-1], fact, part_of(view, person, fact))
                continue
            waiting.append(fact)
            unknown = next((problems[each.id] for each in waiting if each.id in problems), None)
            if unknown is not None:  # nobody knows whether the sum was complete with an earlier part
                problems[fact.id] = unknown
                continue
            enrolment = complete(view, person, year, tuple(waiting), all(void(view, person, d) for d in done))
        except Unanswerable as error:
            problems[fact.id] = problem_of(error)
            undecided = problems[fact.id]
            continue
        if enrolment.value is not None:
            done.append(enrolment.value)
            waiting, undecided = [], None
    for fact in waiting:
        if undecided is not None:  # with a later part the sum may be complete
            problems.setdefault(fact.id, undecided)
        else:
            refused[fact.id] = ("underpaid", ("JJ-5.3g",))
            returned += _returned(view, person, fact)
    return PaidYear(
        year=year,
        enrolments=tuple(done),
        refused=refused,
        problems=problems,
        returned=returned,
        payments=tuple(facts),
    )


def _returned(view: View, person: str, fact: ResidentContributionPaid) -> int:
    """What goes back of a payment without effect; nothing while nobody knows how much it was."""
    try:
        return part_of(view, person, fact)
    except Unanswerable:
        return 0


def _more(enrolment: Enrolment, fact: ResidentContributionPaid, amount: int) -> Enrolment:
    return replace(enrolment, paid=enrolment.paid + amount, payments=(*enrolment.payments, fact))


def _came_back(view: View, person: str, before: Enrolment, fact: ResidentContributionPaid) -> bool:
    ended = relation_end(view, person, before)
    return ended is not None and ended <= fact.on


def refusal(view: View, person: str, fact: ResidentContributionPaid) -> Finding[str | None]:
    """Why a payment has no effect, or None: year over, school of the first season, nobody of chapter 3, account."""
    in_force_in(fact.year)
    if fact.on > date(fact.year, 12, 31):
        return year_over()
    if through_school(view, person, fact):
        if not campus_enrolment(fact.year):
            return elsewhere()
        if is_new_student(view, person, fact):
            last_day_for_students(view, fact.year)
        grounds = student(view, person, fact.on)
    else:
        grounds = ineligible(view, person, fact.on)
    employee = _employee_known(view, person, fact)
    if grounds.value:
        return Finding("not_eligible", grounds.because)
    if employee.value:
        return Finding("not_eligible", joined(employee.because, ("JJ-3.1a", "JJ-5.3b")))
    account = account_refusal(view, fact)
    return Finding(account.value, joined(grounds.because, account.because))


@rule("JJ-3.5a", article="三（五）")
def student(view: View, person: str, day: date) -> bool:
    """Students of schools in Jinjiang enrol through the school. True = not eligible."""
    died = view.died_on(person)
    return died is not None and died < day


@rule("JJ-5.1a", article="五（一）")
def _employee_known(view: View, person: str, fact: ResidentContributionPaid) -> bool:
    """Files are compared at once: employee cover known at the payment bars it, unless it ends in the paid year."""
    if not covered_as_employee(view, person, fact.on):
        return False
    if not covered_as_employee(at(view, fact.recorded), person, fact.on):
        return False
    running = next(p for p in employee_covers(view, person) if fact.on in p)
    on_time = fact.on <= last_day_of_window(view, fact.year).value
    return not (on_time and running.end <= date(fact.year, 12, 31))


@rule("JJ-5.2i", "JJ-5.2h", article="五（二）7")
def year_over() -> str | None:
    """A year, the year of birth too, can be paid only until its 31 December."""
    return "year_over"


@rule("JJ-5.2c", article="五（二）3")
def elsewhere() -> str | None:
    """For 2018 there is no campus enrolment in Jinjiang."""
    return "enrol_elsewhere"


@rule("JJ-5.3g", article="五（三）6")
def complete(
    view: View, person: str, year: int, payments: tuple[ResidentContributionPaid, ...], first: bool
) -> Finding[Enrolment | None]:
    """Insured first, benefits afterwards: the day on which the own share is complete is the enrolment day."""
    last = payments[-1]
    school = through_school(view, person, last)
    basis = basis_of(view, person, last, first)
    full = any(fact.amount is None for fact in payments)
    try:
        price = price_at(view, person, last)
    except Unanswerable as missing:
        if not full and not whole_standard(view, person, payments):
            raise
        unpriced = _enrolment(basis, payments, None, 0, first, school)
        return Finding(replace(unpriced, waiting_for=missing.name), basis.because)
    because = joined(basis.because, price.because)
    paid = paid_in(view, person, payments, price.value.own)
    if paid < price.value.own and not was_complete(view, person, last, paid):
        return Finding(None, because)
    if paid != price.value.own:
        because = joined(because, corrected(paid, price.value.own).because)
    basis = Finding(basis.value, because)
    return Finding(_enrolment(basis, payments, price.value, paid, first, school), because)


def _enrolment(
    basis: Finding[str],
    payments: tuple[ResidentContributionPaid, ...],
    price: Price | None,
    paid: int,
    first: bool,
    school: bool,
) -> Enrolment:
    last = payments[-1]
    return Enrolment(
        year=last.year,
        day=last.on,
        basis=basis.value,
        school=school,
        first=first,
        paid=paid,
        price=price,
        payments=payments,
        because=basis.because,
    )


def relation_start(view: View, person: str, enrolment: Enrolment) -> date:
    """The first day of the relation of a year, before any wait."""
    match enrolment.basis:
        case "newborn":
            return view.person(person).born_on or enrolment.day
        case "late" | "newborn_late":
            return enrolment.day
        case "student":
            month = PARAMETERS["contribution.new_student_covered_from_month"].on(START)
            return date(enrolment.year, month, 1)
        case _:
            return date(enrolment.year, 1, 1)


def relation_end(view: View, person: str, enrolment: Enrolment) -> date | None:
    """The first day on which the relation had ended by itself, or None (JJ-5.3a, JJ-5.3c)."""
    start = relation_start(view, person, enrolment)
    over = date(enrolment.year + 1, 1, 1)
    events = [ended_after(day).value for day in departures(view, person) if day >= min(enrolment.day, start)]
    changes = [p.from_ for p in employee_covers(view, person) if p.from_ > start]
    ends = [day for day in [*events, *changes] if day <= over]
    return min(ends) if ends else None


def void(view: View, person: str, enrolment: Enrolment) -> bool:
    """True when the relation ended before its year had begun: no cover, and the money is returned (JJ-5.3a)."""
    begins = max(relation_start(view, person, enrolment), date(enrolment.year, 1, 1))
    end = relation_end(view, person, enrolment)
    if end is None or end > begins:
        return False
    return end < begins or any(ended_after(day).value == begins for day in departures(view, person))
