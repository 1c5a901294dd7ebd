"""Who may join which scheme (第二条至第四条、第五十三条)."""

from datetime import date

from domain.facts import ApprovalEnded, Enrolled, EnrolmentEnded, GroupRecognised, ShortfallOptionChosen
from domain.municipalities.luzhou.policy import figure
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE, add_days
from domain.values.terms import Capacity, Eligibility, Group, Scheme, ShortfallOption

OUTSIDE = (Group.VETERAN_CADRE, Group.RED_ARMY_VETERAN)
RESIDENT_GROUPS = (Group.UNIVERSITY_STUDENT, Group.SCHOOL_PUPIL, Group.RESIDENCE_PERMIT_HOLDER)
RESIDENT_GROUNDS = (Eligibility.RESIDENCE_PERMIT, Eligibility.STUDY)
CITY = "5105"


def in_group(view: View, person: str, group: Group, day: date) -> bool:
    """True when a competent authority recognises the person as one of a group on a day."""
    ends = [e.on for e in view.facts(ApprovalEnded, person=person) if e.group is group]
    return any(
        fact.group is group
        and (fact.from_ or fact.on) <= day < (fact.to or FAR_FUTURE)
        and not any((fact.from_ or fact.on) <= end <= day for end in ends)
        for fact in view.facts(GroupRecognised, person=person)
    )


def local(view: View, person: str, day: date) -> bool:
    """Household registration in the city; an unreported one is taken as local (documentary, LZ-04b)."""
    registered = view.person(person, day).household_registration
    return registered is None or registered.startswith(CITY)


@rule("LZ-53a", article="第五十三条第一款")
def outside_the_system(view: View, person: str, day: date) -> bool:
    """Retired revolutionary cadres and veteran Red Army soldiers do not enrol."""
    return any(in_group(view, person, group, day) for group in OUTSIDE)


@rule("LZ-02b", article="第二条")
def too_old(view: View, fact: Enrolled, person: str) -> bool:
    """Whoever has passed the statutory retirement age cannot newly join as an individual."""
    limit = view.person(person, fact.on).statutory_retirement_on
    chosen = view.facts(ShortfallOptionChosen, person=person)
    continues = any(c.option is ShortfallOption.CONTINUE and c.on <= fact.on for c in chosen)
    return limit is not None and fact.on > limit and not continues


@rule("LZ-03b", article="第三条（二）")
def not_local_individual(view: View, person: str, day: date) -> bool:
    """Individuals enrol where they have their household registration."""
    return not local(view, person, day)


@rule("LZ-02c", article="第二条")
def not_a_resident(view: View, person: str, day: date) -> bool:
    """Residents are locally registered, study here, or live here with a residence permit."""
    return not local(view, person, day) and not (
        any(in_group(view, person, group, day) for group in RESIDENT_GROUPS)
        or any(
            told.eligibility in RESIDENT_GROUNDS and told.scheme is Scheme.RESIDENT and told.on <= day
            for told in view.facts(Enrolled, person=person)
        )
    )


def enrolment_refusal(view: View, fact: Enrolled, person: str) -> Finding[str]:
    """The code with which an enrolment is refused, or an empty one."""
    outside = outside_the_system(view, person, fact.on)
    if outside.value:
        return Finding("not_eligible", outside.because)
    if fact.scheme is Scheme.RESIDENT:
        stranger = not_a_resident(view, person, fact.on)
        return Finding("not_eligible", stranger.because) if stranger.value else Finding("")
    if fact.capacity is not Capacity.FLEXIBLE or _goes_on(view, fact, person):
        return Finding("")
    old = too_old(view, fact, person)
    if old.value:
        return Finding("age_exceeded", old.because)
    stranger = not_local_individual(view, person, fact.on)
    if stranger.value and not _just_employed(view, person, fact.on):
        return Finding("not_eligible", stranger.because)
    return Finding("")


def _goes_on(view: View, fact: Enrolled, person: str) -> bool:
    """A continuation counts as one while the 90 days after an employment run; later the member is new."""
    ended = [e for e in view.facts(EnrolmentEnded, person=person) if e.capacity is not Capacity.FLEXIBLE]
    return continues(fact) and (not ended or _just_employed(view, person, fact.on))


def _just_employed(view: View, person: str, day: date) -> bool:
    """LZ-03c: whoever ended employment within 90 days may continue at the place of insurance."""
    days = int(figure("continuity.days", day))
    return any(
        ended.scheme is Scheme.EMPLOYEE
        and ended.capacity in (None, Capacity.EMPLOYED)
        and ended.on <= day <= add_days(ended.on, days)
        for ended in view.facts(EnrolmentEnded, person=person)
    )


@rule("LZ-03c", article="第三条（三）")
def proof_of_ended_employment(fact: Enrolled) -> bool:
    """Whoever ends employment continues at the place of insurance or of household registration."""
    return str(fact.entry) == "continuation"


def continues(fact: Enrolled) -> bool:
    """True for an enrolment that continues an employment (第三条（三）、第十条)."""
    return proof_of_ended_employment(fact).value
