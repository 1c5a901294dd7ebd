"""`yibao history`: one person in every city of the ledger, side by side."""

from typing import Any

from rich.text import Text

from domain.errors import InputRefused
from ledger.cli import FINDING, OK
from ledger.cli.explain import moment
from ledger.cli.labels import code_text, value_text
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.reasons import table
from ledger.cli.screen import console, print_json

FINDINGS = {
    "overlapping_cover": "两地待遇重叠",
    "month_paid_twice": "两地重复缴费月",
    "money_not_arrived": "账户资金转出未到",
    "money_not_released": "账户资金转入无转出",
}


def history(*, person: str, known: str, everywhere: Everywhere = EVERYWHERE) -> int:
    """One person in every city: cover, months, account money that moved, and what does not fit.

    Each city answers by its own policy and facts. Exit code 1 when days are covered in two cities, a month
    is paid in two cities, or account money left one city and did not arrive in another in the same amount.

    Example: `yibao history --person P1 --known 2025-12-31`

    Parameters
    ----------
    person
        Identifier of the person 人员, the same in every city.
    known
        As known at this date or time 已知日.
    """
    from ledger.history import history as history_of

    with opened(everywhere) as ledger:
        told = history_of(ledger, person, moment(known))
    if not told["months"]:
        raise InputRefused("unknown_reference", "person", f"no city knows anything of person `{person}`")
    if everywhere.json:
        print_json(told)
    else:
        _print(told)
    return FINDING if told["findings"] else OK


def _print(told: dict[str, Any]) -> None:
    out = console()
    out.print(Text(f"{told['person']}, as known on 已知日 {told['known']}", "bold"))
    periods = [{**period, **_said(period)} for period in told["periods"]]
    out.print(table("periods 待遇期间", periods, ("city", "scheme", "from", "to", "status", "reason")))
    counts = ("city", "name", "total", "local", "transferred")
    out.print(table("months 缴费月数", told["months"], counts))
    if told["account_moves"]:
        sums = ("city", "on", "recorded", "amount")
        out.print(table("account moves 账户转移", told["account_moves"], sums))
    for finding in told["findings"]:
        name = finding["finding"]
        about = ", ".join(f"{key} {_text(value)}" for key, value in finding.items() if key != "finding")
        out.print(Text(f"{name} {FINDINGS[name]}: {about}", "red"))
    if not told["findings"]:
        out.print("nothing counted or covered twice 无重复")


def _said(period: dict[str, Any]) -> dict[str, str]:
    """Status and reason with their labels."""
    reason = {"reason": code_text(period["reason"])} if "reason" in period else {}
    return {"status": value_text("benefit_status", "status", period["status"]), **reason}


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
