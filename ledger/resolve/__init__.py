"""What facts would change, shown before anything is recorded; and then recorded exactly so."""

from ledger.resolve.changed import Change
from ledger.resolve.trial import Resolution, resolve

__all__ = ["Change", "Resolution", "resolve"]
