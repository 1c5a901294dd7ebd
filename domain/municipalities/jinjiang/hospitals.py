"""What a hospital means for deductible and rate: place, effective level, traditional medicine."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.facts import PatientReferred, ProviderRegistered
from domain.municipalities.jinjiang.figures import figure
from domain.municipalities.jinjiang.people import CITY, OUTSIDE_MAINLAND
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.identity import same_prefecture, same_province
from domain.values.terms import CareArea, Ownership, ProviderKind

LOWEST, HIGHEST = 1, 3
PRIMARY = (
    ProviderKind.TOWNSHIP_HEALTH_CENTRE,
    ProviderKind.COMMUNITY_HEALTH_CENTRE,
    ProviderKind.VILLAGE_CLINIC,
)


class Terms(Struct, frozen=True):
    """Deductible of a first admission in fen, rate of the table, and what part of the result is paid."""

    level: int
    deductible: int
    rate: Decimal
    factor: Decimal
    because: tuple[str, ...]


def in_pool(provider: ProviderRegistered) -> bool:
    """Inside Quanzhou."""
    return same_prefecture(provider.place, CITY)


def in_province(provider: ProviderRegistered) -> bool:
    """Inside Fujian."""
    return same_province(provider.place, CITY)


def abroad(provider: ProviderRegistered) -> bool:
    """Hong Kong, Macao and Taiwan count as care abroad (JJ-6.1o)."""
    return provider.place.startswith(OUTSIDE_MAINLAND)


def own_level(provider: ProviderRegistered) -> int:
    """The registered level; community centres, village clinics and ungraded institutions count as level 1."""
    small = (ProviderKind.COMMUNITY_HEALTH_CENTRE, ProviderKind.VILLAGE_CLINIC)
    if provider.kind in small:
        return LOWEST
    return min(max(provider.level, LOWEST), HIGHEST)


@rule("JJ-6.1e", article="六（一）2")
def effective_level(provider: ProviderRegistered) -> int:
    """In the pool a county-owned level 3 hospital counts as level 2, a township hospital of level 2 as level 1."""
    level = own_level(provider)
    if level == HIGHEST and provider.ownership is Ownership.COUNTY:
        level -= 1
    if level == HIGHEST - 1 and provider.kind is ProviderKind.TOWNSHIP_HEALTH_CENTRE:
        level = LOWEST
    return level


@rule("JJ-6.1f", article="六（一）2")
def rate_level(level: int) -> int:
    """A traditional-medicine hospital has the rate of one level lower, but its own deductible."""
    return max(LOWEST, level - 1)


@rule("JJ-6.1c", article="六（一）2")
def table(view: View, day: date) -> Finding[dict[str, dict[str, Decimal]]]:
    """Deductible and rate by level of hospital."""
    return figure(view, "inpatient.table", day)


@rule("JJ-7.3a", article="七（三）")
def out_of_area(view: View, day: date) -> Finding[Decimal]:
    """Outside Quanzhou 80 percent of the table's result is paid, with or without referral."""
    return figure(view, "inpatient.out_of_area_factor", day)


def terms_of(view: View, provider: ProviderRegistered, day: date) -> Terms:
    """What the table gives for a hospital on a day."""
    rows = table(view, day)
    if not in_pool(provider):
        part = out_of_area(view, day)
        row = rows.value[str(own_level(provider))]
        because = joined(rows.because, part.because)
        return Terms(own_level(provider), int(row["deductible_yuan"]), row["rate"], part.value, because)
    level = effective_level(provider)
    because = rows.because
    if level.value != own_level(provider):
        because = joined(because, level.because)
    lower = Finding(level.value)
    if provider.traditional_medicine:
        lower = rate_level(level.value)
        because = joined(because, lower.because)
    deductible = int(rows.value[str(level.value)]["deductible_yuan"])
    return Terms(level.value, deductible, rows.value[str(lower.value)]["rate"], Decimal(1), because)


def is_primary(provider: ProviderRegistered) -> bool:
    """A primary institution in the pool: township, community centre, village clinic, or level 1."""
    if not in_pool(provider) or provider.kind is ProviderKind.PHARMACY:
        return False
    graded = provider.level > 0 or provider.kind in PRIMARY
    return graded and effective_level(provider).value == LOWEST


def referred(view: View, person: str, provider: ProviderRegistered, until: date) -> bool:
    """True when a referral to this hospital or its place was completed by a day."""
    return any(
        fact.on <= until and _leads_to(fact, provider) for fact in view.facts(PatientReferred, person=person)
    )


def _leads_to(fact: PatientReferred, provider: ProviderRegistered) -> bool:
    if fact.to_provider is not None:
        return fact.to_provider == provider.provider
    place = fact.to_place or ""
    if place.endswith("0000"):
        return same_province(place, provider.place)
    return same_prefecture(place, provider.place)


def area_of(view: View, person: str, provider: ProviderRegistered, emergency: bool, until: date) -> CareArea:
    """How the place of care counts."""
    if in_pool(provider):
        return CareArea.LOCAL
    if emergency:
        return CareArea.EMERGENCY
    return CareArea.REFERRED if referred(view, person, provider, until) else CareArea.UNREFERRED
