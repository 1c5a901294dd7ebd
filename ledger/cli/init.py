"""`yibao init`: a new ledger."""

from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, say


def init(*, everywhere: Everywhere = EVERYWHERE) -> int:
    """Make a new, empty ledger. On one that is there already nothing changes.

    Examples: `yibao init`; `yibao init --database city.db`;
    `YIBAO_DATABASE=postgresql://ledger@db.example/ledger yibao init`.
    """
    from ledger.handle import Ledger

    Ledger.open(everywhere.database, migrate=True).close()
    with opened(everywhere, create=True) as ledger:
        held = ledger.cities()
    if everywhere.json:
        print_json({"database": _shown(everywhere.database), "cities": held})
    else:
        say(f"ready 就绪: {_shown(everywhere.database)}")
    return OK


def _shown(database: str) -> str:
    """The database without a password."""
    head, at, tail = database.rpartition("@")
    scheme, mark, rest = head.partition("://")
    return f"{scheme}{mark}{rest.partition(':')[0]}{at}{tail}" if at and mark else database
