"""The layers above the basic fund, in the order in which they pay (JJ-7.1e). Money in fen."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from domain.facts import LayerPaid, ProviderRegistered
from domain.municipalities.jinjiang.cases import Case
from domain.municipalities.jinjiang.figures import PARAMETERS, START, figure, governs
from domain.municipalities.jinjiang.hospitals import HIGHEST, in_pool, referred
from domain.municipalities.jinjiang.people import groups_on, in_group
from domain.rulebook.announcements import announced_terms, announcements, fen_in, ratio_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View, claims_of, per_view
from domain.values.calendar import add_years
from domain.values.money import round_fen, share
from domain.values.terms import CauseOfCare, ClaimKind, Group, Layer, Scheme

AFTER_CRITICAL = (
    Layer.MEDICAL_ASSISTANCE,
    Layer.SUPPLEMENTARY_INSURANCE,
    Layer.ACCIDENT_INSURANCE,
    Layer.SPECIAL_GROUP,
    Layer.SERIOUS_DISEASE,
    Layer.SURVIVING_SPOUSE,
)
CARD = (Group.DISABILITY_CERTIFICATE, Group.SEVERE_DISABILITY)


REPORTED = (
    Layer.MEDICAL_ASSISTANCE,
    Layer.SUPPLEMENTARY_INSURANCE,
    Layer.ACCIDENT_INSURANCE,
    Layer.HARDSHIP_RELIEF,
)
"""Layers whose amount is decided outside."""


class Base(Struct, frozen=True, kw_only=True):
    """What the layers start from in one settlement year of a claim (JJ-7.1d). Money in fen."""

    year: int
    left: int
    """In-scope expense of the year less the basic payment."""
    before: int | None
    """x before it; None when nothing of the bill is in scope."""
    spouse_used: int
    unpaid: int
    """Billed amount of the whole claim that nobody has paid yet."""
    told: dict[Layer, int]
    """Reported for the claim, and not taken by an earlier year of the stay."""
    last: bool
    """The last year of the claim: what is told beyond the in-scope expense is counted there."""


class Layers(Struct, frozen=True, kw_only=True):
    """What each layer pays for a claim, or the announcement for which they wait."""

    paid: dict[Layer, int] = {}
    pending: dict[Layer, str] = {}
    in_scope_left: int | None = None
    because: tuple[str, ...] = ()


@rule("JJ-6.1m", article="六（一）6")
def critical_illness(view: View, year: int, day: date, before: int, more: int) -> int:
    """The bands over the year's accumulated in-scope burden, after less before this claim."""
    terms = announced_terms(
        view, "critical_illness_terms", day, ("JJ-6.1m",), year=year, scheme=Scheme.RESIDENT
    )
    return _banded(terms, before + more) - _banded(terms, before)


def _banded(terms: Mapping[str, Any], burden: int) -> int:
    total = Decimal(0)
    for band in terms["bands"]:
        top = fen_in(band["to"]) if band.get("to") is not None else burden
        total += max(0, min(burden, top) - fen_in(band["over"])) * ratio_in(band["rate"])
    amount = round_fen(total)
    return min(amount, fen_in(terms["cap"])) if terms.get("cap") is not None else amount


def reported(view: View, case: Case) -> dict[Layer, int]:
    """What the layers whose amount is decided outside were reported to pay for a claim, in fen."""
    found = dict.fromkeys(REPORTED, 0)
    for fact in view.facts(LayerPaid, claim=case.claim.claim):
        if fact.layer in found and not accident_refused(case, fact):
            found[fact.layer] += fact.amount
    return found


def accident_refused(case: Case, fact: LayerPaid) -> bool:
    """Accident insurance does not pay where a third party bears all, or work-injury insurance (JJ-6.2e)."""
    if fact.layer is not Layer.ACCIDENT_INSURANCE:
        return False
    claim = case.claim
    partly = claim.third_party_amount is not None or 0 < claim.third_party_share < 1
    wholly = claim.cause is CauseOfCare.THIRD_PARTY and not partly
    return wholly or claim.cause is CauseOfCare.WORK_INJURY


