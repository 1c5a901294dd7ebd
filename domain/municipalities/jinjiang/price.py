"""What a year costs a person: the standard, the categories that lower the own share, and who budgets them."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from domain.errors import FactMissing, Unanswerable
from domain.facts import Enrolled, GroupRecognised, ResidentContributionPaid
from domain.municipalities.jinjiang.figures import PARAMETERS, START, standard_of, year_value
from domain.municipalities.jinjiang.people import at, covered_as_employee, covers, groups_on
from domain.rulebook.announcements import fen_in, ratio_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import add_years
from domain.values.money import Ratio, allot, divide, share
from domain.values.terms import Channel, Group, OtherCover, Role, Scheme

STATE = (
    Group.MINIMUM_LIVING,
    Group.EXTREME_POVERTY,
    Group.ORPHAN,
    Group.SEVERE_DISABILITY,
    Group.MULTIPLE_DISABILITY_HOUSEHOLD,
    Group.FAMILY_PLANNING_HARDSHIP,
    Group.RETRENCHED_1960S_WORKER,
)
LOCAL = (
    Group.DAUGHTER_FAMILY,
    Group.VETERAN_CADRE_SURVIVOR,
    Group.DISABILITY_CERTIFICATE,
    Group.OLD_REVOLUTIONARY_BASE_ELDER,
    Group.MODEL_CITIZEN,
)
DEPARTMENTS = {
    Group.SEVERE_DISABILITY: "disabled_federation",
    Group.MULTIPLE_DISABILITY_HOUSEHOLD: "disabled_federation",
    Group.DISABILITY_CERTIFICATE: "disabled_federation",
    Group.FAMILY_PLANNING_HARDSHIP: "health",
    Group.ONLY_SON_FAMILY: "health",
    Group.DAUGHTER_FAMILY: "health",
    Group.VETERAN_CADRE_SURVIVOR: "cadre_office",
    Group.MODEL_CITIZEN: "civilisation_office",
}


class Price(Struct, frozen=True):
    """The standard of a person for a year and the own share of it, in fen; `group` grants the subsidy."""

    standard: int
    own: int
    group: Group | None = None

    @property
    def subsidy(self) -> int:
        """The part paid by the county budget."""
        return self.standard - self.own


class Offer(Struct, frozen=True):
    """An own share that one category grants."""

    own: int
    group: Group


def standard_for(view: View, year: int, new_student: bool) -> Finding[int]:
    """The standard of the year; new students owe four twelfths of it."""
    standard = standard_of(view, year)
    return reduced(standard) if new_student else standard


@rule("JJ-5.2c", article="五（二）3")
def reduced(standard: Finding[int]) -> Finding[int]:
    """New students are covered for four months of their first year and pay four twelfths of the standard."""
    months = PARAMETERS["contribution.new_student_months"].on(START)
    return Finding(divide(standard.value * months, 12), standard.because)


@rule("JJ-4.3a", "JJ-4.3h", article="四（三）")
def priced(view: View, person: str, year: int, day: date, standard: int) -> Finding[Price]:
    """The own share is the standard less the subsidy of a category held on the payment day, never below 0."""
    free = [
        offer
        for fact in groups_on(view, person, day)
        if (offer := _free(view, person, fact, day)) is not None
    ]
    if free:
        return lowest(standard, free)
    return lowest(standard, _partial(view, person, year, day, standard))


@rule("JJ-4.3g", article="四（三）")
def lowest(standard: int, offers: list[Finding[Offer]]) -> Finding[Price]:
    """Of several categories the single lowest own share applies; subsidies are never added."""
    because = joined(*(offer.because for offer in offers))
    if not offers:
        return Finding(Price(standard, standard))
    best = min((offer.value for offer in offers), key=lambda offer: offer.own)
    granted = best.group if best.own < standard else None
    return Finding(Price(standard, min(best.own, standard), granted), because)


def _free(view: View, person: str, fact: GroupRecognised, day: date) -> Finding[Offer] | None:
    if fact.group is Group.PREFERENTIAL_TREATMENT:
        return preferential(fact)
    if fact.group in STATE:
        if fact.group is Group.ORPHAN and not _minor(view, person, day):
            return None
        return state_subsidised(fact)
    if fact.group in LOCAL and _local(view, person, fact, day):
        return locally_subsidised(fact)
    return None


@rule("JJ-4.3b", article="四（三）")
def state_subsidised(fact: GroupRecognised) -> Offer:
    """Allowance recipients, destitute persons, orphans under 18, severely disabled and the like pay nothing."""
    return Offer(0, fact.group)


@rule("JJ-4.3d", article="四（三）")
def preferential(fact: GroupRecognised) -> Offer:
    """Persons with preferential treatment, the five old among them, pay nothing."""
    return Offer(0, fact.group)


@rule("JJ-4.3f", article="四（三）")
def locally_subsidised(fact: GroupRecognised) -> Offer:
    """The city pays for daughter families, cadre survivors, card holders, elders of base villages, models."""
    return Offer(0, fact.group)


def _local(view: View, person: str, fact: GroupRecognised, day: date) -> bool:
    match fact.group:
        case Group.DAUGHTER_FAMILY:
            if fact.daughters is None:
                raise FactMissing("group_recognised.daughters", day, ("JJ-4.3f",))
            return fact.daughters == 1 or (fact.daughters > 1 and fact.sterilised)
        case Group.VETERAN_CADRE_SURVIVOR:
            public = covers(view, person, OtherCover.PUBLIC_MEDICAL_CARE)
            return not covered_as_employee(view, person, day) and not any(day in p for p in public)
        case Group.OLD_REVOLUTIONARY_BASE_ELDER:
            age = PARAMETERS["contribution.base_village_elder_age"].on(START)
            return _reached(view, person, age, day)
        case _:
            return True


def _partial(view: View, person: str, year: int, day: date, standard: int) -> list[Finding[Offer]]:
    found = []
    for fact in groups_on(view, person, day):
        if fact.group is Group.LOW_INCOME_FAMILY:
            found.append(low_income(view, person, fact, year, day, standard))
        elif fact.group is Group.ONLY_SON_FAMILY:
            found.append(only_son(view, person, fact, year, day, standard))
    return found


@rule("JJ-4.3c", article="四（三）")
def low_income(view: View, person: str, fact: GroupRecognised, year: int, day: date, standard: int) -> Offer:
    """Low-income members who are disabled, 60 or older, or under 18 pay 30 percent; others everything."""
    elder = PARAMETERS["contribution.low_income_elder_age"].on(START)
    if not (fact.disabled or _minor(view, person, day) or _reached(view, person, elder, day)):
        return Offer(standard, fact.group)
    told = year_value(
        view,
        "contribution_subsidy",
        year,
        "JJ-4.3c",
        "contribution.low_income_own_share",
        group=fact.group,
    )
    return Offer(_own_of(told, standard), fact.group)


@rule("JJ-4.3e", article="四（三）")
def only_son(view: View, person: str, fact: GroupRecognised, year: int, day: date, standard: int) -> Offer:
    """In a one-child family with a son the parents and the son under 18 are given 30 yuan."""
    if fact.role is Role.CHILD and not _minor(view, person, day):
        return Offer(standard, fact.group)
    if fact.role is None:
        raise FactMissing("group_recognised.role", day, ("JJ-4.3e",))
    told = year_value(
        view,
        "contribution_subsidy",
        year,
        "JJ-4.3e",
        "contribution.only_son_subsidy_yuan",
        group=fact.group,
    )
    return Offer(_own_of(told, standard), fact.group)


def _own_of(told: object, standard: int) -> int:
    """The own share under an announced subsidy: fen, a share left to the person, or an object of facts v1."""
    if isinstance(told, int) and not isinstance(told, bool):
        return max(0, standard - told)
    if isinstance(told, Ratio):
        return share(standard, told)
    if isinstance(told, Mapping):
        if "own_share" in told:
            return share(standard, ratio_in(told["own_share"]))
        if "rate" in told:
            return standard - share(standard, ratio_in(told["rate"]))
        return 0 if told.get("full") else standard
    return max(0, standard - fen_in(told))


@rule("JJ-4.4a", article="四（四）")
def department(group: Group | None) -> str:
    """Each responsible department budgets its own categories."""
    return DEPARTMENTS.get(group, "civil_affairs") if group is not None else ""


def _minor(view: View, person: str, day: date) -> bool:
    return not _reached(view, person, PARAMETERS["contribution.adult_age"].on(START), day)


def _reached(view: View, person: str, age: int, day: date) -> bool:
    """True from the birthday on; one on 29 February falls on 28 February in other years."""
    born = view.person(person).born_on
    if born is None:
        raise FactMissing("person_registered.born_on", day, ("JJ-4.3h",))
    return add_years(born, age) <= day


def price_at(view: View, person: str, fact: ResidentContributionPaid) -> Finding[Price]:
    """Standard as known when the payment was recorded, categories as known now, both for the payment day."""
    standard = standard_at(view, person, fact)
    found = priced(view, person, fact.year, fact.on, standard.value)
    return Finding(found.value, joined(standard.because, found.because))


def standard_at(view: View, person: str, fact: ResidentContributionPaid) -> Finding[int]:
    """The standard for a payment as known when it was recorded, or else as known now."""
    student = is_new_student(view, person, fact)
    try:
        return standard_for(at(view, fact.recorded), fact.year, student)
    except Unanswerable:
        return standard_for(view, fact.year, student)


def is_new_student(view: View, person: str, fact: ResidentContributionPaid) -> bool:
    """True for the reduced standard: campus enrolment exists, and it is the first school year."""
    if not campus_enrolment(fact.year):
        return False
    return fact.new_student or any(each.new_student for each in campus_requests(view, person, fact.year))


def campus_enrolment(year: int) -> bool:
    """True from the first year on for which students enrol on campus."""
    return bool(year >= PARAMETERS["contribution.campus_enrolment_from_year"].on(START))


def campus_requests(view: View, person: str, year: int) -> list[Enrolled]:
    """Registrations of a student through the school for a year."""
    return [
        fact
        for fact in view.facts(Enrolled, person=person)
        if fact.school is not None and fact.year == year and fact.scheme is Scheme.RESIDENT
    ]


def through_school(view: View, person: str, fact: ResidentContributionPaid) -> bool:
    """True when a payment belongs to a registration through the school."""
    if fact.channel is Channel.SCHOOL:
        return True
    return campus_enrolment(fact.year) and bool(campus_requests(view, person, fact.year))


def part_of(view: View, person: str, fact: ResidentContributionPaid) -> int:
    """The part of a payment that is for one person, in fen: in proportion to what each of them owed."""
    if fact.amount is None:
        return _owed(view, person, fact)
    if len(fact.persons) == 1:
        return int(fact.amount)
    owed = [_owed(view, each, fact) for each in fact.persons]
    return allot(fact.amount, owed if sum(owed) else [1] * len(owed))[fact.persons.index(person)]


def _owed(view: View, person: str, fact: ResidentContributionPaid) -> int:
    """The own share as known when the payment was recorded, or else as known now."""
    try:
        return price_at(at(view, fact.recorded), person, fact).value.own
    except Unanswerable:
        return price_at(view, person, fact).value.own
