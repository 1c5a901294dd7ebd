"""`yibao audit`: is everything recorded what the facts make of it?"""

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from rich.table import Table
from rich.text import Text

from domain.errors import InputRefused
from domain.municipalities import municipality
from ledger.cli import FINDING, OK
from ledger.cli.explain import moment
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.printing import PRINTING, Printing
from ledger.cli.screen import console, print_json, progress, say
from ledger.cli.statement import day
from ledger.reports import Language, Report, Section, both, word

if TYPE_CHECKING:
    from ledger.audit import Audit, Difference

SHOWN = 100
"""Differences shown on the screen; --json and --report have them all."""
COLUMNS = ("why", "subject", "key", "position", "cause", "recorded_value", "recomputed_value")


def audit(
    *,
    person: str = "",
    employer: str = "",
    on: str | None = None,
    known: str | None = None,
    rules: str = "",
    jobs: int = 0,
    printing: Printing = PRINTING,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Compute every consequence again from the facts and list what differs from what is recorded, with its cause.

    From an empty book, facts and runs of time in the order in which they were recorded; then the tables against
    the log. Causes: another rule version, rules altered without a new version, time that no run recorded,
    an altered log, an altered table. Money totals by cause. Exit code 1 when anything differs.

    Examples: `yibao audit`; `yibao audit --person P1 --known 2024-06-30`; `yibao audit --employer E1 --report a.html`;
    `yibao audit --rules 1`.

    Parameters
    ----------
    person
        Only what differs for this person 人员.
    employer
        Only what differs for this employer 单位 and everyone on its roll.
    on
        Only what is in force on or before this day 生效日.
    known
        Only what was recorded by this date or time 已知日.
    rules
        Compute with this version of the rules 规则版本, if it is still in the house; the present one when left out.
    jobs
        Processes; as many as processors when left out and the ledger is large.
    """
    if person and employer:
        raise InputRefused("value_not_allowed", "employer", "give --person or --employer, not both")
    found = _audited(everywhere, jobs, on, known, person=person, employer=employer, rules=rules)
    printing.write(partial(_page, found))
    if everywhere.json:
        print_json(_json(found))
    else:
        _print(found)
        printing.say_where()
    return OK if found.ok else FINDING


def _audited(everywhere: Everywhere, jobs: int, on: str | None, known: str | None, **asked: str) -> "Audit":
    from ledger.audit import Wanted
    from ledger.audit import audit as audit_of

    end, at = day(on, "on") if on else None, moment(known) if known else None
    with opened(everywhere) as ledger, progress(hidden=everywhere.json) as bar:
        task = bar.add_task("events 事件", total=None)
        return audit_of(
            ledger.store,
            everywhere.codes(ledger),
            Wanted(on=end, known=at, **asked),
            database=everywhere.database,
            jobs=jobs,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _json(found: "Audit") -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(found)
    return {"ok": found.ok, "counts": found.counts(), "money": found.money(), **told}


def _print(found: "Audit") -> None:
    for city, known in found.cities.items():
        town = municipality(city)
        say(f"{town.name} {town.label} {city}: {both('known')} {known}")
    say(f"{found.facts} facts 事实, {found.events} consequences 推算结果 recomputed 重算")
    if found.ok:
        say("no difference 无差异: everything recorded is what the facts make of it")
        return
    out = console()
    out.print(_table(found.differences[:SHOWN]))
    if len(found.differences) > SHOWN:
        say(f"... and {len(found.differences) - SHOWN} more; --json and --report have them all")
    for why, count in found.counts().items():
        say(f"{why} {both(why)}: {count}")
        for account, amount in found.money().get(why, {}).items():
            say(f"  {account} {amount}")


def _table(differences: "tuple[Difference, ...]") -> Table:
    drawn = Table(title=both("findings"), title_justify="left")
    for name in COLUMNS:
        drawn.add_column(both(name), overflow="fold")
    for each in differences:
        drawn.add_row(*map(Text, _cells(each)))
    return drawn


def _cells(each: "Difference", language: Language | None = None) -> tuple[str, ...]:
    return (
        word(each.why.value, language) if language else each.why.value,
        each.subject,
        each.key,
        "" if each.position is None else str(each.position),
        each.fact,
        _short(each.recorded),
        _short(each.recomputed),
    )


def _short(value: Any) -> str:
    """What a consequence says, without what stands in other columns."""
    if not isinstance(value, dict):
        return "" if value is None else str(value)
    inner = value.get("record", value)
    without = ("event", "subject", "cause", "rules", "key", "is", "because", "person")
    told = {name: each for name, each in inner.items() if name not in without}
    return json.dumps(told, ensure_ascii=False)[:300]


def _page(found: "Audit", language: Language) -> Report:
    cities = (f"{city} · {word('known', language)} {known}" for city, known in found.cities.items())
    money = ((why, a, amount) for why, sums in found.money().items() for a, amount in sums.items())
    counts = f"{word('number', language)}: {len(found.differences)}"
    return Report(
        title=word("audit", language),
        lines=(
            *cities,
            f"{word('facts', language)} {found.facts}, {word('events', language)} {found.events}",
            counts,
        ),
        sections=(
            Section(
                title=word("totals", language),
                columns=tuple(word(name, language) for name in ("why", "account", "difference")),
                rows=tuple((word(why, language), account, amount) for why, account, amount in money),
                numbers=(2,),
            ),
            Section(
                title=word("findings", language),
                columns=tuple(word(name, language) for name in COLUMNS),
                rows=tuple(_cells(each, language) for each in found.differences),
            ),
        ),
    )
