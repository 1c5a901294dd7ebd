"""`yibao verify`: was anything altered?"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.cli import FINDING, OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, progress, say

if TYPE_CHECKING:
    from ledger.proof.checkpoints import Checkpoint
    from ledger.receipts import Verification


def verify(
    *, checkpoint: str | None = None, public_key: str | None = None, everywhere: Everywhere = EVERYWHERE
) -> int:
    """Check the chain of hashes over every recorded row; names the first row altered, removed or inserted.

    Then every checkpoint kept in the ledger and, with --checkpoint, one that was published: it tells whether the
    log was cut off or written anew since. Exit code 1 when anything is wrong.

    Examples: `yibao verify --database city.db`; `yibao verify --checkpoint 2024-03.json --public-key yibao.key.pub`.

    Parameters
    ----------
    checkpoint
        A published checkpoint, as `yibao checkpoint export` wrote it.
    public_key
        Public key of whoever signed it; without it the signature is not looked at.
    """
    published = _published(checkpoint) if checkpoint is not None else None
    if published is not None and public_key is not None and not _genuine(published, public_key):
        return _not_genuine(everywhere)
    with opened(everywhere) as ledger, progress(hidden=everywhere.json) as bar:
        task = bar.add_task("rows 记录", total=None)
        found = ledger.verify(lambda done, total: bar.update(task, completed=done, total=total), published)
    if everywhere.json:
        print_json(msgspec.structs.asdict(found) | _compared(published, public_key))
    else:
        _print(found, published, public_key)
    return OK if found.ok else FINDING


def _published(file: str) -> "Checkpoint":
    from ledger.proof.checkpoints import published

    return published(Path(file).read_bytes())


def _genuine(published: "Checkpoint", public_key: str) -> bool:
    from ledger.proof.keys import public_key as read

    return published.genuine(read(Path(public_key)))


def _not_genuine(everywhere: Everywhere) -> int:
    told = "the checkpoint was not signed with this key, or was altered since"
    if everywhere.json:
        print_json({"ok": False, "code": "checkpoint_not_genuine", "problem": told, "position": None})
    else:
        say(f"not genuine 签名不符 (checkpoint_not_genuine): {told}")
    return FINDING


def _compared(published: "Checkpoint | None", public_key: str | None) -> dict[str, Any]:
    if published is None:
        return {}
    return {"checkpoint": published.checkpoint.position, "signature_checked": public_key is not None}


def _print(found: "Verification", published: "Checkpoint | None", public_key: str | None) -> None:
    if not found.ok:
        where = f"position {found.position}" if found.position is not None else "the log"
        say(f"broken 已被改动: {where}: {found.problem} ({found.code})")
        return
    say(f"sound 完好: {found.rows} rows, every hash covers the row before it")
    if published is not None:
        said = published.checkpoint
        signature = (
            "signature genuine 签名有效" if public_key else "signature not checked 未验签名: no --public-key"
        )
        say(
            f"agrees with the checkpoint 与检查点一致: position {said.position} of {said.recorded}; {signature}"
        )
