"""Claims as they were told: the version that counts, its days and its provider."""

from datetime import date

from domain.errors import FactMissing
from domain.facts import ClaimSubmitted, ProviderRegistered
from domain.rulebook.view import View, per_view
from domain.values.terms import ClaimKind

STAYS = (
    ClaimKind.INPATIENT,
    ClaimKind.DELIVERY,
    ClaimKind.TERMINATION,
    ClaimKind.FAMILY_PLANNING,
    ClaimKind.PREGNANCY_ILLNESS,
)
EMERGENCIES = (ClaimKind.EMERGENCY, ClaimKind.EMERGENCY_RESCUE)
VISITS = (
    ClaimKind.ORDINARY_OUTPATIENT,
    ClaimKind.PHARMACY,
    ClaimKind.PRENATAL_CHECK,
    ClaimKind.PREGNANCY_OUTPATIENT,
)


@per_view
def claim_of(view: View, identifier: str) -> ClaimSubmitted | None:
    """The version of a claim that counts: the one recorded last."""
    told = tellings(view, identifier)
    return max(told, key=view.order) if told else None


def tellings(view: View, identifier: str) -> list[ClaimSubmitted]:
    """Every known telling of one claim."""
    return [fact for fact in view.facts(ClaimSubmitted, claim=identifier) if fact.claim == identifier]


def admitted(claim: ClaimSubmitted) -> date:
    """The day of admission; for emergency care and visits its first day."""
    return claim.admitted_on or claim.on


def provider_of(view: View, claim: ClaimSubmitted) -> ProviderRegistered:
    """The provider as it was on admission, or as first registered by the end of the stay (LZ-30b)."""
    try:
        return view.provider(claim.provider, admitted(claim))
    except FactMissing:
        return view.provider(claim.provider, claim.on, ("LZ-30b",))


@per_view
def claims_told(view: View, person: str) -> tuple[str, ...]:
    """The claims of a person in the order in which they were first settled, then in the order of telling."""
    own = [fact for fact in view.facts(ClaimSubmitted, person=person) if fact.person == person]
    told = dict.fromkeys(fact.claim for fact in sorted(own, key=view.order))
    current = {name for name in told if (claim := claim_of(view, name)) and claim.person == person}
    settled = [name for name in view.held(f"person:{person}").settlements if name in current]
    return tuple(dict.fromkeys([*settled, *(name for name in told if name in current)]))
