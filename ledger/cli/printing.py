"""What every verb understands whose result can be printed: where the page goes, and in which language."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cyclopts import Parameter

from ledger.cli.screen import say
from ledger.reports import Language, Report, printed


@Parameter(name="*")
@dataclass(frozen=True)
class Printing:
    """Options of verbs that can write a report."""

    report: str | None = None
    """Write a printable page (HTML) to this file."""
    language: Literal["zh", "en"] = "zh"
    """Language of the printable page: zh 中文 or en English."""

    def write(self, page: Callable[[Language], Report]) -> None:
        """Write the page, if one is wanted; ReportNeedsService where the template engine is missing."""
        if self.report is not None:
            Path(self.report).write_text(printed(page(self.language), self.language), "utf-8")

    def say_where(self) -> None:
        """Say on the screen where the page is."""
        if self.report is not None:
            say(f"report 报表: {self.report}")


PRINTING = Printing()
