"""What enrolments post: own shares, budgets, extra layers; and what became of payments and refund requests."""

from collections.abc import Iterator
from datetime import date

from domain.errors import Unanswerable
from domain.events.consequences import Entry, FactDecided, Posting
from domain.facts import LayerPaid, RefundRequested
from domain.municipalities.jinjiang.cases import cases_of
from domain.municipalities.jinjiang.enrolment import Enrolment, PaidYear, enrolments_of, paid_years, void
from domain.municipalities.jinjiang.figures import (
    figure,
    last_day_of_window,
    late_subsidy,
    public_subsidy_of,
)
from domain.municipalities.jinjiang.households import incomplete
from domain.municipalities.jinjiang.layers import accident_refused
from domain.municipalities.jinjiang.price import department
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.terms import AcceptanceOutcome, DueOutcome, Layer, Scheme

POOL = "fund:resident_pooled"


def public_subsidy(view: View, year: int, day: date, in_school_window: bool) -> Finding[dict[str, int]]:
    """The public subsidy of one person by tier, for an enrolment on a day."""
    parts = public_subsidy_of(view, year)
    late = day > last_day_of_window(view, year).value and not in_school_window
    if not late:
        return parts
    shifted = late_subsidy(parts.value)
    return Finding(shifted.value, joined(shifted.because, parts.because))


@rule("JJ-6.2f", article="六（二）")
def layer_premiums(view: View, year: int, day: date) -> Finding[dict[str, int]]:
    """The county budget buys both insurances for each enrolled person once a year; the pool pays none of it."""
    governing = max(day, date(year, 1, 1))
    extra = figure(view, "layers.supplementary_premium_yuan", governing)
    injury = figure(view, "layers.accident_premium_yuan", governing)
    premiums = {"supplementary_insurance": extra.value, "accident_insurance": injury.value}
    return Finding(premiums, joined(("JJ-6.2d", "JJ-6.2e"), extra.because, injury.because))


def premium_entries(view: View, person: str) -> Iterator[Entry]:
    """Own share, subsidies and insurance premiums on the day of enrolment."""
    for enrolment in enrolments_of(view, person):
        name = f"{enrolment.year}/{enrolment.day}"
        if not void(view, person, enrolment):
            yield _own(person, name, enrolment)
            if enrolment.first:
                yield _public(view, person, name, enrolment)
                yield _insurers(view, person, name, enrolment)


@rule("JJ-4.1a", "JJ-8.3a", article="四（一）")
def sources(own: int, subsidy: int) -> int:
    """Premiums, budget subsidies, interest and other income all go to the Quanzhou fiscal account."""
    return own + subsidy


def _own(person: str, name: str, enrolment: Enrolment) -> Entry:
    price = enrolment.price
    if price is None:
        return Entry(
            name=f"premium/{name}",
            on=enrolment.day,
            waiting_for=enrolment.waiting_for,
            person=person,
            other=POOL,
            because=enrolment.because,
        )
    received = sources(price.own, price.subsidy)
    postings = [Posting(POOL, received.value, "contributions")]
    if price.own:
        postings.append(Posting(f"member:{person}", -price.own))
    because = joined(enrolment.because, received.because)
    if price.subsidy:
        tag = department(price.group)
        because = joined(because, tag.because)
        postings.append(Posting("government:county", -price.subsidy, tag.value))
    return Entry(
        name=f"premium/{name}", on=enrolment.day, postings=tuple(postings), person=person, because=because
    )


def _public(view: View, person: str, name: str, enrolment: Enrolment) -> Entry:
    try:
        parts = public_subsidy(view, enrolment.year, enrolment.day, enrolment.basis == "student")
    except Unanswerable as error:
        return Entry(
            name=f"public_subsidy/{name}",
            on=enrolment.day,
            waiting_for="fiscal_subsidy",
            person=person,
            other=POOL,
            because=error.because,
        )
    paid = [Posting(f"government:{tier}", -fen) for tier, fen in parts.value.items() if fen]
    total = Posting(POOL, sum(parts.value.values()), "subsidy")
    return Entry(
        name=f"public_subsidy/{name}",
        on=enrolment.day,
        postings=(total, *paid),
        person=person,
        because=parts.because,
    )


def _insurers(view: View, person: str, name: str, enrolment: Enrolment) -> Entry:
    premiums = layer_premiums(view, enrolment.year, enrolment.day)
    bought = [Posting(f"insurer:{layer}", fen) for layer, fen in premiums.value.items()]
    county = Posting("government:county", -sum(premiums.value.values()), "layer_premiums")
    return Entry(
        name=f"layer_premium/{name}",
        on=enrolment.day,
        postings=(county, *bought),
        person=person,
        because=premiums.because,
    )


