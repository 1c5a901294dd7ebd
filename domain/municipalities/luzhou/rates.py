"""Deductibles and rates of a stay by the row of its provider (chapter 10.2)."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from domain.errors import FactMissing
from domain.facts import ProviderRegistered
from domain.municipalities.luzhou.policy import figure
from domain.rulebook.citation import rule
from domain.values.money import Ratio, share
from domain.values.terms import Capacity, Locality, ProviderKind, Scheme

OUTSIDE = "O"
GRASSROOTS = (ProviderKind.TOWNSHIP_HEALTH_CENTRE, ProviderKind.COMMUNITY_HEALTH_CENTRE)


class Terms(Struct, frozen=True):
    """Deductible (fen) and rate of one stay."""

    deductible: int
    rate: Ratio


@rule("LZ-30b", article="第三十条")
def row_of(provider: ProviderRegistered, in_area: bool) -> str:
    """Row T, C, 2 or 3 by kind, level and locality of the provider on admission; row O outside the area."""
    if not in_area:
        return OUTSIDE
    if provider.kind in GRASSROOTS:
        return "T"
    if provider.level >= 2:
        return "3" if provider.level >= 3 else "2"
    return "T" if provider.locality is Locality.TOWNSHIP else "C"


@rule("LZ-30c", article="第三十条（一）")
def employee_terms(capacity: Capacity | None, row: str, higher_outside: bool, on: date) -> Terms:
    """Employees: deductible and rate by row and class; outside 75% with referral or emergency, else 70%."""
    deductibles: Mapping[str, int] = figure("inpatient.deductible_yuan", on)
    rates: Mapping[str, Ratio] = figure("inpatient.rate", on)
    standing = "retired" if capacity is Capacity.RETIRED else "in_service"
    cell = f"{standing}_{row}"
    rate = rates["referred_or_emergency_O"] if row == OUTSIDE and higher_outside else rates[cell]
    return Terms(deductibles[f"{cell}_yuan"], rate)


@rule("LZ-30d", article="第三十条（二）")
def resident_terms(tier: int | None, row: str, provider: ProviderRegistered, on: date) -> Terms:
    """Residents: deductible and rate by row and tier; more at a grassroots site with essential medicines."""
    deductibles: Mapping[str, int] = figure("inpatient.resident_deductible_yuan", on)
    rates: Mapping[str, Ratio] = figure("inpatient.resident_rate", on)
    if tier is None:
        raise FactMissing("resident_contribution_paid.tier", on, ("LZ-30d",))
    cell = row
    if row == "T" and provider.kind in GRASSROOTS and provider.essential_medicines:
        cell = "essential"
    elif row == OUTSIDE:
        cell = "O_3" if provider.level >= 3 else "O_low"
    return Terms(deductibles[f"{row}_yuan"], rates[f"{cell}_{tier}"])


@rule("LZ-30e", article="第三十条（一）")
def higher_rate_outside(referred: bool, emergency: bool) -> bool:
    """A completed referral or an emergency admission gives the higher out-of-area rate; either suffices."""
    return referred or emergency


@rule("LZ-30a", article="第三十条")
def basic_payment(in_scope: int, deductible: int, rate: Ratio) -> int:
    """What is in scope above the deductible of this stay, at the rate, in fen, before the annual cap."""
    return share(max(0, in_scope - deductible), rate)


def terms_of(
    scheme: Scheme,
    capacity: Capacity | None,
    tier: int | None,
    row: str,
    provider: ProviderRegistered,
    higher_outside: bool,
    on: date,
) -> tuple[Terms, tuple[str, ...]]:
    """Deductible and rate of the scheme that governs, with the rules."""
    if scheme is Scheme.EMPLOYEE:
        found = employee_terms(capacity, row, higher_outside, on)
    else:
        found = resident_terms(tier, row, provider, on)
    return found.value, found.because
