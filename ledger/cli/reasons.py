"""Why something holds, on the screen: tables of articles, facts, postings, versions (`ledger.reasons`)."""

from collections.abc import Iterable
from typing import Any

from rich.table import Table
from rich.text import Text

from ledger.reasons import (
    Rows,
    about_status,
    articles,
    fact_rows,
    known_facts,
    load_articles,
    posting_rows,
    version_rows,
)

__all__ = [
    "Rows",
    "about_status",
    "article_table",
    "articles",
    "fact_rows",
    "known_facts",
    "load_articles",
    "posting_rows",
    "table",
    "version_rows",
]


def article_table(rows: Rows) -> Table:
    """Rules for a reader."""
    return table("rules 条文依据", rows, ("rule", "article", "says"))


def table(title: str, rows: Rows, columns: Iterable[str]) -> Table:
    """Some columns of rows as a table; maps and lists in one cell."""
    drawn = Table(title=title, title_justify="left")
    for column in columns:
        drawn.add_column(column)
    for row in rows:
        drawn.add_row(*(Text(_labelled(row, column)) for column in columns))
    return drawn


def _labelled(row: dict[str, Any], column: str) -> str:
    label = row.get(f"{column}_label")
    return f"{_cell(row.get(column))}\n{label}" if label else _cell(row.get(column))


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_cell(each)}" for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_cell(each) for each in value)
    return "" if value is None else str(value)
