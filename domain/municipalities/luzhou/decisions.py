"""What became of facts about membership and money where they are not simply accepted (受理结果)."""

from collections.abc import Callable, Iterator

from domain.errors import Unanswerable
from domain.events.consequences import Consequence, FactDecided, Problem
from domain.facts import (
    Enrolled,
    LumpSumPaid,
    PersonalAccountPaidOut,
    RefundRequested,
    RetireesHandedOver,
    RetirementProcessed,
    TransferOutRequested,
    WageDeclared,
)
from domain.municipalities.luzhou import (
    account,
    funding,
    individual,
    refund_claims,
    residents,
    roll,
    settlement,
    supplement,
    wages,
    years,
)
from domain.municipalities.luzhou.eligibility import enrolment_refusal, in_group
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.view import View
from domain.values.terms import AcceptanceOutcome, Capacity, DueOutcome, Group, LumpSumPurpose, PaymentPurpose

REFUSED = AcceptanceOutcome.REFUSED
PARTLY = AcceptanceOutcome.PARTLY_ACCEPTED
ACCEPTED = AcceptanceOutcome.ACCEPTED


def decisions(view: View, person: str) -> Iterator[Consequence]:
    """Decisions on the facts of one person; what cannot be decided says what is missing."""
    for chapter in _CHAPTERS:
        try:
            yield from chapter(view, person)
        except Unanswerable as missing:
            yield from _undecided(view, person, chapter, missing)


def _undecided(
    view: View, person: str, chapter: Callable[[View, str], Iterator[FactDecided]], missing: Unanswerable
) -> Iterator[FactDecided]:
    kind = _ASKS.get(chapter.__name__)
    if kind is None:
        return
    problem = Problem(code=missing.code, name=missing.name, date=missing.on)
    for fact in view.facts(kind, person=person):
        yield FactDecided(fact=fact.id, problem=problem, because=missing.because)


def _refused(fact: str, reason: str, because: tuple[str, ...], person: str | None = None) -> FactDecided:
    answer = AcceptanceAnswer(outcome=REFUSED, reason=reason)
    return FactDecided(fact=fact, person=person, answer=answer, because=because)


def _enrolments(view: View, person: str) -> Iterator[FactDecided]:
    for fact in view.facts(Enrolled, person=person):
        refusal = enrolment_refusal(view, fact, person)
        if refusal.value:
            several = person if fact.persons else None
            yield _refused(fact.id, refusal.value, refusal.because, several)
        elif fact.capacity is Capacity.EMPLOYED and fact.employment_from is not None:
            late = roll.declared_late(fact.employment_from, fact.on)
            if late.value:
                answer = AcceptanceAnswer(outcome=ACCEPTED, reason="late_declaration")
                yield FactDecided(fact=fact.id, answer=answer, because=late.because)


def _wages(view: View, person: str) -> Iterator[FactDecided]:
    for fact in view.facts(WageDeclared, person=person):
        in_time = wages.declared_in_time(fact)
        if not in_time.value:
            yield _refused(fact.id, "outside_window", in_time.because)


def _payments(view: View, person: str) -> Iterator[FactDecided]:
    paid = individual.payments_of(view, person)
    taken: dict[str, int] = {}
    for each in (*paid.gap, *(each for run in paid.runs for each in run.months)):
        taken[each.fact] = taken.get(each.fact, 0) + 1
    amounts = _amounts(view, person)
    for fact_id in dict.fromkeys([*taken, *paid.refused]):
        reason, months, because = paid.refused.get(fact_id, (None, (), ("LZ-14a",)))
        accepted = taken.get(fact_id, 0)
        answer = AcceptanceAnswer(
            outcome=REFUSED if not accepted else PARTLY if months else ACCEPTED,
            reason=reason,
            accepted_months=accepted,
            refused_months=len(months),
            amount=amounts.get(fact_id) if accepted else 0,
        )
        yield FactDecided(fact=fact_id, answer=answer, because=because)


def _amounts(view: View, person: str) -> dict[str, int]:
    """Per payment of an individual what was due for the months taken, in fen; empty while it is not known."""
    try:
        return {fact: amount for fact, (_, amount) in funding.individual_amounts(view, person).items()}
    except Unanswerable:
        return {}


