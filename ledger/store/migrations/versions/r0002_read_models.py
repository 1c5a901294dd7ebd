"""The tables of the projections, the days on which time matters, and the end of each city's history.

It states the tables of its own time. Tables that change later change by a migration of their own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TEXTS = {
    "benefit_period": ("scheme", "status", "reason", "capacity", "mode"),
    "contribution_month": ("scheme", "month", "counted_as"),
    "claim_settlement": ("claim", "person", "outcome", "reason"),
    "year_total": ("person", "scheme"),
    "account_standing": ("account",),
    "layer_cover": ("person", "layer", "status"),
    "allowance": ("person", "outcome"),
    "fact_decision": ("fact", "person", "outcome", "reason"),
    "waiting": ("waiting_for",),
}
_NUMBERS: dict[str, tuple[tuple[str, type[sa.Integer]], ...]] = {
    "benefit_period": (("tier", sa.Integer),),
    "contribution_month": (("count", sa.Integer),),
    "claim_settlement": (("total", sa.BigInteger), ("pooled", sa.BigInteger), ("member", sa.BigInteger)),
    "year_total": (
        ("year", sa.Integer),
        ("pooled", sa.BigInteger),
        ("cap_left", sa.BigInteger),
        ("burden", sa.BigInteger),
    ),
    "account_standing": (("blocked", sa.Integer),),
    "allowance": (("total", sa.BigInteger),),
}


def upgrade() -> None:
    """Forward."""
    for name in _TEXTS:
        _records(name)
    _money()
    op.create_table(
        "projection_position",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
    )
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


def _records(name: str) -> None:
    op.create_table(
        name,
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("known_position", sa.BigInteger(), primary_key=True),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.Column("effective_from", sa.String(10)),
        sa.Column("effective_to", sa.String(10)),
        *(sa.Column(column, sa.Text()) for column in _TEXTS[name]),
        *(sa.Column(column, kind()) for column, kind in _NUMBERS.get(name, ())),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )


def _money() -> None:
    op.create_table(
        "journal",
        sa.Column("city", sa.String(6), primary_key=True),
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("effective", sa.String(10), primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True),
        sa.Column("line", sa.Integer(), primary_key=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recorded", sa.BigInteger(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
    )
    total = "sum(fen)" if op.get_bind().dialect.name == "sqlite" else "CAST(sum(fen) AS BIGINT)"
    op.execute(
        f"CREATE VIEW account_balance AS SELECT city, account, {total} AS fen FROM journal GROUP BY city, account"
    )
