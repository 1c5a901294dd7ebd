"""Was anything altered, cut off or written anew since? The chain first, then every checkpoint."""

from collections.abc import Callable, Iterator

from ledger.proof.checkpoints import Checkpoint, contradicted, own_contradictions
from ledger.receipts import Verification
from ledger.store import Finding, Store

CODES = {
    "altered": "row_altered",
    "removed": "row_removed",
    "inserted": "row_inserted",
    "reordered": "row_reordered",
    "unindexed": "row_unindexed",
    "truncated": "log_truncated",
    "rewritten": "log_rewritten",
}
"""Stable codes of what is found (docs/errors.md)."""


def verified(
    store: Store, rows: int, progress: Callable[[int], object] | None, published: Checkpoint | None
) -> Verification:
    """What is wrong first, or that nothing is. `published` is a checkpoint that somebody kept elsewhere."""
    finding = next(_findings(store, progress, published), None)
    if finding is None:
        return Verification(ok=True, rows=rows)
    code = CODES[finding.what]
    return Verification(ok=False, rows=rows, problem=finding.says, position=finding.position, code=code)


def _findings(
    store: Store, progress: Callable[[int], object] | None, published: Checkpoint | None
) -> Iterator[Finding]:
    if published is not None:  # first: it says most, and costs least
        yield from contradicted(store, published)
    yield from store.verify(progress)
    yield from own_contradictions(store)
