"""On what terms a payment brings cover."""

from datetime import date

from domain.facts import ResidentContributionPaid
from domain.municipalities.jinjiang.figures import figure, last_day_for_students, last_day_of_window
from domain.municipalities.jinjiang.price import is_new_student
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.calendar import add_days


def basis_of(view: View, person: str, fact: ResidentContributionPaid, first: bool = True) -> Finding[str]:
    """On what terms a payment brings cover: window, birth, school, or late."""
    born = view.person(person).born_on
    window = last_day_of_window(view, fact.year)
    if not first:
        return Finding("late", window.because)
    if is_new_student(view, person, fact):
        inside = fact.on <= last_day_for_students(view, fact.year)
        return Finding("student" if inside else "late", ("JJ-5.2c",))
    limit = None
    if born is not None:
        limit = add_days(born, figure(view, "cover.newborn_days", born).value)
    if born is not None and limit is not None and born.year == fact.year:
        return newborn(fact.on, limit) if fact.on <= limit else newborn_late()
    if fact.on <= window.value:
        return Finding("on_time", window.because)
    if born is not None and limit is not None and born.year == fact.year - 1 and fact.on <= limit:
        return newborn_next()
    return Finding("late", window.because)


@rule("JJ-5.2f", article="五（二）6")
def newborn(paid_on: date, limit: date) -> str:
    """A child paid for within 90 days of birth is covered from the day of birth."""
    return "newborn" if paid_on <= limit else "newborn_late"


@rule("JJ-5.2g", article="五（二）6")
def newborn_late() -> str:
    """A child paid for after 90 days is covered from the next day, without a wait."""
    return "newborn_late"


@rule("JJ-5.2h", article="五（二）6")
def newborn_next() -> str:
    """For the year after birth, within the 90 days, a child is covered from 1 January without a wait."""
    return "newborn_next"
