"""Questions about what is owed and what is paid back."""

from datetime import date

from domain.errors import NotComputed
from domain.municipalities.jinjiang.counters import Counters
from domain.municipalities.jinjiang.enrolment import Enrolment, paid_years
from domain.municipalities.jinjiang.figures import (
    PARAMETERS,
    START,
    figure,
    in_force_in,
    last_day_for_students,
    last_day_of_window,
)
from domain.municipalities.jinjiang.premiums import (
    layer_premiums,
    public_subsidy,
    refund_outcome,
    refund_year,
    refundable,
)
from domain.municipalities.jinjiang.price import Price, campus_requests, is_new_student, priced, standard_for
from domain.municipalities.jinjiang.records import year_totals
from domain.municipalities.jinjiang.settle import settlements
from domain.questions import kinds as ask
from domain.questions.answers import ContributionDueAnswer, RefundDueAnswer, YearTotalsAnswer
from domain.rulebook.citation import Finding, joined
from domain.rulebook.view import View
from domain.values.calendar import add_days
from domain.values.terms import DueOutcome, Layer, Scheme


def contribution_due(view: View, question: ask.ContributionDue) -> Finding[ContributionDueAnswer]:
    """The standard of a year, own share, category subsidy and public subsidy of one person (JJ-4.2, JJ-4.3)."""
    if question.scheme is not Scheme.RESIDENT or question.employer or question.year is None:
        raise NotComputed("contribution_due", question.on)
    year = question.year
    if question.layer is not None:
        return _layer_due(view, question.layer, year, question.on)
    in_force_in(year)
    enrolled = _enrolled(view, question.person, year, question.on) if question.person else None
    day = enrolled.day if enrolled else question.on
    campus = year >= PARAMETERS["contribution.campus_enrolment_from_year"].on(START)
    student = bool(question.new_student)
    if question.new_student is None and question.person is not None:
        person = question.person
        if enrolled is not None:
            student = is_new_student(view, person, enrolled.payments[-1])
        else:
            student = campus and any(f.new_student for f in campus_requests(view, person, year))
    price = _price(view, question.person, year, day, student, enrolled)
    window = last_day_of_window(view, year)
    inside = student and (not campus or day <= last_day_for_students(view, year))
    public = public_subsidy(view, year, day, inside)
    answer = ContributionDueAnswer(
        member=price.value.own,
        subsidy=price.value.subsidy,
        total=price.value.standard,
        refundable=enrolled.refundable if enrolled else 0,
        public_subsidy=public.value,
        due_on=last_day_for_students(view, year)
        if student and campus
        else _last_day(view, question.person, year, window.value),
    )
    because = joined(price.because, public.because, window.because)
    return Finding(answer, because)


def _last_day(view: View, person: str | None, year: int, window: date) -> date:
    """The last day to pay without losing a day of cover: the window, or 90 days from birth (JJ-5.2f, JJ-5.2h)."""
    born = view.person(person).born_on if person is not None else None
    if born is None or born.year not in (year - 1, year):
        return window
    limit = add_days(born, figure(view, "cover.newborn_days", born).value)
    return max(window, min(limit, date(year, 12, 31)))


def _layer_due(view: View, layer: Layer, year: int, on: date) -> Finding[ContributionDueAnswer]:
    """The premium of a layer above basic insurance: all of it paid by the county (JJ-6.2d, JJ-6.2e, JJ-6.2f)."""
    in_force_in(year)
    premiums = layer_premiums(view, year, on)
    amount = premiums.value.get(str(layer))
    if amount is None:
        raise NotComputed("contribution_due", on)
    return Finding(ContributionDueAnswer(member=0, subsidy=amount, total=amount), premiums.because)


def _enrolled(view: View, person: str, year: int, on: date) -> Enrolment | None:
    paid = paid_years(view, person).get(year)
    if paid is None:
        return None
    done = [each for each in paid.enrolments if each.day <= on]
    return done[-1] if done else None


def _price(
    view: View, person: str | None, year: int, day: date, student: bool, enrolled: Enrolment | None
) -> Finding[Price]:
    if enrolled is not None and enrolled.price is not None:
        return Finding(enrolled.price, enrolled.because)
    standard = standard_for(view, year, student)
    if person is None:
        return Finding(Price(standard.value, standard.value), standard.because)
    found = priced(view, person, year, day, standard.value)
    return Finding(found.value, joined(standard.because, found.because))


def refund_due(view: View, question: ask.RefundDue) -> Finding[RefundDueAnswer]:
    """No refund on leaving; what has no effect or was priced too high is paid back (JJ-5.3a, JJ-4.3i)."""
    if question.scheme is not Scheme.RESIDENT:
        raise NotComputed("refund_due", question.on)
    year = refund_year(view, question.person, question.year, question.on)
    found = refundable(view, question.person, year)
    outcome = refund_outcome(found.value)
    amount = found.value or 0
    reason = "refund_not_due" if outcome is DueOutcome.REFUSED else None
    answer = RefundDueAnswer(
        outcome=outcome, reason=reason, amount=amount, member=amount, subsidiser=0, employer=0
    )
    return Finding(answer, found.because)


def totals_of_year(view: View, question: ask.YearTotals) -> Finding[YearTotalsAnswer]:
    """Counters of a year in which nothing was recorded."""
    if question.scheme is not Scheme.RESIDENT:
        raise NotComputed("year_totals")
    in_force_in(question.year)
    _, years = settlements(view, question.person)
    return year_totals(view, question.year, years.get(question.year, Counters()), {})
