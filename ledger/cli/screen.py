"""What people see: tables with Chinese beside English, and JSON for machines."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table
from rich.text import Text

NARROW = 100
"""Columns assumed when output goes to a file or a pipe."""


def console() -> Console:
    """Standard output; a fixed width away from a terminal, so that transcripts are the same everywhere."""
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, width=NARROW, soft_wrap=False)


def say(line: str) -> None:
    """One line of text as it is: never wrapped, so that it can be searched and copied."""
    print(line)


def print_json(value: Any) -> None:
    """One JSON value, readable and diffable."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def progress(*, hidden: bool) -> Progress:
    """A bar on standard error; silent when nobody watches."""
    err = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), MofNCompleteColumn())
    return Progress(*columns, console=err, transient=True, disable=hidden or not sys.stderr.isatty())


def show_answer(kind: str, answer: Mapping[str, Any]) -> None:
    """An answer object of facts v1 for a reader: fields, or the error, and the rules it rests on."""
    out = console()
    if "error" in answer:
        out.print(error_line(answer["error"]))
    else:
        out.print(field_table(kind, answer["answer"]))
        for name, rows in tables_in(answer["answer"]):
            out.print(row_table(kind, name, rows))
    if answer.get("pending"):
        out.print("pending 待记录: time has passed since the last run; `yibao advance` records it")
    if answer.get("because"):
        out.print(Text("because 依据: " + ", ".join(answer["because"])))


def error_line(error: Mapping[str, Any]) -> Text:
    """An error of an answer in one line."""
    from ledger.cli.labels import code_text

    where = " ".join(str(error[part]) for part in ("name", "date") if error.get(part))
    return Text(f"cannot be answered 无法回答: {code_text(error['code'])} {where}".rstrip())


def field_table(kind: str, answer: Mapping[str, Any]) -> Table:
    """The plain fields of an answer, one per line."""
    from ledger.cli.labels import field_label, value_text

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in answer.items():
        if value in ([], {}) or is_rows(value):
            continue
        table.add_row(name, field_label(name), Text(value_text(kind, name, value)))
    return table


def tables_in(answer: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The fields of an answer that are lists of objects."""
    return ((name, value) for name, value in answer.items() if is_rows(value))


def is_rows(value: Any) -> bool:
    """True for a list of objects."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def row_table(kind: str, name: str, rows: list[dict[str, Any]]) -> Table:
    """A list of objects as a table; a column for every field that some row has."""
    from ledger.cli.labels import field_label, value_text

    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = Table(title=f"{name} {field_label(name)}", title_justify="left")
    for column in columns:
        table.add_column(f"{column}\n{field_label(column)}")
    for row in rows:
        cells = (value_text(kind, column, row.get(column), inside=name) for column in columns)
        table.add_row(*(Text(cell) for cell in cells))
    return table
