"""`yibao trial-balance`: what every account holds, and that it sums to zero."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.table import Table
from rich.text import Text

from domain.municipalities import municipality
from domain.values.money import yuan_text
from ledger.cli import FINDING, OK
from ledger.cli.explain import moment
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.printing import PRINTING, Printing
from ledger.cli.screen import console, print_json, say
from ledger.cli.statement import day
from ledger.reports import Language, Report, Section, both, word

if TYPE_CHECKING:
    from ledger.balancing import Line

COLUMNS = ("account", "accounts", "events", "balance")


def trial_balance(
    *,
    on: str,
    known: str,
    accounts: Annotated[bool, Parameter(negative="")] = False,
    printing: Printing = PRINTING,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """The balance of every account on a day, as recorded by a moment; every city sums to zero.

    Each fund is a line; accounts of which there is one per person, household, employer or provider are one line
    per kind. Exit code 1 when a sum is not zero. What the passing of time had brought and no run recorded is left
    out, and said to be.

    Example: `yibao trial-balance --on 2024-12-31 --known 2025-02-01`

    Parameters
    ----------
    on
        In force on this day 生效日.
    known
        As known at this date or time 已知日.
    accounts
        Every account on a line of its own.
    """
    from ledger.balancing import total
    from ledger.balancing import trial_balance as balance_of

    end, at = day(on, "on"), moment(known)
    with opened(everywhere) as ledger:
        cities = everywhere.codes(ledger)
        found = {c: balance_of(ledger.store, c, end, at, every_account=accounts) for c in cities}
        pending = {c: ledger.as_known(c, at).pending for c in cities}
    printing.write(partial(_page, found, on, known))
    if everywhere.json:
        print_json({"on": on, "known": known, "cities": [_json(c, found[c], pending[c]) for c in found]})
    else:
        for city, lines in found.items():
            _print(city, lines, pending[city])
        printing.say_where()
    return FINDING if any(total(lines) for lines in found.values()) else OK


def _json(city: str, lines: "list[Line]", pending: bool) -> dict[str, Any]:
    told = [
        {"account": x.account, "accounts": x.accounts, "postings": x.postings, "balance": yuan_text(x.fen)}
        for x in lines
    ]
    return {"city": city, "sum": yuan_text(sum(x.fen for x in lines)), "pending": pending, "lines": told}


def _cells(lines: "list[Line]") -> list[tuple[str, ...]]:
    return [(x.account, str(x.accounts), str(x.postings), yuan_text(x.fen)) for x in lines]


def _sum(lines: "list[Line]", language: Language | None = None) -> str:
    fen = sum(line.fen for line in lines)
    name = "out_of_balance" if fen else "in_balance"
    return f"{yuan_text(fen)}: {word(name, language) if language else both(name)}"


def _print(city: str, lines: "list[Line]", pending: bool) -> None:
    town = municipality(city)
    title = f"{both('trial_balance')}: {town.name} {town.label} {city}"
    drawn = Table(title=title, title_justify="left")
    for name in COLUMNS:
        drawn.add_column(both(name), justify="left" if name == "account" else "right")
    for row in _cells(lines):
        drawn.add_row(*map(Text, row))
    console().print(drawn)
    say(f"{both('sum')} {_sum(lines)}")
    if pending:
        say("pending 待记录: time has passed since the last run; `yibao advance` records it")


def _page(found: "dict[str, list[Line]]", on: str, known: str, language: Language) -> Report:
    return Report(
        title=word("trial_balance", language),
        lines=(f"{word('effective', language)} {on}  ·  {word('known', language)} {known}",),
        sections=tuple(
            Section(
                title=f"{_town(city, language)} {city}",
                columns=tuple(word(name, language) for name in COLUMNS),
                rows=(*_cells(lines), (word("sum", language), "", "", _sum(lines, language))),
                numbers=(1, 2, 3),
            )
            for city, lines in found.items()
        ),
    )


def _town(city: str, language: Language) -> str:
    town = municipality(city)
    return town.label if language == "zh" else town.name
