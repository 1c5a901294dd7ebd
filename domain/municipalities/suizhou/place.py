"""Where care was given, and what that changes (article 53)."""

from datetime import date

from domain.facts import ApprovalEnded, ClaimSubmitted, OutOfAreaRegistered
from domain.municipalities.suizhou.policy import CITY, figure
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.calendar import FAR_FUTURE
from domain.values.money import Ratio
from domain.values.terms import Approval, CareArea, ClaimKind, OutOfAreaCategory

RESIDING = (
    OutOfAreaCategory.SETTLED_RETIREE,
    OutOfAreaCategory.LONG_TERM_RESIDENT,
    OutOfAreaCategory.POSTED_WORKER,
)


@rule("SZ-53a", article="第五十三条")
def as_inside(residing: bool) -> bool:
    """Registered residents elsewhere are treated at their registered place as inside the city."""
    return residing


@rule("SZ-53b", article="第五十三条")
def referred_or_emergency_rate(rate: Ratio, cut: Ratio) -> Ratio:
    """Referred or emergency care outside the city: ten percentage points less."""
    return Ratio(max(rate - cut, Ratio(0)))


@rule("SZ-53c", article="第五十三条")
def unreferred_rate(rate: Ratio, cut: Ratio) -> Ratio:
    """Other care outside the city: twenty percentage points less."""
    return Ratio(max(rate - cut, Ratio(0)))


@rule("SZ-53d", article="第五十三条")
def registered_on(admitted: date, from_: date, recorded: date, until: date) -> bool:
    """A registration is tested on the admission date and never takes effect before it was recorded."""
    return max(from_, recorded) <= admitted < until


def area_of(view: View, claim: ClaimSubmitted) -> Finding[CareArea]:
    """How the place of care of a claim counts."""
    place = view.provider(claim.provider, claim.on, ("SZ-53a",)).place
    if place.startswith(CITY):
        return Finding(CareArea.LOCAL)
    admitted = claim.admitted_on or claim.on
    valid, because = _registrations(view, claim.person, place, admitted)
    if as_inside(any(fact.category in RESIDING for fact in valid)).value:
        return Finding(CareArea.REGISTERED, joined(("SZ-53a",), because))
    if any(fact.category is OutOfAreaCategory.REFERRAL for fact in valid):
        return Finding(CareArea.REFERRED, joined(("SZ-53b",), because))
    if claim.emergency or claim.kind is ClaimKind.EMERGENCY_RESCUE:
        return Finding(CareArea.EMERGENCY, ("SZ-53b",))
    return Finding(CareArea.UNREFERRED, joined(("SZ-53c",), because))


def _registrations(
    view: View, person: str, place: str, admitted: date
) -> tuple[list[OutOfAreaRegistered], tuple[str, ...]]:
    found, because = [], []
    for fact in view.facts(OutOfAreaRegistered, person=person):
        if not _there(fact.place, place):
            continue
        start = fact.from_ or fact.on
        tested = registered_on(admitted, start, fact.recorded.day, _ended(view, fact, start))
        because.append(tested.because)
        if tested.value:
            found.append(fact)
    return found, joined(*because)


def _there(registered: str, place: str) -> bool:
    if registered.endswith("0000"):
        return registered[:2] == place[:2]
    return registered[:4] == place[:4]


def _ended(view: View, fact: OutOfAreaRegistered, start: date) -> date:
    ends = [
        end.on
        for end in view.facts(ApprovalEnded, person=fact.person)
        if end.approval is Approval.OUT_OF_AREA
        and end.on >= start
        and (end.place is None or _there(fact.place, end.place))
    ]
    return min([fact.to or FAR_FUTURE, *ends])


def outside(area: CareArea) -> bool:
    """Whether the deductible of stays outside the city applies."""
    return area not in (CareArea.LOCAL, CareArea.REGISTERED)


def reduced(view: View, rate: Ratio, area: CareArea, day: date) -> Finding[Ratio]:
    """A basic rate at a place of care."""
    if not outside(area):
        return Finding(rate)
    if area is CareArea.UNREFERRED:
        return unreferred_rate(rate, figure(view, "area.rate_cut_unreferred", day))
    return referred_or_emergency_rate(rate, figure(view, "area.rate_cut", day)[str(area)])
