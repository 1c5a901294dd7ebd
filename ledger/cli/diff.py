"""`yibao diff`: one question at two moments of knowledge, and the facts that made the difference."""

from typing import Any

from cyclopts import App
from rich.text import Text

from ledger.cli import OK
from ledger.cli.explain import moment
from ledger.cli.options import Everywhere, opened
from ledger.cli.questions import add_verbs
from ledger.cli.screen import console, print_json
from ledger.comparing_answers import answers_compared

app = App(
    name="diff",
    help_format="plaintext",
    help="""The same question at two moments of knowledge: what changed, and which fact caused it.

Example: yibao diff claim --claim c1 --known-before 2024-03-31 --known 2024-06-30
""",
)


def diff(asked: dict[str, Any], everywhere: Everywhere) -> int:
    """Ask at both moments and at every moment between at which something was learned."""
    before = moment(str(asked.pop("known_before")))
    with opened(everywhere) as ledger:
        told = answers_compared(ledger, everywhere.one_city(ledger), asked, before)
    if everywhere.json:
        print_json(told)
    else:
        _print(told)
    return OK


def _print(told: dict[str, Any]) -> None:
    out = console()
    out.print(Text(f"{told['ask']}: known {told['known_before']} -> {told['known']}"))
    if not told["changes"]:
        out.print("no difference 无差异")
    for change in told["changes"]:
        before, after = (_brief(change[side]) for side in ("before", "after"))
        out.print(Text(f"  {change['path'].removeprefix('answer.')}: {before} -> {after}"))
    for step in told["steps"]:
        facts = ", ".join(step["because_of"]) or "the passing of time 时间推移"
        paths = ", ".join(change["path"].removeprefix("answer.") for change in step["changes"])
        out.print(Text(f"because of 起因 {facts} (learned {step['known']}): {paths}"))


def _brief(value: Any) -> str:
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return f"{len(value)} lines"
    return ", ".join(map(str, value)) if isinstance(value, list) else "-" if value is None else str(value)


add_verbs(app, diff, earlier=True)
