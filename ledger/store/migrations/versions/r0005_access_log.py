"""The access log: refused calls of the service, and reads of what identifies persons. It only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_UNCHANGED = """
CREATE TRIGGER access_log_{what} BEFORE {what} ON access_log
BEGIN SELECT RAISE(ABORT, 'the access log only grows'); END
"""


def upgrade() -> None:
    """Forward."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "access_log",
        sa.Column("number", number, sa.Identity(always=True), primary_key=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),  # refused, identifiers
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "sqlite":  # on PostgreSQL rights do this, see ledger/store/rights.py
        for what in ("UPDATE", "DELETE"):
            op.execute(_UNCHANGED.format(what=what))
