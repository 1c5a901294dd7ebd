"""Contribution records in the national platform's names: CSV with those headings, or JSON Lines."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain

from domain.errors import InputRefused
from ledger.exchange.records import FIELDS, READ_ALSO, fact_of
from ledger.imports import json_lines, table
from ledger.imports.json_lines import Told
from ledger.imports.mapping import Mapping
from ledger.imports.sources import Line, Refused


class Records(Mapping, frozen=True, kw_only=True):
    """Every column is a field of the platform; a row is read as a contribution."""

    def fact(self, cells: dict[str, str]) -> dict[str, object]:
        """One row as a fact; InputRefused names the field."""
        return fact_of({name: cell.strip() for name, cell in cells.items()})


def facts(lines: Iterable[Line | Refused]) -> Iterator[Told | Refused]:
    """Every record as a fact with an id, or refused; the first line tells which kind of file it is."""
    rest = iter(lines)
    first = next(rest, None)
    if first is None or isinstance(first, Refused):
        yield from () if first is None else (first,)
    elif first.content.lstrip().startswith(b"{"):
        for line in chain((first,), rest):
            yield line if isinstance(line, Refused) else _read(line)
    else:
        yield from table.facts(chain((first,), rest), _columns(first))


def _read(line: Line) -> Told | Refused:
    told = json_lines.decoded(line)
    if isinstance(told, Refused):
        return told
    try:
        return Told(told.line, fact_of(told.fact), told.raw)
    except InputRefused as refusal:
        about = {"field": refusal.name, "message": refusal.message, "raw": told.raw}
        return Refused(line=told.line, code=refusal.code, **about)


def _columns(first: Line) -> Records:
    text = first.content.decode("utf-8", "backslashreplace")
    headings = [heading.strip() for heading in next(csv.reader([text]), [])]
    unknown = [heading for heading in headings if heading not in FIELDS + READ_ALSO]
    if unknown:
        known = ", ".join(FIELDS)
        message = f"`{unknown[0]}` is not a field of contribution records read here: {known}"
        raise InputRefused("unknown_field", unknown[0], message)
    return Records(columns={heading: heading for heading in headings})
