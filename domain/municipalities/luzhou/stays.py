"""Inpatient stays: the tests in their order, segments by year, deductible and payment before the cap."""

from collections.abc import Sequence
from datetime import date

from domain.errors import Unanswerable
from domain.events.consequences import BenefitPeriod
from domain.facts import ClaimSubmitted, ProviderRegistered
from domain.municipalities.luzhou.area import absent_student, inside_pooling_area, registration_at
from domain.municipalities.luzhou.assessment import EMPLOYER_LIABLE, Assessment, Part, refusal_code
from domain.municipalities.luzhou.caps import cap_of
from domain.municipalities.luzhou.emergency import bill_of, payable_until_stable
from domain.municipalities.luzhou.filing import check_filing, settled_directly
from domain.municipalities.luzhou.maternity import limit_for, limited_payment, may_be_limited
from domain.municipalities.luzhou.modes import benefit_in_mode
from domain.municipalities.luzhou.policy import START
from domain.municipalities.luzhou.rates import Terms, basic_payment, higher_rate_outside, row_of, terms_of
from domain.municipalities.luzhou.referral import (
    joint_deductible,
    noted_without_referral,
    referred_out,
    sent_before,
    stay_before,
)
from domain.municipalities.luzhou.scope import Bill, Scope, scope_of
from domain.municipalities.luzhou.standing import governing
from domain.municipalities.luzhou.submitted import EMERGENCIES, admitted, provider_of
from domain.municipalities.luzhou.trail import Denied, Trail
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.terms import CareArea, Scheme


@rule("LZ-54a", article="第五十四条")
def in_force(on: date) -> bool:
    """The document is in force from 1 January 2018."""
    return on >= START


@rule("LZ-41a", article="第四十一条第一款")
def years_of_account(split: bool, years: Sequence[int], discharged: date) -> list[int]:
    """An in-area stay settled online is cut at the turn of the year; every other claim belongs to its discharge."""
    return (list(years) or [discharged.year]) if split else [discharged.year]


@rule("LZ-41c", article="第四十一条第二款")
def classification(at_discharge: BenefitPeriod, at_segment_end: BenefitPeriod) -> BenefitPeriod:
    """The state at discharge governs all segments if covered then, else the state at the segment's end."""
    return at_discharge if refusal_code(at_discharge) is None else at_segment_end


@rule("LZ-41e", article="第四十一条第一款")
def before_the_rules(year: int) -> bool:
    """A segment before 2018 is outside this rulebook."""
    return year < START.year


@rule("LZ-41b", article="第四十一条第一款")
def charged(remaining: int, in_scope: int) -> int:
    """One deductible for the stay: what a segment cannot absorb is carried to the next (fen)."""
    return min(remaining, in_scope)


def assess_stay(view: View, claim: ClaimSubmitted, draft: Assessment, trail: Trail) -> None:
    """Run the tests of section 0.6 on a stay and work out what basic insurance would pay without a cap."""
    provider = provider_of(view, claim)
    bill = bill_of(view, claim, provider, trail)
    draft.total = bill.total
    direct = settled_directly(view, claim, provider, trail)
    draft.local = inside_pooling_area(provider).value
    draft.area = CareArea.LOCAL if draft.local else None
    draft.period = governing(view, claim.person, claim.on)
    draft.split = draft.local and direct and bill.years not in ([], [claim.on.year])
    draft.split = draft.split and not _never_split(view, claim, draft.period)
    years = trail.take(years_of_account(draft.split, bill.years, claim.on))
    check_filing(view, claim, direct, claim.on.year, bill.total, trail)
    trail.note(draft.period.because)
    draft.parts = [_part(view, claim, year, bill, draft, trail) for year in years]
    _check_status(draft)
    _place(view, claim, provider, draft, trail)
    first = next((part for part in draft.parts if part.payable), draft.parts[-1]).period
    if first.mode == "pooling_only":
        trail.take(benefit_in_mode("inpatient", first.mode))
    _check_provider(claim, provider, trail)
    draft.limit = limit_for(claim, first.scheme, first.capacity, trail)
    if draft.limit is not None:
        _pay_limit(view, claim, draft, bill, trail)
    else:
        _pay_stay(view, claim, provider, draft, bill, trail)


