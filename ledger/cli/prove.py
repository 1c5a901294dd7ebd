"""`yibao prove`: an answer and all it rests on, in one file that anybody can check without the ledger."""

import inspect
import json
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from domain.errors import InputRefused
from ledger.cli import FINDING, OK
from ledger.cli.key import SIGNING_KEY, signing_key
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.questions import add_verbs
from ledger.cli.record import json_object
from ledger.cli.screen import print_json, say, show_answer

Output = Annotated[str, Parameter(name=["--output", "-o"], help="File of the proof 证明.")]
At = Annotated[
    int | None,
    Parameter(
        name="--checkpoint", help="Position of the checkpoint 检查点 to use; else the latest signed one."
    ),
]
Signer = Annotated[
    str | None,
    Parameter(
        name="--key", env_var=SIGNING_KEY, help="File of the private key 私钥; else YIBAO_SIGNING_KEY."
    ),
]

app = App(
    name="prove",
    help_format="plaintext",
    help="""Write the proof of an answer: question, answer, rules, events and their place in the signed log.

Questions are those of `yibao ask`. `scripts/verify-proof FILE PUBLIC-KEY` checks it, offline and without the ledger.

Examples:

    yibao prove claim --claim c1 --known 2024-06-30 --key yibao.key -o c1.proof.json
    yibao prove '{"ask": "claim", "claim": "c1", "known": "2024-06-30"}' --key yibao.key -o c1.proof.json
""",
)


def prove(asked: dict[str, Any], everywhere: Everywhere) -> int:
    """Write the proof; exit code 1 when the answer is an error (which is proven as well)."""
    output, at = str(asked.pop("output")), asked.pop("checkpoint", None)
    signer = signing_key(asked.pop("key", None))
    if signer is None:
        raise InputRefused("key_missing", "key", "a proof is signed: give --key FILE or YIBAO_SIGNING_KEY")
    from ledger.proof.bundle import prove as proof_of

    with opened(everywhere) as ledger:
        text = proof_of(ledger, asked, signer, city=everywhere.city_code(), position=at)
    Path(output).write_bytes(text)
    proof = json.loads(text)["proof"]
    got, facts = proof["answer"], sum(event["is"] == "fact" for event in proof["events"])
    told = {
        "output": output,
        "bytes": len(text),
        "facts": facts,
        "consequences": len(proof["events"]) - facts,
        "checkpoint": proof["checkpoint"]["checkpoint"]["position"],
    }
    if everywhere.json:
        print_json({**told, "answer": got})
    else:
        show_answer(asked["ask"], got)
        say(
            f"proof 证明 {output}: {told['facts']} facts 事实, {told['consequences']} consequences 推算结果,"
            f" checkpoint 检查点 {told['checkpoint']}, {told['bytes']} bytes"
        )
    return FINDING if "error" in got else OK


@app.default
def ask(
    question: str,
    *,
    output: Output,
    key: Signer = None,
    checkpoint: At = None,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Prove the answer to a question given as a JSON object.

    Parameters
    ----------
    question
        A question of facts v1 as JSON, or the name of a question followed by its options.
    """
    asked = {**json_object(question, "ask"), "output": output, "key": key, "checkpoint": checkpoint}
    return prove(asked, everywhere)


def _added(name: str, annotation: Any, default: Any = None) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


add_verbs(
    app,
    prove,
    more=(_added("output", Output, inspect.Parameter.empty), _added("key", Signer), _added("checkpoint", At)),
)
