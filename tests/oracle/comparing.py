"""One history through the real write path; every answer beside the second evaluator's, and the invariants."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from domain.errors import InputRefused
from domain.values.calendar import Moment
from domain.values.money import yuan_text
from ledger.balancing import trial_balance
from ledger.comparing import compared
from ledger.handle import Ledger
from tests.oracle import keeping
from tests.oracle.invariants import broken, unsound

Fact = dict[str, Any]
Question = dict[str, Any]
Answer = dict[str, Any]
# Facts told so far in order of recording, and one question; None where the evaluator does not speak.
Evaluator = Callable[[Sequence[Fact], Question], Answer | None]

HISTORIES = int(os.environ.get("YIBAO_ORACLE_HISTORIES", "300"))
SHRINKS = os.environ.get("YIBAO_ORACLE_SHRINKS", "1") == "1"
"""A failing history is made smaller, which takes minutes; the soak and the judge of mutants only want to know."""
many_histories = settings(
    max_examples=HISTORIES,
    deadline=None,
    # CI tells the same histories every time, the soak others each time.
    derandomize=HISTORIES <= 300,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if SHRINKS else [])],
    suppress_health_check=list(HealthCheck),
)
"""How a test of random histories runs."""


def told(facts: Sequence[Fact]) -> list[Fact]:
    """The facts in order of recording, each with an id and a time of recording."""
    numbered = [
        {**fact, "id": fact.get("id", f"#{number}"), "recorded": str(fact.get("recorded") or fact["on"])}
        for number, fact in enumerate(facts, 1)
    ]
    return sorted(numbered, key=lambda fact: Moment.parse(fact["recorded"]))


def disagreements(
    facts: Sequence[Fact],
    questions: Sequence[Question],
    city: str,
    evaluator: Evaluator,
    check: Callable[[Question, Answer], list[str]] = lambda question, got: [],
) -> list[str]:
    """Every place where the ledger and the evaluator differ, and every invariant that broke; empty when all is well.

    A question is asked twice: when its K is reached, and after the last fact. Both answers must be the same.
    The invariants of the books are looked at after every fact, those of an answer with each answer;
    `check` adds what holds in this city alone. The soak keeps a failing history in a file and goes on.
    """
    if not keeping.FOLDER:
        return _found(facts, questions, city, evaluator, check)
    try:
        found = _found(facts, questions, city, evaluator, check)
    except Exception as fault:  # the soak wants to see it, whatever it is, and to go on
        found = [repr(fault)]
    if found:
        keeping.put_by(city, told(facts), questions, found)
    return []


def _found(
    facts: Sequence[Fact],
    questions: Sequence[Question],
    city: str,
    evaluator: Evaluator,
    check: Callable[[Question, Answer], list[str]],
) -> list[str]:
    found: list[str] = []
    accepted: list[Fact] = []
    early: dict[int, Answer] = {}
    with Ledger.fresh() as ledger:
        for fact in told(facts):
            _ask_what_is_due(ledger, questions, city, fact, early)
            try:
                ledger.record(fact, city=city, keep_recorded=True)
            except InputRefused:
                continue
            accepted.append(fact)
            found += [f"after {fact['id']}: {each}" for each in unsound(ledger, city)]
        for number, question in enumerate(questions):
            got = asked(ledger, question, city)
            if number in early and early[number] != got:
                found.append(f"{question}: was {early[number]}, is {got}")
            found += broken(question, got) + check(question, got)
            expected = evaluator(accepted, question)
            if expected is not None:
                found += [f"{question}: {each}" for each in compared(expected, got)]
    return found


def asked(ledger: Ledger, question: Mapping[str, Any], city: str) -> Answer:
    """The ledger's answer, or its refusal in the form of the contract."""
    try:
        return ledger.ask(question, city=city)
    except InputRefused as refusal:
        return {"error": {"code": refusal.code, "name": refusal.name}}


def _ask_what_is_due(
    ledger: Ledger, questions: Sequence[Question], city: str, coming: Fact, early: dict[int, Answer]
) -> None:
    """Ask whatever nothing told from now on may change: its K lies before the coming fact."""
    moment = Moment.parse(coming["recorded"])
    for number, question in enumerate(questions):
        known = question.get("known")
        if number not in early and known and _end(str(known)) < moment:
            early[number] = asked(ledger, question, city)


def _end(known: str) -> Moment:
    parsed = Moment.parse(known)
    return Moment.end_of(parsed.day) if len(known) == 10 else parsed


def books(city: str, end: date, *facts: Fact) -> dict[str, str]:
    """What every account holds at the end of a day, in yuan; accounts that hold nothing are left out."""
    with Ledger.fresh() as ledger:
        for fact in told(facts):
            ledger.record(fact, city=city, keep_recorded=True)
        lines = trial_balance(ledger.store, city, end, Moment.end_of(end), every_account=True)
    return {line.account: yuan_text(line.fen) for line in lines if line.fen}
