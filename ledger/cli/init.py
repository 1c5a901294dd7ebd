"""`yibao init`: a new ledger."""

from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, say


def init(*, service_role: str | None = None, everywhere: Everywhere = EVERYWHERE) -> int:
    """Make a new, empty ledger. On one that is there already nothing changes.

    Examples: `yibao init`; `yibao init --database city.db`;
    `YIBAO_DATABASE=postgresql://ledger@db.example/ledger yibao init --service-role yibao_service`.

    Parameters
    ----------
    service_role
        A role of PostgreSQL that gets what `yibao serve` needs and no more: it can add events and read them, not
        change, remove or empty them. Run it again after every upgrade, as the owner of the ledger.
    """
    from ledger.handle import Ledger
    from ledger.store.rights import grant_service

    Ledger.open(everywhere.database, migrate=True).close()
    with opened(everywhere, create=True) as ledger:
        held = ledger.cities()
        granted = {} if service_role is None else grant_service(ledger.store, service_role)
    if everywhere.json:
        told = {"database": _shown(everywhere.database), "cities": held}
        print_json(told if service_role is None else {**told, "rights": granted})
    else:
        if service_role is not None:
            say(f"{service_role}: stored_events {granted['stored_events']}")
        say(f"ready 就绪: {_shown(everywhere.database)}")
    return OK


def _shown(database: str) -> str:
    """The database without a password."""
    head, at, tail = database.rpartition("@")
    scheme, mark, rest = head.partition("://")
    return f"{scheme}{mark}{rest.partition(':')[0]}{at}{tail}" if at and mark else database
