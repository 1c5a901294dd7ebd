"""Which scheme settles which line of a claim (article 57), and why none does."""

from domain.errors import NotComputed, Unanswerable
from domain.facts import ClaimSubmitted, ProviderRegistered
from domain.municipalities.suizhou import maternity_care as mat
from domain.municipalities.suizhou import outpatient as out
from domain.municipalities.suizhou.bill import Amounts, Priced
from domain.municipalities.suizhou.schemes import (
    employee_on,
    paying_scheme,
    resident_on,
)
from domain.municipalities.suizhou.special import settle_special
from domain.municipalities.suizhou.stay import Episode, settle_stay
from domain.municipalities.suizhou.tally import Part, Tally
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View
from domain.values.terms import Capacity, CareArea, ClaimKind, MaternityStatus, Scheme, Status, VisitOutcome

ON_STAY_TERMS = (
    ClaimKind.INPATIENT,
    ClaimKind.EMERGENCY_RESCUE,
    ClaimKind.DAY_SURGERY,
    ClaimKind.PREGNANCY_ILLNESS,
)
SPECIAL = (ClaimKind.SPECIAL_DISEASE, ClaimKind.NEGOTIATED_DRUG)
ENTITLED = (MaternityStatus.COVERED, MaternityStatus.MEDICAL_ONLY)
REASONS = {
    Status.NONE: "not_enrolled",
    Status.PENDING: "cover_pending",
    Status.WAITING: "waiting_period",
    Status.SUSPENDED: "suspended",
}
NUMBERS = {Scheme.EMPLOYEE: 1, Scheme.RESIDENT: 2}


@rule("SZ-57b", article="第五十七条")
def line_is_covered(status: Status | None) -> bool:
    """A line is covered only when the person is covered on its own date."""
    return status is Status.COVERED


def kind_of(claim: ClaimSubmitted, scheme: Scheme) -> ClaimKind:
    """The kind under which a scheme settles a claim."""
    kind = claim.kind
    if kind is ClaimKind.EMERGENCY:
        rescued = claim.emergency or claim.outcome is VisitOutcome.DIED
        kind = ClaimKind.EMERGENCY_RESCUE if rescued else ClaimKind.ORDINARY_OUTPATIENT
    complicated = claim.maternity is not None and claim.maternity.complication
    if scheme is Scheme.EMPLOYEE:
        if kind is ClaimKind.DELIVERY and mat.complicated(complicated).value:
            return ClaimKind.PREGNANCY_ILLNESS
        if kind is ClaimKind.TERMINATION:
            return ClaimKind.FAMILY_PLANNING
        if kind is ClaimKind.PREGNANCY_OUTPATIENT:
            event = claim.maternity.event if claim.maternity else None
            return ClaimKind.PRENATAL_CHECK if event is None else ClaimKind.FAMILY_PLANNING
        return kind
    if kind is ClaimKind.PRENATAL_CHECK:
        return ClaimKind.PREGNANCY_OUTPATIENT
    return ClaimKind.TERMINATION if kind is ClaimKind.FAMILY_PLANNING else kind


def scheme_of_line(view: View, claim: ClaimSubmitted, line: Priced, kept: int) -> Scheme | None:
    """The scheme that pays a line; a line once paid by a scheme that still covers it stays there (SZ-57d)."""
    person, day = claim.person, line.on
    own, resident = employee_on(view, person, day), resident_on(view, person, day)
    if own is not None and own.problem is not None:
        raise Unanswerable(own.problem.code, own.problem.name, None, own.because).at(own.problem.date)
    covered = {
        Scheme.EMPLOYEE: line_is_covered(own.status if own else None).value,
        Scheme.RESIDENT: line_is_covered(resident.status if resident else None).value,
    }
    paying = paying_scheme(view, person, day)
    if claim.scheme is not None and claim.maternity is not None:
        paying = claim.scheme if covered[claim.scheme] else None
    for scheme, number in NUMBERS.items():
        if kept == number and covered[scheme]:
            paying = scheme
    if paying is not Scheme.EMPLOYEE or kind_of(claim, Scheme.EMPLOYEE) not in mat.MATERNITY_KINDS:
        return paying
    entitled = own is not None and own.maternity in ENTITLED
    return paying if entitled else None


