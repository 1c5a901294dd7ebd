"""Recoveries and fines, only by decision (arts. 52, 53, 60, 61, 64, 65). Money in fen."""

from collections.abc import Iterator

from domain.events.consequences import Entry, FactDecided, Posting
from domain.facts import SanctionDecided
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.citation import Finding, joined, rule
from domain.rulebook.view import View
from domain.values.terms import AcceptanceOutcome, Debtor

POOLED = "fund:employee_pooled"


@rule("DX-65a", article="第六十五条")
def agency_debt() -> str:
    """A loss caused by agency staff is recovered in the same way."""
    return "government:agency"


@rule("DX-64a", article="第六十四条")
def recovery_postings(
    fact: SanctionDecided, person: str | None, provider: str | None, pooled: int, supplement: int
) -> Finding[tuple[Posting, ...]]:
    """What is recovered goes to the account that had paid; a fine goes to the treasury, never to a member."""
    owed_by = debtor_account(fact, person, provider)
    amount = int(fact.recovered) if fact.recovered is not None else _whole(fact, pooled + supplement)
    fine = int(fact.fine or 0)
    postings = [Posting(owed_by.value, -(amount + fine))]
    if fact.fund is not None:
        postings.append(Posting(f"fund:{fact.fund.value}", amount, "recoveries"))
    else:
        to_pooled = min(amount, pooled) if pooled + supplement else amount
        postings.append(Posting(POOLED, to_pooled, "recoveries"))
        postings.append(Posting("fund:large_amount", amount - to_pooled, "recoveries"))
    postings.append(Posting("treasury:city", fine, "fines"))
    return Finding(tuple(each for each in postings if each.fen), owed_by.because)


def _whole(fact: SanctionDecided, paid: int) -> int:
    """Without an amount a recovery is of everything paid; a fine alone recovers nothing."""
    return paid if fact.fine is None else 0


def debtor_account(fact: SanctionDecided, person: str | None, provider: str | None) -> Finding[str]:
    """Who owes what was decided."""
    if fact.debtor is Debtor.AGENCY:
        return agency_debt()
    if fact.debtor is Debtor.PROVIDER:
        return Finding(f"provider:{fact.provider or provider}", ())
    if fact.debtor is Debtor.EMPLOYER:
        return Finding(f"employer:{fact.employer}", ())
    return Finding(f"member:{fact.person or person}", ())


def standing_alone(view: View, subject: str) -> Iterator[Entry]:
    """Decisions that name no claim, posted with the person, provider or employer they name, or the city."""
    kind, _, identifier = subject.partition(":")
    facts = (
        view.facts(SanctionDecided) if kind == "fund" else view.facts(SanctionDecided, **{kind: identifier})
    )
    for fact in facts:
        if fact.claims or owner_of(fact) != (subject if kind != "fund" else None):
            continue
        found = recovery_postings(fact, fact.person, fact.provider, 0, 0)
        if found.value:
            yield Entry(name=f"recovery/{fact.id}", on=fact.on, postings=found.value, because=found.because)


def owner_of(fact: SanctionDecided) -> str | None:
    """The one subject with which a decision without claims is posted."""
    if fact.person is not None:
        return f"person:{fact.person}"
    if fact.provider is not None:
        return f"provider:{fact.provider}"
    return f"employer:{fact.employer}" if fact.employer is not None else None


def decided(view: View, subject: str) -> Iterator[FactDecided]:
    """What was accepted of a decision: the recovery and the fine apart."""
    kind, _, identifier = subject.partition(":")
    facts = (
        view.facts(SanctionDecided) if kind == "fund" else view.facts(SanctionDecided, **{kind: identifier})
    )
    for fact in facts:
        amounts = {"recovered": int(fact.recovered or 0), "fine": int(fact.fine or 0)}
        given = {name: fen for name, fen in amounts.items() if fen}
        if given:
            answer = AcceptanceAnswer(
                outcome=AcceptanceOutcome.ACCEPTED, amount=sum(given.values()), amounts=given
            )
            yield FactDecided(fact=fact.id, answer=answer, because=joined(("DX-64a",)))
