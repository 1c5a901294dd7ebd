"""`yibao ask`: any of the 22 questions, by options or as JSON."""

from typing import Any

from cyclopts import App

from ledger.cli import FINDING, OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.questions import add_verbs
from ledger.cli.record import json_object
from ledger.cli.screen import print_json, show_answer

app = App(
    name="ask",
    help_format="plaintext",
    help="""Ask one of the 22 questions of facts v1, for any pair of dates.

A question that cannot be answered (a missing announcement or fact) says what is missing; exit code 1.

Examples:

    yibao ask benefit_status --person P1 --on 2024-03-15 --known 2024-06-30
    yibao ask '{"ask": "claim", "claim": "c1", "known": "2024-06-30"}' --json
""",
)


def answer(asked: dict[str, Any], everywhere: Everywhere) -> int:
    """Ask and print; exit code 1 when the answer is an error."""
    with opened(everywhere) as ledger:
        got = ledger.ask(asked, city=everywhere.city_code())
    if everywhere.json:
        print_json(got)
    else:
        show_answer(str(asked["ask"]), got)
    return FINDING if "error" in got else OK


@app.default
def ask(question: str, *, everywhere: Everywhere = EVERYWHERE) -> int:
    """Ask a question given as a JSON object (`expect` is not part of it).

    Parameters
    ----------
    question
        A question of facts v1 as JSON, or the name of a question followed by its options.
    """
    return answer(json_object(question, "ask"), everywhere)


add_verbs(app, answer)
