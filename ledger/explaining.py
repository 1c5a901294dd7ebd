"""Why a claim, a status or a posting is what it is: the answer, its articles, and what lies behind it."""

from typing import TYPE_CHECKING, Any

from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused
from domain.facts import ClaimSubmitted
from domain.values.calendar import Moment
from ledger import reasons as why

if TYPE_CHECKING:
    from ledger.handle import Ledger

Explained = dict[str, Any]
"""The answer object of a question, with `rules` (articles) and, where they apply, facts, versions, postings."""


def claim_explained(ledger: "Ledger", city: str, claim: str, known: str) -> Explained:
    """Why a claim was settled as it was: facts, every version of the settlement, postings."""
    why.load_articles(city)
    got = ledger.ask({"ask": "claim", "claim": claim, "known": known}, city=city)
    at = ledger.as_known(city, Moment.parse(known), source="replay")
    return {**got, "rules": why.articles(got.get("because", ())), **_behind_claim(at, claim)}


def _behind_claim(known: AsKnown, claim: str) -> dict[str, why.Rows]:
    facts = why.known_facts(known, [f"claim:{claim}"])
    submitted = next((f for f in facts if isinstance(f, ClaimSubmitted) and f.claim == claim), None)
    if submitted is None:
        return {}
    person = f"person:{submitted.person}"
    held = known.current(person)
    keys = [person, f"provider:{submitted.provider}"]
    standing = [f for f in why.about_status(why.known_facts(known, keys)) if f.on <= submitted.on]
    entries = (f"entry/claim/{claim}", f"entry/claim:{claim}")
    lines = [line for line in held.journal if line.event.key in entries or claim in _parts(line.event.key)]
    return {
        "facts": why.fact_rows([*facts, *(fact for fact in standing if fact not in facts)]),
        "versions": why.version_rows(held.settlements.get(claim, ())),
        "postings": why.posting_rows(lines),
    }


def status_explained(
    ledger: "Ledger", city: str, person: str, on: str, known: str, scheme: str | None = None
) -> Explained:
    """Why a person is, or is not, covered on a day: the facts on which the status can rest."""
    why.load_articles(city)
    asked = {"ask": "benefit_status", "person": person, "on": on, "known": known}
    got = ledger.ask(asked | ({"scheme": scheme} if scheme else {}), city=city)
    at = ledger.as_known(city, Moment.parse(known), source="replay")
    employer = got.get("answer", {}).get("employer")
    keys = [f"person:{person}", *([f"employer:{employer}"] if employer else [])]
    facts = why.about_status(why.known_facts(at, keys))
    return {**got, "rules": why.articles(got.get("because", ())), "facts": why.fact_rows(facts)}


def postings_explained(ledger: "Ledger", city: str, person: str, known: str, entry: str = "") -> Explained:
    """Where money of a person came from and went: postings whose entry begins so, with article and cause.

    InputRefused (`unknown_reference`) when there is none.
    """
    why.load_articles(city)
    at = ledger.as_known(city, Moment.parse(known), source="replay")
    lines = at.current(f"person:{person}").journal
    wanted = [line for line in lines if line.event.key.removeprefix("entry/").startswith(entry)]
    if not wanted:
        raise InputRefused("unknown_reference", "entry", f"no posting `{entry}` of {person} is known")
    rows = why.posting_rows(wanted)
    causes = {fact.id: fact for row in rows if (fact := at.fact(row["cause"])) is not None}.values()
    rules = why.articles(rule for row in rows for rule in row["because"])
    return {"postings": rows, "rules": rules, "facts": why.fact_rows(causes)}


def _parts(key: str) -> list[str]:
    return key.replace(":", "/").split("/")
