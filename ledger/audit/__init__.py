"""Every recorded consequence computed again from the facts, and every difference, with its cause."""

from ledger.audit.findings import Audit, Difference
from ledger.audit.running import Wanted, audit

__all__ = ["Audit", "Difference", "Wanted", "audit"]
