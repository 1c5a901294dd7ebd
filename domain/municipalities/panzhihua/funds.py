"""Separate funds, gross postings, receipts, premium, clearing and recoveries (arts. 7, 20 to 22, 24)."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from domain.errors import FactMissing, Unanswerable
from domain.events.consequences import Consequence, Entry, FactDecided, Posting
from domain.facts import (
    ClaimSubmitted,
    FundIncomeReceived,
    FundTransferOrdered,
    ParameterAnnounced,
    ProviderCleared,
    RecoveryReceived,
)
from domain.municipalities.panzhihua.announced import of_year, rejected
from domain.municipalities.panzhihua.membership import membership
from domain.municipalities.panzhihua.payments import problem_of
from domain.municipalities.panzhihua.policy import require_force
from domain.municipalities.panzhihua.settlement import settlements
from domain.questions import kinds as ask
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.announcements import fen_in
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.terms import (
    AcceptanceOutcome,
    AnnouncementKey,
    Fund,
    FundTransferKind,
    IncomeSource,
)

POOL = "fund:resident_pooled"
ELSEWHERE = (Fund.EMPLOYEE_POOLED, Fund.MATERNITY)
"""Funds of the employee scheme: what moves between them does not touch the pool."""
FUNDS = "fund:city"
BOOKS = {
    IncomeSource.AID: "aid",
    IncomeSource.SUBSIDY: "government_subsidy",
    IncomeSource.INTEREST: "interest",
}
"""Income books of the pool by source of a receipt (PZ-7a); everything else is `other`."""


def refused(fact: str, reason: str, because: tuple[str, ...], person: str | None = None) -> FactDecided:
    """A fact that stays recorded but has no effect."""
    answer = AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason=reason)
    return FactDecided(fact=fact, person=person, answer=answer, because=because)


def city_funds(view: View) -> Iterator[Consequence]:
    """Everything that concerns the funds of the city as a whole."""
    for announcement in view.facts(ParameterAnnounced):
        broken = rejected(view, announcement)
        if broken:
            yield refused(announcement.id, "announcement_out_of_bounds", broken)
    for income in view.facts(FundIncomeReceived):
        yield received(income)
    for order in view.facts(FundTransferOrdered):
        yield from transferred(view, order)
    for recovery in view.facts(RecoveryReceived):
        if recovery.person is None and recovery.provider is None:
            yield recovered(recovery, f"debtor:{recovery.debtor}").value


def received(income: FundIncomeReceived) -> Entry:
    """Income of a fund on the day of receipt, in its own book."""
    book = income_book(income.source)
    payer = f"government:{income.payer or income.source}"
    postings = (
        Posting(f"fund:{income.fund}", int(income.amount), book.value),
        Posting(payer, -income.amount),
    )
    because = joined(book.because, ("PZ-6b",) if income.source is IncomeSource.SUBSIDY else ())
    return Entry(name=f"income/{income.id}", on=income.on, postings=postings, because=because)


@rule("PZ-7a", article="第七条")
def income_book(source: IncomeSource) -> str:
    """Individual contributions, aid, government subsidy, interest and other income, counted on receipt."""
    return BOOKS.get(source, "other")


@rule("PZ-20a", article="第二十条")
def may_transfer(kind: FundTransferKind, fund: Fund | None) -> bool:
    """The pool is kept apart: only the critical-illness premium may leave it for another fund."""
    if kind in (FundTransferKind.CRITICAL_ILLNESS_PREMIUM, FundTransferKind.PUBLIC_SUBSIDY):
        return fund in (None, Fund.RESIDENT_POOLED, Fund.CRITICAL_ILLNESS)
    return fund in ELSEWHERE


def transferred(view: View, order: FundTransferOrdered) -> Iterator[Consequence]:
    """An ordered transfer: the premium on what was known when it was ordered, anything else is refused."""
    allowed = may_transfer(order.transfer, order.fund)
    if not allowed.value:
        yield refused(order.id, "fund_separation", allowed.because)
        return
    if order.transfer is not FundTransferKind.CRITICAL_ILLNESS_PREMIUM:
        return
    try:
        per_head = premium_per_head(view, order.year)
    except Unanswerable as error:
        yield FactDecided(fact=order.id, problem=problem_of(error), because=error.because)
        return
    answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED)
    yield FactDecided(fact=order.id, answer=answer, because=joined(per_head.because, allowed.because))


def premiums(view: View, person: str) -> Iterator[Entry]:
    """What the ordered premiums move for one person who was enrolled on their reference day."""
    use = str(FundTransferKind.CRITICAL_ILLNESS_PREMIUM)
    for order in view.facts(FundTransferOrdered):
        allowed = may_transfer(order.transfer, order.fund)
        if order.transfer is not FundTransferKind.CRITICAL_ILLNESS_PREMIUM or not allowed.value:
            continue
        if not _is_enrolled(view, person, order.year, order.on):
            continue
        try:
            per_head = premium_per_head(view, order.year)
        except Unanswerable:
            continue  # said of the order itself
        amount = premium(per_head.value, 1)
        postings = (Posting(POOL, -amount.value, use), Posting("fund:critical_illness", amount.value, use))
        because = joined(amount.because, per_head.because, allowed.because)
        if amount.value:
            yield Entry(name=f"transfer/{order.id}", on=order.on, postings=postings, because=because)


def with_premium(
    view: View, question: ask.Acceptance, found: Finding[AcceptanceAnswer]
) -> Finding[AcceptanceAnswer]:
    """What became of an ordered premium with its amount, found when asked: it rests on everybody."""
    order = view.sources.fact(question.id)
    if not isinstance(order, FundTransferOrdered) or found.value.outcome is not AcceptanceOutcome.ACCEPTED:
        return found
    if order.transfer is not FundTransferKind.CRITICAL_ILLNESS_PREMIUM:
        return found
    amount, _, because = premium_of(view, order.year, order.on)
    return Finding(replace(found.value, amount=amount), joined(because, found.because))


@rule("PZ-24a", article="第二十四条")
def premium(per_head: int, count: int) -> int:
    """The announced amount a head times the persons enrolled for the year, people waiting included."""
    return per_head * count


def premium_of(view: View, year: int, on: date) -> tuple[int, int, tuple[str, ...]]:
    """The critical-illness premium of a year on a day: amount in fen, persons, rules."""
    per_head = premium_per_head(view, year)
    count = enrolled_count(view, year, on)
    found = premium(per_head.value, count)
    return found.value, count, joined(found.because, per_head.because)


def premium_per_head(view: View, year: int) -> Finding[int]:
    """The announced premium of a year for one person, in fen (P17)."""
    in_force = require_force(view, date(year, 1, 1))
    announced = of_year(view, AnnouncementKey.CRITICAL_ILLNESS_PREMIUM, year, ("PZ-24a",))
    return Finding(fen_in(announced), in_force)


def enrolled_count(view: View, year: int, on: date) -> int:
    """Persons fully paid for a year by a day and not given their money back by then."""
    people = (subject.partition(":")[2] for subject in view.sources.subjects("person"))
    return sum(1 for person in people if _is_enrolled(view, person, year, on))


def _is_enrolled(view: View, person: str, year: int, on: date) -> bool:
    known = membership(view, person)
    paid = known.years.get(year)
    if paid is not None and (paid.opening or (paid.paid_on is not None and paid.paid_on <= on)):
        return True
    later = [
        decision
        for request, decision in known.refunds.items()
        if decision.year == year and decision.is_due and _asked_on(view, request) > on
    ]
    gone = (each for each in known.taken_back if each.year == year and each.paid_on is not None)
    return bool(later) and any(each.paid_on is not None and each.paid_on <= on for each in gone)


def _asked_on(view: View, request: str) -> date:
    fact = view.sources.fact(request)
    assert fact is not None
    return fact.on


@rule("PZ-22a", article="第二十二条")
def recovered(recovery: RecoveryReceived, debtor: str) -> Entry:
    """Money recovered by decision is other income of the fund on the day it arrives."""
    fund = f"fund:{recovery.fund or Fund.RESIDENT_POOLED}"
    postings = (Posting(fund, int(recovery.amount), "other"), Posting(debtor, -recovery.amount))
    return Entry(
        name=f"recovery/{recovery.id}",
        on=recovery.on,
        postings=postings,
        because=("PZ-22a", "PZ-7a", "PZ-20a"),
    )


def provider_funds(view: View, provider: str) -> Iterator[Consequence]:
    """Final clearing with a provider, and money that it pays back."""
    for clearing in view.facts(ProviderCleared, provider=provider):
        yield from cleared(view, clearing)
    for recovery in view.facts(RecoveryReceived, provider=provider):
        if recovery.person is None:
            yield recovered(recovery, f"provider:{provider}").value


@rule("PZ-21a", article="第二十一条")
def clearing_difference(amount: int, parts: Iterable[int]) -> int:
    """What the agency finally pays for stays less the fund parts settled; no member's share changes."""
    return amount - sum(parts)


