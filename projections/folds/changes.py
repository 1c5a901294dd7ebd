"""What differs between two moments of knowledge, and which facts are behind it."""

from datetime import date
from typing import Any

from domain.errors import Unanswerable
from domain.events.consequences import BenefitPeriod, CountedMonths, YearTotal
from domain.questions.answers import Change, ChangesAnswer
from domain.questions.writing import answer_json
from domain.rulebook.citation import Finding
from domain.state.held import Held, Line
from domain.values.money import yuan_text
from projections.folds.status import benefit_periods


def changes(before: Held, after: Held) -> Finding[ChangesAnswer]:
    """Every status period, claim, counter and account movement that differs, with its causes."""
    found = [*_claims(before, after), *_periods(before, after), *_records(before, after)]
    found += _movements(before, after)
    return Finding(ChangesAnswer(changes=tuple(found)))


def _claims(before: Held, after: Held) -> list[Change]:
    found = []
    for claim in dict.fromkeys([*before.settlements, *after.settlements]):
        old, new = before.settlement(claim), after.settlement(claim)
        if old == new:
            continue
        causes = [version.cause for version in after.settlements.get(claim, ())]
        since = causes[len(before.settlements.get(claim, ())) :]
        found.append(
            Change(
                ask="claim",
                claim=claim,
                before=_written(old.answer) if old else None,
                after=_written(new.answer) if new else None,
                because_of=_facts(since),
            )
        )
    return found


def _periods(before: Held, after: Held) -> list[Change]:
    found = []
    schemes = {p.scheme for held in (before, after) for p in held.of(BenefitPeriod)}
    for scheme in sorted(schemes):
        old, new = _periods_of(before, scheme), _periods_of(after, scheme)
        if old != new:
            found.append(
                Change(
                    ask="benefit_periods",
                    on=_first_day(old, new),
                    before=old,
                    after=new,
                    because_of=_causes(before, after, "period/"),
                )
            )
    return found


def _records(before: Held, after: Held) -> list[Change]:
    found = []
    for kind, ask, prefix in (
        (YearTotal, "year_totals", "year/"),
        (CountedMonths, "contribution_months", "months/"),
    ):
        old = {record.key: record for record in before.of(kind)}
        new = {record.key: record for record in after.of(kind)}
        if old != new:
            found.append(
                Change(
                    ask=ask,
                    before=_summary(old),
                    after=_summary(new),
                    because_of=_causes(before, after, prefix),
                )
            )
    return found


def _movements(before: Held, after: Held) -> list[Change]:
    fresh: list[Line] = after.journal[len(before.journal) :]
    return [
        Change(
            ask="posting",
            on=line.event.on,
            after={p.account: yuan_text(p.fen) for p in line.event.postings},
            because_of=_facts([line.event.cause]),
        )
        for line in fresh
    ]


def _periods_of(held: Held, scheme: Any) -> Any:
    """The periods, or, where one of them waits for something to be told, the error that a question has for answer."""
    try:
        return [answer_json(line) for line in benefit_periods(held, scheme).value.periods]
    except Unanswerable as missing:
        return {"error": {"code": missing.code, "name": missing.name, "date": missing.on}}


def _summary(records: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _written(getattr(record, "answer", None)) or getattr(record, "count", 1)
        for key, record in records.items()
    }


def _causes(before: Held, after: Held, prefix: str) -> tuple[str, ...]:
    new = {key: cause for key, cause in after.causes.items() if key.startswith(prefix)}
    return _facts([cause for key, cause in new.items() if before.causes.get(key) != cause])


def _facts(causes: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cause for cause in causes if cause != "time"))


def _written(answer: Any) -> Any:
    return None if answer is None else answer_json(answer)


def _first_day(old: Any, new: Any) -> date | None:
    """Where the first period begins that was not there before, or that is there no more."""
    before, after = (side if isinstance(side, list) else [] for side in (old, new))
    first = next(iter([line for line in after if line not in before] or before), None)
    return None if first is None else date.fromisoformat(first["from"])
