"""All consequences of one person: periods, contributions, refunds, claims, decisions on facts."""

from collections.abc import Iterator

from domain.errors import FactMissing
from domain.events.consequences import Consequence, Entry, FactDecided, Posting, Settlement, YearTotal
from domain.facts import (
    LayerPaid,
    OpeningAccount,
    PersonalAccountPaidOut,
    PersonalAccountSpent,
    RecoveryReceived,
    RefundRequested,
)
from domain.municipalities.panzhihua.funds import POOL, premiums, recovered, refused
from domain.municipalities.panzhihua.membership import membership
from domain.municipalities.panzhihua.payments import PaidYear, Payment, problem_of
from domain.municipalities.panzhihua.periods import benefit_periods
from domain.municipalities.panzhihua.refunds import RefundDecision
from domain.municipalities.panzhihua.settlement import Settled, settlements
from domain.municipalities.panzhihua.totals import year_totals
from domain.questions.answers import AcceptanceAnswer, ClaimAnswer
from domain.rulebook.citation import joined, rule
from domain.rulebook.view import View
from domain.values.terms import AcceptanceOutcome, Account, Layer, Scheme


def consequences_of_person(view: View, person: str) -> Iterator[Consequence]:
    """Everything that holds about a person."""
    known = membership(view, person)
    yield from benefit_periods(view, person)
    for paid in (*known.years.values(), *known.taken_back):
        yield from _contributions(person, paid)
    for request in view.facts(RefundRequested, person=person):
        if request.scheme is Scheme.RESIDENT and request.person == person:
            yield from _refund(view, person, request, known.refunds.get(request.id))
    yield from premiums(view, person)
    yield from _claims(view, person)
    yield from _accounts(view, person)
    for recovery in view.facts(RecoveryReceived, person=person):
        if recovery.person == person:
            yield recovered(recovery, f"member:{person}").value


def _contributions(person: str, paid: PaidYear) -> Iterator[Consequence]:
    for payment in paid.payments:
        yield from _payment(person, payment)
    if paid.paid_on is not None and paid.due is not None and paid.due.aid:
        source = f"{paid.year}/{'+'.join(paid.due.sources)}"
        postings = (
            Posting(f"receivable:aid:{source}", paid.due.aid),
            Posting(f"government:{source}", -paid.due.aid),
        )
        first = paid.payments[0].fact.id
        yield Entry(name=f"aid/{first}", on=paid.paid_on, postings=postings, because=("PZ-6a",))


def _payment(person: str, payment: Payment) -> Iterator[Consequence]:
    fact = payment.fact
    if payment.amount:
        payer = fact.payer or person
        parts = [Posting(f"member:{payer}", -payment.amount)]
        if payment.counted:
            parts.append(Posting(POOL, payment.counted, "individual"))
        if payment.held:
            parts.append(Posting(f"refundable:{payer}", payment.held))
        because = joined(payment.because, ("PZ-7a",))
        name = f"contribution/{fact.id}"
        yield Entry(name=name, on=fact.on, postings=tuple(parts), person=person, because=because)
    about = person if len(fact.persons) > 1 else None
    if payment.problem is not None:
        yield FactDecided(fact=fact.id, person=about, problem=payment.problem, because=payment.because)
    elif payment.reason is not None:
        yield refused(fact.id, payment.reason, payment.because, about)
    else:
        amounts = {"refundable": payment.held} if payment.held else None
        answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED, amount=payment.counted, amounts=amounts)
        yield FactDecided(fact=fact.id, person=about, answer=answer, because=payment.because)


def _refund(
    view: View, person: str, request: RefundRequested, decision: RefundDecision | None
) -> Iterator[Consequence]:
    if decision is None:
        error = FactMissing("refund_requested.year", request.on, ("PZ-9c",))
        yield FactDecided(fact=request.id, problem=problem_of(error), because=("PZ-9c",))
        return
    if decision.problem is not None:
        yield FactDecided(fact=request.id, problem=decision.problem, because=decision.because)
        return
    if decision.reason is not None:
        yield refused(request.id, decision.reason, decision.because)
        return
    outflow = decision.counted + decision.aid
    parts = [Posting(POOL, -outflow, "contribution_refund"), Posting(f"bank:{person}", decision.member)]
    if decision.aid:
        parts.append(Posting(f"government:{decision.year}/{'+'.join(decision.sources)}", decision.aid))
    parts += [Posting(f"refundable:{payer}", -fen) for payer, fen in decision.held(person).items()]
    if decision.member or decision.aid:
        because = joined(decision.because, ("PZ-20a",))
        yield Entry(
            name=f"refund/{request.id}", on=request.on, postings=tuple(parts), person=person, because=because
        )
    amount = decision.member + decision.aid
    answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED, amount=amount)
    yield FactDecided(fact=request.id, answer=answer, because=decision.because)


