"""Money that comes back: violations of the service agreement, fraud, fines (chapters 16 and 18)."""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from domain.errors import FactMissing, Unanswerable
from domain.events.consequences import Consequence, Entry, FactDecided, Posting, Problem
from domain.facts import ClaimsDecided, Fact, SanctionDecided
from domain.municipalities.luzhou.policy import figure
from domain.municipalities.luzhou.submitted import claim_of, claims_told
from domain.questions.answers import AcceptanceAnswer
from domain.rulebook.citation import rule
from domain.rulebook.view import View
from domain.values.money import Ratio
from domain.values.terms import AcceptanceOutcome, ClaimsDecision, Debtor, Fund, SanctionReason, Scheme

Paid = Callable[[str], int]
"""What basic insurance paid for a claim before recoveries, in fen."""


class Taken(Struct, frozen=True):
    """What one decision takes back from one claim (fen), and who bears it."""

    fact: Fact
    amount: int
    debtor: Debtor


@rule("LZ-49a", article="第四十九条")
def taken_back(paid: int, asked: int) -> int:
    """The agency refuses or recovers what was paid, in full or in part; cap room is restored (fen)."""
    return min(paid, asked)


@rule("LZ-49b", article="第四十九条")
def fine_in_range(obtained: int, fine: int, multiples: Mapping[str, Ratio]) -> bool:
    """The fine for fraud is 2 to 5 times the amount obtained, both included (fen)."""
    return obtained * multiples["lowest"] <= fine <= obtained * multiples["highest"]


def taken_from(view: View, claim: str, paid: Paid) -> list[Taken]:
    """What all decisions that name a claim take back from it, in order of effect."""
    taken: list[Taken] = []
    facts = [f for f in view.known(f"claim:{claim}") if isinstance(f, ClaimsDecided | SanctionDecided)]
    for fact in facts:
        if isinstance(fact, ClaimsDecided) and fact.decision is ClaimsDecision.REINSTATED:
            taken = [each for each in taken if not isinstance(each.fact, ClaimsDecided)]
            continue
        asked = _asked(view, fact, paid)
        if asked is None or claim not in (fact.claims or ()):
            continue
        left = paid(claim) - sum(each.amount for each in taken)
        share = _share_of(claim, fact.claims or (), asked, paid)
        amount = taken_back(max(0, left), share).value
        debtor = _debtor(fact) if isinstance(fact, SanctionDecided) else Debtor.PROVIDER
        if amount:
            taken.append(Taken(fact, amount, debtor))
    return taken


def restored_elsewhere(view: View, person: str) -> dict[tuple[Scheme, int], int]:
    """Cap room given back for claims older than the ledger: person and year are named (fen)."""
    found: dict[tuple[Scheme, int], int] = {}
    for fact in view.facts(SanctionDecided, person=person):
        if fact.year is None or not fact.recovered or _named_here(view, fact):
            continue
        if is_accepted(view, fact, lambda claim: 0):
            key = (scheme_of(fact), fact.year)
            found[key] = found.get(key, 0) + fact.recovered
    return found


def scheme_of(fact: SanctionDecided) -> Scheme:
    """The scheme whose fund had paid a claim that is not in the ledger."""
    return Scheme.RESIDENT if fact.fund is Fund.RESIDENT_POOLED else Scheme.EMPLOYEE


def is_accepted(view: View, fact: SanctionDecided, paid: Paid) -> bool:
    """Whether a sanction has effect: a fine for fraud out of range has none (LZ-49b)."""
    if fact.reason is not SanctionReason.FRAUD or fact.fine is None:
        return True
    multiples: Mapping[str, Ratio] = figure("sanction.fine_multiple", fact.on)
    return fine_in_range(_obtained(view, fact, paid), fact.fine, multiples).value


def sanction_consequences(view: View, subject: str, paid: Paid) -> Iterator[Consequence]:
    """Decision and postings of every sanction for which a subject is responsible."""
    for fact in _sanctions(view, subject):
        if responsible(view, fact) != subject:
            continue
        because = ("LZ-49b",) if fact.reason is SanctionReason.FRAUD else ("LZ-49a",)
        try:
            accepted = is_accepted(view, fact, paid)
        except Unanswerable as missing:
            problem = Problem(code=missing.code, name=missing.name, date=missing.on)
            yield FactDecided(fact=fact.id, problem=problem, because=because)
            continue
        yield FactDecided(fact=fact.id, answer=_decision(fact, accepted), because=because)
        if accepted:
            yield from _postings(view, fact, because)


