"""`yibao verify`: was anything altered?"""

from typing import Any

from ledger.cli import FINDING, OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, progress, say


def verify(*, everywhere: Everywhere = EVERYWHERE) -> int:
    """Check the chain of hashes over every recorded row; names the first row altered, removed or inserted.

    Example: `yibao verify --database city.db`. Exit code 1 when the chain is broken.
    """
    with opened(everywhere) as ledger, progress(hidden=everywhere.json) as bar:
        task = bar.add_task("rows 记录", total=None)
        found: Any = ledger.verify(lambda done, total: bar.update(task, completed=done, total=total))
    if everywhere.json:
        told = {"ok": found.ok, "rows": found.rows, "problem": found.problem, "position": found.position}
        print_json(told)
    elif found.ok:
        say(f"sound 完好: {found.rows} rows, every hash covers the row before it")
    else:
        where = f"position {found.position}" if found.position is not None else "the log"
        say(f"broken 已被改动: {where}: {found.problem}")
    return OK if found.ok else FINDING
