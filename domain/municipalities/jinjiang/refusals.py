"""Why a claim is refused before anything is computed."""

from domain.errors import NotComputed, Unanswerable
from domain.facts import ClaimSubmitted, ProviderRegistered
from domain.municipalities.jinjiang import basic, bills
from domain.municipalities.jinjiang.bills import Item
from domain.municipalities.jinjiang.cases import Case
from domain.municipalities.jinjiang.cover import covered_on
from domain.municipalities.jinjiang.people import covered_as_employee
from domain.rulebook.citation import Finding, rule
from domain.rulebook.view import View
from domain.values.terms import ClaimKind

NOT_A_DELIVERY = (
    ClaimKind.TERMINATION,
    ClaimKind.PRENATAL_CHECK,
    ClaimKind.PREGNANCY_OUTPATIENT,
    ClaimKind.FAMILY_PLANNING,
)
MATERNITY = (ClaimKind.DELIVERY, *NOT_A_DELIVERY)


def provider_or_none(view: View, claim: ClaimSubmitted) -> ProviderRegistered | None:
    try:
        return view.provider(claim.provider, claim.on)
    except Unanswerable:
        return None


def status_refusal(view: View, claim: ClaimSubmitted, items: list[Item]) -> Finding[str | None]:
    if claim.kind not in MATERNITY:
        return bills.uncovered_reason(view, claim.person, items)
    if covered_on(view, claim.person, claim.on):
        return Finding(None, ("JJ-7.1g",))
    employee = covered_as_employee(view, claim.person, claim.on)
    return Finding("other_scheme_prevails" if employee else "not_covered", ("JJ-7.1g",))


def condition_refusal(view: View, case: Case, provider: ProviderRegistered) -> Finding[str | None]:
    claim = case.claim
    if not provider.designated:
        refused = not_designated(claim)
        if refused.value is not None:
            return refused
    if claim.papers_missing:
        return papers_missing()
    match claim.kind:
        case ClaimKind.SPECIAL_DISEASE:
            return basic.special_disease_refusal(view, claim, provider)
        case ClaimKind.ORDINARY_OUTPATIENT:
            return Finding(basic.outpatient_refusal(provider), ("JJ-6.1l",))
        case kind if kind in MATERNITY:
            return basic.maternity_refusal(view, claim, kind is ClaimKind.DELIVERY)
        case kind if kind in bills.STAYS:
            return Finding(None)
    raise NotComputed("claim", claim.on)


@rule("JJ-7.3b", article="七（三）")
def not_designated(claim: ClaimSubmitted) -> str | None:
    """Care at an institution that is not designated is paid in an emergency only."""
    return None if claim.emergency else "provider_not_designated"


@rule("JJ-7.3c", article="七（三）")
def papers_missing() -> str | None:
    """A claim without its papers waits; the filing date stays that of the first filing."""
    return "documents_missing"