@rule("JJ-6.2d", article="六（二）3")
def supplement(amount: int, left: int) -> int:
    """The large-illness supplement pays what the insurer reports, not above what is left in scope."""
    return min(amount, left)


@rule("JJ-6.2e", article="六（二）4")
def accident(amount: int, left: int) -> int:
    """Accident insurance pays what the insurer reports, not above what is left in scope."""
    return min(amount, left)


@rule("JJ-6.3b", article="六（三）2")
def relief(amount: int, left: int) -> int:
    """Relief for destitute families is decided case by case."""
    return min(amount, left)


@rule("JJ-7.1e", article="七（一）")
def layers_of(view: View, case: Case, provider: ProviderRegistered, base: Base) -> Finding[Layers]:
    """Critical illness, assistance, supplement and accident, 50 or 70 percent, surviving spouse; then the member."""
    critical: Finding[int] = Finding(0)
    if base.before is not None:
        day = min(case.claim.on, date(base.year, 12, 31))
        critical = critical_illness(view, base.year, day, base.before, base.left)
    because = critical.because
    paid = {Layer.CRITICAL_ILLNESS: critical.value}
    rest = max(0, base.left - critical.value)
    room = base.unpaid - critical.value if base.last else rest
    paid[Layer.MEDICAL_ASSISTANCE] = min(base.told[Layer.MEDICAL_ASSISTANCE], room)
    rest = max(0, rest - paid[Layer.MEDICAL_ASSISTANCE])
    for layer, cut in ((Layer.SUPPLEMENTARY_INSURANCE, supplement), (Layer.ACCIDENT_INSURANCE, accident)):
        part = cut(base.told[layer], rest)
        paid[layer] = part.value
        rest -= part.value
        because = joined(because, part.because if base.told[layer] else ())
    special = special_protection(view, case, provider, base, rest)
    paid.update(special.value)
    spouse = _spouse(view, case, rest - sum(special.value.values()), base.spouse_used)
    paid[Layer.SURVIVING_SPOUSE] = spouse.value
    if base.last and base.told[Layer.HARDSHIP_RELIEF]:
        helped = relief(base.told[Layer.HARDSHIP_RELIEF], max(0, base.unpaid - sum(paid.values())))
        paid[Layer.HARDSHIP_RELIEF] = helped.value
        because = joined(because, helped.because)
    because = joined(because, special.because, spouse.because)
    return Finding(Layers(paid=paid, in_scope_left=rest, because=because), because)


def together(years: Iterable[Layers]) -> Layers:
    """The layers of a claim over its settlement years; what is left in scope only when no year waits."""
    paid: dict[Layer, int] = {}
    pending: dict[Layer, str] = {}
    left: list[int | None] = []
    for layers in years:
        for layer, fen in layers.paid.items():
            paid[layer] = paid.get(layer, 0) + fen
        pending |= layers.pending
        left.append(layers.in_scope_left)
    known = [fen for fen in left if fen is not None]
    return Layers(
        paid=paid, pending=pending, in_scope_left=sum(known) if known and len(known) == len(left) else None
    )


def waiting_layers(key: str) -> Layers:
    """Without its schedule critical illness, and every layer after it, waits (JJ-6.1m)."""
    pending = dict.fromkeys((Layer.CRITICAL_ILLNESS, *AFTER_CRITICAL), key)
    return Layers(pending=pending, because=("JJ-6.1m",))


def special_protection(
    view: View, case: Case, provider: ProviderRegistered, base: Base, rest: int
) -> Finding[dict[Layer, int]]:
    """The 50 percent of certain groups or the 70 percent of listed diseases."""
    disease = listed_disease(view, case, provider)
    group = special_group(view, case, base)
    nothing = {Layer.SPECIAL_GROUP: 0, Layer.SERIOUS_DISEASE: 0}
    if disease.value:
        rate = figure(view, "special_protection.disease_rate", case.claim.on)
        chosen = {**nothing, Layer.SERIOUS_DISEASE: share(rest, rate.value)}
        both = higher_only(chosen).because if group.value else ()
        return Finding(chosen, joined(disease.because, both, rate.because))
    if group.value:
        rate = figure(view, "special_protection.group_rate", case.claim.on)
        eligible = min(rest, group.value)
        chosen = {**nothing, Layer.SPECIAL_GROUP: share(eligible, rate.value)}
        return Finding(chosen, joined(group.because, rate.because))
    return Finding(nothing, joined(group.because, disease.because))


