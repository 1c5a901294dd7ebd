"""`yibao demo`: an invented family, told in the terminal. Texts and facts are data in ledger/demo/."""

import tomllib
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from domain.values.calendar import Month, months_between
from domain.values.money import yuan_text
from ledger.cli import FINDING, OK
from ledger.cli.explain import moment
from ledger.cli.labels import value_text
from ledger.cli.screen import console, print_json, progress, say, show_answer
from ledger.differing import different
from ledger.imports import json_lines
from ledger.imports.running import imported
from ledger.imports.sources import Line, Refused

if TYPE_CHECKING:
    from ledger.handle import Ledger
from ledger.receipts import Receipt

BLOCKS = {
    "covered": ("█", "green"),
    "suspended": ("░", "red"),
    "pending": ("▒", "yellow"),
    "waiting": ("▒", "yellow"),
    "none": ("·", "dim"),
}
Story = dict[str, Any]


def demo(
    *,
    database: str | None = None,
    serve: Annotated[bool, Parameter(negative="")] = False,
    no_browser: Annotated[bool, Parameter(negative="")] = False,
    port: int | None = None,
    json: bool = False,
) -> int:
    """An invented family and employer over three years: a late back-payment, a hospital stay in the gap.

    Facts are imported, the same questions are asked before and after the payment, and the change is
    explained: who owes whom, a timeline, the articles. Nothing is kept unless --database is given.

    With --serve: five years of an invented town of some three hundred people, and the auditors' console over it
    in the browser, for this machine only. Filling the ledger takes about half a minute; Ctrl-C ends it.

    Example: `yibao demo`; `yibao demo --serve`; `yibao demo --database demo.db`, then ask it yourself.

    Parameters
    ----------
    database
        Keep the demo's ledger here; without it, it is gone afterwards.
    serve
        Fill a ledger with the invented town and open the console 控制台.
    no_browser
        With --serve: only say the address.
    port
        With --serve: port to listen on; 8420, or a free one, when left out.
    json
        Print JSON for machines.
    """
    if serve:
        return _show_town(database, port, browser=not no_browser)
    from ledger.handle import Ledger

    story: Story = tomllib.loads(_file("story.toml").decode())
    with Ledger.open(database, migrate=True) as ledger:
        receipts = _import(ledger, story)
        told = _asked(ledger, story)
        if json:
            print_json(told)
        else:
            _tell(ledger, story, told, len(receipts))
            _suggest(story, database)
    return OK if all("error" not in each["got"] for each in told["answers"]) else FINDING


def _show_town(database: str | None, port: int | None, *, browser: bool) -> int:
    """Fill a ledger with the town, then serve the console over it."""
    from ledger.cli.serve import ServiceMissing

    try:
        from ledger.demo.showing import show, town
    except ImportError as missing:
        if missing.name and missing.name.partition(".")[0] in ("domain", "ledger", "projections"):
            raise
        raise ServiceMissing from None
    with progress(hidden=False) as bar:
        task = bar.add_task("facts 事实", total=None)
        with town(database, lambda done, of: bar.update(task, completed=done, total=of)) as file:
            bar.stop()
            began = show(file, port, lambda at: say(f"console 控制台: {at}"), browser=browser)
    return OK if began else FINDING


def _file(name: str) -> bytes:
    return files("ledger").joinpath("demo", name).read_bytes()


def _import(ledger: "Ledger", story: Story) -> "list[Receipt]":
    """Import the facts as they were learned, with a run of time at each moment at which questions are asked."""
    read = json_lines.facts(
        Line(number, content) for number, content in enumerate(_file("facts.jsonl").splitlines(), 1)
    )
    waiting = [each for each in read if isinstance(each, json_lines.Told)]
    receipts = []
    for run in (story["before"], story["after"], story["end"]):
        now = [each for each in waiting if str(each.fact.get("recorded", each.fact["on"])) <= run]
        waiting = [each for each in waiting if each not in now]
        for outcome in imported(ledger, now, city="", keep_recorded=True):
            if isinstance(outcome, Refused):
                raise AssertionError(f"the demo's own facts are refused: {outcome}")
            receipts.append(outcome)
        ledger.advance(date.fromisoformat(run))
    return receipts


def _asked(ledger: "Ledger", story: Story) -> dict[str, Any]:
    """Every question of the story with its answer, the status of everybody, and the change of money."""
    city = ledger.cities()[0]
    answers = [
        {
            "known": story[chapter["known"]],
            "question": question,
            "got": _ask(ledger, city, story, chapter, question),
        }
        for chapter in story["chapters"]
        for question in chapter["questions"]
    ]
    return {
        "answers": answers,
        "timeline": [_months_of(ledger, city, story, who) for who in story["people"]],
        "owed": _owed(ledger, city, story),
    }


def _ask(ledger: "Ledger", city: str, story: Story, chapter: Story, question: Story) -> dict[str, Any]:
    return ledger.ask({**question, "known": story[chapter["known"]]}, city=city)


def _months_of(ledger: "Ledger", city: str, story: Story, who: Story) -> dict[str, Any]:
    """The status of one person in the middle of each month, at both moments of knowledge and at the end."""
    rows = {}
    for known in (story["before"], story["after"], story["end"]):
        asked = {"ask": "benefit_periods", "person": who["person"], "scheme": who["scheme"], "known": known}
        periods = ledger.ask(asked, city=city).get("answer", {}).get("periods", [])
        months = months_between(Month.parse(story["first_month"]), Month.of(moment(known).day))
        rows[known] = {str(month): _status_in(month, periods) for month in months}
    return {"person": who["person"], "scheme": who["scheme"], "status": rows}