def _claims(view: View, person: str) -> Iterator[Consequence]:
    known = settlements(view, person)
    for settled in known.settled:
        yield from _claim(view, person, settled)
    for year in known.counters.years():
        answer, because = year_totals(view, person, year)
        yield YearTotal(person=person, scheme=Scheme.RESIDENT, year=year, answer=answer, because=because)


def _claim(view: View, person: str, settled: Settled) -> Iterator[Consequence]:
    claim, answer = settled.claim, settled.answer
    if answer is None:
        yield Settlement(
            claim=claim.claim, person=person, on=claim.on, problem=settled.problem, because=settled.because
        )
        return
    yield Settlement(
        claim=claim.claim,
        person=person,
        on=claim.on,
        answer=answer,
        payers=_payers(answer),
        because=joined(settled.because, ("PZ-18b",)),
    )
    yield from paid_out(person, settled, answer)
    yield from _cut_aid(view, settled, answer)


def _payers(answer: ClaimAnswer) -> dict[str, int]:
    parts = {
        "resident_pooled": answer.pooled,
        **{str(layer): amount for layer, amount in answer.supplement.items()},
        **answer.other_payers,
        "member": answer.member,
    }
    return {payer: fen for payer, fen in parts.items() if fen}


@rule("PZ-18a", article="第十八条")
def layers_paid(answer: ClaimAnswer) -> list[tuple[str, int]]:
    """The agency pays basic fund, critical illness and medical assistance, each from its own account."""
    aid = answer.supplement.get(Layer.MEDICAL_ASSISTANCE, 0)
    illness = answer.supplement.get(Layer.CRITICAL_ILLNESS, 0)
    return [(POOL, answer.pooled), ("fund:critical_illness", illness), ("insurer:medical_assistance", aid)]


def paid_out(person: str, settled: Settled, answer: ClaimAnswer) -> Iterator[Entry]:
    """The fund parts of a claim: to the provider, or to the person who had paid the bill."""
    layers = layers_paid(answer)
    parts = [Posting(account, -fen, "claims") for account, fen in layers.value if fen]
    if not parts:
        return
    to = f"provider:{settled.claim.provider}" if settled.direct else f"bank:{person}"
    parts.append(Posting(to, -sum(part.fen for part in parts)))
    name = f"claim/{settled.claim.claim}"
    because = joined(settled.because, layers.because)
    yield Entry(name=name, on=settled.day, postings=tuple(parts), person=person, because=because)


def _cut_aid(view: View, settled: Settled, answer: ClaimAnswer) -> Iterator[FactDecided]:
    left = answer.supplement.get(Layer.MEDICAL_ASSISTANCE, 0)
    for fact in view.facts(LayerPaid, claim=settled.claim.claim):
        if fact.layer is not Layer.MEDICAL_ASSISTANCE:
            continue
        used = min(left, int(fact.amount))
        left -= used
        if used < fact.amount:
            outcome = AcceptanceOutcome.PARTLY_ACCEPTED if used else AcceptanceOutcome.REFUSED
            reason = None if used else answer.reason
            decided = AcceptanceAnswer(outcome=outcome, reason=reason, amount=used)
            yield FactDecided(fact=fact.id, answer=decided, because=("PZ-18a",))


@rule("PZ-10a", article="第十条")
def personal_account_facts(view: View, person: str) -> list[str]:
    """Residents have no personal account: nothing is credited to one or spent from it."""
    found = [fact.id for fact in view.facts(PersonalAccountSpent, person=person) if fact.person == person]
    found += [fact.id for fact in view.facts(PersonalAccountPaidOut, person=person) if fact.person == person]
    opened = (f for f in view.facts(OpeningAccount, person=person) if f.account is Account.PERSONAL)
    return found + [fact.id for fact in opened]


def _accounts(view: View, person: str) -> Iterator[FactDecided]:
    found = personal_account_facts(view, person)
    for fact in found.value:
        yield refused(fact, "account_use_not_allowed", found.because)
