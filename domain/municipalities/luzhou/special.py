"""Special-disease outpatient care and home sickbeds: terms announced by separate rules (第二十九条、第三十三条)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from domain.errors import AnnouncementMissing
from domain.facts import ClaimSubmitted
from domain.municipalities.luzhou.area import inside_pooling_area
from domain.municipalities.luzhou.assessment import Assessment, Part, refusal_code
from domain.municipalities.luzhou.caps import cap_of
from domain.municipalities.luzhou.filing import check_filing, settled_directly
from domain.municipalities.luzhou.modes import benefit_in_mode
from domain.municipalities.luzhou.scope import scope_of
from domain.municipalities.luzhou.standing import governing
from domain.municipalities.luzhou.submitted import provider_of, tellings
from domain.municipalities.luzhou.trail import Denied, Trail
from domain.municipalities.luzhou.visits import bill_of_visit
from domain.rulebook.announcements import announced_terms, fen_in, ratio_in
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.money import Ratio, share
from domain.values.terms import AnnouncementKey, CareArea, ClaimKind, Scheme

SECOND_CLASS = ("II", "2", "Ⅱ", "class_II", "class_2")


class SpecialTerms(Struct, frozen=True):
    """Announced terms of a disease or of home sickbeds; amounts in fen."""

    second_class: bool
    deductible: int
    yearly_deductible: bool
    rate: Ratio
    limit: int | None
    counts: bool
    """Whether payments count towards the annual cap."""


@rule("LZ-29a", article="第二十九条")
def special_terms(terms: Mapping[str, Any], level: int) -> SpecialTerms:
    """Special diseases of class I and II are paid by separate rules, as announced for each disease."""
    return _terms(terms, level, ("annual_deductible", "deductible"), yearly=True)


@rule("LZ-33a", article="第三十三条")
def sickbed_terms(terms: Mapping[str, Any], level: int) -> SpecialTerms:
    """Home sickbeds are paid by separate rules, as announced."""
    return _terms(terms, level, ("deductible", "annual_deductible"), yearly=False)


def assess_special(view: View, claim: ClaimSubmitted, draft: Assessment, trail: Trail) -> None:
    """Run the tests of section 0.6 on a special-disease or home-sickbed claim."""
    draft.special = True
    provider = provider_of(view, claim)
    bill = bill_of_visit(claim)
    draft.local = inside_pooling_area(provider).value
    draft.area = CareArea.LOCAL if draft.local else None
    direct = settled_directly(view, claim, provider, trail)
    check_filing(view, claim, direct, claim.on.year, bill.total, trail)
    period = draft.period = governing(view, claim.person, claim.on)
    trail.note(period.because)
    code = refusal_code(period)
    if code is not None:
        raise Denied(code)
    if not provider.designated and period.mode != "pooling_only":
        raise Denied("provider_not_designated")
    terms = _announced(view, claim, period.scheme, provider.level, trail)
    if claim.kind is ClaimKind.SPECIAL_DISEASE and period.scheme is Scheme.EMPLOYEE:
        benefit = "special_II" if terms.second_class else "special_I"
        if not trail.take(benefit_in_mode(benefit, period.mode)):
            raise Denied("benefit_not_in_mode")
    if not provider.designated:
        raise Denied("provider_not_designated")
    part = Part(claim.on.year, claim.on, bill.total, period, rate=terms.rate)
    if terms.counts:
        part.cap = trail.take(cap_of(view, period.scheme, part.year, period.tier, claim.on))
    scope = scope_of(view, bill, period.scheme, period.tier, claim.on, trail)
    part.in_scope, part.upfront = scope.in_scope, scope.upfront
    draft.parts = [part]
    _pay(view, claim, draft, part, terms)


def _pay(view: View, claim: ClaimSubmitted, draft: Assessment, part: Part, terms: SpecialTerms) -> None:
    """What is left of the deductible and the limit of the year after the claims settled before."""
    from domain.municipalities.luzhou.tests_of_claims import assessed

    earlier = [assessed(view, other) for other in _earlier(view, claim)]
    used = [each for each in earlier if each.payable and each.scheme is part.period.scheme]
    left = terms.deductible
    if terms.yearly_deductible:
        left = max(0, left - sum(each.consumed for each in used))
    draft.deductible = left
    part.charged = draft.consumed = min(left, part.in_scope)
    part.wanted = share(part.in_scope - part.charged, terms.rate)
    draft.limit = terms.limit
    if terms.limit is not None:
        paid = sum(each.parts[0].wanted for each in used)
        part.wanted = min(part.wanted, max(0, terms.limit - paid))


def _announced(view: View, claim: ClaimSubmitted, scheme: Scheme, level: int, trail: Trail) -> SpecialTerms:
    if claim.kind is ClaimKind.HOME_SICKBED:
        key = AnnouncementKey.HOME_SICKBED_TERMS
        return trail.take(
            sickbed_terms(announced_terms(view, key, claim.on, ("LZ-33a",), scheme=scheme), level)
        )
    key = AnnouncementKey.SPECIAL_DISEASE_TERMS
    value = announced_terms(view, key, claim.on, ("LZ-29a",), scheme=scheme, disease=claim.disease)
    nested = value.get(claim.disease or "")
    if isinstance(nested, Mapping):
        value = nested
    elif "rate" not in value and "rates" not in value:
        raise AnnouncementMissing(f"{key}[{claim.disease}]", claim.on, ("LZ-29a",))
    return trail.take(special_terms(value, level))


def _terms(terms: Mapping[str, Any], level: int, deductibles: tuple[str, ...], yearly: bool) -> SpecialTerms:
    rates = terms.get("rates")
    rate = rates.get(str(level)) if isinstance(rates, Mapping) else terms.get("rate")
    limit = next((terms[name] for name in ("annual_cap", "annual_limit", "limit") if name in terms), None)
    deductible = next((terms[name] for name in deductibles if name in terms), "0")
    return SpecialTerms(
        second_class=str(terms.get("class", "")) in SECOND_CLASS,
        deductible=fen_in(deductible),
        yearly_deductible=yearly,
        rate=ratio_in(rate if rate is not None else "0"),
        limit=None if limit is None else fen_in(limit),
        counts=str(terms.get("counts_in_annual_cap", "false")).lower() == "true",
    )


def _earlier(view: View, claim: ClaimSubmitted) -> list[str]:
    """Claims for the same benefit and year that were told before this one."""
    first = _first_told(view, claim.claim)
    same: dict[str, date] = {}
    for other in view.facts(ClaimSubmitted, person=claim.person):
        alike = (other.kind, other.disease, other.on.year) == (claim.kind, claim.disease, claim.on.year)
        if alike and other.claim != claim.claim and _first_told(view, other.claim) < first:
            same[other.claim] = other.on
    return list(same)


def _first_told(view: View, identifier: str) -> int:
    """Order of first recording; a correction keeps the place of what it corrects."""
    orders = []
    for fact in tellings(view, identifier):
        earliest = fact
        while earliest.corrects is not None:
            before = view.sources.fact(earliest.corrects)
            if not isinstance(before, ClaimSubmitted):
                break
            earliest = before
        orders.append(view.order(earliest))
    return min(orders)
