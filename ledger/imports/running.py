"""An import as it runs: every fact through the one write path, every refusal kept with what the file said."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ledger.imports.json_lines import Told
from ledger.imports.sources import Refused

if TYPE_CHECKING:
    from ledger.handle import Ledger
    from ledger.receipts import Receipt


def imported(
    ledger: "Ledger", read: Iterable[Told | Refused], *, city: str, keep_recorded: bool
) -> "Iterator[Receipt | Refused]":
    """Receipts and refusals, about in the order of the file; nothing is held back for long."""
    from ledger.receipts import Rejected

    waiting: deque[tuple[int, str]] = deque()
    broken: deque[Refused] = deque()

    def good() -> Iterator[tuple[int, Any]]:
        for each in read:
            if isinstance(each, Refused):
                broken.append(each)
                continue
            waiting.append((each.line, each.raw))
            yield each.line, each.fact

    for outcome in ledger.import_facts(good(), city=city, keep_recorded=keep_recorded):
        line, raw = waiting.popleft()
        while broken and broken[0].line < line:
            yield broken.popleft()
        if isinstance(outcome, Rejected):
            yield Refused(line=line, code=outcome.code, field=outcome.field, message=outcome.message, raw=raw)
        else:
            yield outcome
    yield from broken
