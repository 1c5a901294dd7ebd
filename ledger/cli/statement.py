"""`yibao statement`: everything about one person, for a stretch of days, in force on E, as known on K."""

from datetime import date
from typing import Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from domain.errors import InputRefused
from ledger.cli import OK
from ledger.cli import reasons as why
from ledger.cli.explain import moment
from ledger.cli.labels import code_text, value_text
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import console, error_line, print_json, row_table
from ledger.statements import statement as statement_of


def statement(
    *,
    person: str,
    on: str,
    known: str,
    from_: Annotated[str | None, Parameter(name="--from")] = None,
    to: str | None = None,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Everything about one person: status, months, accounts, claims, yearly totals, postings and facts.

    Example: `yibao statement --person P1 --from 2024-01-01 --to 2024-12-31 --on 2024-12-31 --known 2025-02-01`

    Parameters
    ----------
    person
        Identifier of the person 人员.
    on
        In force on this day 生效日.
    known
        As known at this date or time 已知日.
    from_
        First day of the statement; the first of January of --on when left out.
    to
        Last day of the statement; --on when left out.
    """
    end, first, last = day(on, "on"), day(from_, "from") if from_ else None, day(to, "to") if to else None
    moment(known)
    with opened(everywhere) as ledger:
        told = statement_of(ledger, everywhere.one_city(ledger), person, end, known, first, last)
    if everywhere.json:
        print_json(told)
    else:
        _print(told)
    return OK


def day(text: str, name: str) -> date:
    """A day from the command line; InputRefused otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputRefused("wrong_type", name, f"`{text}` is not a day such as 2024-03-31") from None


def _print(told: dict[str, Any]) -> None:
    out = console()
    out.print(Text(f"{told['person']}  {told['from']} .. {told['to']}", "bold"))
    out.print(Text(f"in force on 生效日 {told['on']}, as known on 已知日 {told['known']}"))
    for scheme, got in told["status"].items():
        out.print(
            _line(f"status 待遇状态 {scheme}", "benefit_status", got, ("status", "reason", "covered_from"))
        )
    for got in told["months"].values():
        out.print(
            _line("months 缴费月数", "contribution_months", got, ("total", "paid", "deemed", "converted"))
        )
    for scheme, got in told["periods"].items():
        if rows := got.get("answer", {}).get("periods"):
            out.print(row_table("benefit_periods", "periods", rows), f"[dim]{scheme}[/dim]")
    _print_accounts(told)
    for bill in told["claims"]:
        about = f"claim 费用单据 {bill['claim']} {bill['on']} {bill['kind']} {bill['kind_label']}"
        out.print(_line(about, "claim", bill, ("outcome", "reason", "total", "pooled", "member")))
    for year, got in told["year_totals"].items():
        out.print(_line(f"totals 年度累计 {year}", "year_totals", got, ("stays", "pooled", "cap_left")))
    if told["postings"]:
        columns = ("entry", "on", "recorded", "kind", "postings", "cause")
        out.print(why.table("postings 记账", told["postings"], columns))
    out.print(why.table("facts 事实", told["facts"], ("id", "fact", "on", "recorded", "told")))


def _print_accounts(told: dict[str, Any]) -> None:
    out = console()
    accounts = {"personal account 个人账户": told["personal_account"]}
    accounts |= {f"family account 家庭门诊账户 {name}": got for name, got in told["family_accounts"].items()}
    for name, got in accounts.items():
        out.print(_line(name, "personal_account", got, ("opening", "balance", "notes")))
        if rows := got.get("answer", {}).get("movements"):
            out.print(row_table("personal_account", "movements", rows))


def _line(name: str, kind: str, got: dict[str, Any], wanted: tuple[str, ...]) -> Text:
    if "error" in got:
        return Text(f"{name}: ").append_text(error_line(got["error"]))
    answer = got["answer"]
    parts = (
        f"{each} {code_text(answer[each]) if each == 'reason' else value_text(kind, each, answer[each])}"
        for each in wanted
        if answer.get(each) not in (None, [], "")
    )
    return Text(f"{name}: {', '.join(parts)}")
