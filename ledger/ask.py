"""Questions to answers, for any pair of dates: what holds as known on K, read on E."""

from typing import Any

from domain.decisions.as_known import AsKnown
from domain.decisions.book import FUNDS
from domain.errors import InputRefused, NotComputed, Unanswerable
from domain.facts import ClaimSubmitted, Fact, Withdrawal
from domain.facts.references import references
from domain.questions import answers as an
from domain.questions import kinds as ask
from domain.questions.writing import answer_json
from domain.rulebook.citation import Finding
from domain.state.held import Line
from domain.values.terms import AcceptanceOutcome
from projections.folds import acceptance, accounts, changes, claims, months, status


def answer(known: AsKnown, question: ask.Question) -> dict[str, Any]:
    """The contract's answer object: `answer` or `error`, and the rules it rests on."""
    try:
        finding = find(known, question)
    except Unanswerable as problem:
        error = {"code": problem.code, "name": problem.name, "date": problem.on}
        named = {name: value for name, value in error.items() if value is not None}
        told: dict[str, Any] = {"error": named, "because": list(problem.because)}
    except InputRefused as refusal:
        return {"error": {"code": refusal.code, "name": refusal.name}, "because": []}
    else:
        told = {"answer": answer_json(finding.value), "because": list(finding.because)}
    return {**told, "pending": True} if known.pending else told


def find(known: AsKnown, question: ask.Question) -> Finding[Any]:
    """The answer struct with its rules; raises Unanswerable or InputRefused."""
    town, kind = known.book.municipality, str(question.__struct_config__.tag)
    if kind in town.lacks:
        raise NotComputed(kind, getattr(question, "on", None))
    found = _found(known, question)
    complete = town.completes.get(kind)
    return found if complete is None else complete(known.view(), question, found)


def _found(known: AsKnown, question: ask.Question) -> Finding[Any]:
    match question:
        case ask.BenefitStatus(person=person, scheme=scheme, on=on):
            return status.benefit_status(_person(known, person), scheme, on)
        case ask.BenefitPeriods(person=person, scheme=scheme):
            return status.benefit_periods(_person(known, person), scheme)
        case ask.SupplementStatus(person=person, layer=layer, on=on):
            return status.supplement_status(_person(known, person), layer, on)
        case ask.ContributionMonths(person=person, scheme=scheme, on=on):
            return months.contribution_months(_person(known, person), scheme, on)
        case ask.PersonalAccount(person=person, on=on):
            return accounts.personal_account(_person(known, person), person, on)
        case ask.FamilyAccount(household=household, on=on):
            lines = _journal(known, f"family_account:{household}", f"household:{household}")
            return accounts.family_account(known.current(f"household:{household}"), lines, household, on)
        case ask.FundAccount(fund=fund, on=on):
            return accounts.fund_account(_fund_lines(known, f"fund:{fund}"), fund, on)
        case ask.Acceptance():
            return _acceptance(known, question)
        case ask.Changes(person=person, known_before=before):
            earlier = AsKnown(known.book, before)
            return changes.changes(_person(earlier, person), _person(known, person))
        case ask.Claim() | ask.YearTotals() | ask.Allowance():
            return _settled(known, question)
    return _assessed(known, question)


def _person(known: AsKnown, person: str) -> Any:
    return acceptance.speaking(known.current(f"person:{person}"))


def _settled(known: AsKnown, question: ask.Claim | ask.YearTotals | ask.Allowance) -> Finding[Any]:
    match question:
        case ask.Claim(claim=claim):
            submitted = known.view().facts(ClaimSubmitted, claim=claim)
            own = [fact for fact in submitted if fact.claim == claim]
            if not own:
                raise InputRefused("unknown_reference", "claim", f"no claim `{claim}` is known")
            found = claims.claim(_person(known, own[-1].person), claim)
            if found is None:
                raise NotComputed("claim")
            return found
        case ask.YearTotals(person=person, scheme=scheme, year=year):
            recorded = claims.year_totals(_person(known, person), scheme, year)
            return recorded if recorded is not None else _assessed(known, question)
        case ask.Allowance(person=person, on=on):
            granted = claims.allowance(_person(known, person), on)
            if granted is not None:
                return granted
            if "allowance" in known.book.municipality.assess:
                return _assessed(known, question)
            raise NotComputed("allowance", on)


def _dependents(known: AsKnown, fact: Fact) -> list[str]:
    return known.book.concerned(fact)


def _assessed(known: AsKnown, question: ask.Question) -> Finding[Any]:
    kind = str(question.__struct_config__.tag)
    assess = known.book.municipality.assess.get(kind)
    if assess is None:
        raise NotComputed(kind, getattr(question, "on", None))
    return assess(known.view(), question)


def _journal(known: AsKnown, account: str, owner: str) -> list[Line]:
    """Lines of an account from its owner and from every subject that posted to it."""
    touched = {line.event.subject for line in known.journal(account)}
    touched.update(known.book.dependents(f"account:{account}"))
    touched.update(known.book.dependents(owner))
    return _lines_on(known, account, {owner, *touched})


def _fund_lines(known: AsKnown, account: str) -> list[Line]:
    """What is recorded, and of those about whom time has something due, what that makes of it."""
    due = {*known.waiting(), FUNDS}
    recorded = [line for line in known.journal(account) if line.event.subject not in due]
    lines = [*recorded, *_lines_on(known, account, due)]
    return sorted(lines, key=lambda line: line.event.subject)  # the same order whether a run has been or not


def _lines_on(known: AsKnown, account: str, subjects: set[str]) -> list[Line]:
    return [
        line
        for subject in sorted(subjects)
        for line in known.current(subject).journal
        if any(posting.account == account for posting in line.event.postings)
    ]


def _acceptance(known: AsKnown, question: ask.Acceptance) -> Finding[an.AcceptanceAnswer]:
    fact = known.book.fact(question.id)
    if fact is None or fact.recorded > question.known:
        raise InputRefused("unknown_reference", "id", f"no fact `{question.id}` is known")
    replaced = known.book.replaced(fact.id)
    if replaced is not None and replaced[0] <= question.known:
        by = known.book.fact(replaced[1])
        void = isinstance(by, Withdrawal)
        outcome = AcceptanceOutcome.VOID if void else AcceptanceOutcome.SUPERSEDED
        return Finding(an.AcceptanceAnswer(outcome=outcome))
    subjects = [*references(fact), *_dependents(known, fact), FUNDS]
    return acceptance.decision((known.current(subject) for subject in dict.fromkeys(subjects)), fact.id)
