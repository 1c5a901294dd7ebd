"""`yibao key`: the pair of keys with which checkpoints and proofs are signed."""

from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere
from ledger.cli.screen import print_json, say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNING_KEY = "YIBAO_SIGNING_KEY"
"""Environment variable that names the private key's file."""

app = App(
    name="key",
    help_format="plaintext",
    help="""The pair of Ed25519 keys with which checkpoints and proofs are signed.

Example: yibao key new yibao.key
""",
)


@app.command
def new(file: str, *, everywhere: Everywhere = EVERYWHERE) -> int:
    """Make a pair: the private key in FILE, readable by you only, and the public one in FILE.pub, for everybody.

    Example: `yibao key new yibao.key`

    Parameters
    ----------
    file
        Where the private key 私钥 is put; a file that is there is never written over.
    """
    from ledger.proof.keys import new_pair

    public, name = new_pair(Path(file))
    if everywhere.json:
        print_json({"private": file, "public": str(public), "key": name})
    else:
        say(f"private key 私钥 (keep it) {file}; public key 公钥 (publish it) {public}; id {name}")
    return OK


def signing_key(file: str | None) -> "Ed25519PrivateKey | None":
    """The private key of `--key` or of the environment; None when neither is given."""
    if not file:
        return None
    from ledger.proof.keys import private_key

    return private_key(Path(file))
