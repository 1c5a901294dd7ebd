"""The tables of the projections, the days on which time matters, and the end of each city's history."""

import sqlalchemy as sa
from alembic import op

from projections.tables.schema import METADATA

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Forward."""
    METADATA.create_all(op.get_bind())
    op.create_table(
        "subject_due",
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("known_from", sa.BigInteger(), primary_key=True),
        sa.Column("day", sa.String(10)),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "city_head",
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
    )
