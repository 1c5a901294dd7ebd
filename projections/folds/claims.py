"""Settlements, year totals and allowances as they hold."""

from datetime import date

from msgspec.structs import replace

from domain.events.consequences import AllowanceGranted, Settlement, YearTotal
from domain.questions.answers import AllowanceAnswer, ClaimAnswer, YearTotalsAnswer
from domain.rulebook.citation import Finding
from domain.state.held import Held, Version
from domain.values.terms import Scheme
from projections.folds.status import raised


def claim(held: Held, identifier: str) -> Finding[ClaimAnswer] | None:
    """The settlement that holds, with the change against the version before; None when there is none."""
    versions = held.settlements.get(identifier)
    now = held.settlement(identifier)
    if now is None or not versions:
        return None
    if now.problem is not None:
        raise raised(now.problem, now.because)
    assert now.answer is not None
    return Finding(replace(now.answer, adjustment=adjustment(versions)), now.because)


def adjustment(versions: list[Version]) -> dict[str, int]:
    """Signed change of what each payer bears against the version before, in fen."""
    now = versions[-1].settlement.payers
    earlier = [version for version in versions[:-1] if version.settlement.payers != now]
    before = earlier[-1].settlement.payers if earlier else {}
    changed = {payer: now.get(payer, 0) - before.get(payer, 0) for payer in dict.fromkeys([*now, *before])}
    return {payer: fen for payer, fen in changed.items() if fen}


def year_totals(held: Held, scheme: Scheme, year: int) -> Finding[YearTotalsAnswer] | None:
    """The counters recorded for a scheme and year; None when there are none."""
    record = held.records.get(f"year/{scheme}/{year}")
    if not isinstance(record, YearTotal):
        return None
    if record.problem is not None:
        raise raised(record.problem, record.because)
    assert record.answer is not None
    return Finding(record.answer, record.because)


def allowance(held: Held, on: date) -> Finding[AllowanceAnswer] | None:
    """The allowance of the latest event reported on or before a day, with what was posted by then."""
    granted = [record for record in held.of(AllowanceGranted) if record.on <= on]
    if not granted:
        return None
    latest = max(granted, key=lambda record: record.on)
    if latest.problem is not None:
        raise raised(latest.problem, latest.because)
    assert latest.answer is not None
    parts = latest.answer.instalments or ()
    posted = sum(part.amount for part in parts if part.posted_on is not None and part.posted_on <= on)
    return Finding(replace(latest.answer, posted=posted), latest.because)


def settlement_of(held: Held, identifier: str) -> Settlement | None:
    """The settlement record that holds."""
    return held.settlement(identifier)
