"""Referrals: one deductible inside the area, the higher rate outside it, the note for residents (chapter 13)."""

from datetime import date

from domain.errors import FactMissing
from domain.facts import ClaimSubmitted, PatientReferred, ProviderRegistered
from domain.municipalities.luzhou.area import inside_pooling_area, reaches, registered_places
from domain.municipalities.luzhou.eligibility import in_group
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.submitted import EMERGENCIES, STAYS, admitted, claim_of
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import add_days, age_on
from domain.values.terms import ClaimKind, Group, Ownership, ProviderGrade


@rule("LZ-36a", article="第三十六条第一款")
def referred_in_area(procedure_on: date, admitted_on: date) -> bool:
    """Admission from the day of the procedure to three days later: the deductible is charged once."""
    days: int = figure("referral.in_area_days", procedure_on)
    return procedure_on <= admitted_on <= add_days(procedure_on, days)


@rule("LZ-36a", article="第三十六条第一款")
def joint_deductible(highest: int, consumed: int) -> int:
    """The highest standard of the linked stays less what they have consumed, never below zero (fen)."""
    return max(0, highest - consumed)


@rule("LZ-36b", article="第三十六条第二款")
def referral_in_time(filed_on: date | None, admitted_on: date) -> bool:
    """Filed with the agency, and admitted from the day of filing to seven days later."""
    if filed_on is None:
        return False
    days: int = figure("referral.out_of_area_days", filed_on)
    return filed_on <= admitted_on <= add_days(filed_on, days)


@rule("LZ-36b", article="第三十六条第二款")
def may_refer_out(level: int, grade: ProviderGrade | None, ownership: Ownership) -> bool:
    """The sending hospital is public and of grade 2-A or above."""
    high = level >= 3 or (level == 2 and grade is ProviderGrade.A)
    return high and ownership is not Ownership.PRIVATE


@rule("LZ-36c", article="第三十六条第三款")
def sent_from_registered_place(places: list[str], sender: ProviderRegistered) -> bool:
    """For members registered elsewhere a hospital of the registered prefecture may refer."""
    return any(reaches(place, sender.place) for place in places)


@rule("LZ-38a", article="第三十八条")
def without_referral(above_county: bool, referred: bool, free_choice: bool) -> bool:
    """Residents begin at county level or below; another hospital without referral is noted, nothing more."""
    return above_county and not referred and not free_choice


def referred_out(
    view: View, claim: ClaimSubmitted, provider: ProviderRegistered
) -> tuple[bool, tuple[str, ...]]:
    """Whether a referral out of the area is complete for a stay (LZ-36b, LZ-36c)."""
    for referral in view.facts(PatientReferred, person=claim.person):
        if not _leads_to(referral, provider):
            continue
        timely = referral_in_time(referral.filed_on, admitted(claim))
        if not timely.value or referral.on > admitted(claim):
            continue
        may, because = _sender_may(view, referral)
        if may:
            return True, timely.because + because
    return False, ()


def filed_referral(view: View, claim: ClaimSubmitted, provider: ProviderRegistered) -> bool:
    """Whether some referral to the place was filed with the agency by the day of admission."""
    return any(
        referral.filed_on is not None
        and referral.filed_on <= admitted(claim)
        and _leads_to(referral, provider)
        for referral in view.facts(PatientReferred, person=claim.person)
    )


def stay_before(view: View, claim: ClaimSubmitted, provider: ProviderRegistered) -> ClaimSubmitted | None:
    """The earlier stay from which the patient was referred in time inside the area, or None (LZ-36a)."""
    for referral in view.facts(PatientReferred, person=claim.person):
        if not _leads_to(referral, provider):
            continue
        if not referred_in_area(referral.on, admitted(claim)).value:
            continue
        earlier = _stay_left(view, claim, referral)
        if earlier is not None:
            return earlier
    return None


def sent_before(view: View, claim: ClaimSubmitted, provider: ProviderRegistered) -> bool:
    """Whether some hospital had referred the patient to the place by the day of admission."""
    return any(
        _leads_to(referral, provider) and referral.on <= admitted(claim)
        for referral in view.facts(PatientReferred, person=claim.person)
    )


def noted_without_referral(view: View, claim: ClaimSubmitted, provider: ProviderRegistered) -> bool:
    """Whether the stay of a resident carries the note `no_referral` (LZ-38a)."""
    above = provider.level >= 3 or not inside_pooling_area(provider).value
    referred = claim.continues is not None or sent_before(view, claim, provider)
    return without_referral(above, referred, _chooses_freely(view, claim)).value


def _chooses_freely(view: View, claim: ClaimSubmitted) -> bool:
    if claim.emergency or claim.maternity is not None or claim.kind is not ClaimKind.INPATIENT:
        return True
    day = admitted(claim)
    born_on = view.person(claim.person).born_on
    if born_on is not None:
        age = age_on(born_on, day)
        child: int = figure("referral.child_age", claim.on)
        elder: int = figure("referral.elder_age", claim.on)
        if age <= child or age >= elder:
            return True
    return in_group(view, claim.person, Group.SEVERE_DISABILITY, day)


def _leads_to(referral: PatientReferred, provider: ProviderRegistered) -> bool:
    if referral.to_provider is not None:
        return referral.to_provider == provider.provider
    return referral.to_place is not None and reaches(referral.to_place, provider.place)


def _stay_left(view: View, claim: ClaimSubmitted, referral: PatientReferred) -> ClaimSubmitted | None:
    """The stay named by `continues`, or the one that the patient left about the day of the procedure."""
    if claim.continues is not None:
        named = claim_of(view, claim.continues)
        fits = named is not None and referral.from_provider in (None, named.provider)
        return named if fits and named is not None and _before(view, named, claim) else None
    days: int = figure("referral.in_area_days", referral.on)
    found = [
        other
        for other in view.facts(ClaimSubmitted, person=claim.person)
        if referral.from_provider in (None, other.provider)
        and other.kind in (*STAYS, *EMERGENCIES)
        and admitted(other) <= referral.on <= add_days(other.on, days)
        and _before(view, other, claim)
        and claim_of(view, other.claim) is other
    ]
    return found[-1] if found else None


def _before(view: View, earlier: ClaimSubmitted, later: ClaimSubmitted) -> bool:
    return (admitted(earlier), earlier.on, view.order(earlier)) < (
        admitted(later),
        later.on,
        view.order(later),
    )


def _sender_may(view: View, referral: PatientReferred) -> tuple[bool, tuple[str, ...]]:
    if referral.from_provider is None:
        finding = may_refer_out(referral.from_level or 0, referral.from_grade, Ownership.PUBLIC)
        return finding.value, finding.because
    try:
        sender = view.provider(referral.from_provider, referral.on)
    except FactMissing:
        if referral.from_level is None:
            raise FactMissing("provider_registered.level", referral.on, ("LZ-36b",)) from None
        finding = may_refer_out(referral.from_level, referral.from_grade, Ownership.PUBLIC)
        return finding.value, finding.because
    finding = may_refer_out(sender.level, sender.grade, sender.ownership)
    if inside_pooling_area(sender).value:
        return finding.value, finding.because
    places = registered_places(view, referral.person, referral.on)
    elsewhere = sent_from_registered_place(places, sender)
    return finding.value and elsewhere.value, finding.because + elsewhere.because
