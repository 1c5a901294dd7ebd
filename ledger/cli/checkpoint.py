"""`yibao checkpoint`: what the log was at a time, to be published."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from cyclopts import App, Parameter

from domain.errors import InputRefused
from ledger.cli import OK
from ledger.cli.key import SIGNING_KEY, signing_key
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, say

if TYPE_CHECKING:
    from ledger.proof.checkpoints import Checkpoint

Key = Annotated[str | None, Parameter(name="--key", env_var=SIGNING_KEY)]
"""Private key that signs; else YIBAO_SIGNING_KEY."""

app = App(
    name="checkpoint",
    help_format="plaintext",
    help="""Checkpoints 检查点: what the log was at a time; whoever keeps one can tell later if the log was altered.

`yibao advance` writes one with every run.

Examples:

    yibao checkpoint list
    yibao checkpoint write --key yibao.key
    yibao checkpoint export -o published.json
""",
)


@app.command(name="list")
def list_(*, everywhere: Everywhere = EVERYWHERE) -> int:
    """List every checkpoint: position, when it was made, by which key it was signed, root of the hash tree.

    Example: `yibao checkpoint list`
    """
    from ledger.proof.checkpoints import checkpoints

    with opened(everywhere) as ledger:
        found = checkpoints(ledger.store)
    if everywhere.json:
        print_json([msgspec.to_builtins(each) for each in found])
    for each in () if everywhere.json else found:
        say(line(each))
    return OK


@app.command
def write(*, key: Key = None, everywhere: Everywhere = EVERYWHERE) -> int:
    """Write a checkpoint of the present end of the log; at the same end a second time nothing changes.

    Example: `yibao checkpoint write --key yibao.key`

    Parameters
    ----------
    key
        File of the private key 私钥 that signs it; else YIBAO_SIGNING_KEY; without either it is not signed.
    """
    from ledger.proof.checkpoints import write as write_checkpoint

    signer = signing_key(key)
    with opened(everywhere) as ledger:
        found = write_checkpoint(ledger.store, signer)
    if found is None:
        raise InputRefused("log_empty", "checkpoint", "nothing is recorded yet, so there is nothing to seal")
    if everywhere.json:
        print_json(msgspec.to_builtins(found))
    else:
        say(line(found))
    return OK


@app.command
def export(
    *,
    position: int | None = None,
    output: Annotated[str | None, Parameter(name=["--output", "-o"])] = None,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Write one checkpoint as the file to publish: the latest, or the one at a position; signed ones first.

    Example: `yibao checkpoint export -o published.json`

    Parameters
    ----------
    position
        Of the checkpoint, as `yibao checkpoint list` shows it.
    output
        File to write; standard output when left out.
    """
    from ledger.proof.checkpoints import checkpoints

    with opened(everywhere) as ledger:
        held = checkpoints(ledger.store)
    wanted = [each for each in held if position in (None, each.checkpoint.position)]
    if not wanted:
        said = "there is no such checkpoint; `yibao checkpoint list` shows them, `yibao checkpoint write` makes one"
        raise InputRefused("checkpoint_missing", "position", said)
    found = max(wanted, key=lambda each: (each.checkpoint.position, each.key or ""))
    if output is None:
        sys.stdout.write(found.text().decode())
    else:
        Path(output).write_bytes(found.text())
        say(line(found)) if not everywhere.json else print_json(msgspec.to_builtins(found))
    return OK


def line(checkpoint: "Checkpoint") -> str:
    """A checkpoint for a reader."""
    said = checkpoint.checkpoint
    by = f"signed by 签名 {checkpoint.key[:16]}" if checkpoint.key else "not signed 未签名"
    return f"checkpoint 检查点 {said.position}: {said.recorded}, {by}, root 根 {said.root}"


def told(checkpoint: "Checkpoint | None") -> dict[str, Any] | None:
    """A checkpoint for machines."""
    return None if checkpoint is None else msgspec.to_builtins(checkpoint)