def cleared(view: View, clearing: ProviderCleared) -> Iterator[Consequence]:
    """The difference between the cleared amount and the fund parts of the same stays."""
    try:
        parts = [fund_part(view, claim, clearing) for claim in clearing.claims or ()]
        if not parts:
            raise FactMissing("provider_cleared.claims", clearing.on, ("PZ-21a",))
    except Unanswerable as error:
        yield FactDecided(fact=clearing.id, problem=problem_of(error), because=error.because)
        return
    found = clearing_difference(clearing.amount, parts)
    if found.value:
        postings = (
            Posting(POOL, -found.value, "claims"),
            Posting(f"provider:{clearing.provider}", found.value),
        )
        yield Entry(name=f"clearing/{clearing.id}", on=clearing.on, postings=postings, because=found.because)
    amounts = {"difference": found.value, "fund_part": sum(parts)}
    outcome = AcceptanceOutcome.ACCEPTED
    answer = AcceptanceAnswer(outcome=outcome, amount=int(clearing.amount), amounts=amounts)
    yield FactDecided(fact=clearing.id, answer=answer, because=found.because)


def fund_part(view: View, claim: str, clearing: ProviderCleared) -> int:
    """The pool's part of a claim that was settled with the provider, in fen."""
    found = view.facts(ClaimSubmitted, claim=claim)
    own = [fact for fact in found if fact.claim == claim]
    if not own:
        raise FactMissing("claim_submitted.claim", clearing.on, ("PZ-21a",))
    for settled in settlements(view, own[-1].person).settled:
        if settled.claim.claim == claim:
            if settled.problem is not None:
                problem = settled.problem
                raise Unanswerable(problem.code, problem.name, None, settled.because).at(problem.date)
            return settled.answer.pooled if settled.answer is not None and settled.direct else 0
    return 0
