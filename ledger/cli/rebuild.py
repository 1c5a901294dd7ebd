"""`yibao rebuild`: every table anew from the log."""

from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, progress, say


def rebuild(*, everywhere: Everywhere = EVERYWHERE) -> int:
    """Make every table of answers anew from the log, beside the live ones, then switch.

    Example: `yibao rebuild --database city.db`
    """
    with opened(everywhere) as ledger, progress(hidden=everywhere.json) as bar:
        task = bar.add_task("events 事件", total=None)
        rows = ledger.rebuild(lambda done, total: bar.update(task, completed=done, total=total))
    if everywhere.json:
        print_json({"rows": rows})
    else:
        for table, count in rows.items():
            say(f"{table}: {count} rows")
    return OK
