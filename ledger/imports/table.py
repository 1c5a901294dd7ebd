"""CSV: one fact a row, read with a mapping file."""

import csv
from collections.abc import Iterable, Iterator

from domain.errors import InputRefused
from ledger.imports.json_lines import Told, with_id
from ledger.imports.mapping import Mapping
from ledger.imports.sources import Line, Refused


def facts(lines: Iterable[Line | Refused], mapping: Mapping) -> Iterator[Told | Refused]:
    """Every row as a fact, or refused; a heading that the mapping does not know refuses the whole file."""
    text = _Text(lines, mapping.encoding)
    reader = csv.reader(text, delimiter=mapping.delimiter, strict=True)
    headings: list[str] | None = None
    rows = 0
    try:
        for row in reader:
            if headings is None:
                headings = [heading.strip() for heading in row]
                _check_headings(headings, mapping)
                continue
            rows += 1
            yield _fact(row, headings, mapping, text)
    except csv.Error as problem:
        message = f"{problem}; check the quotes, or whether the file was cut off"
        yield Refused(line=text.number, code="not_csv", message=message)
        return
    if text.damage is not None:
        yield text.damage
    elif headings is not None and not rows:
        yield Refused(line=1, code="empty_file", message="there is a heading but no row below it")


class _Text:
    """Lines as text; remembers the line number, whether the last line ended, and damage to the file."""

    def __init__(self, lines: Iterable[Line | Refused], encoding: str) -> None:
        self._lines = iter(lines)
        self._encoding = encoding
        self.number = 0
        self.whole = True
        self.damage: Refused | None = None

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            if isinstance(line, Refused):
                self.damage = line
                return
            self.number = line.number
            self.whole = line.whole
            yield line.content.decode(self._encoding, "surrogateescape") + "\n"


def _check_headings(headings: list[str], mapping: Mapping) -> None:
    unknown = [name for name in headings if name not in mapping.columns and name not in mapping.ignore]
    missing = [name for name in mapping.columns if name not in headings]
    if unknown:
        message = f"the mapping says nothing of column `{unknown[0]}`; add it to [columns] or to `ignore`"
        raise InputRefused("mapping_invalid", unknown[0], message)
    if missing:
        message = f"the file has no column `{missing[0]}`; it has: {', '.join(headings)}"
        raise InputRefused("mapping_invalid", missing[0], message)


def _fact(row: list[str], headings: list[str], mapping: Mapping, text: _Text) -> Told | Refused:
    raw = mapping.delimiter.join(row).encode("utf-8", "backslashreplace").decode()

    def refused(code: str, message: str, field: str = "") -> Refused:
        return Refused(line=text.number, code=code, field=field, message=message, raw=raw)

    if any("\udc80" <= character <= "\udcff" for cell in row for character in cell):
        return refused("not_utf8", f"the row is not {mapping.encoding}; set `encoding` in the mapping file")
    if not text.whole:
        return refused(
            "truncated_line", "the last row has no line end: the file may be cut off; if it is whole, add one"
        )
    if len(row) != len(headings):
        return refused("wrong_columns", f"{len(row)} cells under {len(headings)} headings; check delimiter")
    try:
        return Told(text.number, with_id(mapping.fact(dict(zip(headings, row, strict=True)))), raw)
    except InputRefused as refusal:
        return refused(refusal.code, refusal.message, refusal.name)