@rule("JJ-6.2c", article="六（二）")
def higher_only(chosen: dict[Layer, int]) -> dict[Layer, int]:
    """Whoever meets both is given the higher one only, never one on top of the other."""
    return chosen


@rule("JJ-6.2a", article="六（二）1")
def special_group(view: View, case: Case, base: Base) -> int:
    """In-scope expense (fen) of a year of which a member of the groups, without medical assistance, may have half."""
    person, day = case.claim.person, case.claim.on
    if not in_special_groups(view, person, day):
        return 0
    if in_group(view, person, Group.MEDICAL_ASSISTANCE_RECIPIENT, day):
        return 0
    return 0 if base.year in years_with_assistance(view, person) else base.left


def in_special_groups(view: View, person: str, day: date) -> bool:
    """Daughter households of one or two, poor party members, holders of the card, and announced further groups."""
    daughters = [int(number) for number in PARAMETERS["special_protection.daughters"].on(START)]
    more = {
        str(name)
        for fact in announcements(view, "special_group_extension")
        if isinstance(fact.value, Mapping) and governs(fact, day)
        for name in fact.value.get("groups", ())
    }
    return any(
        fact.group in CARD
        or fact.group is Group.HARDSHIP_PARTY_MEMBER
        or (fact.group is Group.DAUGHTER_FAMILY and fact.daughters in daughters)
        or str(fact.group) in more
        for fact in groups_on(view, person, day)
    )


@per_view
def years_with_assistance(view: View, person: str) -> frozenset[int]:
    """Years in which medical assistance paid anything for a person."""
    facts = [fact for fact in view.facts(LayerPaid, person=person) if fact.person == person]
    for claim in claims_of(view, person):
        facts += view.facts(LayerPaid, claim=claim.claim)
    return frozenset(f.on.year for f in facts if f.layer is Layer.MEDICAL_ASSISTANCE and f.amount > 0)


@rule("JJ-6.2b", article="六（二）2")
def listed_disease(view: View, case: Case, provider: ProviderRegistered) -> bool:
    """A disease of the list at a level 3 hospital outside Quanzhou, referred or in an emergency there."""
    terms = PARAMETERS["special_protection.diseases"].on(START)
    claim = case.claim
    told = claim.disease
    if told is None or not told.isdigit() or not 1 <= int(told) <= terms["count"]:
        return False
    if claim.kind is ClaimKind.SPECIAL_DISEASE or in_pool(provider) or provider.level != HIGHEST:
        return False
    if not (claim.emergency or referred(view, claim.person, provider, claim.on)):
        return False
    return int(told) not in terms["childhood"] or _is_child(view, case, terms["childhood_age"])


def _is_child(view: View, case: Case, age: int) -> bool:
    born = view.person(case.claim.person).born_on
    admitted = case.claim.admitted_on or case.claim.on
    return born is not None and admitted < add_years(born, age)


def _spouse(view: View, case: Case, left: int, used: int) -> Finding[int]:
    member = in_group(view, case.claim.person, Group.VETERAN_CADRE_SURVIVING_SPOUSE, case.claim.on)
    if member is None or case.claim.kind is ClaimKind.SPECIAL_DISEASE:
        return Finding(0)
    return surviving_spouse(view, left, used, case.claim.on)


@rule("JJ-6.3a", "JJ-8.5a", article="六（三）1")
def surviving_spouse(view: View, left: int, used: int, day: date) -> Finding[int]:
    """Half of what is left of an inpatient stay, up to 50,000 a year, from the cadres' relief fund."""
    rate = figure(view, "surviving_spouse.rate", day)
    cap = figure(view, "surviving_spouse.cap_yuan", day)
    amount = max(0, min(share(left, rate.value), cap.value - used))
    return Finding(amount, rate.because)
