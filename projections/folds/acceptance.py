"""What became of a fact: the decision of every subject it speaks of, as one answer."""

from collections.abc import Iterable

from domain.events.consequences import FactDecided, Stalled
from domain.questions.answers import AcceptanceAnswer, PersonDecision
from domain.rulebook.citation import Finding, joined
from domain.state.held import Held
from domain.values.terms import AcceptanceOutcome
from projections.folds.status import raised


def speaking(held: Held) -> Held:
    """The same, unless the rules could not say anything about the subject: then that error."""
    stalled = held.records.get(Stalled.KEY)
    if isinstance(stalled, Stalled):
        raise raised(stalled.problem, stalled.because)
    return held


def decision(subjects: Iterable[Held], fact: str) -> Finding[AcceptanceAnswer]:
    """Accepted unless some subject decided otherwise; several persons are told apart by `persons`."""
    decided = (record for held in subjects for record in held.of(FactDecided) if record.fact == fact)
    found = list({record.key: record for record in decided}.values())
    if not found:
        return Finding(AcceptanceAnswer(outcome=AcceptanceOutcome.ACCEPTED))
    for record in found:
        if record.problem is not None:
            raise raised(record.problem, record.because)
    because = joined(*(record.because for record in found))
    answers = {record.person: record.answer for record in found if record.answer is not None}
    if len(answers) == 1:
        (only,) = answers.values()
        return Finding(only, because)
    return Finding(_together(answers), because)


def _together(answers: dict[str | None, AcceptanceAnswer]) -> AcceptanceAnswer:
    outcomes = {answer.outcome for answer in answers.values()}
    reasons = {answer.reason for answer in answers.values() if answer.reason}
    missing = dict.fromkeys(name for answer in answers.values() for name in answer.missing or ())
    return AcceptanceAnswer(
        outcome=outcomes.pop() if len(outcomes) == 1 else AcceptanceOutcome.PARTLY_ACCEPTED,
        reason=reasons.pop() if len(reasons) == 1 else None,
        persons={
            str(person): PersonDecision(outcome=answer.outcome, reason=answer.reason)
            for person, answer in answers.items()
        },
        missing=tuple(missing) or None,
    )
