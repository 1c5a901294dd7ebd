"""`yibao statement`: everything about one person, for a stretch of days, in force on E, as known on K."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from domain.decisions.as_known import AsKnown
from domain.errors import InputRefused
from domain.facts import ClaimSubmitted, HouseholdMemberMoved, HouseholdRegistered
from domain.values.money import yuan_text
from ledger.cli import OK
from ledger.cli import reasons as why
from ledger.cli.explain import moment
from ledger.cli.labels import code_text, value_text
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import console, error_line, print_json, row_table

if TYPE_CHECKING:
    from ledger.handle import Ledger

SCHEMES = ("employee", "resident")


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
    end = day(on, "on")
    first = day(from_, "from") if from_ else date(end.year, 1, 1)
    last = day(to, "to") if to else end
    if last < first:
        raise InputRefused("value_not_allowed", "to", f"--to {last} lies before --from {first}")
    with opened(everywhere) as ledger:
        city = everywhere.one_city(ledger)
        asking = Asking(ledger, city, person, end, known)
        told = _statement(asking, first, last)
    if everywhere.json:
        print_json(told)
    else:
        _print(told)
    return OK


class Asking:
    """One person, both dates, and the ledger that is asked."""

    def __init__(self, ledger: "Ledger", city: str, person: str, on: date, known: str) -> None:
        self.person = person
        self.on = on
        self.known = known
        self.at: AsKnown = ledger.as_known(city, moment(known), source="replay")
        self._ledger = ledger
        self._city = city

    def ask(self, kind: str, **given: Any) -> dict[str, Any]:
        """The answer object of one question about the person."""
        return self._ledger.ask({"ask": kind, **given, "known": self.known}, city=self._city)


def _statement(asking: Asking, first: date, last: date) -> dict[str, Any]:
    person, on = asking.person, asking.on.isoformat()
    facts = why.known_facts(asking.at, [f"person:{person}"])
    if not facts:
        raise InputRefused("unknown_reference", "person", f"nothing is known of person `{person}`")
    bills = [f for f in facts if isinstance(f, ClaimSubmitted) and f.person == person]
    households = [f for f in facts if isinstance(f, (HouseholdRegistered, HouseholdMemberMoved))]
    return {
        "person": person,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "on": on,
        "known": asking.known,
        "status": {s: asking.ask("benefit_status", person=person, scheme=s, on=on) for s in SCHEMES},
        "periods": {s: _periods(asking, s, first, last) for s in SCHEMES},
        "months": {s: asking.ask("contribution_months", person=person, scheme=s, on=on) for s in SCHEMES},
        "personal_account": _account(asking.ask("personal_account", person=person, on=on), first, last),
        "family_accounts": {h: _family(asking, h, first, last) for h in _names_of(households)},
        "claims": [
            {
                "claim": bill.claim,
                "on": bill.on.isoformat(),
                "kind": str(bill.kind),
                "kind_label": bill.kind.label,
                "provider": bill.provider,
            }
            | asking.ask("claim", claim=bill.claim)
            for bill in bills
            if first <= bill.on <= last
        ],
        "year_totals": _totals(asking, first, last),
        "postings": _postings(asking, first, last),
        "facts": why.fact_rows(f for f in facts if first <= f.on <= last),
    }


def _periods(asking: Asking, scheme: str, first: date, last: date) -> dict[str, Any]:
    got = asking.ask("benefit_periods", person=asking.person, scheme=scheme)
    if "error" in got:
        return got
    within = [
        period
        for period in got["answer"]["periods"]
        if period["from"] <= last.isoformat() and (period.get("to") or "9999") > first.isoformat()
    ]
    return {**got, "answer": {"periods": within}}


def _account(got: dict[str, Any], first: date, last: date) -> dict[str, Any]:
    """The answer with the movements of the statement's days, and what was there before them."""
    if "error" in got:
        return got
    movements = got["answer"].get("movements", [])
    within = [each for each in movements if first.isoformat() <= each["on"] <= last.isoformat()]
    before = sum(_fen(each["amount"]) for each in movements if each["on"] < first.isoformat())
    answer = {**got["answer"], "opening": yuan_text(before), "movements": within}
    return {**got, "answer": answer}


def _family(asking: Asking, household: str, first: date, last: date) -> dict[str, Any]:
    got = asking.ask("family_account", household=household, on=asking.on.isoformat())
    return _account(got, first, last)


def _names_of(households: list[HouseholdRegistered | HouseholdMemberMoved]) -> list[str]:
    found: dict[str, None] = {}
    for fact in households:
        names = (
            (fact.household,)
            if isinstance(fact, HouseholdRegistered)
            else (fact.from_household, fact.to_household)
        )
        found.update({name: None for name in names if name is not None})
    return list(found)


def _totals(asking: Asking, first: date, last: date) -> dict[str, Any]:
    return {
        f"{scheme}/{year}": got
        for scheme in SCHEMES
        for year in range(first.year, last.year + 1)
        if "error" not in (got := asking.ask("year_totals", person=asking.person, scheme=scheme, year=year))
    }


def _postings(asking: Asking, first: date, last: date) -> why.Rows:
    held = asking.at.current(f"person:{asking.person}")
    return why.posting_rows(line for line in held.journal if first <= line.event.on <= last)


def _fen(yuan: str) -> int:
    from domain.values.money import SignedFen

    return int(SignedFen.parse(yuan))


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
