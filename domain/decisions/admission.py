"""What the door refuses although the form is right: repeated ids, wrong corrections, overlapping periods."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, cast

from msgspec.structs import replace

from domain.decisions.book import Book
from domain.errors import InputRefused
from domain.facts import (
    AbsenceRecorded,
    ApprovalEnded,
    ClaimSubmitted,
    EmergencyOutcomeRecorded,
    Enrolled,
    EnrolmentEnded,
    Fact,
    GroupRecognised,
    HouseholdMemberMoved,
    HouseholdRegistered,
    OpeningStatus,
    SpecialDiseaseApproved,
    Withdrawal,
)
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE, Moment
from domain.values.period import Period


def repeated(fact: Fact, book: Book) -> bool:
    """True when the same fact was recorded before under its id; InputRefused when it had other content."""
    earlier = book.fact(fact.id) if fact.id else None
    if earlier is None:
        return False
    if _content(earlier) == _content(fact):
        return True
    raise InputRefused("duplicate_id", "id", f"fact `{fact.id}` is already recorded with other content")


def admit(fact: Fact, book: Book) -> None:
    """Refuse (InputRefused) what may not be recorded beside the facts already known."""
    if fact.recorded < book.knowledge.last:
        last = book.knowledge.last
        raise InputRefused(
            "recorded_out_of_order", "recorded", f"recorded {fact.recorded} lies before {last}, the last one"
        )
    if fact.corrects is not None:
        _check_correction(fact, book)
    _check_references(fact, book)
    check = _PERIODS.get(type(fact))
    if check is not None:
        check(fact, _others(book, fact))


def _content(fact: Fact) -> Fact:
    return replace(fact, recorded=Moment(0))


def _check_correction(fact: Fact, book: Book) -> None:
    earlier = book.fact(cast(str, fact.corrects))
    if earlier is None:
        raise InputRefused("unknown_reference", "corrects", f"there is no fact `{fact.corrects}`")
    kind = fact.withdraws if isinstance(fact, Withdrawal) else fact.fact_kind
    if earlier.fact_kind != kind:
        message = f"`{fact.corrects}` is a {earlier.fact_kind}, not a {kind}"
        raise InputRefused("wrong_correction", "corrects", message)
    replaced = book.replaced(earlier.id)
    if replaced is not None:
        message = f"`{earlier.id}` was already replaced by `{replaced[1]}`; correct that one"
        raise InputRefused("wrong_correction", "corrects", message)


def _check_references(fact: Fact, book: Book) -> None:
    named: dict[str, str | None] = {}
    if isinstance(fact, EmergencyOutcomeRecorded):
        named = {"stay": fact.stay}
    elif isinstance(fact, ClaimSubmitted):
        named = {"continues": fact.continues}
    for field, claim in named.items():
        if claim is not None and not book.facts(f"claim:{claim}"):
            raise InputRefused("unknown_reference", field, f"no claim `{claim}` is known")


def _others(book: Book, fact: Fact) -> View:
    """What is known apart from the fact that this one replaces."""
    return View(_Without(book, fact.corrects), fact.recorded)


class _Without:
    """The book without one fact."""

    def __init__(self, book: Book, without: str | None) -> None:
        self._book = book
        self._without = without

    def facts(self, key: str) -> list[Fact]:
        return [fact for fact in self._book.facts(key) if fact.id != self._without]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)


def _refuse_overlap(own: Period, others: Iterable[tuple[str, Period]], what: str) -> None:
    for identifier, period in others:
        if own.overlaps(period):
            message = f"{what} from {own.from_} overlaps the one of fact `{identifier}`"
            raise InputRefused("overlapping_period", "from", f"{message}; correct or end that one first")


def _group(fact: GroupRecognised, known: View) -> None:
    ends = [e.on for e in known.facts(ApprovalEnded, person=fact.person) if e.group is fact.group]
    others = (
        (other.id, _ended(Period(other.from_ or other.on, other.to), ends))
        for other in known.facts(GroupRecognised, person=fact.person)
        if other.group is fact.group
    )
    _refuse_overlap(Period(fact.from_ or fact.on, fact.to), others, f"group {fact.group}")


def _opening(fact: OpeningStatus, known: View) -> None:
    others = (
        (other.id, Period(other.from_ or other.on, other.to))
        for other in known.facts(OpeningStatus, person=fact.person)
        if other.scheme is fact.scheme
    )
    _refuse_overlap(Period(fact.from_ or fact.on, fact.to), others, "opening status")


def _absence(fact: AbsenceRecorded, known: View) -> None:
    others = (
        (other.id, Period(other.from_ or other.on, other.to))
        for other in known.facts(AbsenceRecorded, person=fact.person)
    )
    _refuse_overlap(Period(fact.from_ or fact.on, fact.to), others, "absence")


def _disease(fact: SpecialDiseaseApproved, known: View) -> None:
    ends = [e.on for e in known.facts(ApprovalEnded, person=fact.person) if e.disease == fact.disease]
    others = (
        (other.id, _ended(Period(other.on, other.to), ends))
        for other in known.facts(SpecialDiseaseApproved, person=fact.person)
        if (other.disease, other.programme) == (fact.disease, fact.programme)
    )
    _refuse_overlap(Period(fact.on, fact.to), others, f"approval of {fact.disease}")


def _enrolment(fact: Enrolled, known: View) -> None:
    if fact.person is None or fact.employer is None:
        return
    leavings = [
        end.on
        for end in known.facts(EnrolmentEnded, person=fact.person)
        if end.employer in (None, fact.employer)
    ]
    for other in known.facts(Enrolled, person=fact.person):
        open_then = not any(other.on <= left for left in leavings)
        if other.employer == fact.employer and other.scheme is fact.scheme and open_then and other.to is None:
            message = f"enrolment with {fact.employer} is already open since {other.on} (fact `{other.id}`)"
            raise InputRefused("overlapping_period", "employer", message)


def _household(fact: HouseholdRegistered, known: View) -> None:
    for member in fact.members:
        there = household_of(known, member, fact.on)
        if there not in (None, fact.household):
            message = f"{member} already belongs to household {there}; record the move first"
            raise InputRefused("overlapping_period", "members", message)


def household_of(known: View, person: str, on: date) -> str | None:
    """The household to which a person belongs on a day, as known."""
    household: str | None = None
    for fact in known.known(f"person:{person}"):
        if fact.on > on:
            break
        if isinstance(fact, HouseholdRegistered) and person in fact.members:
            household = fact.household
        elif isinstance(fact, HouseholdMemberMoved) and fact.person == person:
            household = fact.to_household
    return household


def _ended(period: Period, ends: Iterable[date]) -> Period:
    end = min([period.end, *(day for day in ends if day >= period.from_)])
    return Period(period.from_, None if end == FAR_FUTURE else end)


_PERIODS: dict[type[Fact], Callable[[Any, View], None]] = {
    GroupRecognised: _group,
    OpeningStatus: _opening,
    AbsenceRecorded: _absence,
    SpecialDiseaseApproved: _disease,
    Enrolled: _enrolment,
    HouseholdRegistered: _household,
}
