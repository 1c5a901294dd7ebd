"""`yibao import`: files of facts, line by line, as far as they are good."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter
from rich.progress import Progress

from domain.errors import InputRefused
from ledger.cli import OK, REFUSED
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, progress, say
from ledger.imports import json_lines, sources, table
from ledger.imports.mapping import Mapping, read_mapping
from ledger.imports.running import imported

SHOWN = 10
"""Refusals that are printed; --rejects keeps them all."""


def import_files(
    *files: str,
    mapping: str | None = None,
    rejects: str | None = None,
    stamp_now: Annotated[bool, Parameter(negative="")] = False,
    platform: Annotated[bool, Parameter(negative="")] = False,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Import facts from JSON Lines or CSV files (`.gz` too, `-` is standard input).

    A line is recorded whole or refused whole; refused lines do not stop the others. Running the same
    import again skips what is recorded: a fact is known by its `id`, or, without one, by its content.
    Exit code 2 when anything was refused.

    Examples: `yibao import facts.jsonl`; `zcat old.gz | yibao import - --rejects refused.jsonl`;
    `yibao import paid.csv --mapping paid.toml`; `yibao import contributions.csv --platform`.

    Parameters
    ----------
    files
        Files to read, in this order.
    mapping
        TOML file that says which CSV column is which field; with it every file is read as CSV.
    rejects
        File to which every refused line is written, as JSON Lines: line, field, code, message, raw.
    stamp_now
        Record every fact as learned now, whatever `recorded` says in the file.
    platform
        The files hold contribution records in the national platform's names, as CSV or JSON Lines.
    """
    columns = _columns(files, mapping, platform)
    everywhere.city_code()
    count: Counter[str] = Counter()
    refused: list[dict[str, Any]] = []
    with _reject_file(rejects, refused) as refuse, opened(everywhere, create=True) as ledger:
        city = everywhere.default_city(ledger)
        for name in files:
            with sources.opened(name) as source, progress(hidden=everywhere.json) as bar:
                lines = _read(source, columns, platform)
                outcomes = imported(ledger, lines, city=city, keep_recorded=not stamp_now)
                _follow(outcomes, source, bar, count, refuse)
    _report(count, refused, rejects, everywhere)
    return REFUSED if count["rejected"] else OK


def _columns(files: tuple[str, ...], mapping: str | None, platform: bool) -> Mapping | None:
    """Which column is which field, if that is said; refused when the command makes no sense or a file is not there."""
    if not files:
        raise InputRefused("field_missing", "files", "name at least one file, or `-` for standard input")
    if mapping and platform:
        raise InputRefused("value_not_allowed", "platform", "--platform needs no --mapping")
    columns = read_mapping(mapping) if mapping else None
    for name in files:
        if name not in sources.STANDARD_INPUT:
            Path(name).open("rb").close()
    return columns


def _read(
    source: sources.Source, columns: Mapping | None, platform: bool
) -> Iterator[json_lines.Told | sources.Refused]:
    if platform:
        from ledger.imports import platform as records

        return records.facts(source.lines())
    if columns is not None:
        return table.facts(source.lines(), columns)
    return json_lines.facts(source.lines())


def _follow(
    outcomes: Iterable[Any],
    source: sources.Source,
    bar: Progress,
    count: Counter[str],
    refuse: Callable[[dict[str, Any]], None],
) -> None:
    """Count what becomes of each line, and show how far it is."""
    task = bar.add_task(source.name, total=source.size)
    for outcome in outcomes:
        _count(outcome, source.name, count, refuse)
        bar.update(task, completed=source.done())


def _count(outcome: Any, file: str, count: Counter[str], refuse: Callable[[dict[str, Any]], None]) -> None:
    if isinstance(outcome, sources.Refused):
        count["rejected"] += 1
        refuse({"file": file, **msgspec.structs.asdict(outcome)})
    elif outcome.repeated:
        count["repeated"] += 1
    else:
        count["recorded"] += 1
        count["consequences"] += outcome.consequences


@contextmanager
def _reject_file(path: str | None, shown: list[dict[str, Any]]) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Takes refused lines: all of them go to the file, if there is one, the first few to what is shown."""
    with ExitStack() as stack:
        file = None if path is None else stack.enter_context(Path(path).open("w", encoding="utf-8"))

        def refuse(told: dict[str, Any]) -> None:
            if file is not None:
                print(json.dumps(told, ensure_ascii=False), file=file)
            if len(shown) < SHOWN:
                shown.append(told)

        yield refuse


def _report(count: Counter[str], refused: list[dict[str, Any]], rejects: str | None, to: Everywhere) -> None:
    names = ("recorded", "repeated", "rejected", "consequences")
    if to.json:
        print_json({**{name: count[name] for name in names}, "rejects": refused})
        return
    labels = ("已记录", "重复跳过", "拒收", "推算结果")
    for name, label in zip(names, labels, strict=True):
        say(f"{name} {label}: {count[name]}")
    for each in refused:
        where = f"{each['file']}:{each['line']}"
        say(f"  {where}: {each['code']} {each['field']}: {each['message']}")
    if count["rejected"] > len(refused):
        more = f"all are in {rejects}" if rejects else "use --rejects FILE to keep them all"
        say(f"  ... and {count['rejected'] - len(refused)} more; {more}")