def _status_in(month: Month, periods: list[dict[str, Any]]) -> str:
    middle = date(month.year, month.number, 15).isoformat()
    for period in periods:
        if period["from"] <= middle < (period.get("to") or "9999"):
            return str(period["status"])
    return "none"


def _owed(ledger: "Ledger", city: str, story: Story) -> dict[str, dict[str, str]]:
    """What the late payment changed for the claim's payers, and all it moved on the accounts of the person."""
    claim = ledger.ask({"ask": "claim", "claim": story["owed"]["claim"], "known": story["after"]}, city=city)
    at = ledger.as_known(city, moment(story["after"]), source="replay")
    sums: dict[str, int] = {}
    for line in at.current(f"person:{story['owed']['person']}").journal:
        if line.event.cause == story["owed"]["fact"]:
            for posting in line.event.postings:
                sums[posting.account] = sums.get(posting.account, 0) + posting.fen
    moved = {account: yuan_text(fen) for account, fen in sorted(sums.items()) if fen}
    return {"adjustment": claim.get("answer", {}).get("adjustment", {}), "moved": moved}


def _tell(ledger: "Ledger", story: Story, told: dict[str, Any], facts: int) -> None:
    out = console()
    out.print(Rule(story["title"]))
    for line in story["opening"]:
        out.print(Text(line))
    out.print(Text(f"{facts} facts imported 已导入事实, for {', '.join(ledger.cities())}"))
    asked = iter(told["answers"])
    for chapter in story["chapters"]:
        out.print(Rule(chapter["heading"]))
        out.print(Text(chapter["says"]))
        for _ in chapter["questions"]:
            each = next(asked)
            out.print(Text(_in_words(each), "bold"))
            show_answer(each["question"]["ask"], each["got"])
    _tell_difference(told["answers"])
    _tell_owed(story, told["owed"])
    _draw(story, told["timeline"])


def _in_words(each: dict[str, Any]) -> str:
    about = ", ".join(f"{name} {value}" for name, value in each["question"].items() if name != "ask")
    return f"? {each['question']['ask']}: {about}, known {each['known']}"


def _tell_difference(answers: list[dict[str, Any]]) -> None:
    """The last question's answer against the same question's earlier answer."""
    new = answers[-1]
    old = next(each for each in answers if each["question"] == new["question"])
    table = Table(title="What changed 变化", title_justify="left")
    for column in ("field", "before 补缴前", "after 补缴后"):
        table.add_column(column)
    kind = new["question"]["ask"]
    for change in different(old["got"].get("answer", {}), new["got"].get("answer", {})):
        if isinstance(change["before"], list) or isinstance(change["after"], list):
            continue
        sides = (value_text(kind, change["path"], change[side]) for side in ("before", "after"))
        table.add_row(change["path"], *(Text(side) for side in sides))
    console().print(table)


def _tell_owed(story: Story, owed: dict[str, dict[str, str]]) -> None:
    out = console()
    out.print(Rule(story["owed"]["heading"]))
    more = [payer for payer, amount in owed["adjustment"].items() if not amount.startswith("-")]
    less = {payer: amount for payer, amount in owed["adjustment"].items() if payer not in more}
    for payer, amount in less.items():
        out.print(
            Text(f"{', '.join(more)} owes {payer} {amount.lstrip('-')} 元: the bill was paid in July", "bold")
        )
    out.print(Text(story["owed"]["says"]))
    for account, amount in owed["moved"].items():
        kind, _, name = account.partition(":")
        out.print(Text(f"  {amount:>10} 元  {story['accounts'].get(kind, kind)} {name}"))


def _draw(story: Story, timeline: list[dict[str, Any]]) -> None:
    out = console()
    out.print(Rule("Timeline 时间线"))
    months = list(months_between(Month.parse(story["first_month"]), Month.parse(story["last_month"])))
    out.print(Text(" " * 12 + "".join(f"{m.year:<12}" for m in months if m.number == 1)))
    for who, row in zip(story["people"], timeline, strict=True):
        out.print(Text(f"{who['name']} ({value_text('benefit_status', 'scheme', who['scheme'])})", "bold"))
        if marks := who.get("marks"):
            out.print(Text(" " * 12 + "".join(marks.get(str(m), " ") for m in months) + who["note"]))
        for known, status in row["status"].items():
            bar = Text(f" {known} ")
            for month in months:
                sign, style = BLOCKS.get(status.get(str(month), ""), (" ", ""))
                bar.append(sign, style)
            out.print(bar)
    legend = ("covered", "suspended", "waiting", "none")
    words = (f"{BLOCKS[each][0]} {value_text('benefit_status', 'status', each)}" for each in legend)
    out.print(Text("each line as known on the day at its head 按各行所示已知日; " + "  ".join(words)))


def _suggest(story: Story, database: str | None) -> None:
    out = console()
    out.print(Rule(story["try"]["heading"]))
    where = f" --database {database}" if database else " --database demo.db"
    if database is None:
        out.print(Text("  yibao demo --database demo.db", "bold"))
    claim = story["owed"]["claim"]
    for command in (
        f"yibao explain claim {claim} --known {story['after']}{where}",
        f"yibao diff claim --claim {claim} --known-before {story['before']} --known {story['after']}{where}",
        f"yibao statement --person {story['owed']['person']} --on 2019-12-31 --known {story['end']}{where}",
    ):
        out.print(Text(f"  {command}", "bold"), soft_wrap=True)
