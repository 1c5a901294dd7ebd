"""Names and identity numbers are shown only to whoever has the right to read them (ledger/rights/masking.py)."""

from typing import Any

from ledger.rights.caller import Caller
from ledger.rights.masking import hidden_name, masked


class Shown:
    """What one caller may read on one page, and whether anything on it identified a person."""

    def __init__(self, caller: Caller) -> None:
        self.all = caller.identifiers
        self.identified = False
        """True once a name or number was really shown: then the reading must be recorded."""

    def name(self, text: str | None, kind: str = "person") -> str:
        """The name of a person, or of an organisation, which is public."""
        if not text or kind != "person":
            return text or ""
        self.identified |= self.all
        return text if self.all else hidden_name(text)

    def value(self, value: Any) -> Any:
        """Any JSON value with what identifies persons hidden."""
        hidden, found = masked(value)
        self.identified |= self.all and found > 0
        return value if self.all else hidden
