"""`yibao record`: one fact."""

from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from domain.errors import InputRefused
from ledger.cli import OK
from ledger.cli.options import EVERYWHERE, Everywhere, opened
from ledger.cli.screen import print_json, say


def record(
    fact: str,
    *,
    keep_recorded: Annotated[bool, Parameter(negative="")] = False,
    everywhere: Everywhere = EVERYWHERE,
) -> int:
    """Record one fact given as JSON, with all its consequences; learned now.

    Example: `yibao record '{"fact": "person_died", "on": "2024-05-02", "person": "P1", "city": "990100"}'`

    Parameters
    ----------
    fact
        A fact of facts v1 as a JSON object.
    keep_recorded
        Keep the `recorded` time of the fact (a right of imports) instead of now.
    """
    told = json_object(fact, "fact")
    with opened(everywhere, create=True) as ledger:
        receipt = ledger.record(told, city=everywhere.default_city(ledger), keep_recorded=keep_recorded)
    if everywhere.json:
        print_json(msgspec.structs.asdict(receipt))
    else:
        how = "was recorded before 重复" if receipt.repeated else "recorded 已记录"
        tail = (
            f"position {receipt.position}, known from {receipt.recorded}, {receipt.consequences} consequences"
        )
        say(f"{receipt.id} {how}: {tail}")
    return OK


def json_object(text: str, what: str) -> dict[str, Any]:
    """A JSON object from the command line; InputRefused otherwise."""
    try:
        told = msgspec.json.decode(text.encode("utf-8", "surrogateescape"))
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        message = f"{problem}; give one JSON object, in single quotes for the shell"
        raise InputRefused("not_json", what, message) from None
    if not isinstance(told, dict):
        raise InputRefused("wrong_type", what, "give a JSON object: it begins with { and ends with }")
    return told
