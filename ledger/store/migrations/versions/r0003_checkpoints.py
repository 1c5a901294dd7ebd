"""Checkpoints of the log, and the roots of its hash tree's complete parts, so that a checkpoint reads only what is new."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "checkpoint",
        sa.Column("position", sa.BigInteger(), primary_key=True),
        sa.Column("key_id", sa.Text(), primary_key=True),  # empty: not signed
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tree_part",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
