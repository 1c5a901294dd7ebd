"""`yibao export`: what the ledger holds in the national platform's names."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

from cyclopts import App, Parameter

from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, progress

if TYPE_CHECKING:
    from domain.values.calendar import Moment
    from ledger.handle import Ledger

Kind = Literal["csv", "jsonl"]
Format = Annotated[Kind, Parameter(name="--format")]
Row = dict[str, str]
EXAMPLES = """Export in the field names and codes of the national platform (docs/exchange.md).

Examples:

    yibao export settlements --known 2024-12-31 --output settlements.csv
    yibao export contributions --city CODE --format jsonl | gzip > contributions.jsonl.gz
    yibao export fund-payments --format csv
"""
app = App(name="export", help_format="plaintext", help=EXAMPLES)


@app.command
def settlements(
    *,
    known: str | None = None,
    kind: Format = "csv",
    output: Path | None = None,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Settlements of claims, one row each, as known.

    Example: `yibao export settlements --known 2024-12-31 --output settlements.csv`

    Parameters
    ----------
    known
        As known at this date or time 已知日; now when left out.
    kind
        csv, or jsonl for one JSON object a line.
    output
        File to write; standard output when left out.
    """
    from ledger.exchange.settlements import FIELDS
    from ledger.exchange.settlements import settlements as rows_of

    return _export(rows_of, FIELDS, "settlements 结算", known, kind, output, everywhere)


@app.command
def contributions(
    *,
    known: str | None = None,
    kind: Format = "csv",
    output: Path | None = None,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Contributions that arrived, one row for each person and each run of months, as known.

    `yibao import --platform` reads them back. Example: `yibao export contributions --format jsonl`

    Parameters
    ----------
    known
        As known at this date or time 已知日; now when left out.
    kind
        csv, or jsonl for one JSON object a line.
    output
        File to write; standard output when left out.
    """
    from ledger.exchange.contributions import contributions as rows_of
    from ledger.exchange.records import FIELDS

    return _export(rows_of, FIELDS, "contributions 缴费", known, kind, output, everywhere)


@app.command
def fund_payments(
    *,
    known: str | None = None,
    kind: Format = "csv",
    output: Path | None = None,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """What each fund and account paid for each settlement, one row each, as known.

    Example: `yibao export fund-payments --output fund_payments.csv`

    Parameters
    ----------
    known
        As known at this date or time 已知日; now when left out.
    kind
        csv, or jsonl for one JSON object a line.
    output
        File to write; standard output when left out.
    """
    from ledger.exchange.settlements import FUND_FIELDS, fund_payments

    return _export(fund_payments, FUND_FIELDS, "fund payments 基金支付", known, kind, output, everywhere)


def _export(
    rows_of: Any,
    fields: Sequence[str],
    name: str,
    known: str | None,
    kind: Kind,
    output: Path | None,
    everywhere: Everywhere,
) -> int:
    with opened(everywhere) as ledger, progress(hidden=everywhere.json) as bar:
        rows = bar.track(_rows(ledger, rows_of, everywhere, _moment(known)), description=name)
        if everywhere.json and output is None:
            print_json(list(rows))
            return OK
        with _written(output) as file:
            count = _write(file, rows, fields, kind)
    if everywhere.json:
        print_json({"rows": count, "output": str(output)})
    else:
        print(f"{name}: {count}", file=sys.stderr)
    return OK


def _rows(ledger: "Ledger", rows_of: Any, everywhere: Everywhere, known: "Moment") -> Iterator[Row]:
    """Rows of the city that is meant, or of every city held, one after the other."""
    chosen = everywhere.city_code()
    for city in [chosen] if chosen else ledger.cities():
        yield from rows_of(ledger.as_known(city, known))


def _moment(known: str | None) -> "Moment":
    from ledger.cli.explain import moment
    from ledger.clock import SystemClock

    return SystemClock().read() if known is None else moment(known)


@contextmanager
def _written(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that is complete when it appears."""
    if output is None:
        yield sys.stdout
        return
    partial = output.with_name(f"{output.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            yield file
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)


def _write(file: TextIO, rows: Iterable[Row], fields: Sequence[str], kind: Kind) -> int:
    count = 0
    table = csv.DictWriter(file, fields, lineterminator="\n") if kind == "csv" else None
    if table is not None:
        table.writeheader()
    for row in rows:
        count += 1
        if table is not None:
            table.writerow(row)
        else:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count
