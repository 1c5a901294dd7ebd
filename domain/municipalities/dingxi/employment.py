"""Through which employers a person is or was insured, and in which months (arts. 2, 9)."""

from datetime import date

from domain.facts import Enrolled, EnrolmentEnded, OpeningHistory
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, Month
from domain.values.terms import Scheme


@per_view
def employers(view: View, person: str) -> list[str]:
    """Every employer through which the person is or was insured."""
    found = [f.employer for f in view.facts(Enrolled, person=person)]
    found += [item.employer for f in view.facts(OpeningHistory, person=person) for item in f.history or ()]
    return list(dict.fromkeys(employer for employer in found if employer is not None))


def on_roll(view: View, person: str, employer: str, month: Month) -> bool:
    """Whether a month belongs to the person's employment with an employer."""
    for fact in view.facts(Enrolled, person=person):
        if fact.employer == employer and fact.scheme is Scheme.EMPLOYEE:
            first = fact.first_month or Month.of(fact.employment_from or fact.on)
            if first <= month <= _last_month(view, person, employer, fact.on):
                return True
    for opening in view.facts(OpeningHistory, person=person):
        if any(item.employer == employer for item in opening.history or ()):
            return month <= _last_month(view, person, employer, date.min)
    return False


def _last_month(view: View, person: str, employer: str, since: date) -> Month:
    ends = [
        end.on
        for end in view.facts(EnrolmentEnded, person=person)
        if end.employer in (None, employer) and end.on >= since and end.scheme is Scheme.EMPLOYEE
    ]
    return Month.of(min(ends, default=FAR_FUTURE))
