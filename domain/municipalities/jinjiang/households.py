"""Whole households: who belongs to one, who is missing, and requests to enrol."""

from collections.abc import Iterator
from datetime import date

from domain.errors import Unanswerable
from domain.events.consequences import FactDecided
from domain.facts import Enrolled, HouseholdMemberMoved, HouseholdRegistered, ResidentContributionPaid
from domain.municipalities.jinjiang.enrolment import Enrolment, paid_years, problem_of
from domain.municipalities.jinjiang.figures import in_force_in, last_day_for_students
from domain.municipalities.jinjiang.people import covered_as_employee, employee_covers, ineligible
from domain.municipalities.jinjiang.price import campus_enrolment
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.terms import AcceptanceOutcome, Channel, Scheme


def members_on(view: View, household: str, day: date) -> list[str]:
    """Everybody on a household book on a day."""
    found: dict[str, None] = {}
    for fact in view.known(f"household:{household}"):
        if fact.on > day:
            break
        if isinstance(fact, HouseholdRegistered) and fact.household == household:
            found = dict.fromkeys(fact.members)
        elif isinstance(fact, HouseholdMemberMoved):
            if fact.from_household == household:
                found.pop(fact.person, None)
            if fact.to_household == household:
                found[fact.person] = None
    return list(found)


def household_of(view: View, person: str, day: date) -> str | None:
    """The household of a person on a day."""
    household = None
    for fact in view.known(f"person:{person}"):
        if fact.on > day:
            break
        if isinstance(fact, HouseholdRegistered) and person in fact.members:
            household = fact.household
        elif isinstance(fact, HouseholdMemberMoved) and fact.person == person:
            household = fact.to_household
    return household


@rule("JJ-3.1b", article="三（一）")
def missing(view: View, household: str, year: int, day: date, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Members who are to enrol and neither asked to nor are enrolled, in school, insured as employees or dead."""
    return tuple(
        person
        for person in members_on(view, household, day)
        if person not in asked and _must_enrol(view, person, year, day)
    )


def _must_enrol(view: View, person: str, year: int, day: date) -> bool:
    died = view.died_on(person)
    if died is not None and died <= day:
        return False
    if covered_as_employee(view, person, day) or _through_school(view, person, year):
        return False
    paid = paid_years(view, person).get(year)
    return paid is None or not paid.enrolments


def _through_school(view: View, person: str, year: int) -> bool:
    if not campus_enrolment(year):
        return False
    requests = (f for f in view.facts(Enrolled, person=person) if f.school is not None)
    if any(fact.year == year for fact in requests):
        return True
    payments = (f for f in view.facts(ResidentContributionPaid, person=person) if person in f.persons)
    return any(fact.year == year and fact.channel is Channel.SCHOOL for fact in payments)


def incomplete(view: View, person: str, enrolment: Enrolment) -> tuple[str, ...]:
    """Members of the household missing on the payment day who have not paid or left since, as known; a flag only."""
    payment = enrolment.payments[-1]
    if payment.channel in (Channel.SCHOOL, Channel.UNIT):
        return ()
    household = payment.household or household_of(view, person, enrolment.day)
    if household is None:
        return ()
    day = max(enrolment.day, min(view.today, date(enrolment.year, 12, 31)))
    absent = missing(view, household, enrolment.year, enrolment.day, (person,)).value
    return tuple(each for each in absent if not _released(view, household, each, enrolment.day, day))


def _released(view: View, household: str, person: str, since: date, day: date) -> bool:
    """True once somebody missing has stopped being eligible, for however long: the flag has ended (JJ-3.1b)."""
    died = view.died_on(person)
    if died is not None and died <= day:
        return True
    if any(since <= cover.from_ <= day for cover in employee_covers(view, person)):
        return True
    days = (fact.on for fact in view.known(f"household:{household}") if since < fact.on <= day)
    return any(person not in members_on(view, household, each) for each in days)


def requests(view: View, person: str) -> Iterator[FactDecided]:
    """What becomes of requests to enrol before payment, for one of the persons named."""
    for fact in view.facts(Enrolled, person=person):
        named = fact.persons or ((fact.person,) if fact.person else ())
        if fact.scheme is not Scheme.RESIDENT or person not in named:
            continue
        try:
            found = _request(view, person, fact, named)
        except Unanswerable as error:
            problem, because = problem_of(error)
            yield FactDecided(fact=fact.id, problem=problem, because=because)
            continue
        if found.value is not None:
            whole = found.value.reason == "household_incomplete" or len(named) == 1
            yield FactDecided(
                fact=fact.id,
                person=None if whole else person,
                answer=found.value,
                because=found.because,
            )


def _request(
    view: View, person: str, fact: Enrolled, named: tuple[str, ...]
) -> Finding[AcceptanceAnswer | None]:
    year = fact.year if fact.year is not None else fact.on.year
    in_force_in(year)
    if fact.on > date(year, 12, 31):
        return _no("year_over", "JJ-5.2i")
    if fact.school is not None:
        if not campus_enrolment(year):
            return _no("enrol_elsewhere", "JJ-5.2c")
        if fact.new_student:
            last_day_for_students(view, year)
        return Finding(None, ("JJ-5.2c",))
    grounds = ineligible(view, person, fact.on)
    if grounds.value:
        return Finding(_refused("not_eligible"), grounds.because)
    if covered_as_employee(view, person, fact.on):
        return _no("not_eligible", "JJ-5.1a")
    household = fact.household
    if household is None and "JJ-3.1a" in grounds.because:
        household = household_of(view, person, fact.on)
    absent: Finding[tuple[str, ...]] = Finding((), grounds.because)
    if household is not None:
        absent = missing(view, household, year, fact.on, named)
    if absent.value:
        return Finding(_refused("household_incomplete", absent.value), absent.because)
    if len(named) > 1:
        return Finding(AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED), absent.because)
    return Finding(None)


def _no(reason: str, rule_id: str) -> Finding[AcceptanceAnswer | None]:
    return Finding(_refused(reason), (rule_id,))


def _refused(reason: str, absent: tuple[str, ...] | None = None) -> AcceptanceAnswer:
    return AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason=reason, missing=absent)
