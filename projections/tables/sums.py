"""Sums over the journal: what every account holds at a pair of dates, and what each subject posted."""

from functools import cache

from sqlalchemy import and_, bindparam, func, select

from projections.tables.schema import journal
from projections.tables.statements import _text as text


@cache
def by_account(dialect: str) -> str:
    """Account and fen, for days up to `until` as recorded by `moment`, in the city `in_city`."""
    mine = and_(
        journal.c.city == bindparam("in_city"),
        journal.c.effective <= bindparam("until"),
        journal.c.recorded <= bindparam("moment"),
    )
    sums = select(journal.c.account, func.sum(journal.c.fen), func.count()).where(mine)
    return text(dialect, sums.group_by(journal.c.account).order_by(journal.c.account))


@cache
def by_subject(dialect: str) -> str:
    """Subject, account, effective day and fen, as recorded by `moment`, in the city `in_city`."""
    mine = and_(journal.c.city == bindparam("in_city"), journal.c.recorded <= bindparam("moment"))
    sums = select(journal.c.subject, journal.c.account, journal.c.effective, func.sum(journal.c.fen)).where(
        mine
    )
    return text(dialect, sums.group_by(journal.c.subject, journal.c.account, journal.c.effective))