def _unenrolled(view: View, person: str) -> Iterator[FactDecided]:
    for each in years.unenrolled_of(view, person):
        left = each.asked - each.accepted
        outcome = ACCEPTED if not left else PARTLY if each.accepted else REFUSED
        answer = AcceptanceAnswer(
            outcome=outcome,
            reason="months_over_limit" if left else None,
            accepted_months=each.accepted,
            refused_months=left,
            amount=each.amount,
        )
        yield FactDecided(fact=each.fact.id, answer=answer, because=("LZ-20a", "LZ-20b"))


def _residents(view: View, person: str) -> Iterator[FactDecided]:
    for verdict in residents.verdicts(view, person):
        several = person if len(verdict.fact.persons) > 1 else None
        if verdict.refusal is not None:
            yield _refused(verdict.fact.id, verdict.refusal, verdict.because, several)
        elif several:
            answer = AcceptanceAnswer(outcome=ACCEPTED)
            yield FactDecided(fact=verdict.fact.id, person=person, answer=answer, because=verdict.because)


def _lump_sums(view: View, person: str) -> Iterator[FactDecided]:
    for each in settlement.settled_sums(view, person):
        if each.refusal is not None:
            yield _refused(each.fact.id, each.refusal, each.because)
        else:
            answer = AcceptanceAnswer(
                outcome=ACCEPTED, accepted_months=each.months, amount=each.amount or None
            )
            yield FactDecided(fact=each.fact.id, answer=answer, because=each.because)
    for fact in view.facts(LumpSumPaid, person=person):
        land = fact.purpose is LumpSumPurpose.LAND_EXPROPRIATION
        if land and not in_group(view, person, Group.LAND_EXPROPRIATED, fact.on):
            yield _refused(fact.id, "not_eligible", ("LZ-21a",))


def _settlements(view: View, person: str) -> Iterator[FactDecided]:
    for fact in view.facts(RetirementProcessed, person=person):
        if settlement.start_of(view, person) is None:
            yield _refused(fact.id, "not_eligible", ("LZ-17d", "LZ-17a"))


def _refunds(view: View, person: str) -> Iterator[FactDecided]:
    for fact in view.facts(RefundRequested, person=person):
        found = refund_claims.assessed(view, person, fact)
        due = found.value.outcome is DueOutcome.DUE
        answer = AcceptanceAnswer(
            outcome=ACCEPTED if due else REFUSED, reason=found.value.reason, amount=found.value.amount
        )
        yield FactDecided(fact=fact.id, answer=answer, because=found.because)


def _leavings(view: View, person: str) -> Iterator[FactDecided]:
    for asked in view.facts(TransferOutRequested, person=person):
        blocked = account.blocks_transfer(account.months_owed(view, person, asked.on))
        if blocked.value:
            yield _refused(asked.id, "transfer_blocked_by_arrears", blocked.because)
    for paid in view.facts(PersonalAccountPaidOut, person=person):
        refusal = account.payout_refusal(view, person, paid)
        if refusal is not None:
            yield _refused(paid.id, refusal, ("LZ-25a",))


def _supplements(view: View, person: str) -> Iterator[FactDecided]:
    for each in supplement.memberships(view, person):
        if each.refusal is not None:
            yield _refused(each.fact, each.refusal, each.because)


def _handovers(view: View, person: str) -> Iterator[FactDecided]:
    for fact in view.facts(RetireesHandedOver, person=person):
        for retiree in fact.retirees:
            if retiree.person != person:
                continue
            allowed = settlement.may_be_handed_over(
                retiree.retired_on, fact.paid_without_interruption, fact.on
            )
            several = person if len(fact.retirees) > 1 else None
            if not allowed.value or fact.amount < settlement.handover_due(fact):
                yield _refused(fact.id, "not_eligible", allowed.because, several)
            else:
                due = 0 if several else settlement.handover_due(fact)
                answer = AcceptanceAnswer(outcome=ACCEPTED, amount=due or None)
                yield FactDecided(fact=fact.id, person=several, answer=answer, because=allowed.because)


_CHAPTERS: tuple[Callable[[View, str], Iterator[FactDecided]], ...] = (
    _enrolments,
    _wages,
    _payments,
    _unenrolled,
    _residents,
    _lump_sums,
    _settlements,
    _refunds,
    _leavings,
    _supplements,
    _handovers,
)
_ASKS: dict[str, type[RetirementProcessed] | type[RefundRequested]] = {
    "_settlements": RetirementProcessed,
    "_refunds": RefundRequested,
}

__all__ = ["PaymentPurpose", "decisions"]
