"""The figures that the document fixes, unless replaced by announcement, and the days on which it is in force."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from domain.errors import RulesNotInForce, Unanswerable
from domain.events.consequences import Problem
from domain.facts import ParameterAnnounced
from domain.questions.answers import Step
from domain.rulebook.announcements import announcements, fen_in, ratio_in
from domain.rulebook.citation import Finding, rule
from domain.rulebook.parameters import Parameters
from domain.rulebook.view import View, per_view
from domain.values.calendar import Month

T = TypeVar("T")
PARAMETERS = Parameters.load(Path(__file__).parent / "parameters")


class Sheet:
    """A worksheet: the rules applied so far, in order, and the steps of the computation."""

    def __init__(self) -> None:
        self._because: dict[str, None] = {}
        self.steps: list[Step] = []

    def use(self, finding: Finding[T]) -> T:
        """The value of a finding, whose rules now stand behind this sheet."""
        self.cite(*finding.because)
        return finding.value

    def cite(self, *rules: str) -> None:
        """Rest on these rules too."""
        self._because.update(dict.fromkeys(rules))

    def step(self, name: str, amount: int, formula: str, *rules: str) -> None:
        """One line of the worksheet, in fen."""
        self.steps.append(Step(step=name, amount=amount, formula=formula, rules=rules))

    @property
    def because(self) -> tuple[str, ...]:
        """The rules applied, each once, in order."""
        return tuple(self._because)


def problem_of(unanswerable: Unanswerable) -> Problem:
    """An error of a rule as a record keeps it."""
    return Problem(code=unanswerable.code, name=unanswerable.name, date=unanswerable.on)


@per_view
def _replacements(view: View) -> dict[str, list[ParameterAnnounced]]:
    found: dict[str, list[ParameterAnnounced]] = {}
    for fact in announcements(view, "parameter_replaced"):
        if isinstance(fact.value, Mapping):
            found.setdefault(str(fact.value.get("rule")), []).append(fact)
    return found


@rule("DX-68c", article="第六十八条")
def replaced(fixed: Any, value: Any, name: str) -> Any:
    """A figure of the document gives way to the one that state, province or city announces for the day."""
    money = name.endswith("_yuan")
    if isinstance(fixed, dict):
        if not isinstance(value, Mapping):
            return fixed
        known = {key.removesuffix("_yuan"): key for key in fixed}
        given = {known[str(key)]: each for key, each in value.items() if str(key) in known}
        return {**fixed, **{k: replaced(fixed[k], v, name if money else k).value for k, v in given.items()}}
    if isinstance(value, Mapping):
        key = name.rsplit(".", 1)[-1].removesuffix("_yuan")
        return replaced(fixed, value[key], name).value if key in value else fixed
    if money:
        return fen_in(value)
    if isinstance(fixed, int):
        return int(ratio_in(value))
    return ratio_in(value)


def figure(view: View, name: str, day: date) -> Any:
    """A figure of the document on a day: money in fen, rates as decimals."""
    dated = PARAMETERS[name]
    value = dated.on(day)
    others = [f for f in _replacements(view).get(dated.rule, ()) if _covers(f, day)]
    if not others:
        return value
    last = max(others, key=view.order)
    return replaced(value, last.value["value"], name).value if isinstance(last.value, Mapping) else value


def _covers(fact: ParameterAnnounced, day: date) -> bool:
    return (fact.from_ or fact.on) <= day and (fact.to is None or day < fact.to)


@per_view
def force_ends(view: View) -> date:
    """The first day on which the document is no longer in force, as known."""
    extended = announcements(view, "validity_extended")
    if extended:
        return date.fromisoformat(str(max(extended, key=view.order).value))
    end: date = PARAMETERS["document.to"].on(view.moment.day)
    return end


def force_begins() -> date:
    """The first day on which the document is in force."""
    start: date = PARAMETERS["document.from"].on(date.max)
    return start


@rule("DX-68a", article="第六十八条")
def in_force(view: View, day: date) -> bool:
    """The document holds from 2024-01-01 for five years or until the announced later end."""
    return force_begins() <= day < force_ends(view)


def require_force(view: View, day: date) -> None:
    """RulesNotInForce for a governing day outside the life of the document."""
    found = in_force(view, day)
    if not found.value:
        raise RulesNotInForce(day, found.because)


def months_text(months: Iterable[Month]) -> str:
    """Months for a formula."""
    return "、".join(str(month) for month in months)
