"""`yibao resolve`: what facts would change, before anything is recorded."""

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter
from rich.table import Table
from rich.text import Text

from domain.errors import InputRefused
from domain.facts import Fact
from domain.facts.reading import read_fact
from domain.values.money import yuan_text
from ledger.cli import OK, REFUSED
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.printing import PRINTING, Printing
from ledger.cli.record import json_object
from ledger.cli.screen import console, print_json, say
from ledger.imports import json_lines, sources
from ledger.reports import both
from ledger.resolve import Change, Resolution, resolve
from ledger.resolve.page import cells, page

SHOWN = 200
"""Changes shown on the screen; --json and --report have them all."""


def resolve_facts(
    facts: str,
    *,
    record: Annotated[bool, Parameter(negative="")] = False,
    keep_recorded: Annotated[bool, Parameter(negative="")] = False,
    printing: Printing = PRINTING,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Show all that one fact or a file of facts would change: old, new, difference, article, who owes whom.

    Nothing is recorded and no trace is left, unless with --record: then exactly this is recorded. A back-payment,
    a correction and a withdrawal take the same path; for an employer's it covers everyone on the roll. The lock
    of the ledger is held meanwhile. Exit code 2 when a fact is refused.

    Examples: `yibao resolve '{"fact": ...}'`; `yibao resolve back-payment.jsonl --report table.html`.

    Parameters
    ----------
    facts
        A fact of facts v1 as a JSON object, or a file of JSON Lines (`-` is standard input).
    record
        Record it, exactly as shown; doing so twice changes nothing.
    keep_recorded
        Keep the `recorded` times of the facts (a right of imports) instead of now.
    """
    with opened(everywhere) as ledger:
        city = everywhere.default_city(ledger)
        read = [(line, _understood(told, city)) for line, told in _told(facts)]
        found = resolve(ledger.store, read, keep_recorded=keep_recorded, record=record)
    printing.write(partial(page, found))
    if everywhere.json:
        print_json(_json(found))
    else:
        _print(found)
        printing.say_where()
    return REFUSED if found.refused else OK


def _json(found: Resolution) -> dict[str, Any]:
    owed = [
        {"payer": d.payer, "payee": d.payee, "amount": yuan_text(d.fen), "of_time": d.of_time}
        for d in found.debts
    ]
    return {**msgspec.to_builtins(found), "debts": owed, "articles": list(found.articles())}


def _told(facts: str) -> list[tuple[int, Any]]:
    """Numbered facts, each with an id (of its content, where it has none), or refusals."""
    if facts.lstrip().startswith("{"):
        return [(1, json_lines.with_id(json_object(facts, "fact")))]
    if facts not in sources.STANDARD_INPUT and not Path(facts).exists():
        raise InputRefused("not_json", "facts", f"`{facts}` is neither a JSON object nor a file")
    with sources.opened(facts) as source:
        return [
            (each.line, each if isinstance(each, sources.Refused) else each.fact)
            for each in json_lines.facts(source.lines())
        ]


def _understood(told: Any, city: str) -> Fact | InputRefused:
    if isinstance(told, sources.Refused):
        return InputRefused(told.code, told.field, told.message)
    try:
        return read_fact(told, city)
    except InputRefused as refusal:
        return refusal


def _print(found: Resolution) -> None:
    out = console()
    for fact in found.facts:
        state = "repeated" if fact.repeated else "recorded" if found.recorded else "would_record"
        say(f"{fact.id}: {both(state)}")
    for each in found.refused:
        say(f"line {each.line}: {both('refused')}: {each.code} {each.field}: {each.message}")
    shown = found.changes[:SHOWN]
    for subject, own in groupby(shown, key=lambda change: change.subject):
        out.print(_changes(subject, own))
    if len(found.changes) > SHOWN:
        say(f"... and {len(found.changes) - SHOWN} more changes; --json and --report have them all")
    if found.debts:
        out.print(_debts(found))
    if found.changes:
        out.print(_articles(found))
    counts = f"subjects 对象 {found.subjects}, events 事件 {found.events}, changes 变化 {len(found.changes)}"
    say(f"{counts}: {both('recorded' if found.recorded else 'previewed')}")


def _changes(subject: str, changes: Iterable[Change]) -> Table:
    """The changes of one subject; rules are named by ID, once per entry."""
    drawn = Table(title=f"{both('changes')}: {subject}", title_justify="left")
    for name in ("what", "field", "old", "new", "difference", "rule", "cause"):
        drawn.add_column(both(name), overflow="fold", justify="right" if name == "difference" else "left")
    last = ""
    for change in changes:
        _, _, key, field, old, new, difference, _, cause = cells(change)
        first, last = change.key != last, change.key
        what = f"{both(change.what)}\n{key}" if first else ""
        rules = ", ".join(change.rules) if first else ""
        drawn.add_row(*(Text(cell) for cell in (what, field, old, new, difference, rules, cause)))
    return drawn


def _articles(found: Resolution) -> Table:
    drawn = Table(title=both("rules"), title_justify="left")
    for name in ("rule", "article", "says"):
        drawn.add_column(both(name))
    for cited in found.articles():
        drawn.add_row(*(Text(cited.get(name, "")) for name in ("rule", "article", "says")))
    return drawn


def _debts(found: Resolution) -> Table:
    drawn = Table(title=both("debts"), title_justify="left")
    for name in ("payer", "payee", "amount", "why"):
        drawn.add_column(both(name), justify="right" if name == "amount" else "left")
    for debt in found.debts:
        why = both("of_time" if debt.of_time else "of_facts")
        drawn.add_row(Text(debt.payer), Text(debt.payee), yuan_text(debt.fen), why)
    return drawn
