"""Which bills are settled together: emergency and stay, split stays, decisions on claims (arts. 25, 34, 52, 63)."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from domain.facts import ClaimsDecided, ClaimSubmitted, EmergencyOutcomeRecorded, SanctionDecided
from domain.municipalities.dingxi.places import EMERGENCIES
from domain.municipalities.dingxi.special_diseases import days_of, stays_over
from domain.rulebook.citation import rule
from domain.rulebook.view import View, per_view
from domain.values.terms import ClaimKind, ClaimsDecision, VisitOutcome

BY_ADMISSION = (ClaimKind.INPATIENT, ClaimKind.DELIVERY, ClaimKind.TERMINATION)


class CaseOfCare(Struct, frozen=True):
    """A claim and the claims merged into it; `into` names the claim that this one is merged into."""

    claim: ClaimSubmitted
    merged: tuple[ClaimSubmitted, ...] = ()
    into: str | None = None
    died: bool = False
    excluded: bool = False
    excluded_part: int = 0
    decisions: tuple[str, ...] = ()
    because: tuple[str, ...] = ()

    @property
    def claims(self) -> tuple[ClaimSubmitted, ...]:
        """The claim and what is merged with it."""
        return (self.claim, *self.merged)

    @property
    def day(self) -> date:
        """The day whose status governs (DX-20h)."""
        return min(governing_day(each).value for each in self.claims)

    @property
    def on(self) -> date:
        """The day that decides the year: discharge, death or service."""
        return max(each.on for each in self.claims)

    @property
    def composition(self) -> str:
        """What makes the bill what it is: facts and decisions; only these reopen a direct settlement."""
        parts = [each.id for each in self.claims]
        return "|".join([*parts, str(self.into), str(self.died), *self.decisions])


@rule("DX-20h", "DX-26e", article="第二十条、第二十五条")
def governing_day(claim: ClaimSubmitted) -> date:
    """Admission governs a stay, or the first day of the emergency merged with it; else the day of service."""
    if claim.kind in BY_ADMISSION or claim.kind in EMERGENCIES:
        merged_before = [line.on for line in claim.lines or () if line.on is not None]
        return min([claim.admitted_on or claim.on, *merged_before])
    return claim.on


@rule("DX-25c", article="第二十五条")
def admitted_from_emergency(view: View, claim: ClaimSubmitted) -> str | None:
    """The stay to which an emergency led: both become one stay when the link is recorded."""
    if claim.kind not in EMERGENCIES:
        return None
    links = [f for f in view.facts(EmergencyOutcomeRecorded, claim=claim.claim) if f.claim == claim.claim]
    if links and links[-1].outcome is VisitOutcome.ADMITTED:
        return links[-1].stay
    return None


@rule("DX-25b", article="第二十五条")
def died_in_emergency(view: View, claim: ClaimSubmitted) -> bool:
    """Whether the patient died during the emergency visit."""
    if claim.kind not in EMERGENCIES:
        return False
    links = [f for f in view.facts(EmergencyOutcomeRecorded, claim=claim.claim) if f.claim == claim.claim]
    outcome = links[-1].outcome if links else claim.outcome
    return outcome is VisitOutcome.DIED


@rule("DX-52a", article="第五十二、五十三条")
def split_into(view: View, claim: ClaimSubmitted, group: dict[str, ClaimSubmitted]) -> str | None:
    """A stay found to be split is settled as one: the parts are merged into the first."""
    for fact in reversed(_decisions(view, claim.claim, ClaimsDecision.SPLIT_STAY)):
        parts = [group[each] for each in fact.claims if each in group]
        if parts:
            first = min(parts, key=lambda each: (each.admitted_on or each.on, each.on, each.claim))
            return None if first.claim == claim.claim else first.claim
    return None


@rule("DX-34e", "DX-63i", article="第三十四条（五）、第六十三条（九）")
def decided_exclusion(view: View, claim: ClaimSubmitted) -> tuple[bool, int]:
    """Other breaches take effect only by a decision: on the whole claim, or on a part in fen."""
    whole, part = False, 0
    facts = [f for f in view.facts(ClaimsDecided, claim=claim.claim) if claim.claim in f.claims]
    for fact in sorted(facts, key=lambda each: (each.on, view.order(each))):
        if fact.decision in (ClaimsDecision.EXCLUDED, ClaimsDecision.REFUSED):
            if fact.amount is None:
                whole = True
            else:
                part += int(fact.amount)
        elif fact.decision is ClaimsDecision.REINSTATED:
            whole = False
            part = 0 if fact.amount is None else max(0, part - int(fact.amount))
    return whole, part


def _decisions(view: View, claim: str, *kinds: ClaimsDecision) -> list[ClaimsDecided]:
    found = view.facts(ClaimsDecided, claim=claim)
    return [fact for fact in found if claim in fact.claims and fact.decision in kinds]


@rule("DX-20f", "DX-26d", article="第二十条（二）")
def in_order(view: View, claims: Iterable[ClaimSubmitted]) -> list[ClaimSubmitted]:
    """Claims in the order of adjudication: recorded day, effective day, identifier; late filing is no bar."""
    return sorted(claims, key=lambda claim: (claim.recorded.day, claim.on, claim.claim))


@per_view
def group_of(view: View, owner: str) -> list[CaseOfCare]:
    """Every claim on an insured person's entitlement: the own ones, and those of spouse and newborn."""
    facts = view.facts(ClaimSubmitted, person=owner)
    own = {f.claim: f for f in facts if (f.insured_through or f.person) == owner}
    into = {claim.claim: _goes_into(view, claim, own) for claim in own.values()}
    return [_case(view, claim, own, into) for claim in in_order(view, own.values()).value]


def _goes_into(view: View, claim: ClaimSubmitted, own: dict[str, ClaimSubmitted]) -> str | None:
    stay = admitted_from_emergency(view, claim).value
    if stay is not None and stay in own:
        return _first_part(view, own[stay], own)
    return split_into(view, claim, own).value


def _first_part(view: View, stay: ClaimSubmitted, own: dict[str, ClaimSubmitted]) -> str:
    return split_into(view, stay, own).value or stay.claim


def _case(
    view: View, claim: ClaimSubmitted, own: dict[str, ClaimSubmitted], into: dict[str, str | None]
) -> CaseOfCare:
    merged = tuple(each for each in own.values() if into[each.claim] == claim.claim)
    died = died_in_emergency(view, claim).value
    because = ["DX-25b"] if died else []
    if into[claim.claim] is not None or merged:
        parts = (claim, *merged)
        because.append("DX-25c" if any(each.kind in EMERGENCIES for each in parts) else "DX-52a")
    whole, part = decided_exclusion(view, claim).value
    if whole or part:
        because.append("DX-63i")
    kinds = (ClaimsDecision.EXCLUDED, ClaimsDecision.REFUSED, ClaimsDecision.REINSTATED)
    decisions = [fact.id for fact in _decisions(view, claim.claim, *kinds)]
    if claim.kind is ClaimKind.SPECIAL_DISEASE:
        decisions += [stay for day in days_of(claim) for stay in stays_over(view, claim.person, day).value]
    return CaseOfCare(
        claim,
        merged,
        into[claim.claim],
        died,
        whole,
        part,
        tuple(decisions),
        tuple(because),
    )


def recovered(view: View, claim: str) -> list[SanctionDecided]:
    """Decisions that recover money paid for a claim, each counted at the first claim it names."""
    found = view.facts(SanctionDecided, claim=claim)
    return [fact for fact in found if fact.claims and fact.claims[0] == claim]
