"""What became of facts that are not simply accepted. Money in fen."""

from collections.abc import Iterator
from datetime import date

from domain.errors import Unanswerable
from domain.events.consequences import Consequence, Entry, FactDecided, Posting, Problem
from domain.facts import (
    ContributionPaid,
    EmployerRegistered,
    Enrolled,
    Fact,
    LumpSumPaid,
    RefundRequested,
    RetirementProcessed,
    SanctionDecided,
    TransferOutRequested,
)
from domain.municipalities.suizhou.account import ledger
from domain.municipalities.suizhou.payers import paid_by_funds
from domain.municipalities.suizhou.payments import refunded, refused_payments
from domain.municipalities.suizhou.policy import figure, in_force, problem_of
from domain.municipalities.suizhou.resident import entries as resident_entries
from domain.municipalities.suizhou.resident import gives_back
from domain.municipalities.suizhou.resident_refund import granted, requests
from domain.municipalities.suizhou.settlement import Settled, settled
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.calendar import add_days
from domain.values.terms import AcceptanceOutcome, Capacity, Debtor, Scheme

GOVERNED = (ContributionPaid, LumpSumPaid, RetirementProcessed, RefundRequested, TransferOutRequested)


@rule("SZ-8a", article="第八条")
def registered_in_time(started_on: date, registered_on: date, days: int) -> bool:
    """Employers and employees are registered within 30 days; later it is only flagged."""
    return registered_on <= add_days(started_on, days)


def _refused(
    fact: str, reason: str | None, because: tuple[str, ...], person: str | None = None
) -> FactDecided:
    answer = AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason=reason)
    return FactDecided(fact=fact, person=person, answer=answer, because=because)


def person_decisions(view: View, person: str) -> Iterator[Consequence]:
    """Facts about a person that were refused, flagged, or could not be judged."""
    yield from _outside_force(view, person)
    for payment in refused_payments(view, person):
        yield _refused(payment.id, "not_eligible", ("SZ-7b",))
    yield from _residents(view, person)
    for fact, (reason, problem, because) in ledger(view, person).refused.items():
        if problem is not None:
            yield FactDecided(fact=fact, problem=problem, because=because)
        else:
            yield _refused(fact, reason, because)
    yield from _refund_requests(view, person)
    yield from _late_registrations(view, person)


def _outside_force(view: View, person: str) -> Iterator[FactDecided]:
    for kind in GOVERNED:
        facts: list[Fact] = view.facts(kind, person=person)
        for fact in facts:
            if getattr(fact, "person", None) == person and not in_force(view, fact.on):
                problem = Problem(code="rules_not_in_force", name="document", date=str(fact.on))
                yield FactDecided(fact=fact.id, problem=problem, because=("SZ-79a",))


def _residents(view: View, person: str) -> Iterator[FactDecided]:
    for entry in resident_entries(view, person):
        whom = None if entry.newborn else person
        if entry.problem is not None:
            yield FactDecided(fact=entry.fact, person=whom, problem=entry.problem, because=entry.because)
        elif entry.reason is not None:
            yield _refused(entry.fact, entry.reason, entry.because, person)
        else:
            answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED)
            yield FactDecided(fact=entry.fact, person=person, answer=answer, because=entry.because)


def _refund_requests(view: View, person: str) -> Iterator[FactDecided]:
    for request in requests(view, person):
        try:
            allowed = granted(view, person, request)
        except Unanswerable as error:
            yield FactDecided(fact=request.id, problem=problem_of(error), because=error.because)
            continue
        if not allowed.value or not gives_back(view, person, request.id):
            yield _refused(request.id, "refund_not_due", allowed.because)
    given = {request.id for request in refunded(view, person).values()}
    for request in view.facts(RefundRequested, person=person):
        if request.scheme is Scheme.EMPLOYEE and request.id not in given and in_force(view, request.on):
            yield _refused(request.id, "refund_not_due", ("SZ-12b",))


def _late_registrations(view: View, person: str) -> Iterator[FactDecided]:
    for fact in view.facts(Enrolled, person=person):
        if fact.capacity is not Capacity.EMPLOYED or fact.employment_from is None:
            continue
        days = int(figure(view, "contribution.registration_days", date.max))
        in_time = registered_in_time(fact.employment_from, fact.on, days)
        if not in_time.value:
            answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED, reason="late_registration")
            yield FactDecided(fact=fact.id, answer=answer, because=in_time.because)


def employer_decisions(view: View, employer: str) -> Iterator[FactDecided]:
    """Employers registered late, and payments outside the document's force."""
    for fact in view.facts(EmployerRegistered, employer=employer):
        if fact.established_on is None:
            continue
        days = int(figure(view, "contribution.registration_days", date.max))
        in_time = registered_in_time(fact.established_on, fact.applied_on or fact.on, days)
        if not in_time.value:
            answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED, reason="late_registration")
            yield FactDecided(fact=fact.id, answer=answer, because=in_time.because)
    for payment in view.facts(ContributionPaid, employer=employer):
        if payment.person is None and not in_force(view, payment.on):
            problem = Problem(code="rules_not_in_force", name="document", date=str(payment.on))
            yield FactDecided(fact=payment.id, problem=problem, because=("SZ-79a",))


def sanctions(view: View, person: str) -> Iterator[Consequence]:
    """Recoveries of claims of a person: the amount obtained goes back to the fund that paid it."""
    decided: dict[str, tuple[SanctionDecided, int]] = {}
    for each in settled(view, person):
        for fact in view.facts(SanctionDecided, claim=each.claim.claim):
            if not fact.claims or each.claim.claim not in fact.claims or each.problem is not None:
                continue
            recovered = _recovered(each, fact)
            decided[fact.id] = (fact, decided.get(fact.id, (fact, 0))[1] + recovered)
            if each.reversed_on is None and recovered:
                yield _recovery(each, fact, person, recovered)
    for identifier, (fact, recovered) in decided.items():
        amounts = {"recovered": recovered}
        if fact.fine is not None:
            amounts["fine"] = int(fact.fine)
        answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED, amount=recovered, amounts=amounts)
        yield FactDecided(fact=identifier, person=person, answer=answer, because=("SZ-75a",))


def _recovered(each: Settled, fact: SanctionDecided) -> int:
    """The amount stated for a single claim, or all that the funds had paid."""
    if fact.recovered is not None and len(fact.claims or ()) == 1:
        return int(fact.recovered)
    return sum(paid_by_funds(each).values())


def _recovery(each: Settled, fact: SanctionDecided, person: str, recovered: int) -> Entry:
    debtor = _debtor_account(fact, each, person)
    fund = str(fact.fund) if fact.fund is not None else next(iter(paid_by_funds(each)), "employee_pooled")
    return Entry(
        name=f"recovery/{fact.id}/{each.claim.claim}",
        on=fact.on,
        postings=(Posting(f"fund:{fund}", recovered, "recovery"), Posting(debtor, -recovered)),
        because=("SZ-75a",),
    )


def _debtor_account(fact: SanctionDecided, each: Settled, person: str) -> str:
    match fact.debtor:
        case Debtor.PROVIDER:
            return f"provider:{fact.provider or each.claim.provider}"
        case Debtor.EMPLOYER:
            return f"employer:{fact.employer}"
        case Debtor.AGENCY:
            return "government:agency"
    return f"member:{person}"
