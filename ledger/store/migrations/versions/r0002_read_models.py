"""The tables of the projections, and the end of each city's history (imports go forward city by city)."""

import sqlalchemy as sa
from alembic import op

from projections.tables.schema import METADATA

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Forward."""
    METADATA.create_all(op.get_bind())
    op.create_table(
        "city_head",
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
    )
