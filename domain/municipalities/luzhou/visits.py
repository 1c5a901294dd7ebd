"""Ordinary outpatient care and pharmacies: paid from an account, by no fund (chapter 9)."""

from datetime import date

from domain.errors import AnnouncementMissing
from domain.facts import ClaimSubmitted, OpeningAccount, ProviderRegistered
from domain.municipalities.luzhou.allocations import unknown_by
from domain.municipalities.luzhou.area import inside_pooling_area
from domain.municipalities.luzhou.assessment import Assessment, Part, refusal_code
from domain.municipalities.luzhou.filing import check_filing, settled_directly
from domain.municipalities.luzhou.households import household_of
from domain.municipalities.luzhou.modes import benefit_in_mode, may_spend
from domain.municipalities.luzhou.room import family_room
from domain.municipalities.luzhou.scope import Bill, Charge, scope_of
from domain.municipalities.luzhou.standing import employee_periods, governing
from domain.municipalities.luzhou.submitted import provider_of
from domain.municipalities.luzhou.trail import Denied, Trail
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.terms import (
    Account,
    AnnouncementKey,
    CareArea,
    ClaimKind,
    Mode,
    ProviderKind,
    Scheme,
    Status,
)


@rule("LZ-28a", article="第二十八条（一）")
def open_to_employees(provider: ProviderRegistered) -> bool:
    """Employees pay outpatient care and pharmacy purchases at designated places from the personal account."""
    return provider.designated


@rule("LZ-28b", article="第二十八条（二）")
def open_to_residents(provider: ProviderRegistered, kind: ClaimKind) -> bool:
    """Residents pay what is in scope at designated medical institutions from the family account, no pharmacies."""
    shop = provider.kind is ProviderKind.PHARMACY or kind is ClaimKind.PHARMACY
    return provider.designated and not shop


def bill_of_visit(claim: ClaimSubmitted) -> Bill:
    """What a visit costs."""
    charges = tuple(Charge(line.on or claim.on, line) for line in claim.lines or ())
    return Bill(charges, claim.totals or ())


def assess_visit(view: View, claim: ClaimSubmitted, draft: Assessment, trail: Trail) -> None:
    """Run the tests of section 0.6 on an outpatient charge; the test date is the day of service."""
    draft.visit = True
    provider = provider_of(view, claim)
    bill = bill_of_visit(claim)
    draft.local = inside_pooling_area(provider).value
    draft.area = CareArea.LOCAL if draft.local else None
    direct = settled_directly(view, claim, provider, trail)
    check_filing(view, claim, direct, claim.on.year, bill.total, trail)
    period = draft.period = governing(view, claim.person, claim.on)
    trail.note(period.because)
    _check_status(view, claim, draft, trail)
    part = Part(claim.on.year, claim.on, bill.total, period)
    if period.scheme is Scheme.EMPLOYEE:
        if not trail.take(benefit_in_mode("ordinary", period.mode)):
            raise Denied("benefit_not_in_mode")
        may = trail.take(open_to_employees(provider))
    else:
        may = trail.take(open_to_residents(provider, claim.kind))
    if not may:
        raise Denied("provider_not_designated")
    if period.scheme is Scheme.EMPLOYEE and any(each.in_scope is None for each in bill.totals):
        part.in_scope = bill.total
    else:
        scope = scope_of(view, bill, period.scheme, period.tier, claim.on, trail)
        part.in_scope, part.upfront = scope.in_scope, scope.upfront
    if period.scheme is Scheme.RESIDENT:
        _check_balance(view, claim, part.in_scope)
    draft.parts = [part]


def _check_status(view: View, claim: ClaimSubmitted, draft: Assessment, trail: Trail) -> None:
    """A charge on a personal account outside employee cover is `account_blocked`, with the status code beside it."""
    assert draft.period is not None
    code = refusal_code(draft.period)
    if code is None and (claim.scheme is not Scheme.EMPLOYEE or draft.period.scheme is Scheme.EMPLOYEE):
        return
    if _has_personal_account(view, claim.person) and not trail.take(may_spend(draft.period)):
        raise Denied("account_blocked", (code,) if code else ())
    if code is not None:
        raise Denied(code)


def _check_balance(view: View, claim: ClaimSubmitted, in_scope: int) -> None:
    """A first draw is refused where it depends on an allocation that is not announced (LZ-26a)."""
    unknown = unknown_by(view, claim.person, claim.on)
    if unknown is None:
        return
    settled = view.held(f"person:{claim.person}").settlement(claim.claim)
    if settled is not None and settled.answer is not None:
        return
    account = f"family_account:{household_of(view, claim.person, claim.on)}"
    if family_room(view.journal(account), account, claim.on) < in_scope:
        first_day = date(unknown.on.year, 1, 1)
        raise AnnouncementMissing(AnnouncementKey.FAMILY_ACCOUNT_ALLOCATION.value, first_day, ("LZ-26a",))


def _has_personal_account(view: View, person: str) -> bool:
    if any(fact.account is Account.PERSONAL for fact in view.facts(OpeningAccount, person=person)):
        return True
    return any(
        period.mode is not Mode.POOLING_ONLY and period.status is not Status.NONE
        for period in employee_periods(view, person)
    )
