"""What every municipality must be able to say, as one frozen struct of functions."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from domain.events.consequences import Consequence
from domain.facts import Fact
from domain.questions.answers import Answer
from domain.rulebook.citation import Finding
from domain.rulebook.parameters import Parameters
from domain.rulebook.view import View

Assess = Callable[[View, Any], Finding[Any]]
"""A question computed from the facts: (view, question) -> answer with its rules; may raise Unanswerable."""

Completing = Callable[[View, Any, Finding[Any]], Finding[Any]]
"""(view, question, what was found) -> the same with something added that only the question needs."""


def _no_relatives(view: View, subject: str) -> Iterable[str]:
    return ()


def _never(view: View, fact: Fact, subject: str) -> Iterable[Consequence] | None:
    return None


class Municipality(Struct, frozen=True, kw_only=True):
    """One city policy. `consequences` is the only way in which results come about.

    `consequences(view, subject)` gives everything that holds about a subject on the facts of the view: it
    must be a pure function of the view (facts known, `view.today`, and what `view.held` says was
    recorded before, for what the rules make final). `related` names subjects that must be computed in the
    same step, e.g. the members of a household. `assess` answers questions that need no record: by `ask`.
    """

    code: str
    """Division code of the pooling area, as sent in `city`."""
    name: str
    label: str
    prefix: str
    """Rule prefix, e.g. `LZ`."""
    version: str
    """Version of the rulebook in this house; every decision stores it."""
    in_force_from: date
    parameters: Parameters
    consequences: Callable[[View, str], Iterable[Consequence]]
    assess: Mapping[str, Assess]
    continued: Callable[[View, Fact, str], Iterable[Consequence] | None] = _never
    """The checkpoint: for a fact that only adds to what holds, the records it adds; None = compute everything."""
    related: Callable[[View, str], Iterable[str]] = _no_relatives
    aliases: tuple[str, ...] = ()
    """Other division codes under which facts of this ledger may be sent."""
    without_effect: Mapping[str, str] = {}
    """Rule IDs that move nothing in the ledger, and why."""
    lacks: frozenset[str] = frozenset()
    """Kinds of question, by `ask`, on which the policy has nothing although the house could fold an answer."""
    completes: Mapping[str, Completing] = {}
    """By `ask`: adds to a folded answer what rests on everybody, so that no record has to."""


__all__ = ["Answer", "Assess", "Municipality"]
