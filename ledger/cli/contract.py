"""`yibao contract`: what the event stream promises, type by type."""

from pathlib import Path

from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere
from ledger.cli.screen import print_json, say


def contract(
    name: str | None = None, /, *, write: Path | None = None, everywhere: Everywhere = EVERYWHERE
) -> int:
    """Event types of the stream, or the JSON Schema of one; --write puts the whole contract into a folder.

    Examples: `yibao contract`; `yibao contract determined.settlement`; `yibao contract --write docs/contract`

    Parameters
    ----------
    name
        Print the JSON Schema of `data` of this type.
    write
        Write AsyncAPI document and JSON Schemas into this folder.
    """
    from ledger.streams.contract import data_schema
    from ledger.streams.contract import write as written
    from ledger.streams.types import NAMES

    if write is not None:
        files = [str(path) for path in written(write)]
        if everywhere.json:
            print_json(files)
        else:
            say(f"{write}: {len(files)} files of the contract 契约")
    elif name is not None:
        print_json(data_schema(name))
    elif everywhere.json:
        print_json({name: data_schema(name)["description"] for name in NAMES})
    else:
        for each in NAMES:
            say(f"yibao.{each}: {data_schema(each)['description']}")
    return OK