def refusal(view: View, claim: ClaimSubmitted, lines: list[Priced]) -> tuple[str, tuple[str, ...]]:
    """Why no line of a claim is covered: the status on the governing day, or maternity not qualified."""
    person = claim.person
    for day in (claim.on, *(line.on for line in lines)):
        own = employee_on(view, person, day)
        if own is not None and own.status is Status.COVERED:
            if kind_of(claim, Scheme.EMPLOYEE) in mat.MATERNITY_KINDS and own.maternity not in ENTITLED:
                return "maternity_not_qualified", own.because
            continue
        resident = resident_on(view, person, day)
        for piece in (own, resident):
            if piece is not None and piece.status is not Status.COVERED:
                return REASONS[piece.status], piece.because
        if own is None and resident is None:
            return "not_enrolled", ()
    return "not_enrolled", ()


def settle_part(
    view: View,
    claim: ClaimSubmitted,
    scheme: Scheme,
    amounts: Amounts,
    provider: ProviderRegistered,
    area: CareArea,
    tally: Tally,
    episode: Episode | None,
    kept_number: int | None,
) -> Part:
    """The settlement of the lines of one scheme, by kind of care."""
    kind, level = kind_of(claim, scheme), provider.level
    if kind in SPECIAL:
        return settle_special(view, claim, scheme, amounts, level, area, tally)
    if kind in ON_STAY_TERMS:
        part = settle_stay(view, claim, scheme, amounts, level, area, tally, episode, kept_number)
        return _with(part, "SZ-32a" if scheme is Scheme.EMPLOYEE else "SZ-48b", kind)
    if scheme is Scheme.EMPLOYEE:
        return _employee(view, claim, kind, amounts, level, area, tally)
    return _resident(view, claim, kind, amounts, provider, area, tally, episode, kept_number)


def _with(part: Part, article: str, kind: ClaimKind) -> Part:
    from msgspec.structs import replace

    if kind is not ClaimKind.PREGNANCY_ILLNESS:
        return part
    return replace(part, because=joined((article,), part.because))


def _employee(
    view: View,
    claim: ClaimSubmitted,
    kind: ClaimKind,
    amounts: Amounts,
    level: int,
    area: CareArea,
    tally: Tally,
) -> Part:
    own = employee_on(view, claim.person, claim.on)
    retired = own is not None and own.capacity is Capacity.RETIRED
    if kind is ClaimKind.ORDINARY_OUTPATIENT:
        return out.settle_employee_outpatient(view, claim, amounts, level, area, tally, retired)
    if kind is ClaimKind.PRENATAL_CHECK:
        part = mat.settle_prenatal(view, claim, amounts, level, area, tally, retired)
    elif kind is ClaimKind.DELIVERY:
        part = mat.settle_delivery(view, claim, amounts, level, area, tally)
    elif kind is ClaimKind.FAMILY_PLANNING:
        part = mat.settle_family_planning(view, claim, amounts)
    else:
        raise NotComputed(f"claim_submitted.kind={kind}", claim.on)
    return _by_capacity(part, own.capacity if own else None)


def _by_capacity(part: Part, capacity: Capacity | None) -> Part:
    from msgspec.structs import replace

    articles = {Capacity.FLEXIBLE: "SZ-30a", Capacity.UNEMPLOYED: "SZ-31a", Capacity.RETIRED: "SZ-31b"}
    if capacity not in articles:
        return part
    return replace(part, because=joined(part.because, (articles[capacity],)))


def _resident(
    view: View,
    claim: ClaimSubmitted,
    kind: ClaimKind,
    amounts: Amounts,
    provider: ProviderRegistered,
    area: CareArea,
    tally: Tally,
    episode: Episode | None,
    kept_number: int | None,
) -> Part:
    from msgspec.structs import replace

    if kind in (ClaimKind.ORDINARY_OUTPATIENT, ClaimKind.PREGNANCY_OUTPATIENT):
        return out.settle_resident_outpatient(view, claim, amounts, provider, area, tally)
    if kind is ClaimKind.TWO_DISEASE_MEDICATION:
        return out.settle_two_disease(view, claim, amounts, provider, area, tally)
    if kind not in (ClaimKind.DELIVERY, ClaimKind.TERMINATION):
        raise NotComputed(f"claim_submitted.kind={kind}", claim.on)
    scheme, level = Scheme.RESIDENT, provider.level
    part = settle_stay(view, claim, scheme, amounts, level, area, tally, episode, kept_number)
    if kind is ClaimKind.DELIVERY:
        return replace(part, because=joined(mat.resident_delivery(part.pooled).because, part.because))
    limit = mat.resident_limit(view, claim) or 0
    cut = mat.resident_termination(part.pooled, limit)
    return replace(part, pooled=cut.value, limit=limit, because=joined(cut.because, part.because))
