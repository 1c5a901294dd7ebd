"""The mapping tables, read once."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def tables() -> dict[str, dict[str, str]]:
    """Every table: our stored value to the platform's code."""
    return tomllib.loads((files("ledger.exchange") / "codes.toml").read_text("utf-8"))


def code(table: str, value: object) -> str:
    """The platform's code of one of our values; empty when it has no verified one."""
    return tables()[table].get(str(value), "")


def value(table: str, platform_code: str) -> str | None:
    """Our value of a platform code; None when the code is not in the table."""
    return next((ours for ours, theirs in tables()[table].items() if theirs == platform_code), None)


def wider_value(table: str, platform_code: str) -> str | None:
    """Our value of a code or, for a finer code than ours, of its first two digits (1102 is read as 11)."""
    return value(table, platform_code) or value(table, platform_code[:2])
