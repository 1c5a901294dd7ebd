"""Read models as SQLAlchemy Core tables. Money in fen; moments in microseconds (`Moment`); days as ISO text.

Record tables are bitemporal: what was known from `known_from` until `known_to` (OPEN = still) about days from
`effective_from` until `effective_to`. Keys start with city and subject, so that tables partition by subject.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text, column, table

METADATA = MetaData()
OPEN = 2**63 - 1
"""`known_to` of a row that still holds."""
KNOWN_TO = 5
"""Where `known_to` stands among the columns of a record table."""


def _records(name: str, *columns: Column[Any]) -> Table:
    """A bitemporal table of one kind of record; `record` keeps the whole of it as JSON."""
    return Table(
        name,
        METADATA,
        Column("city", String(6), primary_key=True),
        Column("subject", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("known_position", BigInteger, primary_key=True),
        Column("known_from", BigInteger, nullable=False),
        Column("known_to", BigInteger, nullable=False),
        Column("effective_from", String(10)),
        Column("effective_to", String(10)),
        *columns,
        Column("cause", Text, nullable=False),
        Column("record", Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _text(*names: str) -> list[Column[Any]]:
    return [Column(name, Text) for name in names]


def _fen(*names: str) -> list[Column[Any]]:
    return [Column(name, BigInteger) for name in names]


benefit_period = _records(
    "benefit_period", *_text("scheme", "status", "reason", "capacity", "mode"), Column("tier", Integer)
)
contribution_month = _records(
    "contribution_month", *_text("scheme", "month", "counted_as"), Column("count", Integer)
)
claim_settlement = _records(
    "claim_settlement", *_text("claim", "person", "outcome", "reason"), *_fen("total", "pooled", "member")
)
year_total = _records(
    "year_total", *_text("person", "scheme"), Column("year", Integer), *_fen("pooled", "cap_left", "burden")
)
account_standing = _records("account_standing", *_text("account"), Column("blocked", Integer))
layer_cover = _records("layer_cover", *_text("person", "layer", "status"))
allowance = _records("allowance", *_text("person", "outcome"), *_fen("total"))
fact_decision = _records("fact_decision", *_text("fact", "person", "outcome", "reason"))
waiting = _records("waiting", *_text("waiting_for"))

journal = Table(
    "journal",
    METADATA,
    Column("city", String(6), primary_key=True),
    Column("account", Text, primary_key=True),
    Column("effective", String(10), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("fen", BigInteger, nullable=False),
    Column("use", Text, nullable=False),
    sqlite_with_rowid=False,
)

"""One row per line of every posted event. The event itself stands in the log, once, at `position`."""


def account_balance(dialect: str) -> str:
    """The view of all that was ever posted to an account, whatever its effective day: what it holds as now known."""
    total = "sum(fen)" if dialect == "sqlite" else "CAST(sum(fen) AS BIGINT)"
    chosen = f"SELECT city, account, {total} AS fen FROM journal GROUP BY city, account"
    return f"CREATE VIEW account_balance AS {chosen}"


log = table(
    "stored_events",
    *map(column, ("notification_id", "originator_id", "originator_version", "topic", "state", "recorded_at")),
    column("effective_on"),
)
"""The log, as far as the read models point into it."""

projection_position = Table(
    "projection_position",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""The position in the log up to which the tables have taken in every event, exactly once."""

RECORDS: dict[str, Table] = {
    "period": benefit_period,
    "months": contribution_month,
    "claim": claim_settlement,
    "year": year_total,
    "standing": account_standing,
    "layer": layer_cover,
    "allowance": allowance,
    "decided": fact_decision,
    "entry": waiting,
    "stalled": waiting,
}
"""The table of a record, by the first part of its key."""
RECORD_TABLES: tuple[Table, ...] = tuple(dict.fromkeys(RECORDS.values()))
