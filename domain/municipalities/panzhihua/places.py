"""Levels of providers and the place of care: registered residence, referral upwards, everything else (arts. 16, 19)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from domain.errors import AnnouncementMissing, FactMissing
from domain.facts import (
    ApprovalEnded,
    ClaimSubmitted,
    OutOfAreaRegistered,
    PatientReferred,
    ProviderRegistered,
)
from domain.municipalities.panzhihua.announced import PARAMETERS, governing, terms
from domain.municipalities.panzhihua.policy import CODE
from domain.rulebook.announcements import fen_in, ratio_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.identity import same_prefecture
from domain.values.terms import AnnouncementKey as Key
from domain.values.terms import Approval, CareArea


class Adjusted(Struct, frozen=True):
    """Place of care with what it adds to the deductible (fen) and takes from the rate."""

    area: CareArea
    deductible_add: int = 0
    rate_cut: Decimal = Decimal(0)


@rule("PZ-16a", article="第十六条")
def is_designated(provider: ProviderRegistered) -> bool:
    """The provider has an agreement in force on the day of service, or of admission to a stay."""
    return provider.designated


def by_level(found: Any, level: int, grade: str | None) -> Any:
    """An entry of a map by level (`3A` before `3`), or None."""
    exact = found.get(f"{level}{grade}") if grade else None
    return exact if exact is not None else found.get(str(level))


def row_of(levels: list[Any], level: int, grade: str | None) -> int | None:
    """Position of a level in the announced list, from lowest to highest; a grade needs its own row where one exists."""
    general = None
    for number, row in enumerate(levels):
        there, its_grade = _level_of(row)
        if there == level and its_grade is not None and its_grade == grade:
            return number
        if there == level and its_grade is None:
            general = number
    return general


def _level_of(row: Any) -> tuple[int, str | None]:
    text = str(row["level"])
    return int(text[0]), row.get("grade") or text[1:] or None


def is_local(provider: ProviderRegistered) -> bool:
    """Inside the city."""
    return same_prefecture(provider.place, CODE)


def is_registered_residence(view: View, person: str, provider: ProviderRegistered, day: date) -> bool:
    """The provider stands in the city of the person's registered residence on the day."""
    kinds = PARAMETERS["care.registered_categories"].on(day)
    for fact in view.facts(OutOfAreaRegistered, person=person):
        if fact.category not in kinds or not _same_place(fact.place, provider.place):
            continue
        if (fact.from_ or fact.on) <= day < min([fact.to or date.max, *_ends(view, fact)]):
            return True
    return False


def _same_place(registered: str, place: str) -> bool:
    return place[:2] == registered[:2] if registered.endswith("0000") else same_prefecture(registered, place)


def _ends(view: View, fact: OutOfAreaRegistered) -> Iterable[date]:
    return (
        ended.on
        for ended in view.facts(ApprovalEnded, person=fact.person)
        if ended.approval is Approval.OUT_OF_AREA
        and ended.on >= (fact.from_ or fact.on)
        and (ended.place is None or _same_place(fact.place, ended.place))
    )


@rule("PZ-19b", article="第十九条")
def is_upward(from_row: int | None, to_row: int | None, levels: tuple[int, int], highest: int) -> bool:
    """Referred to a higher level, or between two hospitals of the highest level; sideways or down is not proper."""
    if from_row is None or to_row is None:
        return levels[1] > levels[0]
    return to_row > from_row or from_row == to_row == highest


def proper_referral(
    view: View, claim: ClaimSubmitted, provider: ProviderRegistered, levels: list[Any]
) -> Finding[bool]:
    """A referral to this provider, issued on or before the admission, that leads upwards."""
    admitted = claim.admitted_on or claim.on
    because: tuple[str, ...] = ()
    unknown = False
    for fact in view.facts(PatientReferred, person=claim.person):
        if fact.to_provider != claim.provider or fact.on > admitted:
            continue
        level, grade = _referring(view, fact)
        if level is None:
            unknown = True
            continue
        rows = row_of(levels, level, grade), row_of(levels, provider.level, provider.grade)
        found = is_upward(*rows, (level, provider.level), len(levels) - 1)
        because = joined(because, found.because)
        if found.value:
            return Finding(True, because)
    if unknown:
        raise FactMissing("patient_referred.from_level", admitted, ("PZ-19b",))
    return Finding(False, because)


def _referring(view: View, fact: PatientReferred) -> tuple[int | None, str | None]:
    if fact.from_provider is not None and fact.from_level is None:
        hospital = view.provider(fact.from_provider, fact.on, ("PZ-19b",))
        return hospital.level, hospital.grade
    return fact.from_level, fact.from_grade


@rule("PZ-19a", article="第十九条")
def adjusted(
    view: View, claim: ClaimSubmitted, provider: ProviderRegistered, levels: list[Any], day: date
) -> Finding[Adjusted]:
    """Deductible and rate of a stay outside the city: as inside at the registered residence, else cut."""
    if is_registered_residence(view, claim.person, provider, claim.admitted_on or claim.on):
        return Finding(Adjusted(CareArea.REGISTERED))
    referral = proper_referral(view, claim, provider, levels)
    announced = terms(view, Key.OUT_OF_AREA_TERMS, day, ("PZ-19a",))
    area = CareArea.REFERRED if referral.value else CareArea.UNREFERRED
    found = announced[str(area)]
    add, cut = (_here(found[name], provider, day) for name in ("deductible_add", "rate_cut"))
    return Finding(Adjusted(area, fen_in(add), ratio_in(cut)), referral.because)


def _here(value: Any, provider: ProviderRegistered, day: date) -> Any:
    if not isinstance(value, dict):
        return value
    found = by_level(value, provider.level, provider.grade)
    if found is None:
        raise AnnouncementMissing(Key.OUT_OF_AREA_TERMS, day, ("PZ-19a",))
    return found


def outpatient_area(view: View, person: str, provider: ProviderRegistered, day: date) -> CareArea | None:
    """Where outpatient care counts: in the city, at the registered residence, elsewhere only if announced (P16)."""
    if is_local(provider):
        return CareArea.LOCAL
    if is_registered_residence(view, person, provider, day):
        return CareArea.REGISTERED
    allowed = governing(view, Key.OUTPATIENT_OUT_OF_AREA, day)
    return CareArea.UNREFERRED if allowed is not None and allowed.value in (True, "true") else None
