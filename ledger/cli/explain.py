"""`yibao explain`: why a claim, a status or a posting is what it is."""

from typing import Any

from cyclopts import App

from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused
from domain.facts import ClaimSubmitted
from domain.values.calendar import Moment
from ledger.cli import FINDING, OK
from ledger.cli import reasons as why
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import console, print_json, show_answer

app = App(
    name="explain",
    help="Why an answer is what it is: steps, amounts, rules with articles, facts used.",
    help_format="plaintext",
)


@app.command
def claim(claim: str, *, known: str, everywhere: Everywhere = EVERYWHERE) -> int:
    """Why a claim was settled as it was: worksheet, articles, facts, every version, postings.

    Example: `yibao explain claim c1 --known 2024-06-30`

    Parameters
    ----------
    claim
        Identifier of the claim 费用单据.
    known
        As known at this date or time 已知日.
    """
    with opened(everywhere) as ledger:
        city = everywhere.one_city(ledger)
        why.load_articles(city)
        got = ledger.ask({"ask": "claim", "claim": claim, "known": known}, city=city)
        at = ledger.as_known(city, moment(known), source="replay")
        return _shown("claim", got, _behind_claim(at, claim), everywhere)


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


@app.command
def status(
    person: str, *, on: str, known: str, scheme: str | None = None, everywhere: Everywhere = EVERYWHERE
) -> int:
    """Why a person is, or is not, covered on a day.

    Example: `yibao explain status P1 --on 2024-03-15 --known 2024-06-30`

    Parameters
    ----------
    person
        Identifier of the person 人员.
    on
        In force on this day 生效日.
    known
        As known at this date or time 已知日.
    scheme
        employee 职工医保 or resident 居民医保; without it the scheme that pays.
    """
    asked = {"ask": "benefit_status", "person": person, "on": on, "known": known}
    with opened(everywhere) as ledger:
        city = everywhere.one_city(ledger)
        why.load_articles(city)
        got = ledger.ask(asked | ({"scheme": scheme} if scheme else {}), city=city)
        at = ledger.as_known(city, moment(known), source="replay")
        employer = got.get("answer", {}).get("employer")
        keys = [f"person:{person}", *([f"employer:{employer}"] if employer else [])]
        facts = why.about_status(why.known_facts(at, keys))
        return _shown("benefit_status", got, {"facts": why.fact_rows(facts)}, everywhere)


@app.command
def posting(entry: str = "", *, person: str, known: str, everywhere: Everywhere = EVERYWHERE) -> int:
    """Where money of a person came from and went: every posting of an entry, with article and cause.

    Examples: `yibao explain posting --person P1 --known 2024-06-30` lists them all;
    `yibao explain posting claim/c1 --person P1 --known 2024-06-30` explains one.

    Parameters
    ----------
    entry
        Name of an entry, or its beginning, e.g. claim/c1 or basic/2024-03.
    person
        Identifier of the person 人员.
    known
        As known at this date or time 已知日.
    """
    with opened(everywhere) as ledger:
        city = everywhere.one_city(ledger)
        why.load_articles(city)
        at = ledger.as_known(city, moment(known), source="replay")
        lines = at.current(f"person:{person}").journal
        wanted = [line for line in lines if line.event.key.removeprefix("entry/").startswith(entry)]
        if not wanted:
            raise InputRefused("unknown_reference", "entry", f"no posting `{entry}` of {person} is known")
        rows = why.posting_rows(wanted)
        causes = {fact.id: fact for row in rows if (fact := at.fact(row["cause"])) is not None}.values()
        rules = why.articles(rule for row in rows for rule in row["because"])
        told = {"postings": rows, "rules": rules, "facts": why.fact_rows(causes)}
    if everywhere.json:
        print_json(told)
    else:
        _print_behind(told)
    return OK


def _shown(kind: str, got: dict[str, Any], behind: dict[str, why.Rows], everywhere: Everywhere) -> int:
    rules = why.articles(got.get("because", ()))
    if everywhere.json:
        print_json({**got, "rules": rules, **behind})
    else:
        show_answer(kind, {name: value for name, value in got.items() if name != "because"})
        _print_behind({"rules": rules, **behind})
    return FINDING if "error" in got else OK


def _print_behind(told: dict[str, why.Rows]) -> None:
    titles = {
        "rules": ("rules 条文依据", ("rule", "article", "says")),
        "facts": ("facts used 所依据的事实", ("id", "fact", "on", "recorded", "told")),
        "versions": ("versions 各次结算", ("version", "recorded", "cause", "payers")),
        "postings": ("postings 记账", ("entry", "on", "recorded", "kind", "postings", "cause")),
    }
    for name, (title, columns) in titles.items():
        if told.get(name):
            console().print(why.table(title, told[name], columns))


def _parts(key: str) -> list[str]:
    return key.replace(":", "/").split("/")


def moment(text: str) -> Moment:
    """A moment of knowledge from the command line."""
    try:
        return Moment.parse(text)
    except ValueError as problem:
        raise InputRefused("wrong_type", "known", f"`{text}`: {problem}") from None