def payment_decisions(view: View, person: str) -> Iterator[FactDecided]:
    """What became of every payment for a person, where it is not simply accepted."""
    for paid in paid_years(view, person).values():
        for fact in paid.payments:
            found = _decision(view, person, paid, fact.id)
            if isinstance(found, FactDecided):
                yield found
            elif found.value is not None or len(fact.persons) > 1:
                answer = found.value or AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED)
                yield FactDecided(
                    fact=fact.id,
                    person=person if len(fact.persons) > 1 else None,
                    answer=answer,
                    because=found.because,
                )


def _decision(
    view: View, person: str, paid: PaidYear, fact: str
) -> FactDecided | Finding[AcceptanceAnswer | None]:
    if fact in paid.problems:
        problem, because = paid.problems[fact]
        return FactDecided(fact=fact, problem=problem, because=because)
    if fact in paid.refused:
        reason, because = paid.refused[fact]
        return Finding(AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason=reason), because)
    for enrolment in paid.enrolments:
        if any(each.id == fact for each in enrolment.payments):
            return _flagged(view, person, enrolment)
    return Finding(None)


def _flagged(view: View, person: str, enrolment: Enrolment) -> Finding[AcceptanceAnswer | None]:
    """An enrolment that leaves members of the household out is accepted with a flag (JJ-3.1b)."""
    together = enrolment.payments[-1].persons
    absent = tuple(each for each in incomplete(view, person, enrolment) if each not in together)
    if not absent:
        return Finding(None, enrolment.because)
    answer = AcceptanceAnswer(
        outcome=AcceptanceOutcome.ACCEPTED, reason="household_incomplete", missing=absent
    )
    return Finding(answer, ("JJ-3.1b",))


@rule("JJ-5.3a", article="五（三）1")
def not_refunded() -> int:
    """Leaving brings no refund of the premium, nor of the public subsidy."""
    return 0


def refundable(view: View, person: str, year: int) -> Finding[int | None]:
    """What is to be paid back for a year, in fen; None when nothing was ever paid."""
    paid = paid_years(view, person).get(year)
    if paid is None or not paid.payments:
        return Finding(None)
    amount, because = paid.returned, joined(*(found[1] for found in paid.refused.values()))
    for enrolment in paid.enrolments:
        if void(view, person, enrolment):
            amount += enrolment.paid
            because = joined(because, ("JJ-5.3a",))
        elif enrolment.refundable:
            amount += enrolment.refundable
            because = joined(because, ("JJ-4.3i",))
    if amount == 0:
        because = joined(not_refunded().because, because, ("JJ-5.3b",))
    return Finding(amount, because)


def refund_outcome(amount: int | None) -> DueOutcome:
    """Due, nothing due because nothing was paid, or refused."""
    if amount is None:
        return DueOutcome.NOTHING_DUE
    return DueOutcome.DUE if amount > 0 else DueOutcome.REFUSED


def refund_year(view: View, person: str, year: int | None, on: date) -> int:
    """The year asked about; else the year of the day, or the last one paid before."""
    if year is not None:
        return year
    paid = list(paid_years(view, person))
    return on.year if on.year in paid or not paid else paid[-1]


def refund_decisions(view: View, person: str) -> Iterator[FactDecided]:
    """Requests for money back."""
    for fact in view.facts(RefundRequested, person=person):
        if fact.scheme is not Scheme.RESIDENT or fact.person != person:
            continue
        found = refundable(view, person, refund_year(view, person, fact.year, fact.on))
        if found.value:
            answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED, amount=found.value)
        else:
            answer = AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason="refund_not_due")
        yield FactDecided(fact=fact.id, answer=answer, because=found.because)


def layer_records(view: View, person: str) -> Iterator[FactDecided | Entry]:
    """Refused payments of the accident insurance, and its benefits for death and disability."""
    for case in cases_of(view, person):
        for fact in view.facts(LayerPaid, claim=case.claim.claim):
            if accident_refused(case, fact):
                answer = AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason="cause_excluded")
                yield FactDecided(fact=fact.id, answer=answer, because=("JJ-6.2e",))
    for fact in view.facts(LayerPaid, person=person):
        if fact.claim is None and fact.person == person:
            rules = ("JJ-6.2e",) if fact.layer is Layer.ACCIDENT_INSURANCE else ("JJ-6.3b",)
            yield Entry(
                name=f"layer/{fact.id}",
                on=fact.on,
                person=person,
                postings=(
                    Posting(f"insurer:{fact.layer}", -fact.amount, "claims"),
                    Posting(f"bank:{person}", int(fact.amount)),
                ),
                because=rules,
            )
