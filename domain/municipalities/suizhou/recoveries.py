"""Money recovered or compensated by decision that names no claim (articles 75 and 76). Money in fen."""

from collections.abc import Iterator

from domain.events.consequences import Entry, FactDecided, Posting
from domain.facts import SanctionDecided
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.terms import AcceptanceOutcome, Debtor


@rule("SZ-76a", article="第七十六条")
def compensated(amount: int) -> int:
    """What an agency or somebody else must pay to a fund is recorded as decided."""
    return amount


def recoveries(view: View, subject: str, identifier: str = "") -> Iterator[Entry | FactDecided]:
    """Decisions without claims that belong to a subject: a provider, an employer, a person, or nobody."""
    named = {subject: identifier} if identifier else {}
    for fact in view.facts(SanctionDecided, **named):
        if fact.claims or _belongs_to(fact) != (subject, identifier):
            continue
        recovered = compensated(int(fact.recovered or 0))
        amounts = {"recovered": recovered.value}
        if fact.fine is not None:
            amounts["fine"] = int(fact.fine)
        answer = AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED, amount=recovered.value, amounts=amounts)
        yield FactDecided(fact=fact.id, answer=answer, because=recovered.because)
        if fact.fund is not None and recovered.value:
            yield Entry(
                name=f"recovery/{fact.id}",
                on=fact.on,
                postings=(
                    Posting(f"fund:{fact.fund}", recovered.value, "recovery"),
                    Posting(_debtor(fact), -recovered.value),
                ),
                because=recovered.because,
            )


def _belongs_to(fact: SanctionDecided) -> tuple[str, str]:
    for subject, named in (
        ("provider", fact.provider),
        ("employer", fact.employer),
        ("person", fact.person),
    ):
        if named is not None:
            return subject, named
    return "fund", ""


def _debtor(fact: SanctionDecided) -> str:
    match fact.debtor:
        case Debtor.PROVIDER if fact.provider is not None:
            return f"provider:{fact.provider}"
        case Debtor.EMPLOYER if fact.employer is not None:
            return f"employer:{fact.employer}"
        case Debtor.MEMBER if fact.person is not None:
            return f"member:{fact.person}"
    return "government:agency"
