"""Where care takes place and how it counts: registered residence, lawful absence, the area (chapter 13)."""

from datetime import date

from msgspec import Struct

from domain.events.consequences import FactDecided
from domain.facts import AbsenceRecorded, ApprovalEnded, OutOfAreaRegistered, ProviderRegistered
from domain.municipalities.luzhou.eligibility import in_group
from domain.municipalities.luzhou.policy import figure
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.calendar import FAR_FUTURE, add_years
from domain.values.identity import same_prefecture, same_province
from domain.values.terms import AcceptanceOutcome, Approval, Capacity, CareArea, Group, OutOfAreaCategory

POOLING_AREA = "510500"
REGISTRABLE = (
    OutOfAreaCategory.SETTLED_RETIREE,
    OutOfAreaCategory.STATIONED_OFFICE,
    OutOfAreaCategory.POSTED_WORKER,
)


class Registration(Struct, frozen=True):
    """An out-of-area registration with the days on which it is in force."""

    fact: OutOfAreaRegistered
    from_: date
    to: date


class Place(Struct, frozen=True):
    """How a place of care counts; `in_area` = by the rows of the pooling area."""

    area: CareArea
    in_area: bool


@rule("LZ-01a", article="第一条")
def inside_pooling_area(provider: ProviderRegistered) -> bool:
    """The whole city is one pooling area."""
    return same_prefecture(provider.place, POOLING_AREA)


def reaches(named: str, place: str) -> bool:
    """Whether a named prefecture (or a province ending in 0000) contains a place."""
    return same_province(named, place) if named.endswith("0000") else same_prefecture(named, place)


@rule("LZ-37b", article="第三十七条")
def locked(earlier: OutOfAreaRegistered, new: OutOfAreaRegistered) -> bool:
    """A different prefecture is barred for a year from a registration, unless a transfer document is shown."""
    years: int = figure("registration.lock_years", earlier.on)
    posted = new.category is OutOfAreaCategory.POSTED_WORKER and new.transfer_document
    within = earlier.on <= new.on < add_years(earlier.on, years)
    return within and not posted and not reaches(earlier.place, new.place)


@rule("LZ-37a", article="第三十七条")
def registered_there(registration: Registration, provider: ProviderRegistered, admitted_on: date) -> bool:
    """In-area rules apply in the registered prefecture if the registration is in force on admission."""
    in_force = registration.from_ <= admitted_on < registration.to
    return in_force and reaches(registration.fact.place, provider.place)


@rule("LZ-39a", article="第三十九条")
def lawfully_absent(absence: AbsenceRecorded, admitted_on: date) -> bool:
    """A university student's lawful absence covers the day of admission: the in-area table applies."""
    return (absence.from_ or absence.on) <= admitted_on < absence.to


@per_view
def judged(view: View, person: str) -> tuple[tuple[OutOfAreaRegistered, bool], ...]:
    """Every registration, and whether it is accepted (False: inside the lock of an earlier one)."""
    found: list[tuple[OutOfAreaRegistered, bool]] = []
    for fact in view.facts(OutOfAreaRegistered, person=person):
        barred = any(ok and locked(earlier, fact).value for earlier, ok in found)
        found.append((fact, not barred))
    return tuple(found)


@per_view
def registrations(view: View, person: str) -> tuple[Registration, ...]:
    """Accepted registrations of the categories of LZ-37a; each ends when ended or when another place follows."""
    accepted = [fact for fact, ok in judged(view, person) if ok and fact.category in REGISTRABLE]
    ends = [
        fact for fact in view.facts(ApprovalEnded, person=person) if fact.approval is Approval.OUT_OF_AREA
    ]
    found = []
    for number, fact in enumerate(accepted):
        start = fact.from_ or fact.on
        later = [other.from_ or other.on for other in accepted[number + 1 :]]
        ended = [end.on for end in ends if end.on >= start and _names(end, fact)]
        found.append(Registration(fact, start, min([fact.to or FAR_FUTURE, *later, *ended])))
    return tuple(found)


def registration_decisions(view: View, person: str) -> list[FactDecided]:
    """`place_locked` for every registration inside the lock of an earlier one."""
    return [
        FactDecided(
            fact=fact.id,
            answer=AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason="place_locked"),
            because=("LZ-37b",),
        )
        for fact, ok in judged(view, person)
        if not ok
    ]


def registration_at(
    view: View, person: str, provider: ProviderRegistered, day: date
) -> tuple[str, ...] | None:
    """The rules by which a registration covers a provider's place on a day, or None."""
    for registration in registrations(view, person):
        finding = registered_there(registration, provider, day)
        if finding.value:
            return finding.because
    return None


def registered_places(view: View, person: str, day: date) -> list[str]:
    """Prefectures registered on a day."""
    return [each.fact.place for each in registrations(view, person) if each.from_ <= day < each.to]


def absent_student(view: View, person: str, capacity: Capacity | None, day: date) -> tuple[str, ...] | None:
    """The rules by which a student is lawfully away on a day, or None."""
    if capacity is not Capacity.STUDENT and not in_group(view, person, Group.UNIVERSITY_STUDENT, day):
        return None
    for absence in view.facts(AbsenceRecorded, person=person):
        finding = lawfully_absent(absence, day)
        if finding.value:
            return finding.because
    return None


def _names(end: ApprovalEnded, fact: OutOfAreaRegistered) -> bool:
    return end.place is None or reaches(fact.place, end.place)
