"""The log, its end, and the indexes that lead into it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_day = sa.Date().with_variant(sa.Text(), "sqlite")
_READABLE = """
CREATE VIEW event_readable AS SELECT notification_id AS position, originator_id AS stream,
originator_version AS version, topic, {state} AS state, {recorded} AS recorded, recorded_by, effective_on,
fact_id, cause, {hash} AS hash FROM stored_events
"""


def upgrade() -> None:
    """Forward."""
    _log()
    _indexes()
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        op.execute(
            _READABLE.format(
                state="CAST(state AS TEXT)",
                recorded="datetime(recorded_at / 1000000, 'unixepoch')",
                hash="lower(hex(hash))",
            )
        )
    else:
        op.execute(
            _READABLE.format(
                state="convert_from(state, 'UTF8')",
                recorded="to_timestamp(recorded_at / 1000000.0) AT TIME ZONE 'UTC'",
                hash="encode(hash, 'hex')",
            )
        )


def _log() -> None:
    op.create_table(
        "stored_events",
        sa.Column("notification_id", _position, primary_key=True, autoincrement=False),
        sa.Column("originator_id", _key, nullable=False),
        sa.Column("originator_version", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("ingested_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("city", _key, nullable=False),
        sa.Column("effective_on", _day),
        sa.Column("fact_id", sa.Text()),
        sa.Column("cause", sa.Text()),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("originator_id", "originator_version", name="stored_events_stream"),
    )
    op.create_table(
        "log_head",
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
    )
    zeros = "zeroblob(32)" if op.get_bind().dialect.name == "sqlite" else r"decode(repeat('00', 32), 'hex')"
    op.execute(f"INSERT INTO log_head VALUES (0, 0, {zeros})")


def _indexes() -> None:
    op.create_index(
        "stored_events_fact_id",
        "stored_events",
        ["city", "fact_id"],
        unique=True,
        sqlite_where=sa.text("fact_id IS NOT NULL"),
        postgresql_where=sa.text("fact_id IS NOT NULL"),
    )
    op.create_table(
        "fact_reference",
        sa.Column("city", _key, primary_key=True),
        sa.Column("key", _key, primary_key=True),
        sa.Column("kind", _key, primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("fact_reference_position", "fact_reference", ["position"])
    op.create_table(
        "subject_dependency",
        sa.Column("city", _key, primary_key=True),
        sa.Column("key", _key, primary_key=True),
        sa.Column("subject", _key, primary_key=True),
        sqlite_with_rowid=False,
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "tracking" if sqlite else "notification_tracking",
        sa.Column("application_name", sa.Text(), primary_key=True),
        sa.Column("notification_id", sa.BigInteger()),
        sqlite_with_rowid=False,
    )
