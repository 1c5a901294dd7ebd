"""Why something holds: articles, facts, postings, versions, as plain values that every edge shows."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages
from typing import Any

import msgspec

from domain import municipalities
from domain.decisions.as_known import AsKnown
from domain.facts import ClaimSubmitted, Fact, Withdrawal
from domain.facts.reading import encode_hook
from domain.municipalities import folders
from domain.rulebook.citation import CITATIONS
from domain.state.held import Line, Version
from domain.values.money import yuan_text

Rows = list[dict[str, Any]]


def load_articles(city: str) -> None:
    """Load every rule of a city, so that each can be cited; answers from tables need none of them."""
    folder = folders().get(city)
    package = f"{municipalities.__name__}.{folder}"
    if folder is None or find_spec(package) is None:
        return
    for module in walk_packages(import_module(package).__path__, f"{package}."):
        import_module(module.name)


def articles(because: Iterable[str]) -> Rows:
    """Each rule with its article and what it says in one sentence."""
    found = []
    for rule in dict.fromkeys(because):
        cited = CITATIONS.get(rule)
        says = {"article": cited.article, "says": cited.says} if cited else {"article": "", "says": ""}
        found.append({"rule": rule, **says})
    return found


def known_facts(known: AsKnown, keys: Iterable[str]) -> list[Fact]:
    """Facts under some keys that were known and not replaced at the moment, each once, as recorded."""
    view = known.view()
    found = {fact.id: fact for key in keys for fact in view.known(key)}
    return sorted(found.values(), key=lambda fact: fact.recorded)


def about_status(facts: Iterable[Fact]) -> list[Fact]:
    """The facts on which a status can rest: everything but the bills."""
    return [fact for fact in facts if not isinstance(fact, ClaimSubmitted)]


def fact_rows(facts: Iterable[Fact]) -> Rows:
    """Facts in one line each: what, when, when known, and the fields that were given."""
    return [
        {
            "id": fact.id,
            "fact": fact.withdraws if isinstance(fact, Withdrawal) else fact.fact_kind,
            "fact_label": _label(fact),
            "on": fact.on.isoformat(),
            "recorded": str(fact.recorded),
            "told": _told(fact),
        }
        for fact in facts
    ]


def _label(fact: Fact) -> str:
    """The Chinese name of a kind of fact: its docstring begins with it."""
    if isinstance(fact, Withdrawal):
        return "撤回"
    return (type(fact).__doc__ or "").partition(":")[0].strip()


def _told(fact: Fact) -> dict[str, Any]:
    """The fields of a fact beyond the envelope, as the contract writes them."""
    written: dict[str, Any] = msgspec.to_builtins(fact, enc_hook=encode_hook)
    envelope = ("fact", "on", "recorded", "id", "city", "note")
    return {name: value for name, value in written.items() if name not in envelope}


def posting_rows(lines: Iterable[Line]) -> Rows:
    """Journal lines with every side in yuan."""
    return [
        {
            "entry": line.event.key.removeprefix("entry/"),
            "on": line.event.on.isoformat(),
            "recorded": str(line.recorded),
            "kind": str(line.event.kind or ""),
            "kind_label": line.event.kind.label if line.event.kind else "",
            "postings": {posting.account: yuan_text(posting.fen) for posting in line.event.postings},
            "because": list(line.event.because),
            "cause": line.event.cause,
        }
        for line in lines
    ]


def version_rows(versions: Iterable[Version]) -> Rows:
    """Every version of a settlement: when it was made, by which fact, and who bore the bill."""
    return [
        {
            "version": number,
            "recorded": str(version.recorded),
            "cause": version.cause,
            "payers": {payer: yuan_text(fen) for payer, fen in version.settlement.payers.items()},
        }
        for number, version in enumerate(versions, 1)
    ]
