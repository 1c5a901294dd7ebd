"""Who has left, and has not been paid for as somebody else since (arts. 9, 14, 20)."""

from datetime import date

from domain.facts import EnrolmentEnded
from domain.municipalities.dingxi.enrolment import enrolments
from domain.municipalities.dingxi.payments import Paid
from domain.rulebook.view import View
from domain.values.calendar import Month, add_days
from domain.values.terms import Scheme


def gone(view: View, person: str, last: Paid | None, day: date) -> bool:
    """Whether the person had left before a day; `last` is the last month paid before it.

    Who is only enrolled elsewhere later had not left: the standing of the last month paid goes on until then. Money
    for a month after leaving, paid after leaving, tells of another membership though it was registered late (DX-8a).
    """
    ended = [end.on for end in view.facts(EnrolmentEnded, person=person) if end.scheme is Scheme.EMPLOYEE]
    ended += [add_days(each.days.to, -1) for each in enrolments(view, person) if each.days.to is not None]
    left = [each for each in ended if each < day]
    if not left or last is None:
        return bool(left)
    paid_on = max(each.paid_on for each in last.payments)
    return last.month <= Month.of(max(left)) or paid_on <= max(left)
