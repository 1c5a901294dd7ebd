"""The one way in which checkpoints and proofs are written: whoever alters a byte, white space included, is noticed.

JSON, UTF-8, keys sorted, one space of indentation a level, a line end at the end; no numbers but integers.
"""

import json
from typing import Any

CHECKPOINT = b"yibao-ledger checkpoint 1\n"
PROOF = b"yibao-ledger proof 1\n"
"""What stands before the text that is signed, so that a signature of one kind never serves as the other."""


def canonical(value: Any) -> bytes:
    """A value as it is signed and stored."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()