def _never_split(view: View, claim: ClaimSubmitted, at_discharge: BenefitPeriod) -> bool:
    """LZ-32b: what residents are paid by a limit belongs to the discharge year, by the state that would classify it."""
    if not may_be_limited(claim):
        return False
    covered = refusal_code(at_discharge) is None or admitted(claim).year == claim.on.year
    state = at_discharge if covered else governing(view, claim.person, date(admitted(claim).year, 12, 31))
    return state.scheme is Scheme.RESIDENT


def _part(view: View, claim: ClaimSubmitted, year: int, bill: Bill, draft: Assessment, trail: Trail) -> Part:
    """One segment with the state that classifies it, or the code for which it is not payable."""
    last_day = claim.on if year >= claim.on.year else date(year, 12, 31)
    total = bill.of(year).total if draft.split else bill.total
    assert draft.period is not None
    if before_the_rules(year).value:
        trail.note(("LZ-41e",))
        return Part(year, last_day, total, draft.period, "rules_not_in_force")
    at_end = governing(view, claim.person, last_day)
    refusal = refusal_code(at_end)
    governs = trail.take(classification(draft.period, at_end))
    if draft.split:
        trail.note(at_end.because)
    return Part(year, last_day, total, governs if refusal is None else at_end, refusal)


def _check_status(draft: Assessment) -> None:
    """Keep the status code of the discharge when no segment is payable; employers' burdens go on."""
    if any(part.payable for part in draft.parts):
        return
    draft.refusal = draft.parts[-1].refusal
    if not any(part.refusal == EMPLOYER_LIABLE for part in draft.parts):
        raise Denied(str(draft.refusal))


def _place(
    view: View, claim: ClaimSubmitted, provider: ProviderRegistered, draft: Assessment, trail: Trail
) -> None:
    """How the place of care counts, and the note for residents without referral."""
    draft.area, draft.in_area, because = _area(view, claim, provider, draft)
    trail.note(because)
    away = draft.in_area and not draft.local
    if draft.scheme is Scheme.RESIDENT and not away and noted_without_referral(view, claim, provider):
        trail.note(("LZ-38a",))
        draft.notes = ("no_referral",)


def _area(
    view: View, claim: ClaimSubmitted, provider: ProviderRegistered, draft: Assessment
) -> tuple[CareArea, bool, tuple[str, ...]]:
    if draft.local:
        return CareArea.LOCAL, True, ()
    day = admitted(claim)
    employee = draft.scheme is Scheme.EMPLOYEE
    if employee:
        registered = registration_at(view, claim.person, provider, day)
        if registered is not None:
            return CareArea.REGISTERED, True, registered
    else:
        capacity = draft.period.capacity if draft.period else None
        absent = absent_student(view, claim.person, capacity, day)
        if absent is not None:
            return CareArea.LOCAL, True, absent
    if _emergency(claim):
        return CareArea.EMERGENCY, False, ()
    referred, because = referred_out(view, claim, provider) if employee else (False, ())
    if not employee:
        referred = sent_before(view, claim, provider)
    return (CareArea.REFERRED if referred else CareArea.UNREFERRED), False, because


def _check_provider(claim: ClaimSubmitted, provider: ProviderRegistered, trail: Trail) -> None:
    if provider.designated:
        return
    if not trail.take(payable_until_stable(_emergency(claim), admitted(claim), claim.stabilised_on)):
        raise Denied("provider_not_designated")


def _emergency(claim: ClaimSubmitted) -> bool:
    return claim.emergency or claim.kind in EMERGENCIES


