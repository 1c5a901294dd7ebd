"""The command line: one literal table of verbs, loaded only when called."""

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from io import TextIOWrapper

from cyclopts import App

OK, FINDING, REFUSED, DATABASE, BROKEN, INTERRUPTED = 0, 1, 2, 3, 70, 130
"""Exit codes: fine; a mismatch or finding; input refused; database; a defect of ours; interrupted by the user."""

STANDARD_INPUT = "<stdin>"
"""What `-` is called inside: a bare hyphen would be taken for an option."""

VERBS: dict[str, tuple[str, str, str]] = {
    # verb: where it is, its group in --help, and what it does
    "init": ("ledger.cli.init:init", "Write", "Make a new, empty ledger."),
    "import": ("ledger.cli.importing:import_files", "Write", "Import facts from JSON Lines or CSV files."),
    "record": ("ledger.cli.record:record", "Write", "Record one fact given as JSON."),
    "advance": ("ledger.cli.advance:advance", "Write", "Record what the passing of time has changed."),
    "resolve": (
        "ledger.cli.resolve:resolve_facts",
        "Write",
        "What facts would change: old, new, who owes whom; then --record.",
    ),
    "ask": ("ledger.cli.ask:app", "Ask", "Ask one of the 22 questions, for any pair of dates."),
    "status": ("ledger.cli.short:status", "Ask", "待遇状态: is a person covered on a day?"),
    "periods": ("ledger.cli.short:periods", "Ask", "待遇期间: all status periods of a person."),
    "months": ("ledger.cli.short:months", "Ask", "缴费月数: contribution months of a person."),
    "account": ("ledger.cli.short:account", "Ask", "个人账户: balance and movements."),
    "family-account": (
        "ledger.cli.short:family_account",
        "Ask",
        "家庭门诊账户: a household's balance and movements.",
    ),
    "claim": ("ledger.cli.short:claim", "Ask", "费用结算: the settlement of a claim."),
    "statement": ("ledger.cli.statement:statement", "Audit", "Everything about one person."),
    "history": ("ledger.cli.history:history", "Audit", "One person in every city, side by side."),
    "explain": ("ledger.cli.explain:app", "Audit", "Why: steps, amounts, articles, facts."),
    "prove": ("ledger.cli.prove:app", "Audit", "证明: an answer and all it rests on, in one signed file."),
    "diff": ("ledger.cli.diff:app", "Audit", "One question at two moments of knowledge."),
    "changes": ("ledger.cli.short:changes", "Audit", "差异: what changed for a person, and why."),
    "audit": ("ledger.cli.audit:audit", "Audit", "Compute everything again and list what differs."),
    "trial-balance": (
        "ledger.cli.trial_balance:trial_balance",
        "Audit",
        "试算平衡: every account on a day; the sum is zero.",
    ),
    "case": ("ledger.cli.case:app", "Audit", "Run case files: facts, questions, expectations."),
    "export": ("ledger.cli.exporting:app", "Keep", "Settlements, contributions in the platform's names."),
    "verify": ("ledger.cli.verify:verify", "Keep", "Check that no recorded row was altered."),
    "checkpoint": (
        "ledger.cli.checkpoint:app",
        "Keep",
        "检查点: what the log was at a time, signed, to be published.",
    ),
    "key": ("ledger.cli.key:app", "Keep", "The keys that sign checkpoints and proofs."),
    "rebuild": ("ledger.cli.rebuild:rebuild", "Keep", "Make every table anew from the log."),
    "serve": ("ledger.cli.serve:serve", "Serve", "HTTP service: facts, questions, streams, with tokens."),
    "subscribe": (
        "ledger.cli.subscribe:subscribe",
        "Serve",
        "订阅: the event stream, printed as it is recorded.",
    ),
    "subscriptions": (
        "ledger.cli.subscriptions:app",
        "Serve",
        "Durable subscriptions: position, lag, pause, replay, retry.",
    ),
    "publish": ("ledger.cli.publish:app", "Serve", "The event stream to NATS JetStream or Kafka."),
    "contract": (
        "ledger.cli.contract:contract",
        "Serve",
        "契约: event types of the stream and their schemas.",
    ),
    "token": ("ledger.cli.token:token", "Serve", "Issue a bearer token for the service."),
    "demo": ("ledger.cli.demo:demo", "Look", "An invented family: a late payment, a hospital stay."),
    "rules": ("ledger.cli.rules:rules", "Look", "The rules of a city, with articles."),
    "cities": ("ledger.cli.rules:cities", "Look", "The cities whose policies are in the house."),
}

EPILOGUE = """Examples:

    yibao init
    yibao import facts.jsonl --rejects refused.jsonl
    yibao status --person P1 --on 2024-03-15 --known 2024-06-30
    yibao explain claim c1 --known 2024-06-30
    yibao diff claim --claim c1 --known-before 2024-03-31 --known 2024-06-30

Exit codes: 0 fine, 1 mismatch or finding, 2 input refused, 3 database, 70 defect, 130 interrupted.
"""


def build(called: str = "") -> App:
    """The application with every verb, none of them loaded. The verb that is called speaks for itself."""
    app = App(
        name="yibao",
        help="医保账本: an exact ledger for a city's medical insurance, for any pair of dates.",
        help_epilogue="" if called in VERBS else EPILOGUE,
        help_format="plaintext",
        version=_version,
        suppress_keyboard_interrupt=False,
    )
    for verb, (place, group, says) in VERBS.items():
        if verb == called:
            app.command(place, name=verb)
        else:
            app.command(place, name=verb, group=group, help=says)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of `yibao`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that knows no Chinese still gets the rest
    left = run(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # `yibao ... | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(left)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code. Whatever goes wrong is said in one line with a stable code."""
    tokens = verb_first(arguments)
    called = tokens[0] if tokens else ""
    if called and not called.startswith("-") and called not in VERBS:
        return _no_such_verb(called)
    try:
        outcome = build(called)(
            tokens, exit_on_error=False, print_error=False, result_action="return_value", backend="asyncio"
        )
    except KeyboardInterrupt:
        print("interrupted: everything up to the last whole fact is recorded; run it again", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return OK
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else FINDING
    except Exception as problem:  # the edge: nothing may escape as a traceback
        from ledger.cli.failures import told

        return told(problem, as_json="--json" in tokens)
    return outcome if isinstance(outcome, int) else OK


def verb_first(arguments: Sequence[str]) -> list[str]:
    """Options before the verb are moved behind it (`yibao --database x ask ...`); `-` becomes a name."""
    before: list[str] = []
    rest = [STANDARD_INPUT if word == "-" else word for word in arguments]
    while rest and rest[0].startswith("--") and rest[0] not in ("--help", "--version"):
        before.append(rest.pop(0))
        if before[-1] in ("--database", "--city") and rest:
            before.append(rest.pop(0))
    return rest + before if rest else before


def _no_such_verb(called: str) -> int:
    near = get_close_matches(called, VERBS, n=1)
    meant = f"did you mean `{near[0]}`? " if near else ""
    print(f"yibao: wrong_usage: there is no verb `{called}`; {meant}see `yibao --help`", file=sys.stderr)
    return REFUSED


def _version() -> str:
    from importlib.metadata import version

    return version("yibao-ledger")
