"""Where care is given and how that place counts (arts. 22, 27, 46, 47)."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from domain.facts import ApprovalEnded, ClaimSubmitted, OutOfAreaRegistered, ProviderRegistered
from domain.municipalities.dingxi.policy import figure
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.terms import Approval, CareArea, ClaimKind, OutOfAreaCategory, SettlementWay

EMERGENCIES = (ClaimKind.EMERGENCY, ClaimKind.EMERGENCY_RESCUE)


class Place(Struct, frozen=True):
    """The provider's level row, how its place counts, and the points that the rate loses there."""

    provider: ProviderRegistered
    level: str
    area: CareArea
    row: str
    """Row of deductibles: `in_city` or `outside`."""
    points: Decimal
    because: tuple[str, ...]


@rule("DX-46a", "DX-63a", "DX-34a", "DX-32a", article="第四十六、六十三条（一）、第三十二、三十四条（一）")
def designated(provider: ProviderRegistered) -> bool:
    """Only institutions with a valid agreement on the governing day are paid, emergencies included."""
    return provider.designated


def place_of(view: View, claim: ClaimSubmitted, person: str, day: date) -> Place:
    """How the place of care counts on the governing day."""
    provider = view.provider(claim.provider, day)
    level = str(max(1, min(3, provider.level)))
    places = figure(view, "area.places", day)
    if provider.place.startswith(str(places["city"])):
        return Place(provider, level, CareArea.LOCAL, "in_city", Decimal(0), home_terms().because)
    area = care_area(view, claim, person, provider.place, day)
    because = joined(area.because, catalogue_of(claim.settlement).because)
    points = figure(view, "area.points", day)
    if area.value is CareArea.REGISTERED:
        return Place(provider, level, area.value, "in_city", Decimal(0), because)
    if area.value is CareArea.REFERRED:
        less = points["referral"]
    elif area.value is CareArea.EMERGENCY:
        less = points["emergency"]
    else:
        inside = provider.place.startswith(str(places["province"]))
        less = points["in_province" if inside else "other_province"]
    return Place(provider, level, area.value, "outside", less, because)


@rule("DX-27b", article="第二十七条（一）")
def catalogue_of(way: SettlementWay | None) -> str:
    """Direct settlement follows the catalogue of the place of care, all else this one; lines carry their class."""
    return "here" if way is SettlementWay.MANUAL else "there"


@rule("DX-27c", article="第二十七条（四）")
def home_terms() -> bool:
    """At home everybody has the full in-city terms, registered elsewhere or not."""
    return True


@rule("DX-27a", article="第二十七条（二）")
def care_area(view: View, claim: ClaimSubmitted, person: str, place: str, day: date) -> Finding[CareArea]:
    """Long-term residents as at home; referred and emergency patients five points less; others ten or twenty."""
    there = [f for f in registrations(view, person, day) if _reaches(f.place, place)]
    long_term = [
        f for f in there if f.category not in (OutOfAreaCategory.REFERRAL, OutOfAreaCategory.TEMPORARY)
    ]
    if long_term:
        return Finding(CareArea.REGISTERED, ())
    if any(f.category is OutOfAreaCategory.REFERRAL for f in there):
        return third_place(CareArea.REFERRED)
    if claim.emergency or claim.kind is ClaimKind.EMERGENCY_RESCUE:
        return Finding(CareArea.EMERGENCY, ())
    return third_place(CareArea.UNREFERRED)


@rule("DX-27d", "DX-27g", article="第二十七条（五）、第四十七条")
def third_place(area: CareArea) -> CareArea:
    """Only a recorded referral valid on the day counts; another place without one is unreferred."""
    return area


def registrations(view: View, person: str, day: date) -> list[OutOfAreaRegistered]:
    """Registrations valid on a day."""
    ends = [e for e in view.facts(ApprovalEnded, person=person) if e.approval is Approval.OUT_OF_AREA]
    found = []
    for fact in view.facts(OutOfAreaRegistered, person=person):
        start = fact.from_ or fact.on
        stops = [e.on for e in ends if e.on >= start and e.place in (None, fact.place)]
        if start <= day < min([*stops, fact.to or FAR_FUTURE]):
            found.append(fact)
    return found


def _reaches(registered: str, place: str) -> bool:
    """A prefecture is given by its first four digits, a whole province by its first two."""
    digits = 2 if registered.endswith("0000") else 4
    return place[:digits] == registered[:digits]


def is_direct(claim: ClaimSubmitted, provider: ProviderRegistered) -> bool:
    """How a claim is settled: as stated, else as the provider is connected."""
    if claim.settlement is not None:
        return claim.settlement is SettlementWay.DIRECT
    return provider.direct_settlement


def direct_payee(claim: ClaimSubmitted, provider: ProviderRegistered, person: str) -> Finding[str]:
    """Who receives what the funds pay."""
    return payee(is_direct(claim, provider), claim.provider, person)


@rule("DX-26a", "DX-33a", article="第二十六、三十三条")
def payee(direct: bool, provider: str, person: str) -> str:
    """Directly settled shares are owed to the provider; in a manual settlement the person is paid."""
    return f"provider:{provider}" if direct else f"member:{person}"
