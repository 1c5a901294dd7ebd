"""Dingxi once more, from the rulebook's text alone: slow, plain, sharing nothing with the city's rules."""

from collections.abc import Sequence

from .answering import ANSWERS
from .basics import Answer, Fact, Unanswered, Undecided, moment
from .known import world_of


def answer(facts: Sequence[Fact], question: Answer) -> Answer | None:
    """What the rulebook answers as known at the question's moment; None where this evaluator does not speak."""
    speak = ANSWERS.get(str(question["ask"]))
    if speak is None:
        return None
    try:
        return speak(world_of(facts, moment(str(question["known"]))), question)
    except Undecided:
        return None
    except Unanswered as missing:
        told = {"code": missing.code, "name": missing.name, "date": missing.day and str(missing.day)}
        if missing.code == "fact_missing":
            del told["date"]  # day, month or year: the contract leaves it open
        return {"error": {name: value for name, value in told.items() if value}}
