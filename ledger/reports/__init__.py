"""Reports to print: one template, filled with titles, lines and tables, in Chinese or English."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from msgspec import Struct

from domain.errors import LedgerError

Language = Literal["zh", "en"]


class Section(Struct, frozen=True, kw_only=True):
    """One table of a report. Cells are text; `numbers` names the columns that are set to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


class Report(Struct, frozen=True, kw_only=True):
    """What is printed: a title, lines that say what it is about, and tables."""

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]


class ReportNeedsService(LedgerError):
    """Printing needs a package that only the `service` extra brings."""

    code = "report_needs_service"

    def __init__(self) -> None:
        super().__init__("printable reports need jinja2: install `yibao-ledger[service]`, or use --json")


@cache
def _all_words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = tomllib.loads(_file("words.toml"))["words"]
    return found


def word(name: str, language: Language) -> str:
    """The name of a column, title or code in one language; itself when no word is known."""
    english, chinese = _all_words().get(name, (name, name))
    return chinese if language == "zh" else english


def both(name: str) -> str:
    """Chinese beside English, for the screen."""
    english, chinese = word(name, "en"), word(name, "zh")
    return english if english == chinese else f"{english} {chinese}"


def printed(report: Report, language: Language) -> str:
    """The report as one HTML page that needs nothing else."""
    try:
        from jinja2 import Environment
    except ImportError:
        raise ReportNeedsService from None
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        _file("report.html")
    )
    given: dict[str, Any] = {"report": report, "language": "zh-CN" if language == "zh" else "en"}
    return template.render(**given)


def _file(name: str) -> str:
    return files("ledger.reports").joinpath(name).read_text("utf-8")