def _pay_limit(view: View, claim: ClaimSubmitted, draft: Assessment, bill: Bill, trail: Trail) -> None:
    """A resident's birth or termination: the whole bill up to the limit, against the annual cap."""
    (part,) = draft.parts
    assert draft.limit is not None
    part.cap = trail.take(cap_of(view, part.period.scheme, part.year, part.period.tier, part.last_day))
    part.wanted = trail.take(limited_payment(draft.limit, bill.total))
    ready = all(each.in_scope is not None for each in bill.totals)
    known = scope_of(view, bill, part.period.scheme, part.period.tier, claim.on, Trail()) if ready else None
    part.in_scope, part.upfront = (known.in_scope, known.upfront) if known else (bill.total, 0)


def _pay_stay(
    view: View,
    claim: ClaimSubmitted,
    provider: ProviderRegistered,
    draft: Assessment,
    bill: Bill,
    trail: Trail,
) -> None:
    """Deductible and rate by the row of the provider, segment by segment."""
    counted = [part for part in draft.parts if part.refusal in (None, EMPLOYER_LIABLE)]
    row = trail.take(row_of(provider, draft.in_area))
    higher = False
    if not draft.in_area and draft.scheme is Scheme.EMPLOYEE:
        higher = trail.take(higher_rate_outside(draft.area is CareArea.REFERRED, _emergency(claim)))
    terms: list[Terms] = []
    for part in counted:
        if part.payable:
            finding = cap_of(view, part.period.scheme, part.year, part.period.tier, part.last_day)
            part.cap = trail.take(finding)
        at = part.period
        found, because = terms_of(at.scheme, at.capacity, at.tier, row, provider, higher, claim.on)
        trail.note(because)
        terms.append(found)
        scope = _scope(view, claim, bill, draft, part, trail)
        part.in_scope, part.upfront, part.rate = scope.in_scope, scope.upfront, found.rate
    leading = next((each for each, part in zip(terms, counted, strict=True) if part.payable), terms[0])
    draft.deductible = _deductible(view, claim, provider, draft, leading.deductible, trail)
    _charge(draft, counted, trail)


def _scope(
    view: View, claim: ClaimSubmitted, bill: Bill, draft: Assessment, part: Part, trail: Trail
) -> Scope:
    own = bill.of(part.year) if draft.split else bill
    return scope_of(view, own, part.period.scheme, part.period.tier, claim.on, trail)


def _deductible(
    view: View,
    claim: ClaimSubmitted,
    provider: ProviderRegistered,
    draft: Assessment,
    standard: int,
    trail: Trail,
) -> int:
    """The standard of the row, or what is left of the joint one when referred inside the area (LZ-36a)."""
    from domain.municipalities.luzhou.tests_of_claims import assessed

    draft.highest = standard
    if not draft.in_area:
        return standard
    earlier = stay_before(view, claim, provider)
    before: Assessment | None = assessed(view, earlier.claim) if earlier is not None else None
    if before is None or not before.in_area:
        return standard
    if before.problem is not None:
        missing = before.problem
        raise Unanswerable(missing.code, missing.name, None, before.because).at(missing.date)
    draft.highest = max(before.highest, standard)
    draft.consumed = before.consumed
    return trail.take(joint_deductible(draft.highest, before.consumed))


def _charge(draft: Assessment, counted: list[Part], trail: Trail) -> None:
    """Charge the one deductible over the payable segments; an employer's burden is reckoned beside them."""
    remaining = {True: draft.deductible, False: draft.deductible}
    for part in counted:
        if draft.split:
            part.charged = trail.take(charged(remaining[part.payable], part.in_scope))
        else:
            part.charged = min(remaining[part.payable], part.in_scope)
        assert part.rate is not None
        part.wanted = trail.take(basic_payment(part.in_scope, remaining[part.payable], part.rate))
        remaining[part.payable] -= part.charged
        draft.consumed += part.charged if part.payable else 0