def recovery_entry(taken: Taken, claim: str, person: str, provider: str, fund: str) -> Entry:
    """The fund gets back what was taken from a claim, on the day of the decision."""
    debtors = {Debtor.MEMBER: f"member:{person}", Debtor.AGENCY: "government:city"}
    account = debtors.get(taken.debtor, f"provider:{provider}")
    if taken.debtor is Debtor.EMPLOYER:
        account = f"employer:{getattr(taken.fact, 'employer', None) or 'unknown'}"
    postings = (
        Posting(f"fund:{fund}", taken.amount, "recovered"),
        Posting(account, -taken.amount),
    )
    name = f"recovery/{taken.fact.id}/{claim}"
    return Entry(name=name, on=taken.fact.on, postings=postings, because=("LZ-49a",))


def responsible(view: View, fact: SanctionDecided) -> str:
    """The one subject to which the postings of a sanction belong."""
    if fact.person is not None:
        return f"person:{fact.person}"
    for identifier in fact.claims or ():
        claim = claim_of(view, identifier)
        if claim is not None:
            return f"person:{claim.person}"
    if fact.provider is not None:
        return f"provider:{fact.provider}"
    return f"employer:{fact.employer}" if fact.employer is not None else "fund:city"


def _sanctions(view: View, subject: str) -> list[SanctionDecided]:
    kind, _, identifier = subject.partition(":")
    if kind == "fund":
        return view.facts(SanctionDecided)
    if kind not in ("person", "provider", "employer"):
        return []
    told = view.facts(SanctionDecided, **{kind: identifier})
    found = {fact.id: fact for fact in told}
    if kind == "person":
        for claim in claims_told(view, identifier):
            found.update({fact.id: fact for fact in view.facts(SanctionDecided, claim=claim)})
    return list(found.values())


def _decision(fact: SanctionDecided, accepted: bool) -> AcceptanceAnswer:
    if not accepted:
        return AcceptanceAnswer(outcome=AcceptanceOutcome.REFUSED, reason="amount_out_of_range")
    amounts = {"recovered": int(fact.recovered or 0), "fine_to_fund": 0}
    return AcceptanceAnswer(
        outcome=AcceptanceOutcome.ACCEPTED,
        amount=None if fact.fine is None else int(fact.fine),
        amounts=amounts,
    )


def _postings(view: View, fact: SanctionDecided, because: tuple[str, ...]) -> Iterator[Entry]:
    debtor = {
        Debtor.MEMBER: f"member:{fact.person or 'unknown'}",
        Debtor.PROVIDER: f"provider:{fact.provider or 'unknown'}",
        Debtor.EMPLOYER: f"employer:{fact.employer or 'unknown'}",
        Debtor.AGENCY: "government:city",
    }[_debtor(fact)]
    if _debtor(fact) is Debtor.MEMBER and fact.person is None:
        debtor = responsible(view, fact).replace("person:", "member:")
    if fact.fine:
        postings = (Posting("treasury:city", fact.fine, "fines"), Posting(debtor, -fact.fine))
        yield Entry(name=f"fine/{fact.id}", on=fact.on, postings=postings, because=because)
    if fact.recovered and not _named_here(view, fact):
        fund = fact.fund or (
            Fund.RESIDENT_POOLED if scheme_of(fact) is Scheme.RESIDENT else Fund.EMPLOYEE_POOLED
        )
        postings = (Posting(f"fund:{fund}", fact.recovered, "recovered"), Posting(debtor, -fact.recovered))
        yield Entry(name=f"recovery/{fact.id}", on=fact.on, postings=postings, because=because)


def _debtor(fact: SanctionDecided) -> Debtor:
    """Service agreements bind providers: a breach is never the member's (LZ-49a)."""
    if fact.reason is SanctionReason.AGREEMENT_BREACH and fact.debtor is Debtor.MEMBER:
        return Debtor.PROVIDER
    return fact.debtor


def _named_here(view: View, fact: SanctionDecided) -> bool:
    return any(claim_of(view, identifier) is not None for identifier in fact.claims or ())


def _asked(view: View, fact: ClaimsDecided | SanctionDecided, paid: Paid) -> int | None:
    """What a decision takes back in all (fen); None when it takes back nothing."""
    if isinstance(fact, SanctionDecided):
        return int(fact.recovered) if fact.recovered and is_accepted(view, fact, paid) else None
    if fact.decision in (ClaimsDecision.REFUSED, ClaimsDecision.EXCLUDED):
        return sum(paid(claim) for claim in fact.claims) if fact.amount is None else int(fact.amount)
    return None


def _share_of(claim: str, named: tuple[str, ...], asked: int, paid: Paid) -> int:
    """The part of a decision that falls on one of several claims: in the order named, up to what was paid."""
    for other in named:
        if other == claim:
            return asked
        asked = max(0, asked - paid(other))
    return asked


def _obtained(view: View, fact: SanctionDecided, paid: Paid) -> int:
    if fact.recovered is not None:
        return int(fact.recovered)
    if not _named_here(view, fact):
        raise FactMissing("sanction_decided.recovered", fact.on, ("LZ-49b",))
    return sum(paid(claim) for claim in fact.claims or ())
