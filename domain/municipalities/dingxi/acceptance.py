"""What becomes of facts that a rule flags or does not allow."""

from collections.abc import Iterator

from domain.errors import Unanswerable
from domain.events.consequences import FactDecided
from domain.facts import (
    ContributionPaid,
    EmployerRegistered,
    LumpSumPaid,
    RefundPaid,
    SpecialDiseaseApproved,
    SpecialDiseasesSelected,
)
from domain.municipalities.dingxi.enrolment import outside_scheme, registered_late
from domain.municipalities.dingxi.policy import figure
from domain.municipalities.dingxi.refunds import accepted_for_employer, accepted_refunds
from domain.municipalities.dingxi.retirement import parts
from domain.municipalities.dingxi.special_diseases import number
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.view import View
from domain.values.terms import AcceptanceOutcome, Programme


def _refused(fact: str, reason: str, *because: str) -> FactDecided:
    answer = AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason=reason)
    return FactDecided(fact=fact, answer=answer, because=because)


def person_decisions(view: View, person: str) -> Iterator[FactDecided]:
    """Facts about a person that are refused, or accepted with an amount."""
    for paid in view.facts(ContributionPaid, person=person):
        if outside_scheme(view, person, paid.on).value:
            yield _refused(paid.id, "not_in_scheme", "DX-66a")
    for approved in view.facts(SpecialDiseaseApproved, person=person):
        listed = figure(view, "special.limit_yuan", approved.on)
        if approved.programme is Programme.SPECIAL_DISEASE and number(approved.disease) not in listed:
            yield _refused(approved.id, "not_eligible", "DX-30a")
    for chosen in view.facts(SpecialDiseasesSelected, person=person):
        if len(chosen.diseases) > figure(view, "special.combination", chosen.on)["used"]:
            yield _refused(chosen.id, "not_eligible", "DX-30b")
    yield from _lump_sums(view, person)
    yield from _refunds(view, person)


def _lump_sums(view: View, person: str) -> Iterator[FactDecided]:
    for fact in view.facts(LumpSumPaid, person=person):
        try:
            found = parts(view, person, fact.mode)
        except Unanswerable:
            continue
        due = sum(part.amount for part in found.value)
        if not found.value:
            yield _refused(fact.id, "not_eligible", *found.because)
            continue
        answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED, amount=int(fact.amount or due))
        yield FactDecided(fact=fact.id, answer=answer, because=found.because)


def _refunds(view: View, person: str) -> Iterator[FactDecided]:
    try:
        accepted = accepted_refunds(view, person)
    except Unanswerable:
        return
    known = {refund.fact.id for refund in accepted}
    for fact in view.facts(RefundPaid, person=person):
        if fact.id not in known:
            yield _refused(fact.id, "amount_out_of_range", "DX-11d")


def employer_decisions(view: View, employer: str) -> Iterator[FactDecided]:
    """An employer's late registration is flagged and accepted all the same; more than is held for it is not paid back."""
    for fact in view.facts(EmployerRegistered, employer=employer):
        late = registered_late(view, fact)
        if late.value:
            answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED, reason="late_registration")
            yield FactDecided(fact=fact.id, answer=answer, because=late.because)
    try:
        accepted = accepted_for_employer(view, employer)
    except Unanswerable:
        return
    for refund in view.facts(RefundPaid, employer=employer):
        if refund.person is None and refund not in accepted:
            yield _refused(refund.id, "amount_out_of_range", "DX-11d")
