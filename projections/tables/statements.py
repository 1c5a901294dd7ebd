"""The SQL behind the tables, built by SQLAlchemy Core once per database dialect and then executed in bulk.

Building a statement costs more than running it, so the text is made once and given to the driver as it is.
"""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, MetaData, Table, and_, bindparam, insert, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from projections.tables.schema import RECORDS, journal, log, projection_position

_ADDED: dict[str, Table] = {**RECORDS, "journal": journal}


@cache
def add(dialect: str, table: str, suffix: str = "") -> str:
    """INSERT into the table of a kind of record; values in the order of its columns."""
    return _text(dialect, insert(named(_ADDED[table], suffix)), positional=True)


@cache
def end(dialect: str, table: str, suffix: str = "") -> str:
    """UPDATE that ends the open row under a key, if it is older than a position.

    Parameters `at`, `in_city`, `of_subject`, `under`, `before`, `open`.
    """
    rows = named(_ADDED[table], suffix)
    mine = and_(
        rows.c.city == bindparam("in_city"),
        rows.c.subject == bindparam("of_subject"),
        rows.c.key == bindparam("under"),
        rows.c.known_position < bindparam("before"),
        rows.c.known_to == bindparam("open"),
    )
    return _text(dialect, update(rows).where(mine).values(known_to=bindparam("at")))


@cache
def move_on(dialect: str, suffix: str = "") -> str:
    """Set the position reached; parameters `name`, `position`."""
    return _upsert(dialect, named(projection_position, suffix), ("name",), "position")


@cache
def position(dialect: str) -> str:
    """Position reached under a `name`."""
    rows = projection_position
    return _text(dialect, select(rows.c.position).where(rows.c.name == bindparam("called")))


@cache
def records(dialect: str, table: str) -> str:
    """Records of a subject known at a moment; parameters `in_city`, `of_subject`, `moment`."""
    rows = _ADDED[table]
    known = and_(rows.c.known_from <= bindparam("moment"), rows.c.known_to > bindparam("moment"))
    mine = and_(rows.c.city == bindparam("in_city"), rows.c.subject == bindparam("of_subject"), known)
    columns = (rows.c.key, rows.c.record, rows.c.cause, rows.c.known_from)
    return _text(dialect, select(*columns).where(mine).order_by(rows.c.known_position))


@cache
def versions(dialect: str) -> str:
    """Every version of a subject's settlements known at a moment, in order of recording."""
    rows = _ADDED["claim"]
    mine = _of_subject(rows, rows.c.known_from)
    columns = (rows.c.record, rows.c.cause, rows.c.known_from)
    return _text(dialect, select(*columns).where(mine).order_by(rows.c.known_position))


@cache
def postings(dialect: str) -> str:
    """Posted events of a `stream` recorded by a moment and effective by a day (`until`), in order of recording."""
    mine = and_(
        log.c.originator_id == bindparam("stream"),
        log.c.topic == literal_column("'posted'"),
        log.c.recorded_at <= bindparam("moment"),
        log.c.effective_on <= bindparam("until"),
    )
    chosen = select(log.c.state, log.c.recorded_at).where(mine).order_by(log.c.originator_version)
    return _text(dialect, chosen)


@cache
def lines(dialect: str) -> str:
    """Posted events that touch an account, of all subjects; parameters `in_city`, `named`, `moment`."""
    mine = and_(
        journal.c.city == bindparam("in_city"),
        journal.c.account == bindparam("named"),
        journal.c.recorded <= bindparam("moment"),
    )
    there = log.c.notification_id.in_(select(journal.c.position).where(mine))
    return _text(dialect, select(log.c.state, log.c.recorded_at).where(there).order_by(log.c.notification_id))


def named(table: Table, suffix: str) -> Table:
    """The same table under a name with a suffix (a rebuild fills tables beside the live ones)."""
    if not suffix:
        return table
    return _named(table, suffix)


@cache
def _named(table: Table, suffix: str) -> Table:
    return table.to_metadata(MetaData(), name=table.name + suffix)


def _of_subject(rows: Table, recorded: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(
        rows.c.city == bindparam("in_city"),
        rows.c.subject == bindparam("of_subject"),
        recorded <= bindparam("moment"),
    )


def _upsert(dialect: str, table: Table, keys: tuple[str, ...], column: str) -> str:
    statement: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    new = statement.excluded[column]
    return _text(dialect, statement.on_conflict_do_update(index_elements=keys, set_={column: new}))


def _text(dialect: str, statement: ClauseElement, *, positional: bool = False) -> str:
    """Statement text with named (or positional) parameters, as the driver of the dialect wants them."""
    if dialect == "postgresql":
        style = "format" if positional else "pyformat"
        spoken: Any = postgresql.dialect(paramstyle=style)  # type: ignore[no-untyped-call]
    else:
        spoken = sqlite.dialect(paramstyle="qmark" if positional else "named")
    return str(statement.compile(dialect=spoken))
