"""`yibao explain`: why a claim, a status or a posting is what it is."""

from typing import Any

from cyclopts import App

from domain.errors import InputRefused
from domain.values.calendar import Moment
from ledger.cli import FINDING, OK
from ledger.cli import reasons as why
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import console, print_json, show_answer
from ledger.explaining import claim_explained, postings_explained, status_explained

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
    moment(known)
    with opened(everywhere) as ledger:
        return _shown("claim", claim_explained(ledger, everywhere.one_city(ledger), claim, known), everywhere)


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
    moment(known)
    with opened(everywhere) as ledger:
        told = status_explained(ledger, everywhere.one_city(ledger), person, on, known, scheme)
    return _shown("benefit_status", told, everywhere)


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
    moment(known)
    with opened(everywhere) as ledger:
        told = postings_explained(ledger, everywhere.one_city(ledger), person, known, entry)
    if everywhere.json:
        print_json(told)
    else:
        _print_behind(told)
    return OK


def _shown(kind: str, told: dict[str, Any], everywhere: Everywhere) -> int:
    if everywhere.json:
        print_json(told)
    else:
        behind = ("rules", "facts", "versions", "postings")
        show_answer(kind, {name: v for name, v in told.items() if name not in ("because", *behind)})
        _print_behind({name: told[name] for name in behind if name in told})
    return FINDING if "error" in told else OK


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


def moment(text: str) -> Moment:
    """A moment of knowledge from the command line."""
    try:
        return Moment.parse(text)
    except ValueError as problem:
        raise InputRefused("wrong_type", "known", f"`{text}`: {problem}") from None
