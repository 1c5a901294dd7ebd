"""What the role of the service may do on PostgreSQL: add to the log and read it, never change, remove or empty it."""

from typing import Any

from domain.errors import InputRefused
from ledger.store.log import Store
from ledger.store.problems import understood

ADD = "SELECT, INSERT"
_GROWING = dict.fromkeys(
    (
        "stored_events",
        "access_log",
        "fact_reference",
        "subject_dependency",
        "checkpoint",
        "tree_part",
        "stream_identity",
    ),
    ADD,
)
_NOTED = dict.fromkeys(("city_head", "subject_due", "notification_tracking"), f"{ADD}, UPDATE")
_CHANGING = f"{ADD}, UPDATE, DELETE"
"""Of read models, which can be made anew from the log, and of subscriptions."""
RIGHTS: dict[str, str] = {
    **_GROWING,
    **_NOTED,
    "log_head": "SELECT, UPDATE",
    "yibao_schema": "SELECT",
    "subscription": _CHANGING,
    "parked_event": _CHANGING,
}
"""By table. Whoever may update `log_head` may take the lock of the log, which lies on that table for this reason."""
_RELATIONS = (
    "SELECT c.relname, c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v') ORDER BY 1"
)
_ROLE = (
    "SELECT r.rolsuper OR pg_has_role(r.oid, c.relowner, 'MEMBER'), quote_ident(r.rolname)"
    " FROM pg_roles r, pg_class c WHERE r.rolname = %s AND c.oid = 'stored_events'::regclass"
)
_HOLDERS = (
    "SELECT DISTINCT g.rolname FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles g ON g.oid = a.grantee"
    " WHERE c.oid = 'stored_events'::regclass AND a.privilege_type = 'INSERT' AND a.grantee <> c.relowner"
)


def grant_service(store: Store, role: str) -> dict[str, str]:
    """Give a role exactly what the service needs, as the owner of the ledger: rights by table.

    Whatever it had before is taken away. InputRefused when there is no such role, when it is a superuser or owns
    the ledger (then rights mean nothing), or when the ledger is on SQLite, which knows no roles.
    """
    if store.dialect != "postgresql":
        said = "only PostgreSQL knows roles; a SQLite file is protected by the permissions of the file"
        raise InputRefused("value_not_allowed", "service-role", said)
    with understood(store.place), store.transaction() as transaction:
        return _granted(transaction.cursor(), role)


def grant_again(store: Store) -> None:
    """Give the service's roles their rights on tables that were made anew."""
    if store.dialect != "postgresql":
        return
    with understood(store.place), store.transaction() as transaction:
        cursor = transaction.cursor()
        cursor.execute(_HOLDERS)
        for (role,) in cursor.fetchall():
            _granted(cursor, role)


def _granted(cursor: Any, role: str) -> dict[str, str]:
    name = _checked(cursor, role)
    cursor.execute("SELECT quote_ident(current_schema())")
    schema = cursor.fetchone()[0]
    told: dict[str, str] = {}
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}, PUBLIC")
    cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
    cursor.execute(_RELATIONS)
    for relation, kind in cursor.fetchall():
        told[relation] = "SELECT" if kind == "v" else _rights(relation)
        cursor.execute(f"GRANT {told[relation]} ON {schema}.{relation} TO {name}")
    return told


def _checked(cursor: Any, role: str) -> str:
    cursor.execute(_ROLE, (role,))
    found = cursor.fetchone()
    if found is None:
        said = f"the server has no role `{role}`; make it first: CREATE ROLE ... LOGIN PASSWORD ..."
        raise InputRefused("value_not_allowed", "service-role", said)
    powerful, name = found
    if powerful:
        said = f"`{role}` is a superuser or owns the ledger; the service needs a role of its own"
        raise InputRefused("value_not_allowed", "service-role", said)
    return str(name)


def _rights(table: str) -> str:
    """Of a table that nobody has named here, a read model may be changed, anything else only grows."""
    from projections.rebuild import ALL

    return RIGHTS.get(table) or (_CHANGING if table in {each.name for each in ALL} else ADD)
