"""Streams: which ledger this is, durable subscriptions, and the events that their consumers could not take."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "stream_identity",
        sa.Column("one", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "subscription",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("wanted", sa.Text(), nullable=False),  # the filter, as JSON
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("paused", sa.Integer(), nullable=False),
        sa.Column("park_after", sa.Integer()),  # null: never
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.BigInteger()),  # position of the event that failed
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "parked_event",
        sa.Column("subscription", sa.Text(), primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("parked_at", sa.BigInteger(), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),  # 1: to be delivered again
        sqlite_with_rowid=False,
    )
