"""One question at two moments of knowledge: what changed, and the facts that made the difference."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from domain.decisions.as_known import AsKnown
from domain.facts import ClaimSubmitted
from domain.questions.kinds import AnyQuestion
from domain.questions.reading import read_question
from domain.values.calendar import Moment
from ledger.differing import different

if TYPE_CHECKING:
    from ledger.handle import Ledger

SUBJECTS = ("person", "employer", "household", "provider")


def answers_compared(ledger: "Ledger", city: str, asked: dict[str, Any], before: Moment) -> dict[str, Any]:
    """The question at both moments, and at every moment between at which something was learned."""
    question: AnyQuestion = read_question(asked)  # type: ignore[assignment]
    at = ledger.as_known(city, question.known, source="replay")
    old = ledger.ask({**asked, "known": str(before)}, city=city)
    new = ledger.ask(asked, city=city)
    return {
        "ask": asked["ask"],
        "known_before": str(before),
        "known": asked["known"],
        "before": old,
        "after": new,
        "changes": _different(old, new),
        "steps": list(_steps(ledger, city, asked, before, _learned(at, asked, before))),
    }


def _steps(
    ledger: "Ledger", city: str, asked: dict[str, Any], before: Moment, learned: dict[Moment, list[str]]
) -> Iterator[dict[str, Any]]:
    """Each moment at which the answer changed, with the facts learned then."""
    last = ledger.ask({**asked, "known": str(before)}, city=city)
    for at, facts in sorted(learned.items()):
        now = ledger.ask({**asked, "known": str(at)}, city=city)
        changes = _different(last, now)
        if changes:
            yield {"known": str(at), "because_of": facts, "changes": changes}
        last = now


def _different(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Differences of two answers; whether a run of time is outstanding is not one."""
    return [change for change in different(before, after) if change["path"] != "pending"]


def _learned(known: AsKnown, asked: dict[str, Any], before: Moment) -> dict[Moment, list[str]]:
    """When something about the subject of a question was recorded, and the facts behind it.

    A consequence names the fact that caused it; facts without one count where no other was recorded then.
    """
    told: dict[Moment, dict[str, None]] = {}
    caused: dict[Moment, dict[str, None]] = {}
    for subject in _subjects(known, asked):
        for event, recorded in known.book.events_of(subject):
            if before < recorded <= known.moment and event.cause != "time":
                caused.setdefault(recorded, {})[event.cause] = None
        for fact in known.facts(subject):
            if before < fact.recorded <= known.moment:
                told.setdefault(fact.recorded, {})[fact.id] = None
    for fact in known.facts("kind:parameter_announced"):
        if before < fact.recorded <= known.moment:
            told.setdefault(fact.recorded, {}).setdefault(fact.id)
    return {at: list(caused.get(at) or told[at]) for at in {*told, *caused}}


def _subjects(known: AsKnown, asked: dict[str, Any]) -> list[str]:
    """The subjects a question is about, and the one whose claim or fact it names."""
    found = {f"{kind}:{asked[kind]}": None for kind in SUBJECTS if kind in asked}
    if "claim" in asked:
        found[f"claim:{asked['claim']}"] = None
        submitted = (f for f in known.facts(f"claim:{asked['claim']}") if isinstance(f, ClaimSubmitted))
        found.update({f"person:{fact.person}": None for fact in submitted})
    if "fund" in asked:
        found["fund:city"] = None
    return list(found)
